-- One row per client and day with orders, for each time that we believed in it.
-- grain:  client_id, ordered_on, counted_on
-- column: client_id  | key of staging.clients
-- column: ordered_on | day on which the client placed an order, cancelled since or not
-- column: counted_on | day from which we knew of an order on that day
-- column: until_on   | day on which corrections took the last such order away; null while one is believed
-- check:  not_null client_id, ordered_on, counted_on
-- check:  not_after counted_on until_on

with changes as (
    select
        client_id,
        ordered_on,
        counted_on,
        sum(orders_count) as change
    from marts.order_facts
    where kind in ('placed', 'placed, taken back') and client_id is not null
    group by client_id, ordered_on, counted_on
),

running as (
    select
        client_id,
        ordered_on,
        counted_on,
        sum(change) over to_date > 0 as is_believed,
        sum(change) over to_date - change > 0 as was_believed
    from changes
    window to_date as (partition by client_id, ordered_on order by counted_on)
),

turns as (
    select
        client_id,
        ordered_on,
        counted_on,
        is_believed,
        lead(counted_on) over (partition by client_id, ordered_on order by counted_on) as until_on
    from running
    where is_believed <> was_believed
)

select
    client_id,
    ordered_on,
    counted_on,
    until_on
from turns
where is_believed
order by client_id, ordered_on, counted_on
