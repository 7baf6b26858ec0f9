-- One row per client and month in which its running sums change: by what is ordered, learnt, or grows too old.
-- grain:  client_id, month
-- readers: client_id
-- column: client_id                    | key of staging.clients
-- column: month                        | last day of the month
-- column: orders_count                 | change in the orders so far
-- column: cancelled_count              | change in the cancelled orders so far
-- column: revenue_amount               | change in the revenue so far
-- column: orders_12m_count             | change in the orders of 12 months: they enter, and leave a year later
-- column: revenue_12m_amount           | the same for revenue
-- column: costed_revenue_12m_amount    | the same for revenue with a known cost
-- column: margin_12m_amount            | the same for that revenue less its cost
-- column: costed_lines_12m_count       | the same for lines with a known cost
-- column: revenue_previous_12m_amount  | change in the revenue of the twelve months before those
-- check:  not_null client_id, month

with facts as (
    select
        client_id,
        last_day(ordered_on) as order_month,
        last_day(counted_on) as month,
        orders_count,
        case when kind like 'cancelled%' then -orders_count else 0 end as cancelled_count,
        0 as revenue_amount,
        0 as costed_revenue_amount,
        0 as margin_amount,
        0 as costed_lines_count
    from marts.order_facts
    union all
    select
        nullif(client_id, '') as client_id,
        order_month,
        counted_month as month,
        0 as orders_count,
        0 as cancelled_count,
        revenue_amount,
        costed_revenue_amount,
        margin_amount,
        costed_lines_count
    from marts.line_months
    where subject = 'client'
),

monthly as (
    -- A cancellation or correction belongs to the month of its order, and counts from the month in which we knew.
    select
        client_id,
        month,
        last_day(order_month + interval 12 month) as year_over,
        last_day(order_month + interval 24 month) as year_before_over,
        cast(sum(orders_count) as bigint) as orders_count,
        cast(sum(cancelled_count) as bigint) as cancelled_count,
        cast(sum(revenue_amount) as decimal(18, 4)) as revenue_amount,
        cast(sum(costed_revenue_amount) as decimal(18, 4)) as costed_revenue_amount,
        cast(sum(margin_amount) as decimal(18, 4)) as margin_amount,
        cast(sum(costed_lines_count) as bigint) as costed_lines_count
    from facts
    where client_id is not null
    group by client_id, month, order_month
),

changes as (
    select
        monthly.*,
        1 as to_date,
        cast(month < year_over as int) as past_year,
        cast(month >= year_over and month < year_before_over as int) as year_before
    from monthly
    union all
    select
        monthly.* replace (year_over as month),
        0 as to_date,
        -1 as past_year,
        1 as year_before
    from monthly
    where month < year_over
    union all
    select
        monthly.* replace (year_before_over as month),
        0 as to_date,
        0 as past_year,
        -1 as year_before
    from monthly
    where month < year_before_over
)

select
    client_id,
    month,
    cast(sum(to_date * orders_count) as bigint) as orders_count,
    cast(sum(to_date * cancelled_count) as bigint) as cancelled_count,
    cast(sum(to_date * revenue_amount) as decimal(18, 4)) as revenue_amount,
    cast(sum(past_year * orders_count) as bigint) as orders_12m_count,
    cast(sum(past_year * revenue_amount) as decimal(18, 4)) as revenue_12m_amount,
    cast(sum(past_year * costed_revenue_amount) as decimal(18, 4)) as costed_revenue_12m_amount,
    cast(sum(past_year * margin_amount) as decimal(18, 4)) as margin_12m_amount,
    cast(sum(past_year * costed_lines_count) as bigint) as costed_lines_12m_count,
    cast(sum(year_before * revenue_amount) as decimal(18, 4)) as revenue_previous_12m_amount
from changes
group by client_id, month
order by client_id, month
