-- One row per order: what it comes to now, and what was billed for it.
-- kind:   view
-- grain:  order_id
-- readers: remade
-- column: order_id        | key of staging.orders
-- column: client_id       | key of staging.clients; null for sales without an account
-- column: ordered_on      | day of the order
-- column: status          | open, delivered or cancelled
-- column: lines_count     | lines of the order, less what was cancelled
-- column: ordered_amount  | revenue of its lines as believed now, less what was cancelled, without VAT
-- column: invoices_count  | invoices that name the order
-- column: invoiced_amount | sum of these, VAT as the source has it; 0 where there is none
-- check:  not_null ordered_on, status, lines_count, ordered_amount, invoices_count, invoiced_amount

with ordered as (
    select
        order_id,
        sum(lines_count) as lines_count,
        sum(revenue_amount) as ordered_amount
    from marts.line_facts
    group by order_id
),

billed as (
    select
        order_id,
        count(*) as invoices_count,
        sum(amount) as invoiced_amount
    from staging.invoices
    where order_id is not null
    group by order_id
)

select
    orders.order_id,
    coalesce(ids.client_id, orders.client_id) as client_id,
    orders.ordered_on,
    orders.status,
    coalesce(ordered.lines_count, 0) as lines_count,
    coalesce(ordered.ordered_amount, 0) as ordered_amount,
    coalesce(billed.invoices_count, 0) as invoices_count,
    coalesce(billed.invoiced_amount, 0) as invoiced_amount
from staging.orders as orders
left join ordered on orders.order_id = ordered.order_id
left join billed on orders.order_id = billed.order_id
left join marts.client_ids as ids on orders.client_id = ids.source_client_id
