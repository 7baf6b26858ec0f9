-- One row per client and day with orders, for each time that we believed in it.
-- grain:  client_id, ordered_on, counted_on
-- readers: client_id
-- column: client_id  | key of staging.clients
-- column: ordered_on | day on which the client placed an order, cancelled since or not
-- column: counted_on | day from which we knew of an order on that day
-- column: until_on   | day on which corrections took the last such order away; null while one is believed
-- check:  not_null client_id, ordered_on, counted_on
-- check:  not_after counted_on until_on

with days as (
    select
        client_id,
        ordered_on,
        min(counted_on) as first_counted_on,
        max(counted_on) as last_counted_on,
        sum(orders_count) as orders_count
    from marts.order_facts
    where kind in ('placed', 'placed, taken back') and client_id is not null
    group by client_id, ordered_on
),

unsteady as (
    -- Days of which we learnt more than once; of all others there is nothing to run through.
    select
        client_id,
        ordered_on
    from days
    where first_counted_on < last_counted_on
),

changes as (
    select
        facts.client_id,
        facts.ordered_on,
        facts.counted_on,
        sum(facts.orders_count) as change
    from marts.order_facts as facts
    semi join unsteady on facts.client_id = unsteady.client_id and facts.ordered_on = unsteady.ordered_on
    where facts.kind in ('placed', 'placed, taken back')
    group by facts.client_id, facts.ordered_on, facts.counted_on
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
    first_counted_on as counted_on,
    cast(null as date) as until_on
from days
where first_counted_on = last_counted_on and orders_count > 0
union all
select
    client_id,
    ordered_on,
    counted_on,
    until_on
from turns
where is_believed
order by client_id, ordered_on, counted_on
