-- One row per client, product, month of the order and month from which it counts: what was sold, and what came back.
-- kind:   view
-- grain:  client_id, product_id, order_month, counted_month
-- as_of:  last_counted_on
-- readers: remade
-- column: client_id             | key of staging.clients; empty for sales without an account
-- column: product_id            | key of staging.products
-- column: order_month           | last day of the month of the order
-- column: counted_month         | last day of the month from which the facts count
-- column: last_counted_on       | last day from which one of them counts
-- column: quantity              | units ordered, less what was cancelled or taken back; credit notes are left out
-- column: sold_amount           | revenue of these, without VAT
-- column: credited_amount       | revenue of credit notes, which is negative
-- column: revenue_amount        | both together
-- column: costed_revenue_amount | the part of the revenue whose unit cost is known
-- column: cost_amount           | the cost of that part
-- check:  not_null client_id, product_id, order_month, counted_month, last_counted_on
-- check:  not_null quantity, sold_amount, credited_amount, revenue_amount, costed_revenue_amount, cost_amount

with facts as (
    select
        coalesce(client_id, '') as client_id,
        product_id,
        last_day(ordered_on) as order_month,
        last_day(counted_on) as counted_month,
        counted_on,
        case when is_credit then 0 else quantity end as quantity,
        case when is_credit then 0 else revenue_amount end as sold_amount,
        case when is_credit then revenue_amount else 0 end as credited_amount,
        revenue_amount,
        case when cost_amount is null then 0 else revenue_amount end as costed_revenue_amount,
        coalesce(cost_amount, 0) as cost_amount
    from marts.line_facts
)

select
    client_id,
    product_id,
    order_month,
    counted_month,
    max(counted_on) as last_counted_on,
    cast(sum(quantity) as decimal(18, 4)) as quantity,
    cast(sum(sold_amount) as decimal(18, 4)) as sold_amount,
    cast(sum(credited_amount) as decimal(18, 4)) as credited_amount,
    cast(sum(revenue_amount) as decimal(18, 4)) as revenue_amount,
    cast(sum(costed_revenue_amount) as decimal(18, 4)) as costed_revenue_amount,
    cast(sum(cost_amount) as decimal(18, 4)) as cost_amount
from facts
group by client_id, product_id, order_month, counted_month
