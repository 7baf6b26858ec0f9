-- One row per client and month end: how it answers, what it asks of our quotes, whether it keeps its promises.
-- grain:  client_id, month_end
-- as_of:  month_end
-- readers: client_id
-- column: client_id                 | key of staging.clients; from the month in which any of it was known
-- column: month_end                 | last day of the month; the row knows nothing that happened or became known later
-- column: asked_12m_count           | our calls and letters to it in 12 months whose outcome is recorded
-- column: answered_12m_count        | of those: with another outcome than 'no answer'
-- column: quoted_12m_count          | lines of quotes that it got in 12 months, those of each revision
-- column: revised_12m_count         | of those: of revisions after the first
-- column: asked_off_12m_count       | of those: for which it named a price of its own
-- column: asked_off_12m_total       | share of the list price that it still asked off, summed over them
-- column: longer_terms_12m_count    | of those: for which it asked for more days to pay than were offered
-- column: prepaid_12m_count         | of those: that asked for payment before delivery
-- column: prepaid_refused_12m_count | of these: answered by asking for days to pay
-- column: promised_12m_count        | its promises that fell due in 12 months
-- column: broken_12m_count          | of those: not kept by the day that they were due
-- column: requisites_count          | times that its register or VAT code was changed, since the start
-- check:  not_null asked_12m_count, quoted_12m_count, promised_12m_count, requisites_count
-- check:  at_most answered_12m_count asked_12m_count
-- check:  at_most revised_12m_count quoted_12m_count
-- check:  at_most prepaid_refused_12m_count prepaid_12m_count
-- check:  at_most broken_12m_count promised_12m_count

with first_months as (
    select
        client_id,
        min(last_day(month_end)) as first_month
    from marts.client_months
    group by client_id
),

changes as (
    select
        client_id,
        measure,
        month,
        change_count,
        change_share
    from marts.client_quote_changes
    union all
    select
        client_id,
        measure,
        month,
        change_count,
        0 as change_share
    from marts.client_promise_changes
),

monthly as (
    -- What was known before the first business with a client counts from its first row on.
    select
        changes.client_id,
        greatest(changes.month, first_months.first_month) as month,
        sum(changes.change_count) filter (where changes.measure = 'asked') as asked_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'answered') as answered_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'quoted') as quoted_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'revised') as revised_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'asked_off') as asked_off_12m_count,
        sum(changes.change_share) filter (where changes.measure = 'asked_off') as asked_off_12m_total,
        sum(changes.change_count) filter (where changes.measure = 'longer_terms') as longer_terms_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'prepaid') as prepaid_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'prepaid_refused') as prepaid_refused_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'promised') as promised_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'broken') as broken_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'requisites') as requisites_count
    from changes
    inner join first_months on changes.client_id = first_months.client_id
    group by changes.client_id, greatest(changes.month, first_months.first_month)
),

firsts as (
    select
        client_id,
        min(month) as first_month
    from monthly
    group by client_id
),

running as (
    -- A client has rows from the first month in which any of it was known.
    select
        months.client_id,
        months.month_end,
        coalesce(sum(monthly.asked_12m_count) over to_date, 0) as asked_12m_count,
        coalesce(sum(monthly.answered_12m_count) over to_date, 0) as answered_12m_count,
        coalesce(sum(monthly.quoted_12m_count) over to_date, 0) as quoted_12m_count,
        coalesce(sum(monthly.revised_12m_count) over to_date, 0) as revised_12m_count,
        coalesce(sum(monthly.asked_off_12m_count) over to_date, 0) as asked_off_12m_count,
        coalesce(sum(monthly.asked_off_12m_total) over to_date, 0) as asked_off_12m_total,
        coalesce(sum(monthly.longer_terms_12m_count) over to_date, 0) as longer_terms_12m_count,
        coalesce(sum(monthly.prepaid_12m_count) over to_date, 0) as prepaid_12m_count,
        coalesce(sum(monthly.prepaid_refused_12m_count) over to_date, 0) as prepaid_refused_12m_count,
        coalesce(sum(monthly.promised_12m_count) over to_date, 0) as promised_12m_count,
        coalesce(sum(monthly.broken_12m_count) over to_date, 0) as broken_12m_count,
        coalesce(sum(monthly.requisites_count) over to_date, 0) as requisites_count
    from marts.client_months as months
    inner join firsts on months.client_id = firsts.client_id and last_day(months.month_end) >= firsts.first_month
    left join monthly on months.client_id = monthly.client_id and last_day(months.month_end) = monthly.month
    window to_date as (partition by months.client_id order by months.month_end rows unbounded preceding)
)

select
    client_id,
    month_end,
    cast(asked_12m_count as bigint) as asked_12m_count,
    cast(answered_12m_count as bigint) as answered_12m_count,
    cast(quoted_12m_count as bigint) as quoted_12m_count,
    cast(revised_12m_count as bigint) as revised_12m_count,
    cast(asked_off_12m_count as bigint) as asked_off_12m_count,
    cast(asked_off_12m_total as decimal(18, 6)) as asked_off_12m_total,
    cast(longer_terms_12m_count as bigint) as longer_terms_12m_count,
    cast(prepaid_12m_count as bigint) as prepaid_12m_count,
    cast(prepaid_refused_12m_count as bigint) as prepaid_refused_12m_count,
    cast(promised_12m_count as bigint) as promised_12m_count,
    cast(broken_12m_count as bigint) as broken_12m_count,
    cast(requisites_count as bigint) as requisites_count
from running
order by client_id, month_end
