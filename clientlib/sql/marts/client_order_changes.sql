-- One row per client, measure and month in which its open or its cancelled orders change.
-- grain:  client_id, measure, month
-- readers: client_id
-- column: client_id     | key of staging.clients
-- column: measure       | open (neither delivered nor billed) or cancelled_12m (of the orders of 12 months)
-- column: month         | last day of the month from which the change holds
-- column: change_count  | orders that begin to count, less those that end to
-- column: change_amount | open: what they come to, without VAT; else 0
-- check:  not_null client_id, measure, month, change_count, change_amount
-- check:  one_of measure open, cancelled_12m

with first_closing as (
    select min(closed_on) as first_on from marts.order_closings
),

spans as (
    -- Open until the first delivery or invoice, for half a year at most; where neither is brought nobody can know.
    select
        lines.client_id,
        'open' as measure,
        greatest(lines.counted_on, first_closing.first_on) as from_on,
        least(lines.ordered_on + 180, closings.closed_on) as until_on,
        0 as change_count,
        lines.revenue_amount as change_amount
    from marts.line_facts as lines
    inner join first_closing on first_closing.first_on is not null
    left join marts.order_closings as closings on lines.order_id = closings.order_id
    where not lines.is_credit
    union all
    select
        orders.client_id,
        'open' as measure,
        greatest(orders.counted_on, first_closing.first_on) as from_on,
        least(orders.ordered_on + 180, closings.closed_on) as until_on,
        orders.orders_count as change_count,
        0 as change_amount
    from marts.order_facts as orders
    inner join first_closing on first_closing.first_on is not null
    left join marts.order_closings as closings on orders.order_id = closings.order_id
    union all
    select
        client_id,
        'cancelled_12m' as measure,
        counted_on as from_on,
        last_day(last_day(ordered_on) + interval 12 month) as until_on,
        -orders_count as change_count,
        0 as change_amount
    from marts.order_facts
    where kind in ('cancelled', 'cancelled, taken back')
),

changes as (
    select
        spans.client_id,
        spans.measure,
        last_day(if(signs.sign = 1, spans.from_on, spans.until_on)) as month,
        signs.sign * spans.change_count as change_count,
        signs.sign * spans.change_amount as change_amount
    from spans
    cross join (values (1), (-1)) as signs (sign)
    where spans.client_id is not null and last_day(spans.from_on) < last_day(spans.until_on)
)

select
    client_id,
    measure,
    month,
    cast(sum(change_count) as bigint) as change_count,
    cast(sum(change_amount) as decimal(18, 4)) as change_amount
from changes
group by client_id, measure, month
order by client_id, measure, month
