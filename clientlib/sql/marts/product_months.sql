-- One row per product and month end, from its first sale: what was sold in a year, at which price.
-- grain:  product_id, month_end
-- as_of:  month_end
-- readers: remade
-- column: product_id         | key of staging.products
-- column: month_end          | last day of the month; the row knows nothing that happened or became known later
-- column: orders_12m_count   | lines ordered in the 12 months that end here, cancelled ones included
-- column: quantity_12m       | units of them and of credits, less what is cancelled by now
-- column: revenue_12m_amount | revenue of these units, net of discounts, without VAT
-- column: price              | mean price after discount of the month's new lines, at most a month old; or null
-- check:  not_null orders_12m_count, quantity_12m, revenue_12m_amount

with monthly as (
    -- A cancellation or correction belongs to the month of its order, and counts from the month in which we knew.
    select
        product_id,
        counted_month as month,
        last_day(order_month + interval 12 month) as year_over,
        ordered_lines_count as orders_count,
        quantity,
        revenue_amount
    from marts.line_months
    where subject = 'product'
),

changes as (
    select
        product_id,
        month,
        orders_count,
        quantity,
        revenue_amount
    from monthly
    where month < year_over
    union all
    select
        product_id,
        year_over as month,
        -orders_count as orders_count,
        -quantity as quantity,
        -revenue_amount as revenue_amount
    from monthly
    where month < year_over
),

sums as (
    select
        product_id,
        month,
        sum(orders_count) as orders_count,
        sum(quantity) as quantity,
        sum(revenue_amount) as revenue_amount
    from changes
    group by product_id, month
),

prices as (
    -- A correction of an old order is no price of the month.
    select
        product_id,
        counted_month as month,
        sum(priced_amount) / nullif(sum(priced_quantity), 0) as price
    from marts.line_months
    where subject = 'product' and date_diff('month', order_month, counted_month) <= 1
    group by product_id, counted_month
),

firsts as (
    select
        product_id,
        min(counted_month) as first_month
    from marts.line_months
    where subject = 'product'
    group by product_id
)

select
    firsts.product_id,
    month_ends.month_end,
    cast(coalesce(sum(sums.orders_count) over to_date, 0) as bigint) as orders_12m_count,
    coalesce(sum(sums.quantity) over to_date, 0) as quantity_12m,
    coalesce(sum(sums.revenue_amount) over to_date, 0) as revenue_12m_amount,
    prices.price
from firsts
inner join marts.month_ends as month_ends on firsts.first_month <= last_day(month_ends.month_end)
left join sums
    on firsts.product_id = sums.product_id and last_day(month_ends.month_end) = sums.month
left join prices
    on firsts.product_id = prices.product_id and last_day(month_ends.month_end) = prices.month
window to_date as (partition by firsts.product_id order by month_ends.month_end rows unbounded preceding)
order by firsts.product_id, month_ends.month_end
