-- One row per order with a promised day: judged once, the day after, by whether all of it had arrived.
-- grain:  order_id
-- as_of:  judged_on
-- readers: client_id
-- column: order_id         | key of staging.orders
-- column: client_id        | who ordered; null for sales without an account
-- column: promised_on      | day that was promised when it was judged; a promise moved later changes nothing
-- column: judged_on        | the day after the promised one, or when we first knew of the order
-- column: ordered_quantity | units of its lines, as known on that day
-- column: arrived_quantity | units delivered by the promised day and not rejected
-- column: is_late          | less had arrived than was ordered; orders from before the first delivery are not judged
-- check:  not_null order_id, promised_on, judged_on, ordered_quantity, arrived_quantity, is_late

with promises as (
    select
        orders.order_id,
        orders.version,
        coalesce(ids.client_id, orders.client_id) as client_id,
        orders.promised_on,
        coalesce(orders.cancelled_on, case when orders.status = 'cancelled' then orders.ordered_on end) as cancelled_on,
        greatest(orders.promised_on + 1, orders.ordered_on, orders.known_on) as judged_on,
        orders.known_until
    from raw.orders as orders
    left join marts.client_ids as ids on orders.client_id = ids.source_client_id
    where orders.promised_on is not null and not coalesce(orders.is_credit, false)
),

first_delivery as (
    select min(greatest(delivered_on, known_on)) as first_on
    from raw.deliveries
),

numbered as (
    -- An order that was called off before the day is not judged; a corrected one only the first time.
    select
        promises.order_id,
        promises.client_id,
        promises.promised_on,
        promises.judged_on,
        row_number() over (partition by promises.order_id order by promises.judged_on, promises.version) as place
    from promises
    cross join first_delivery
    where
        coalesce(promises.judged_on < promises.known_until, true)
        and coalesce(promises.cancelled_on > promises.judged_on, true)
        and promises.promised_on >= first_delivery.first_on
),

ordered as (
    select
        numbered.order_id,
        sum(lines.quantity) as quantity
    from numbered
    inner join raw.order_lines as lines
        on
            numbered.order_id = lines.order_id
            and numbered.judged_on >= lines.known_on
            and coalesce(numbered.judged_on < lines.known_until, true)
    where numbered.place = 1
    group by numbered.order_id
),

arrived as (
    select
        numbered.order_id,
        sum(deliveries.quantity - coalesce(deliveries.rejected_quantity, 0)) as quantity
    from numbered
    inner join raw.deliveries as deliveries
        on
            numbered.order_id = deliveries.order_id
            and numbered.promised_on >= deliveries.delivered_on
            and numbered.judged_on >= deliveries.known_on
            and coalesce(numbered.judged_on < deliveries.known_until, true)
    where numbered.place = 1
    group by numbered.order_id
)

select
    numbered.order_id,
    numbered.client_id,
    numbered.promised_on,
    numbered.judged_on,
    ordered.quantity as ordered_quantity,
    coalesce(arrived.quantity, 0) as arrived_quantity,
    coalesce(arrived.quantity, 0) < ordered.quantity as is_late
from numbered
inner join ordered on numbered.order_id = ordered.order_id
left join arrived on numbered.order_id = arrived.order_id
where numbered.place = 1
order by numbered.order_id
