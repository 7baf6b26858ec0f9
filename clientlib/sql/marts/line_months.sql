-- One row per client or product, month of the order and month from which it counts: sums of marts.line_facts.
-- grain:  subject, client_id, product_id, order_month, counted_month
-- readers: remade
-- column: subject               | client or product: whose sums these are
-- column: client_id             | key of staging.clients; empty for a product, and for sales without an account
-- column: product_id            | key of staging.products; empty for a client
-- column: order_month           | last day of the month of the order
-- column: counted_month         | last day of the month from which the facts count
-- column: first_counted_on      | first day from which one of them counts
-- column: last_counted_on       | last such day
-- column: ordered_lines_count   | lines ordered, cancelled ones included, less what corrections took back
-- column: quantity              | units, less what was credited, cancelled or taken back
-- column: revenue_amount        | the same for revenue
-- column: costed_lines_count    | the same for lines with a known cost
-- column: costed_revenue_amount | the same for their revenue
-- column: margin_amount         | that revenue less its cost
-- column: priced_quantity       | units of new lines with a price, less those taken back in the very month
-- column: priced_amount         | their revenue
-- check:  not_null subject, client_id, product_id, order_month, counted_month, first_counted_on
-- check:  not_null last_counted_on, ordered_lines_count, quantity, revenue_amount, costed_lines_count
-- check:  one_of subject client, product

with facts as (
    -- A line that was corrected within the month of its coming gives no price of that month.
    select
        client_id,
        product_id,
        last_day(ordered_on) as order_month,
        last_day(counted_on) as counted_month,
        counted_on,
        case when kind in ('ordered', 'ordered, taken back') then lines_count else 0 end as ordered_lines_count,
        quantity,
        revenue_amount,
        case when cost_amount is null then 0 else lines_count end as costed_lines_count,
        case when cost_amount is null then 0 else revenue_amount end as costed_revenue_amount,
        coalesce(revenue_amount - cost_amount, 0) as margin_amount,
        case
            when kind = 'ordered' then quantity > 0 and revenue_amount > 0
            when kind = 'ordered, taken back' and last_day(taken_back_of) = last_day(counted_on)
                then quantity < 0 and revenue_amount < 0
            else false
        end as has_price
    from marts.line_facts
)

select
    case when grouping(client_id) = 0 then 'client' else 'product' end as subject,
    coalesce(client_id, '') as client_id,
    coalesce(product_id, '') as product_id,
    order_month,
    counted_month,
    min(counted_on) as first_counted_on,
    max(counted_on) as last_counted_on,
    cast(sum(ordered_lines_count) as bigint) as ordered_lines_count,
    cast(sum(quantity) as decimal(18, 4)) as quantity,
    cast(sum(revenue_amount) as decimal(18, 4)) as revenue_amount,
    cast(sum(costed_lines_count) as bigint) as costed_lines_count,
    cast(sum(costed_revenue_amount) as decimal(18, 4)) as costed_revenue_amount,
    cast(sum(margin_amount) as decimal(18, 4)) as margin_amount,
    cast(sum(quantity) filter (where has_price) as decimal(18, 4)) as priced_quantity,
    cast(sum(revenue_amount) filter (where has_price) as decimal(18, 4)) as priced_amount
from facts
group by grouping sets ((client_id, order_month, counted_month), (product_id, order_month, counted_month))
order by subject, client_id, product_id, order_month, counted_month
