-- One row per order line and order that belong together, for each pair of their versions that was believed at one time.
-- kind:   view
-- grain:  order_id, line_no, line_version, order_version
-- readers: remade
-- column: order_id          | key of staging.orders
-- column: line_no           | line of the order
-- column: line_version      | version of the line, from 1
-- column: order_version     | version of its order, from 1
-- column: client_id         | key of staging.clients; null for sales without an account
-- column: product_id        | key of staging.products
-- column: kind              | ordered, or credited where the order is a credit note
-- column: ordered_on        | day of the order
-- column: cancelled_on      | day it was cancelled; the day of the order where that is not known
-- column: counted_on        | day from which the pair counts: it had happened and we knew of both
-- column: line_known_until  | day on which the line's version was replaced
-- column: order_known_until | day on which the order's version was replaced
-- column: quantity          | units; negative where a credit note takes them back
-- column: revenue_amount    | quantity at the unit price less discount, without VAT
-- column: cost_amount       | quantity at our unit cost; null where the cost is not known
-- check:  not_null order_id, line_no, product_id, kind, ordered_on, counted_on, quantity, revenue_amount

with placed as not materialized (
    select
        orders.order_id,
        orders.version as order_version,
        coalesce(ids.client_id, orders.client_id) as client_id,
        case when coalesce(orders.is_credit, false) then 'credited' else 'ordered' end as kind,
        orders.ordered_on,
        coalesce(orders.cancelled_on, case when orders.status = 'cancelled' then orders.ordered_on end) as cancelled_on,
        greatest(orders.ordered_on, orders.known_on) as order_counted_on,
        orders.known_on as order_known_on,
        orders.known_until as order_known_until
    from raw.orders as orders
    left join marts.client_ids as ids on orders.client_id = ids.source_client_id
)

select
    lines.order_id,
    lines.line_no,
    lines.version as line_version,
    placed.order_version,
    placed.client_id,
    lines.product_id,
    placed.kind,
    placed.ordered_on,
    placed.cancelled_on,
    greatest(placed.order_counted_on, lines.known_on) as counted_on,
    lines.known_until as line_known_until,
    placed.order_known_until,
    lines.quantity,
    -- Exact to four decimals; the few digits of a price without discount are multiplied ten times as fast.
    case
        when coalesce(lines.discount_share, 0) = 0 then cast(lines.quantity * lines.unit_price as decimal(18, 4))
        else
            cast(
                cast(lines.quantity as decimal(38, 4)) * lines.unit_price * (1 - lines.discount_share)
                as decimal(18, 4)
            )
    end as revenue_amount,
    cast(lines.quantity * lines.unit_cost as decimal(18, 4)) as cost_amount
from raw.order_lines as lines
inner join placed
    on
        lines.order_id = placed.order_id
        and coalesce(lines.known_on < placed.order_known_until, true)
        and coalesce(lines.known_until > placed.order_known_on, true)
