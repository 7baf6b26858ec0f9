-- One row per version of a goal and month of its period: what falls to the month, by its days.
-- grain:  target_id, version, month_end
-- as_of:  set_on, known_on
-- until:  known_until
-- readers: own manager_id
-- column: target_id    | key of staging.targets
-- column: version      | version of the goal that says so, from 1
-- column: month_end    | last day of the month
-- column: manager_id   | whose goal it is; null where it is not one manager's
-- column: region       | sales region of the goal
-- column: family       | product family of the goal
-- column: measure      | revenue, margin, orders, new_clients or deals_won
-- column: starts_on    | first day of the goal's period
-- column: ends_on      | last day of it
-- column: days_count   | days of the period in this month
-- column: target_value | the goal by days: its value times these days over all days of the period
-- column: is_spread    | true where the period is longer than this month: the share of the month is assumed
-- column: set_on       | day on which the goal was set
-- column: known_on     | day on which we knew of this version
-- column: known_until  | day on which it was replaced; null while it holds
-- check:  not_null target_id, version, month_end, measure, starts_on, ends_on, days_count, target_value, is_spread
-- check:  between days_count 1 31

with months as (
    select
        target_id,
        version,
        unnest(
            generate_series(cast(date_trunc('month', starts_on) as date), ends_on, interval 1 month)
        ) as month_start
    from raw.targets
),

parts as (
    select
        goals.target_id,
        goals.version,
        last_day(months.month_start) as month_end,
        date_diff(
            'day',
            greatest(goals.starts_on, cast(months.month_start as date)),
            least(goals.ends_on, last_day(months.month_start))
        ) + 1 as days_count,
        date_diff('day', goals.starts_on, goals.ends_on) + 1 as all_days_count
    from raw.targets as goals
    inner join months on goals.target_id = months.target_id and goals.version = months.version
)

select
    goals.target_id,
    goals.version,
    parts.month_end,
    goals.manager_id,
    goals.region,
    goals.family,
    goals.measure,
    goals.starts_on,
    goals.ends_on,
    parts.days_count,
    cast(goals.target_value as double) * parts.days_count / parts.all_days_count as target_value,
    parts.days_count < parts.all_days_count as is_spread,
    goals.set_on,
    goals.known_on,
    goals.known_until
from raw.targets as goals
inner join parts on goals.target_id = parts.target_id and goals.version = parts.version
order by goals.target_id, goals.version, parts.month_end
