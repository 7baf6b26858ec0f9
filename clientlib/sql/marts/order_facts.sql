-- One row per change in what we believed of an order: placed, cancelled, or either taken back by a correction.
-- kind:   view
-- grain:  order_id, version, kind
-- readers: remade
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
        orders.order_id,
        orders.version,
        coalesce(ids.client_id, orders.client_id) as client_id,
        orders.ordered_on,
        coalesce(orders.cancelled_on, case when orders.status = 'cancelled' then orders.ordered_on end) as cancelled_on,
        orders.known_on,
        orders.known_until
    from raw.orders as orders
    left join marts.client_ids as ids on orders.client_id = ids.source_client_id
    where not coalesce(orders.is_credit, false)
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
