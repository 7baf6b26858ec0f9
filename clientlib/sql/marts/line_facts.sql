-- One row per change in what we believed of an order line: ordered, cancelled, or either taken back by a correction.
-- grain:  order_id, line_no, line_version, order_version, kind
-- column: order_id       | key of staging.orders
-- column: line_no        | line of the order
-- column: line_version   | which version of the line says so, from 1
-- column: order_version  | together with which version of its order, from 1
-- column: client_id      | key of staging.clients; null for sales without an account
-- column: product_id     | key of staging.products
-- column: kind           | ordered, credited or cancelled, with 'taken back' where a later version replaced this one
-- column: ordered_on     | day of the order
-- column: counted_on     | day from which the fact counts: it had happened and we knew of it
-- column: lines_count    | 1, or -1 where it takes a line away
-- column: quantity       | units, with the sign of the fact
-- column: revenue_amount | quantity at the unit price less discount, without VAT
-- column: cost_amount    | quantity at our unit cost; null where the cost is not known
-- check:  not_null order_id, line_no, line_version, order_version
-- check:  not_null product_id, kind, ordered_on, counted_on, lines_count, quantity, revenue_amount

with believed as (
    -- A line is believed while a version of it and a version of its order are.
    select
        lines.order_id,
        lines.line_no,
        lines.version as line_version,
        orders.version as order_version,
        coalesce(ids.client_id, orders.client_id) as client_id,
        lines.product_id,
        case when coalesce(orders.is_credit, false) then 'credited' else 'ordered' end as kind,
        orders.ordered_on,
        coalesce(orders.cancelled_on, case when orders.status = 'cancelled' then orders.ordered_on end) as cancelled_on,
        1 as lines_count,
        lines.quantity,
        cast(
            cast(lines.quantity as decimal(38, 4)) * lines.unit_price * (1 - coalesce(lines.discount_share, 0))
            as decimal(18, 4)
        ) as revenue_amount,
        cast(cast(lines.quantity as decimal(38, 4)) * lines.unit_cost as decimal(18, 4)) as cost_amount,
        greatest(lines.known_on, orders.known_on) as known_on,
        least(lines.known_until, orders.known_until) as known_until
    from raw.order_lines as lines
    inner join raw.orders as orders
        on
            lines.order_id = orders.order_id
            and coalesce(lines.known_on < orders.known_until, true)
            and coalesce(lines.known_until > orders.known_on, true)
    left join marts.client_ids as ids on orders.client_id = ids.source_client_id
),

events as (
    select
        believed.* exclude (cancelled_on),
        ordered_on as happened_on
    from believed
    union all
    select
        believed.* exclude (cancelled_on)
        replace (
            'cancelled' as kind,
            -lines_count as lines_count,
            -quantity as quantity,
            -revenue_amount as revenue_amount,
            -cost_amount as cost_amount
        ),
        cancelled_on as happened_on
    from believed
    where cancelled_on is not null
),

facts as (
    select
        events.* exclude (known_on, known_until, happened_on),
        greatest(happened_on, known_on) as counted_on
    from events
    union all
    select
        events.* exclude (known_on, known_until, happened_on)
        replace (
            kind || ', taken back' as kind,
            -lines_count as lines_count,
            -quantity as quantity,
            -revenue_amount as revenue_amount,
            -cost_amount as cost_amount
        ),
        greatest(happened_on, known_until) as counted_on
    from events
    where known_until is not null
)

select
    order_id,
    line_no,
    line_version,
    order_version,
    client_id,
    product_id,
    kind,
    ordered_on,
    counted_on,
    lines_count,
    quantity,
    revenue_amount,
    cost_amount
from facts
order by order_id, line_no, line_version, order_version, kind
