-- One row per client and month end: which orders are open, and what it cancelled, returned or claimed.
-- grain:  client_id, month_end
-- as_of:  month_end
-- readers: client_id
-- column: client_id                  | key of staging.clients; from the month in which any of it was known
-- column: month_end                  | last day of the month; the row knows nothing that happened or became known later
-- column: open_orders_count          | orders of the last 180 days neither delivered, billed nor cancelled
-- column: open_orders_amount         | what they come to, without VAT; 0 where no deliveries or invoices are brought
-- column: cancelled_12m_count        | of the orders of the 12 months that end here: cancelled
-- column: complaints_count           | complaints since the start
-- column: complaints_12m_count       | of those: in the 12 months that end here
-- column: complaints_12m_cost        | what settling these cost us
-- column: open_complaints_count      | complaints that are not settled
-- column: returns_12m_count          | returns of goods in the 12 months that end here
-- column: incidents_12m_count        | breaches and damages in the 12 months that end here
-- column: incidents_12m_amount       | what they spoilt, penalties included
-- check:  not_null open_orders_count, open_orders_amount, cancelled_12m_count, complaints_count, returns_12m_count
-- check:  at_most complaints_12m_count complaints_count
-- check:  between cancelled_12m_count 0 1000000000
-- check:  between open_complaints_count 0 1000000000

with changes as (
    select
        client_id,
        measure,
        month,
        change_count,
        change_amount
    from marts.client_order_changes
    union all
    select
        client_id,
        measure,
        month,
        change_count,
        change_amount
    from marts.client_claim_changes
),

first_months as (
    select
        client_id,
        min(last_day(month_end)) as first_month
    from marts.client_months
    group by client_id
),

monthly as (
    -- What was known before the first business with a client counts from its first row on.
    select
        changes.client_id,
        greatest(changes.month, first_months.first_month) as month,
        sum(changes.change_count) filter (where changes.measure = 'open') as open_orders_count,
        sum(changes.change_amount) filter (where changes.measure = 'open') as open_orders_amount,
        sum(changes.change_count) filter (where changes.measure = 'cancelled_12m') as cancelled_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'complaints') as complaints_count,
        sum(changes.change_count) filter (where changes.measure = 'complaints_12m') as complaints_12m_count,
        sum(changes.change_amount) filter (where changes.measure = 'complaints_12m') as complaints_12m_cost,
        sum(changes.change_count) filter (where changes.measure = 'open_complaints') as open_complaints_count,
        sum(changes.change_count) filter (where changes.measure = 'returns_12m') as returns_12m_count,
        sum(changes.change_count) filter (where changes.measure = 'incidents_12m') as incidents_12m_count,
        sum(changes.change_amount) filter (where changes.measure = 'incidents_12m') as incidents_12m_amount
    from changes
    inner join first_months on changes.client_id = first_months.client_id
    group by changes.client_id, greatest(changes.month, first_months.first_month)
),

firsts as (
    select
        client_id,
        min(month) as first_month
    from monthly
    group by client_id
),

running as (
    -- A client has rows from the first month in which any of it was known.
    select
        months.client_id,
        months.month_end,
        coalesce(sum(monthly.open_orders_count) over to_date, 0) as open_orders_count,
        coalesce(sum(monthly.open_orders_amount) over to_date, 0) as open_orders_amount,
        coalesce(sum(monthly.cancelled_12m_count) over to_date, 0) as cancelled_12m_count,
        coalesce(sum(monthly.complaints_count) over to_date, 0) as complaints_count,
        coalesce(sum(monthly.complaints_12m_count) over to_date, 0) as complaints_12m_count,
        coalesce(sum(monthly.complaints_12m_cost) over to_date, 0) as complaints_12m_cost,
        coalesce(sum(monthly.open_complaints_count) over to_date, 0) as open_complaints_count,
        coalesce(sum(monthly.returns_12m_count) over to_date, 0) as returns_12m_count,
        coalesce(sum(monthly.incidents_12m_count) over to_date, 0) as incidents_12m_count,
        coalesce(sum(monthly.incidents_12m_amount) over to_date, 0) as incidents_12m_amount
    from marts.client_months as months
    inner join firsts on months.client_id = firsts.client_id and last_day(months.month_end) >= firsts.first_month
    left join monthly on months.client_id = monthly.client_id and last_day(months.month_end) = monthly.month
    window to_date as (partition by months.client_id order by months.month_end rows unbounded preceding)
)

select
    client_id,
    month_end,
    cast(open_orders_count as bigint) as open_orders_count,
    cast(open_orders_amount as decimal(18, 4)) as open_orders_amount,
    cast(cancelled_12m_count as bigint) as cancelled_12m_count,
    cast(complaints_count as bigint) as complaints_count,
    cast(complaints_12m_count as bigint) as complaints_12m_count,
    cast(complaints_12m_cost as decimal(18, 4)) as complaints_12m_cost,
    cast(open_complaints_count as bigint) as open_complaints_count,
    cast(returns_12m_count as bigint) as returns_12m_count,
    cast(incidents_12m_count as bigint) as incidents_12m_count,
    cast(incidents_12m_amount as decimal(18, 4)) as incidents_12m_amount
from running
order by client_id, month_end
