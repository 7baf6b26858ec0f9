-- One row per client, measure and month in which what it owes by age, how it settled or what it disputed changes.
-- grain:  client_id, measure, month
-- readers: client_id
-- column: client_id     | key of staging.clients
-- column: measure       | overdue_30, overdue_60, overdue_90, settled_12m, late_30, late_60, disputed or disputed_12m
-- column: month         | last day of the month from which the change holds
-- column: change_count  | invoices that begin to count, less those that end to
-- column: change_amount | their amount
-- column: change_days   | settled_12m: their days late
-- check:  not_null client_id, measure, month, change_count, change_amount, change_days
-- check:  one_of measure overdue_30, overdue_60, overdue_90, settled_12m, late_30, late_60, disputed, disputed_12m

with spans as (
    -- An invoice that is overdue from one day to another is so by k days from the k-th day after it was due on: both
    -- of its facts move there if they are earlier, and what was paid before that day goes out with what came in.
    select
        facts.client_id,
        'overdue_' || ages.days as measure,
        greatest(facts.counted_on, facts.due_on + ages.days) as from_on,
        cast(null as date) as until_on,
        facts.overdue_count as change_count,
        facts.amount * facts.overdue_count as change_amount,
        0 as change_days
    from marts.invoice_facts as facts
    cross join (values (30), (60), (90)) as ages (days)
    where facts.overdue_count <> 0
    union all
    select
        client_id,
        'settled_12m' as measure,
        counted_on as from_on,
        last_day(last_day(due_on) + interval 12 month) as until_on,
        settled_count as change_count,
        amount * settled_count as change_amount,
        days_late as change_days
    from marts.invoice_facts
    where settled_count <> 0
    union all
    select
        facts.client_id,
        'late_' || ages.days as measure,
        facts.counted_on as from_on,
        cast(null as date) as until_on,
        facts.settled_count as change_count,
        facts.amount * facts.settled_count as change_amount,
        0 as change_days
    from marts.invoice_facts as facts
    inner join (values (30), (60)) as ages (days) on abs(facts.days_late) > ages.days
    where facts.settled_count <> 0
    union all
    select
        coalesce(ids.client_id, invoices.client_id) as client_id,
        windows.measure,
        greatest(invoices.disputed_on, invoices.known_on) as from_on,
        case
            when windows.measure = 'disputed' then invoices.known_until
            else least(invoices.known_until, last_day(last_day(invoices.disputed_on) + interval 12 month))
        end as until_on,
        1 as change_count,
        invoices.amount as change_amount,
        0 as change_days
    from raw.invoices as invoices
    cross join (values ('disputed'), ('disputed_12m')) as windows (measure)
    left join marts.client_ids as ids on invoices.client_id = ids.source_client_id
    where invoices.disputed_on is not null and invoices.amount > 0
),

changes as (
    -- What will be of age after the last day that the data know is not so yet, though it may be in its month.
    select
        spans.client_id,
        spans.measure,
        last_day(if(signs.sign = 1, spans.from_on, spans.until_on)) as month,
        signs.sign,
        spans.change_count,
        spans.change_amount,
        spans.change_days
    from spans
    inner join (values (1), (-1)) as signs (sign) on signs.sign = 1 or spans.until_on is not null
    where
        spans.from_on <= (select max(month_ends.month_end) from marts.month_ends as month_ends)
        and coalesce(last_day(spans.from_on) < last_day(spans.until_on), true)
)

select
    client_id,
    measure,
    month,
    cast(sum(sign * change_count) as bigint) as change_count,
    cast(sum(sign * change_amount) as decimal(18, 4)) as change_amount,
    cast(sum(sign * change_days) as bigint) as change_days
from changes
group by client_id, measure, month
order by client_id, measure, month
