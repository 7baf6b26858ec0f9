-- One row per client and month end: what it had ordered by then, and in which rhythm.
-- grain:  client_id, month_end
-- as_of:  month_end
-- readers: client_id
-- column: client_id                    | key of staging.clients
-- column: month_end                    | last day of the month; the row knows nothing of later days
-- column: orders_count                 | orders placed and not cancelled; credit notes are no orders
-- column: cancelled_count              | orders placed and cancelled again
-- column: order_days_count             | different days on which orders were placed, cancelled ones included
-- column: first_ordered_on             | first such day; null while there is none
-- column: last_ordered_on              | last such day
-- column: typical_gap_days             | mean days from one order day to the next; null under two order days
-- column: revenue_amount               | revenue so far, net of discounts, cancellations and credits, without VAT
-- column: orders_12m_count             | orders of the 12 months that end here, not cancelled
-- column: revenue_12m_amount           | revenue of these, by order date, less what is cancelled
-- column: revenue_previous_12m_amount  | the same of the 12 months before those
-- column: costed_revenue_12m_amount    | the part of revenue_12m_amount whose unit cost is known
-- column: margin_12m_amount            | that part less its cost; null where no cost is known
-- check:  not_null orders_count, cancelled_count, order_days_count
-- check:  not_null revenue_amount, orders_12m_count, revenue_12m_amount
-- check:  between cancelled_count 0 1000000000
-- check:  between orders_12m_count 0 1000000000

with monthly_days as (
    select
        client_id,
        last_day(counted_on) as month,
        count(*) as order_days_count,
        min(ordered_on) filter (where until_on is null) as first_ordered_on,
        max(ordered_on) filter (where until_on is null) as last_ordered_on
    from marts.order_days
    group by client_id, last_day(counted_on)
),

days_gone as (
    select
        client_id,
        last_day(until_on) as month,
        count(*) as order_days_count
    from marts.order_days
    where until_on is not null
    group by client_id, last_day(until_on)
),

days_for_a_while as (
    -- Dates cannot be subtracted: the few days that corrections took away are looked up month by month.
    select
        months.client_id,
        months.month_end,
        min(days.ordered_on) as first_ordered_on,
        max(days.ordered_on) as last_ordered_on
    from marts.order_days as days
    inner join marts.client_months as months
        on
            days.client_id = months.client_id
            and days.counted_on <= months.month_end
            and days.until_on > months.month_end
    group by months.client_id, months.month_end
),

running as (
    select
        months.client_id,
        months.month_end,
        coalesce(sum(sales.orders_count) over to_date, 0) as orders_count,
        coalesce(sum(sales.cancelled_count) over to_date, 0) as cancelled_count,
        coalesce(sum(monthly_days.order_days_count) over to_date, 0)
        - coalesce(sum(days_gone.order_days_count) over to_date, 0) as order_days_count,
        least(min(monthly_days.first_ordered_on) over to_date, days_for_a_while.first_ordered_on) as first_ordered_on,
        greatest(max(monthly_days.last_ordered_on) over to_date, days_for_a_while.last_ordered_on) as last_ordered_on,
        coalesce(sum(sales.revenue_amount) over to_date, 0) as revenue_amount,
        coalesce(sum(sales.orders_12m_count) over to_date, 0) as orders_12m_count,
        coalesce(sum(sales.revenue_12m_amount) over to_date, 0) as revenue_12m_amount,
        coalesce(sum(sales.revenue_previous_12m_amount) over to_date, 0) as revenue_previous_12m_amount,
        coalesce(sum(sales.costed_revenue_12m_amount) over to_date, 0) as costed_revenue_12m_amount,
        sum(sales.margin_12m_amount) over to_date as margin_12m_amount,
        sum(sales.costed_lines_12m_count) over to_date as costed_lines_12m_count
    from marts.client_months as months
    left join marts.client_sales as sales
        on months.client_id = sales.client_id and last_day(months.month_end) = sales.month
    left join monthly_days
        on months.client_id = monthly_days.client_id and last_day(months.month_end) = monthly_days.month
    left join days_gone
        on months.client_id = days_gone.client_id and last_day(months.month_end) = days_gone.month
    left join days_for_a_while
        on months.client_id = days_for_a_while.client_id and months.month_end = days_for_a_while.month_end
    window to_date as (partition by months.client_id order by months.month_end rows unbounded preceding)
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
        when order_days_count >= 2 then date_diff('day', first_ordered_on, last_ordered_on) / (order_days_count - 1)
    end as typical_gap_days,
    revenue_amount,
    cast(orders_12m_count as bigint) as orders_12m_count,
    revenue_12m_amount,
    revenue_previous_12m_amount,
    costed_revenue_12m_amount,
    case when costed_lines_12m_count > 0 then margin_12m_amount end as margin_12m_amount
from running
order by client_id, month_end
