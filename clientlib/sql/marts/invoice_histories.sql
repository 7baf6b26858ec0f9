-- One row per invoice: its terms as first stated, and what was known of its client before the day of issue.
-- grain:  invoice_id
-- as_of:  issued_on, known_on
-- readers: client_id
-- column: invoice_id          | key of staging.invoices; what at first asked for no money (credits) is left out
-- column: client_id           | who owes it
-- column: issued_on           | day of the invoice; what happened or was known on it, or later, is not in its row
-- column: known_on            | day from which we knew the invoice
-- column: due_on              | last day to pay in time
-- column: amount              | amount of the invoice
-- column: sent_by             | how it was sent, as the source says
-- column: terms_days          | days from issue to due day
-- column: due_month           | month of the due day, 1 to 12
-- column: due_weekday         | weekday of the due day, 1 (Monday) to 7
-- column: issued_count        | earlier invoices of the client
-- column: usual_amount        | their mean amount; null without any
-- column: judged_count        | of those: fallen due
-- column: late_count          | of the judged: not known to be paid in full the day after
-- column: recent_late_share   | late part of the judged; what fell due a quarter earlier counts half; null without any
-- column: settled_count       | of the issued: paid in full
-- column: settled_late_count  | of the settled: paid after the due day
-- column: late_14_count       | of the settled: more than 14 days late
-- column: late_30_count       | of the settled: more than 30 days late
-- column: late_days_total     | of the settled: days from due day to last payment of the late ones
-- column: early_days_total    | of the settled: days from last payment to due day of those paid earlier
-- column: days_squares_total  | of the settled: the same days, late or early, squared
-- column: recent_days_late    | of the settled: mean days late (early: below 0); half a year earlier counts half
-- column: last_days_late      | days late (early: below 0) of the invoice that we last heard to be paid
-- column: last_3_days_late    | mean of the last three, or as many as there were
-- column: since_settled_days  | days since we heard of the last one
-- column: open_count          | of the issued: not paid in full
-- column: open_amount         | their amount
-- column: overdue_count       | of those: past the due day
-- column: overdue_amount      | their amount
-- column: oldest_overdue_days | days since the invoice became overdue that was so longest; 0 without any
-- column: disputed_count      | invoices of the client that it had disputed
-- check:  not_null invoice_id, client_id, issued_on, known_on, due_on, amount, terms_days, issued_count
-- check:  not_null judged_count, late_count, settled_count, open_count, overdue_count, disputed_count
-- check:  not_null oldest_overdue_days
-- check:  between oldest_overdue_days 0 100000

with asked as (
    select
        versions.invoice_id,
        coalesce(ids.client_id, versions.client_id) as client_id,
        versions.issued_on,
        versions.known_on,
        versions.due_on,
        versions.amount,
        versions.sent_by
    from raw.invoices as versions
    left join marts.client_ids as ids on versions.client_id = ids.source_client_id
    where versions.version = 1 and versions.amount > 0
)

select
    asked.invoice_id,
    asked.client_id,
    asked.issued_on,
    asked.known_on,
    asked.due_on,
    asked.amount,
    asked.sent_by,
    date_diff('day', asked.issued_on, asked.due_on) as terms_days,
    month(asked.due_on) as due_month,
    date_diff('day', date '1900-01-01', asked.due_on) % 7 + 1 as due_weekday,
    coalesce(claims.issued_count, 0) as issued_count,
    cast(claims.issued_amount as double) / nullif(claims.issued_count, 0) as usual_amount,
    coalesce(claims.judged_count, 0) as judged_count,
    coalesce(claims.late_count, 0) as late_count,
    claims.recent_late_share,
    coalesce(outcomes.settled_count, 0) as settled_count,
    coalesce(outcomes.settled_late_count, 0) as settled_late_count,
    coalesce(outcomes.late_14_count, 0) as late_14_count,
    coalesce(outcomes.late_30_count, 0) as late_30_count,
    coalesce(outcomes.late_days_total, 0) as late_days_total,
    coalesce(outcomes.early_days_total, 0) as early_days_total,
    coalesce(outcomes.days_squares_total, 0) as days_squares_total,
    outcomes.recent_days_late,
    outcomes.last_days_late,
    outcomes.last_3_days_late,
    date_diff('day', outcomes.last_known_on, asked.issued_on) as since_settled_days,
    coalesce(claims.issued_count, 0) - coalesce(outcomes.settled_count, 0) as open_count,
    coalesce(claims.issued_amount, 0) - coalesce(outcomes.settled_amount, 0) as open_amount,
    coalesce(claims.overdue_count, 0) as overdue_count,
    coalesce(claims.overdue_amount, 0) as overdue_amount,
    case
        when coalesce(spells.known_until >= asked.issued_on, spells.starts_on is not null)
            then date_diff('day', spells.overdue_since, asked.issued_on)
        else 0
    end as oldest_overdue_days,
    coalesce(claims.disputed_count, 0) as disputed_count
from asked
asof left join marts.client_claim_days as claims
    on asked.client_id = claims.client_id and asked.issued_on - 1 >= claims.counted_on
asof left join marts.client_outcome_days as outcomes
    on asked.client_id = outcomes.client_id and asked.issued_on - 1 >= outcomes.known_on
asof left join marts.client_overdue_spells as spells
    on asked.client_id = spells.client_id and asked.issued_on - 1 >= spells.starts_on
order by asked.invoice_id
