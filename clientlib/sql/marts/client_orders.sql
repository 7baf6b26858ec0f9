-- One row per client and month end: what it had ordered by then, and in which rhythm.
-- grain:  client_id, month_end
-- as_of:  month_end
-- column: client_id                    | key of staging.clients
-- column: month_end                    | last day of the month; the row knows nothing of later days
-- column: orders_count                 | orders placed and not cancelled; credit notes are no orders
-- column: cancelled_count              | orders placed and cancelled again
-- column: order_days_count             | different days on which orders were placed, cancelled ones included
-- column: first_ordered_on             | first such day; null while there is none
-- column: last_ordered_on              | last such day
-- column: typical_gap_days             | mean days from one order day to the next; null under two order days
-- column: revenue_amount               | revenue so far, net of discounts, cancellations and credits, without VAT
-- column: orders_12m_count             | orders of the 12 months that end here
-- column: revenue_12m_amount           | revenue of the 12 months that end here
-- column: revenue_previous_12m_amount  | revenue of the 12 months before those
-- column: costed_revenue_12m_amount    | the part of revenue_12m_amount whose unit cost is known
-- column: margin_12m_amount            | that part less its cost; null where no cost is known
-- check:  not_null orders_count, cancelled_count, order_days_count
-- check:  not_null revenue_amount, orders_12m_count, revenue_12m_amount
-- check:  between cancelled_count 0 1000000000

with monthly_orders as (
    select
        client_id,
        last_day(counted_on) as month,
        sum(orders_count) as orders_count,
        -sum(orders_count) filter (where kind like 'cancelled%') as cancelled_count
    from marts.order_facts
    group by client_id, last_day(counted_on)
),

order_days as (
    -- A day counts from the first time that we knew of an order on it.
    select
        client_id,
        ordered_on,
        min(counted_on) as counted_on
    from marts.order_facts
    where kind = 'placed'
    group by client_id, ordered_on
),

monthly_days as (
    select
        client_id,
        last_day(counted_on) as month,
        count(*) as order_days_count,
        min(ordered_on) as first_ordered_on,
        max(ordered_on) as last_ordered_on
    from order_days
    group by client_id, last_day(counted_on)
),

monthly_revenue as (
    select
        client_id,
        last_day(counted_on) as month,
        sum(revenue_amount) as revenue_amount,
        sum(revenue_amount) filter (where cost_amount is not null) as costed_revenue_amount,
        sum(revenue_amount - cost_amount) as margin_amount
    from marts.line_facts
    group by client_id, last_day(counted_on)
),

running as (
    select
        months.client_id,
        months.month_end,
        coalesce(sum(monthly_orders.orders_count) over to_date, 0) as orders_count,
        coalesce(sum(monthly_orders.cancelled_count) over to_date, 0) as cancelled_count,
        coalesce(sum(monthly_days.order_days_count) over to_date, 0) as order_days_count,
        min(monthly_days.first_ordered_on) over to_date as first_ordered_on,
        max(monthly_days.last_ordered_on) over to_date as last_ordered_on,
        coalesce(sum(monthly_revenue.revenue_amount) over to_date, 0) as revenue_amount,
        coalesce(sum(monthly_orders.orders_count) over past_year, 0) as orders_12m_count,
        coalesce(sum(monthly_revenue.revenue_amount) over past_year, 0) as revenue_12m_amount,
        coalesce(sum(monthly_revenue.revenue_amount) over year_before, 0) as revenue_previous_12m_amount,
        coalesce(sum(monthly_revenue.costed_revenue_amount) over past_year, 0) as costed_revenue_12m_amount,
        sum(monthly_revenue.margin_amount) over past_year as margin_12m_amount
    from marts.client_months as months
    left join monthly_orders
        on months.client_id = monthly_orders.client_id and last_day(months.month_end) = monthly_orders.month
    left join monthly_days
        on months.client_id = monthly_days.client_id and last_day(months.month_end) = monthly_days.month
    left join monthly_revenue
        on months.client_id = monthly_revenue.client_id and last_day(months.month_end) = monthly_revenue.month
    window
        to_date as (partition by months.client_id order by months.month_end rows unbounded preceding),
        past_year as (partition by months.client_id order by months.month_end rows 11 preceding),
        year_before as (
            partition by months.client_id order by months.month_end rows between 23 preceding and 12 preceding
        )
)

select
    client_id,
    month_end,
    cast(orders_count as bigint) as orders_count,
    cast(cancelled_count as bigint) as cancelled_count,
    cast(order_days_count as bigint) as order_days_count,
    first_ordered_on,
    last_ordered_on,
    case
        when order_days_count >= 2 then (last_ordered_on - first_ordered_on) / (order_days_count - 1)
    end as typical_gap_days,
    revenue_amount,
    cast(orders_12m_count as bigint) as orders_12m_count,
    revenue_12m_amount,
    revenue_previous_12m_amount,
    costed_revenue_12m_amount,
    margin_12m_amount
from running
order by client_id, month_end
