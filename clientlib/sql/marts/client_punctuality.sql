-- One row per client and month end: how many invoices had been judged by then, how many were late, what is open.
-- grain:  client_id, month_end
-- as_of:  month_end
-- readers: client_id
-- column: client_id           | key of staging.clients
-- column: month_end           | last day of the month; the row knows nothing that happened or became known later
-- column: due_count           | invoices whose due date had passed
-- column: late_count          | of those: not known to be paid in full on the day after they were due
-- column: late_share          | late_count / due_count, 0..1; null while nothing has fallen due
-- column: due_6m_count        | invoices that fell due in the 6 months that end here
-- column: late_6m_count       | of those: late
-- column: settled_count       | invoices paid in full
-- column: settled_late_count  | of those: after the due day
-- column: late_days_total     | days from due day to last payment, summed over them
-- column: open_count          | invoices issued and not paid in full
-- column: open_amount         | their amount
-- column: overdue_count       | invoices whose due date had passed and that are not paid in full
-- column: overdue_amount      | their amount
-- column: invoiced_12m_amount | amount invoiced in the 12 months that end here
-- check:  not_null due_count, late_count, settled_count, open_count, open_amount, overdue_count, overdue_amount
-- check:  between late_share 0 1
-- check:  between overdue_count 0 1000000000
-- check:  at_most late_count due_count

with billed as (
    select distinct client_id from marts.client_dues
),

running as (
    -- Clients without any invoice have nothing to add up.
    select
        months.client_id,
        months.month_end,
        coalesce(sum(sums.due_count) over to_date, 0) as due_count,
        coalesce(sum(sums.late_count) over to_date, 0) as late_count,
        coalesce(sum(sums.due_6m_count) over to_date, 0) as due_6m_count,
        coalesce(sum(sums.late_6m_count) over to_date, 0) as late_6m_count,
        coalesce(sum(sums.settled_count) over to_date, 0) as settled_count,
        coalesce(sum(sums.settled_late_count) over to_date, 0) as settled_late_count,
        coalesce(sum(sums.late_days_total) over to_date, 0) as late_days_total,
        coalesce(sum(sums.open_count) over to_date, 0) as open_count,
        coalesce(sum(sums.open_amount) over to_date, 0) as open_amount,
        coalesce(sum(sums.overdue_count) over to_date, 0) as overdue_count,
        coalesce(sum(sums.overdue_amount) over to_date, 0) as overdue_amount,
        coalesce(sum(sums.invoiced_12m_amount) over to_date, 0) as invoiced_12m_amount
    from marts.client_months as months
    semi join billed on months.client_id = billed.client_id
    left join marts.client_dues as sums
        on months.client_id = sums.client_id and last_day(months.month_end) = sums.month
    window to_date as (partition by months.client_id order by months.month_end rows unbounded preceding)
),

rows_of_all as (
    select
        client_id,
        month_end,
        due_count,
        late_count,
        due_6m_count,
        late_6m_count,
        settled_count,
        settled_late_count,
        late_days_total,
        open_count,
        open_amount,
        overdue_count,
        overdue_amount,
        invoiced_12m_amount
    from running
    union all
    select
        months.client_id,
        months.month_end,
        0 as due_count,
        0 as late_count,
        0 as due_6m_count,
        0 as late_6m_count,
        0 as settled_count,
        0 as settled_late_count,
        0 as late_days_total,
        0 as open_count,
        0 as open_amount,
        0 as overdue_count,
        0 as overdue_amount,
        0 as invoiced_12m_amount
    from marts.client_months as months
    anti join billed on months.client_id = billed.client_id
)

select
    client_id,
    month_end,
    cast(due_count as bigint) as due_count,
    cast(late_count as bigint) as late_count,
    late_count / nullif(due_count, 0) as late_share,
    cast(due_6m_count as bigint) as due_6m_count,
    cast(late_6m_count as bigint) as late_6m_count,
    cast(settled_count as bigint) as settled_count,
    cast(settled_late_count as bigint) as settled_late_count,
    cast(late_days_total as bigint) as late_days_total,
    cast(open_count as bigint) as open_count,
    open_amount,
    cast(overdue_count as bigint) as overdue_count,
    overdue_amount,
    invoiced_12m_amount
from rows_of_all
order by client_id, month_end
