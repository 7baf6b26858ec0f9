-- One row per client and month end: how large it was, among all clients, before the twelve months that end here.
-- grain:  client_id, month_end
-- as_of:  month_end
-- readers: client_id
-- column: client_id                 | key of staging.clients
-- column: month_end                 | last day of the month; the row knows nothing of later days
-- column: tier                      | large: first 80 % of that revenue from the top; middle: next 15 %; small; none
-- column: orders_12m_count          | orders of the twelve months that end here, not cancelled
-- column: orders_previous_12m_count | the same a year ago, as it was known then; 0 where the client was not known
-- check:  not_null client_id, month_end, tier, orders_12m_count, orders_previous_12m_count
-- check:  one_of tier large, middle, small, none

with sizes as (
    select
        now_there.client_id,
        now_there.month_end,
        now_there.orders_12m_count,
        coalesce(year_ago.orders_12m_count, 0) as orders_previous_12m_count,
        greatest(now_there.revenue_previous_12m_amount, 0) as size_amount
    from marts.client_orders as now_there
    left join marts.client_orders as year_ago
        on
            now_there.client_id = year_ago.client_id
            and last_day(now_there.month_end) = last_day(last_day(year_ago.month_end) + interval 12 month)
),

ranked as (
    select
        client_id,
        month_end,
        orders_12m_count,
        orders_previous_12m_count,
        size_amount,
        sum(size_amount) over largest_first - size_amount as larger_amount,
        sum(size_amount) over (partition by month_end) as all_amount
    from sizes
    window
        largest_first as (
            partition by month_end
            order by size_amount desc, client_id asc
            rows unbounded preceding
        )
)

select
    client_id,
    month_end,
    case
        when size_amount <= 0 then 'none'
        when larger_amount < 0.80 * all_amount then 'large'
        when larger_amount < 0.95 * all_amount then 'middle'
        else 'small'
    end as tier,
    cast(orders_12m_count as bigint) as orders_12m_count,
    cast(orders_previous_12m_count as bigint) as orders_previous_12m_count
from ranked
order by client_id, month_end
