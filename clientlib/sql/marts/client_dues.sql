-- One row per client and month in which its running sums change: by what is invoiced, judged, paid, or grows too old.
-- grain:  client_id, month
-- readers: client_id
-- column: client_id           | key of staging.clients
-- column: month               | last day of the month
-- column: due_count           | change in the invoices whose due date had passed
-- column: late_count          | of those: in the late ones
-- column: due_6m_count        | change in those of six months: what falls due enters, six months later it leaves
-- column: late_6m_count       | of those: in the late ones
-- column: settled_count       | change in the invoices paid in full
-- column: settled_late_count  | of those: in those paid after the due day
-- column: late_days_total     | change in the days from due day to last payment
-- column: open_count          | change in the invoices issued and not paid in full
-- column: open_amount         | the same for their amount
-- column: overdue_count       | change in those whose due date had passed
-- column: overdue_amount      | the same for their amount
-- column: invoiced_12m_amount | change in the amount invoiced in twelve months
-- check:  not_null client_id, month

with monthly as (
    -- What is judged belongs to the month in which it fell due, and counts from the month in which we knew. Invoices
    -- that fall due after the last day that the data know are not judged yet, though they may be due in its month.
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
    where counted_on <= (select max(month_ends.month_end) from marts.month_ends as month_ends)
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
)

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
order by client_id, month
