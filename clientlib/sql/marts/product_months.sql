-- One row per product and month end, from its first sale: what was sold in a year, at which price.
-- grain:  product_id, month_end
-- as_of:  month_end
-- column: product_id         | key of staging.products
-- column: month_end          | last day of the month; the row knows nothing that happened or became known later
-- column: orders_12m_count   | lines ordered in the 12 months that end here
-- column: quantity_12m       | units sold in them, net of cancellations and credits
-- column: revenue_12m_amount | revenue of them, net of discounts, cancellations and credits, without VAT
-- column: price              | mean price after discount of the lines ordered in the month; null without any
-- check:  not_null orders_12m_count, quantity_12m, revenue_12m_amount

with monthly as (
    select
        product_id,
        last_day(counted_on) as month,
        count(*) filter (where kind = 'ordered') as orders_count,
        sum(quantity) as quantity,
        sum(revenue_amount) as revenue_amount,
        sum(revenue_amount) filter (where kind = 'ordered' and quantity > 0 and revenue_amount > 0)
        / sum(quantity) filter (where kind = 'ordered' and quantity > 0 and revenue_amount > 0) as price
    from marts.line_facts
    group by product_id, last_day(counted_on)
),

firsts as (
    select
        product_id,
        min(month) as first_month
    from monthly
    group by product_id
)

select
    firsts.product_id,
    month_ends.month_end,
    cast(coalesce(sum(monthly.orders_count) over past_year, 0) as bigint) as orders_12m_count,
    coalesce(sum(monthly.quantity) over past_year, 0) as quantity_12m,
    coalesce(sum(monthly.revenue_amount) over past_year, 0) as revenue_12m_amount,
    monthly.price
from firsts
inner join marts.month_ends as month_ends on firsts.first_month <= last_day(month_ends.month_end)
left join monthly
    on firsts.product_id = monthly.product_id and last_day(month_ends.month_end) = monthly.month
window past_year as (partition by firsts.product_id order by month_ends.month_end rows 11 preceding)
order by firsts.product_id, month_ends.month_end
