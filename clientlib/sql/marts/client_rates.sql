-- One row per client, month end and measure: how often something could happen in twelve months, and how often it did.
-- grain:  client_id, month_end, measure
-- as_of:  month_end
-- readers: client_id
-- column: client_id    | key of staging.clients
-- column: month_end    | last day of the month; the row knows nothing of later days
-- column: measure      | late (deliveries), complaints, won (deals), or repeat (orders)
-- column: tier         | large, middle, small or none: by revenue of the twelve months before these, among all clients
-- column: trials_count | orders judged, orders placed, deals won or lost, or 1 where it ordered in the year before
-- column: events_count | of those late; complaints on those; won; or 1 where it has ordered again
-- check:  not_null client_id, month_end, measure, tier, trials_count, events_count
-- check:  between trials_count 1 1000000000
-- check:  between events_count 0 1000000000
-- check:  one_of measure late, complaints, won, repeat
-- check:  one_of tier large, middle, small, none

with measures as (
    select distinct
        client_id,
        measure
    from marts.client_rate_changes
),

running as (
    select
        months.client_id,
        months.month_end,
        measures.measure,
        coalesce(sum(monthly.trials_count) over to_date, 0) as trials_count,
        coalesce(sum(monthly.events_count) over to_date, 0) as events_count
    from marts.client_months as months
    inner join measures on months.client_id = measures.client_id
    left join marts.client_rate_changes as monthly
        on
            months.client_id = monthly.client_id
            and measures.measure = monthly.measure
            and last_day(months.month_end) = monthly.month
    window
        to_date as (
            partition by months.client_id, measures.measure
            order by months.month_end
            rows unbounded preceding
        )
),

first_complaint as (
    select min(greatest(opened_on, known_on)) as first_on
    from raw.complaints
),

counted as (
    select
        client_id,
        month_end,
        measure,
        trials_count,
        events_count
    from running
    where measure <> 'complaints'
    union all
    select
        tiers.client_id,
        tiers.month_end,
        'complaints' as measure,
        tiers.orders_12m_count as trials_count,
        coalesce(running.events_count, 0) as events_count
    from marts.client_tiers as tiers
    inner join first_complaint on tiers.month_end >= first_complaint.first_on
    left join running
        on
            tiers.client_id = running.client_id
            and tiers.month_end = running.month_end
            and running.measure = 'complaints'
    union all
    select
        client_id,
        month_end,
        'repeat' as measure,
        1 as trials_count,
        case when orders_12m_count > 0 then 1 else 0 end as events_count
    from marts.client_tiers
    where orders_previous_12m_count > 0
)

select
    counted.client_id,
    counted.month_end,
    counted.measure,
    tiers.tier,
    cast(counted.trials_count as bigint) as trials_count,
    cast(counted.events_count as bigint) as events_count
from counted
inner join marts.client_tiers as tiers
    on counted.client_id = tiers.client_id and counted.month_end = tiers.month_end
where counted.trials_count > 0
order by counted.client_id, counted.month_end, counted.measure
