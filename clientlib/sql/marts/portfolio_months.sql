-- One row per month end: what all clients together ordered and how they paid, told only where it is the work of many.
-- grain:  month_end
-- as_of:  month_end
-- readers: all
-- column: month_end              | last day of the month; months with fewer than 5 clients so far are left out
-- column: clients_count          | clients that we had had business with by then
-- column: ordering_clients_count | clients that ordered in the month and did not cancel; null below 5
-- column: orders_count           | their orders of the month; null where fewer than 5 clients ordered
-- column: revenue_amount         | revenue of the month's orders less its credits, without VAT; null as orders_count
-- column: orders_12m_count       | orders of the 12 months that end here; null where a month of them is null
-- column: revenue_12m_amount     | revenue of these, by order date, less what is cancelled; null in the same months
-- column: judged_clients_count   | clients with an invoice judged in the month; null below 5
-- column: due_count              | invoices judged in the month; null where fewer than 5 clients had one
-- column: late_count             | of those: not known to be paid in full on the day after they were due
-- column: late_share             | late_count / due_count, 0..1
-- check:  not_null month_end, clients_count
-- check:  between clients_count 5 1000000000
-- check:  between ordering_clients_count 5 1000000000
-- check:  between judged_clients_count 5 1000000000
-- check:  between late_share 0 1

with orders_by_client as (
    -- What became known in the month of the order; later corrections would tell of the single client that they concern.
    select
        client_id,
        last_day(counted_on) as month,
        sum(orders_count) as orders_count
    from marts.order_facts
    where client_id is not null and last_day(ordered_on) = last_day(counted_on)
    group by client_id, last_day(counted_on)
),

ordered as (
    select
        month,
        count(*) as clients_count,
        sum(orders_count) as orders_count
    from orders_by_client
    where orders_count > 0
    group by month
),

sold as (
    select
        counted_month as month,
        sum(revenue_amount) as revenue_amount
    from marts.line_months
    where subject = 'client' and client_id <> '' and order_month = counted_month
    group by counted_month
),

judged_by_client as (
    select
        client_id,
        last_day(counted_on) as month,
        sum(judged_count) as due_count,
        sum(late_count) as late_count
    from marts.invoice_facts
    where last_day(due_on + 1) = last_day(counted_on)
    group by client_id, last_day(counted_on)
),

judged as (
    select
        month,
        count(*) as clients_count,
        sum(due_count) as due_count,
        sum(late_count) as late_count
    from judged_by_client
    where due_count > 0
    group by month
),

portfolio as (
    select
        month_end,
        count(*) as clients_count,
        sum(orders_12m_count) as orders_12m_count,
        sum(revenue_12m_amount) as revenue_12m_amount
    from marts.client_orders
    group by month_end
),

shown as (
    select
        portfolio.month_end,
        portfolio.clients_count,
        portfolio.orders_12m_count,
        portfolio.revenue_12m_amount,
        sold.revenue_amount,
        case when ordered.clients_count >= 5 then ordered.clients_count end as ordering_clients_count,
        case when ordered.clients_count >= 5 then ordered.orders_count end as orders_count,
        case when judged.clients_count >= 5 then judged.clients_count end as judged_clients_count,
        judged.due_count,
        judged.late_count,
        -- Twelve months less eleven of them are the twelfth.
        count(case when ordered.clients_count >= 5 then 1 end) over past_year = count(*) over past_year as is_year_shown
    from portfolio
    left join ordered on last_day(portfolio.month_end) = ordered.month
    left join sold on last_day(portfolio.month_end) = sold.month
    left join judged on last_day(portfolio.month_end) = judged.month
    window past_year as (order by portfolio.month_end rows between 11 preceding and current row)
)

select
    month_end,
    clients_count,
    cast(ordering_clients_count as bigint) as ordering_clients_count,
    cast(orders_count as bigint) as orders_count,
    case when orders_count is not null then revenue_amount end as revenue_amount,
    case when is_year_shown then cast(orders_12m_count as bigint) end as orders_12m_count,
    case when is_year_shown then revenue_12m_amount end as revenue_12m_amount,
    cast(judged_clients_count as bigint) as judged_clients_count,
    case when judged_clients_count is not null then cast(due_count as bigint) end as due_count,
    case when judged_clients_count is not null then cast(late_count as bigint) end as late_count,
    case when judged_clients_count is not null then late_count / due_count end as late_share
from shown
where clients_count >= 5
order by month_end
