-- One row per client with invoices and month end: what it owes by age, how it settled in a year, what it disputed.
-- grain:  client_id, month_end
-- as_of:  month_end
-- readers: client_id
-- column: client_id           | key of staging.clients; clients without any invoice are left out
-- column: month_end           | last day of the month; the row knows nothing that happened or became known later
-- column: overdue_30_count    | invoices that are not paid in full 30 days and more after they were due
-- column: overdue_30_amount   | their amount
-- column: overdue_60_count    | the same for 60 days
-- column: overdue_60_amount   | their amount
-- column: overdue_90_count    | the same for 90 days
-- column: overdue_90_amount   | their amount
-- column: settled_12m_count   | of the invoices that fell due in the 12 months that end here: paid in full
-- column: late_days_12m_total | days from due day to last payment, summed over them
-- column: late_30_count       | invoices paid in full more than 30 days after they were due, since the start
-- column: late_60_count       | the same for 60 days
-- column: disputed_count      | invoices that the client disputed, since the start
-- column: disputed_12m_count  | of those: in the 12 months that end here
-- check:  not_null overdue_30_count, overdue_60_count, overdue_90_count, settled_12m_count, disputed_count
-- check:  at_most overdue_60_count overdue_30_count
-- check:  at_most overdue_90_count overdue_60_count
-- check:  at_most disputed_12m_count disputed_count

with monthly as (
    select
        client_id,
        month,
        sum(change_count) filter (where measure = 'overdue_30') as overdue_30_count,
        sum(change_amount) filter (where measure = 'overdue_30') as overdue_30_amount,
        sum(change_count) filter (where measure = 'overdue_60') as overdue_60_count,
        sum(change_amount) filter (where measure = 'overdue_60') as overdue_60_amount,
        sum(change_count) filter (where measure = 'overdue_90') as overdue_90_count,
        sum(change_amount) filter (where measure = 'overdue_90') as overdue_90_amount,
        sum(change_count) filter (where measure = 'settled_12m') as settled_12m_count,
        sum(change_days) filter (where measure = 'settled_12m') as late_days_12m_total,
        sum(change_count) filter (where measure = 'late_30') as late_30_count,
        sum(change_count) filter (where measure = 'late_60') as late_60_count,
        sum(change_count) filter (where measure = 'disputed') as disputed_count,
        sum(change_count) filter (where measure = 'disputed_12m') as disputed_12m_count
    from marts.client_debt_changes
    group by client_id, month
),

billed as (
    select
        client_id,
        min(counted_on) as first_on
    from marts.invoice_facts
    where kind = 'issued'
    group by client_id
),

running as (
    select
        months.client_id,
        months.month_end,
        coalesce(sum(monthly.overdue_30_count) over to_date, 0) as overdue_30_count,
        coalesce(sum(monthly.overdue_30_amount) over to_date, 0) as overdue_30_amount,
        coalesce(sum(monthly.overdue_60_count) over to_date, 0) as overdue_60_count,
        coalesce(sum(monthly.overdue_60_amount) over to_date, 0) as overdue_60_amount,
        coalesce(sum(monthly.overdue_90_count) over to_date, 0) as overdue_90_count,
        coalesce(sum(monthly.overdue_90_amount) over to_date, 0) as overdue_90_amount,
        coalesce(sum(monthly.settled_12m_count) over to_date, 0) as settled_12m_count,
        coalesce(sum(monthly.late_days_12m_total) over to_date, 0) as late_days_12m_total,
        coalesce(sum(monthly.late_30_count) over to_date, 0) as late_30_count,
        coalesce(sum(monthly.late_60_count) over to_date, 0) as late_60_count,
        coalesce(sum(monthly.disputed_count) over to_date, 0) as disputed_count,
        coalesce(sum(monthly.disputed_12m_count) over to_date, 0) as disputed_12m_count
    from marts.client_months as months
    inner join billed on months.client_id = billed.client_id and months.month_end >= billed.first_on
    left join monthly on months.client_id = monthly.client_id and last_day(months.month_end) = monthly.month
    window to_date as (partition by months.client_id order by months.month_end rows unbounded preceding)
)

select
    client_id,
    month_end,
    cast(overdue_30_count as bigint) as overdue_30_count,
    cast(overdue_30_amount as decimal(18, 4)) as overdue_30_amount,
    cast(overdue_60_count as bigint) as overdue_60_count,
    cast(overdue_60_amount as decimal(18, 4)) as overdue_60_amount,
    cast(overdue_90_count as bigint) as overdue_90_count,
    cast(overdue_90_amount as decimal(18, 4)) as overdue_90_amount,
    cast(settled_12m_count as bigint) as settled_12m_count,
    cast(late_days_12m_total as bigint) as late_days_12m_total,
    cast(late_30_count as bigint) as late_30_count,
    cast(late_60_count as bigint) as late_60_count,
    cast(disputed_count as bigint) as disputed_count,
    cast(disputed_12m_count as bigint) as disputed_12m_count
from running
order by client_id, month_end
