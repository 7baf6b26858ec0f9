-- One row per client and month end: how many invoices had been judged by then, how many were late, what is open.
-- grain:  client_id, month_end
-- as_of:  month_end
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

with monthly as (
    -- What is judged belongs to the month in which it fell due, and counts from the month in which we knew.
    select
        client_id,
        last_day(counted_on) as month,
        last_day(last_day(due_on + 1) + interval 6 month) as half_year_over,
        last_day(last_day(issued_on) + interval 12 month) as year_over,
        sum(judged_count) as due_count,
        sum(late_count) as late_count,
        sum(settled_count) as settled_count,
        sum(sign(days_late)) as settled_late_count,
        sum(days_late) as late_days_total,
        sum(issued_count - settled_count) as open_count,
        sum(amount * (issued_count - settled_count)) as open_amount,
        sum(overdue_count) as overdue_count,
        sum(amount * overdue_count) as overdue_amount,
        sum(amount * issued_count) as invoiced_amount
    from marts.invoice_facts
    group by client_id, last_day(counted_on), last_day(due_on + 1), last_day(issued_on)
),

changes as (
    select
        monthly.*,
        1 as to_date,
        (month < half_year_over)::int as half_year,
        (month < year_over)::int as past_year
    from monthly
    union all
    select
        monthly.* replace (half_year_over as month),
        0 as to_date,
        -1 as half_year,
        0 as past_year
    from monthly
    where month < half_year_over and (due_count <> 0 or late_count <> 0)
    union all
    select
        monthly.* replace (year_over as month),
        0 as to_date,
        0 as half_year,
        -1 as past_year
    from monthly
    where month < year_over and invoiced_amount <> 0
),

sums as (
    select
        client_id,
        month,
        sum(to_date * due_count) as due_count,
        sum(to_date * late_count) as late_count,
        sum(half_year * due_count) as due_6m_count,
        sum(half_year * late_count) as late_6m_count,
        sum(to_date * settled_count) as settled_count,
        sum(to_date * settled_late_count) as settled_late_count,
        sum(to_date * late_days_total) as late_days_total,
        sum(to_date * open_count) as open_count,
        sum(to_date * open_amount) as open_amount,
        sum(to_date * overdue_count) as overdue_count,
        sum(to_date * overdue_amount) as overdue_amount,
        sum(past_year * invoiced_amount) as invoiced_12m_amount
    from changes
    group by client_id, month
),

running as (
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
    left join sums on months.client_id = sums.client_id and last_day(months.month_end) = sums.month
    window to_date as (partition by months.client_id order by months.month_end rows unbounded preceding)
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
from running
order by client_id, month_end
