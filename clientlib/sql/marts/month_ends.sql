-- One row per month of the history, from its first fact to the last day that the data know.
-- grain:  month_end
-- as_of:  month_end
-- readers: all
-- column: month_end | last day of the month; of the last, open month the last day that the data know
-- column: is_closed | true where something happened up to the end of the month or after it
-- check:  not_null month_end, is_closed

with months as (
    select
        unnest(
            generate_series(cast(date_trunc('month', first_on) as date), last_known_on, interval 1 month)
        ) as month_start,
        last_happened_on,
        last_known_on
    from marts.history_span
)

select
    least(last_day(month_start), last_known_on) as month_end,
    last_day(month_start) <= last_happened_on as is_closed
from months
order by month_end
