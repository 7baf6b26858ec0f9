-- One row per client, measure and month in which its answers, its kept promises or its requisites change.
-- grain:  client_id, measure, month
-- readers: client_id
-- column: client_id    | key of staging.clients
-- column: measure      | asked, answered, promised, broken (of 12 months) or requisites: see marts.client_dealings
-- column: month        | last day of the month from which the change holds
-- column: change_count | contacts, promises or changes that begin to count, less those that end to
-- check:  not_null client_id, measure, month, change_count
-- check:  one_of measure asked, answered, promised, broken, requisites

with cards as (
    select
        client_id,
        known_on,
        (
            register_code is distinct from lag(register_code) over turns
            or vat_code is distinct from lag(vat_code) over turns
        )
        and version > 1 as is_changed
    from raw.clients
    window turns as (partition by client_id order by version)
),

spans as (
    select
        talks.client_id,
        kinds.measure,
        greatest(talks.happened_on, talks.known_on) as from_on,
        least(talks.known_until, last_day(last_day(talks.happened_on) + interval 12 month)) as until_on
    from raw.interactions as talks
    inner join (values ('asked'), ('answered')) as kinds (measure)
        on kinds.measure = 'asked' or talks.outcome <> 'no answer'
    where talks.client_id is not null and not talks.is_inbound and talks.outcome is not null
    union all
    -- A promise is judged once, the day after it was due: broken if it was not kept by then.
    select
        promises.client_id,
        kinds.measure,
        greatest(promises.due_on + 1, promises.agreed_on, promises.known_on) as from_on,
        least(promises.known_until, last_day(last_day(promises.due_on + 1) + interval 12 month)) as until_on
    from raw.obligations as promises
    inner join (values ('promised'), ('broken')) as kinds (measure)
        on kinds.measure = 'promised' or coalesce(promises.done_on > promises.due_on, true)
    where promises.client_id is not null and promises.owed_by = 'client'
    union all
    select
        client_id,
        'requisites' as measure,
        known_on as from_on,
        cast(null as date) as until_on
    from cards
    where is_changed
),

changes as (
    -- What falls due after the last day that the data know is not judged yet, though it may be in its month.
    select
        coalesce(ids.client_id, spans.client_id) as client_id,
        spans.measure,
        last_day(if(signs.sign = 1, spans.from_on, spans.until_on)) as month,
        signs.sign
    from spans
    inner join (values (1), (-1)) as signs (sign) on signs.sign = 1 or spans.until_on is not null
    left join marts.client_ids as ids on spans.client_id = ids.source_client_id
    where
        spans.from_on <= (select max(month_ends.month_end) from marts.month_ends as month_ends)
        and coalesce(last_day(spans.from_on) < last_day(spans.until_on), true)
)

select
    client_id,
    measure,
    month,
    cast(sum(sign) as bigint) as change_count
from changes
group by client_id, measure, month
order by client_id, measure, month
