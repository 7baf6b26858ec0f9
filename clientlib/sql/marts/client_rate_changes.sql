-- One row per client, measure and month in which its counts of twelve months change, and by how much.
-- grain:  client_id, measure, month
-- as_of:  month
-- readers: client_id
-- column: client_id    | key of staging.clients
-- column: measure      | late (deliveries), complaints, or won (deals)
-- column: month        | last day of the month from which the change holds
-- column: trials_count | orders judged, and deals won or lost, that begin to count, less those that end to
-- column: events_count | of those late, or won; and complaints
-- check:  not_null client_id, measure, month, trials_count, events_count
-- check:  one_of measure late, complaints, won

with spans as (
    -- What happened counts from the month in which we knew of it, for a year or until it was taken back.
    select
        client_id,
        'late' as measure,
        1 as trials_count,
        case when is_late then 1 else 0 end as events_count,
        last_day(judged_on) as from_month,
        last_day(last_day(promised_on + 1) + interval 12 month) as until_month
    from marts.delivery_judgements
    union all
    select
        coalesce(ids.client_id, complaints.client_id) as client_id,
        'complaints' as measure,
        0 as trials_count,
        1 as events_count,
        last_day(greatest(complaints.opened_on, complaints.known_on)) as from_month,
        least(last_day(last_day(complaints.opened_on) + interval 12 month), last_day(complaints.known_until))
            as until_month
    from raw.complaints as complaints
    left join marts.client_ids as ids on complaints.client_id = ids.source_client_id
    union all
    select
        client_id,
        'won' as measure,
        1 as trials_count,
        case when outcome = 'won' then 1 else 0 end as events_count,
        last_day(told_on) as from_month,
        least(last_day(last_day(closed_on) + interval 12 month), last_day(known_until)) as until_month
    from marts.deal_states
    where outcome in ('won', 'lost')
),

first_months as (
    select
        client_id,
        min(last_day(month_end)) as first_month
    from marts.client_months
    group by client_id
),

placed as (
    select
        spans.client_id,
        spans.measure,
        spans.trials_count,
        spans.events_count,
        greatest(spans.from_month, first_months.first_month) as from_month,
        spans.until_month
    from spans
    inner join first_months on spans.client_id = first_months.client_id
    where spans.until_month > greatest(spans.from_month, first_months.first_month)
),

changes as (
    select
        client_id,
        measure,
        from_month as month,
        trials_count,
        events_count
    from placed
    union all
    select
        client_id,
        measure,
        until_month as month,
        -trials_count as trials_count,
        -events_count as events_count
    from placed
)

select
    client_id,
    measure,
    month,
    cast(sum(trials_count) as bigint) as trials_count,
    cast(sum(events_count) as bigint) as events_count
from changes
group by client_id, measure, month
order by client_id, measure, month
