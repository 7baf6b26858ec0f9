-- One row per month of the history, from its first fact to the last day that the data know.
-- grain:  month_end
-- as_of:  month_end
-- column: month_end | last day of the month; of the last, open month the last day that the data know
-- column: is_closed | true where the data reach the end of the month
-- check:  not_null month_end, is_closed

with days as (
    select counted_on from marts.order_facts
    union all
    select counted_on from marts.line_facts
    union all
    select counted_on from marts.invoice_facts
    where issued_count <> 0 or settled_count <> 0
    union all
    select greatest(opened_on, known_on) from raw.deals
    union all
    select greatest(closed_on, known_on) from raw.deals
    where closed_on is not null
    union all
    select greatest(observed_on, known_on) from raw.competitor_prices
    union all
    select greatest(delivered_on, known_on) from raw.deliveries
    union all
    select greatest(opened_on, known_on) from raw.complaints
),

span as (
    select
        min(counted_on) as first_day,
        max(counted_on) as last_day_known
    from days
),

months as (
    select
        unnest(generate_series(date_trunc('month', first_day), last_day_known, interval 1 month)) as month_start,
        last_day_known
    from span
)

select
    least(last_day(month_start), last_day_known) as month_end,
    last_day(month_start) <= last_day_known as is_closed
from months
order by month_end
