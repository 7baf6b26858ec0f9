-- One row per change in what we believed of an order: placed, cancelled, or either taken back by a correction.
-- kind:   view
-- grain:  order_id, version, kind
-- column: order_id     | key of staging.orders
-- column: version      | which version of the order says so, from 1
-- column: client_id    | key of staging.clients; null for sales without an account
-- column: kind         | placed or cancelled, with 'taken back' where a later version replaced this one
-- column: ordered_on   | day the order was placed
-- column: counted_on   | day from which the fact counts: it had happened and we knew of it
-- column: orders_count | 1, or -1 where it takes an order away
-- check:  not_null order_id, version, kind, ordered_on, counted_on, orders_count
-- check:  between orders_count -1 1

with versions as (
    -- Credit notes take money back but are not orders; an undated cancellation voids the order from its first day.
    select
        order_id,
        version,
        client_id,
        ordered_on,
        coalesce(cancelled_on, case when status = 'cancelled' then ordered_on end) as cancelled_on,
        known_on,
        known_until
    from raw.orders
    where not coalesce(is_credit, false)
),

events as (
    select
        order_id,
        version,
        client_id,
        'placed' as kind,
        ordered_on,
        ordered_on as happened_on,
        1 as orders_count,
        known_on,
        known_until
    from versions
    union all
    select
        order_id,
        version,
        client_id,
        'cancelled' as kind,
        ordered_on,
        cancelled_on as happened_on,
        -1 as orders_count,
        known_on,
        known_until
    from versions
    where cancelled_on is not null
),

facts as (
    select
        order_id,
        version,
        client_id,
        kind,
        ordered_on,
        greatest(happened_on, known_on) as counted_on,
        orders_count
    from events
    union all
    select
        order_id,
        version,
        client_id,
        kind || ', taken back' as kind,
        ordered_on,
        greatest(happened_on, known_until) as counted_on,
        -orders_count as orders_count
    from events
    where known_until is not null
)

select
    order_id,
    version,
    client_id,
    kind,
    ordered_on,
    counted_on,
    orders_count
from facts
