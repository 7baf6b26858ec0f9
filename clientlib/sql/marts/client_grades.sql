-- One row per client and day from which another grade of a credit bureau is the latest that we know.
-- grain:  client_id, since
-- as_of:  since
-- readers: client_id
-- column: client_id | key of staging.clients
-- column: since     | day of the change
-- column: grade     | the grade, best first: A to E; null where none is known any more
-- check:  not_null client_id, since

with grades as (
    select
        coalesce(ids.client_id, events.client_id) as client_id,
        events.event_id,
        events.happened_on,
        events.grade,
        greatest(events.happened_on, events.published_on, events.known_on) as counted_on,
        events.known_until
    from raw.registry_events as events
    left join marts.client_ids as ids on events.client_id = ids.source_client_id
    where events.kind = 'grade' and events.grade is not null
),

turns as (
    select
        client_id,
        counted_on as since
    from grades
    where coalesce(counted_on < known_until, true)
    union
    select
        client_id,
        known_until as since
    from grades
    where counted_on < known_until
),

ranked as (
    select
        turns.client_id,
        turns.since,
        grades.grade,
        row_number() over (
            partition by turns.client_id, turns.since
            order by grades.happened_on desc nulls last, grades.counted_on desc, grades.event_id desc
        ) as place
    from turns
    left join grades
        on
            turns.client_id = grades.client_id
            and turns.since >= grades.counted_on
            and coalesce(turns.since < grades.known_until, true)
)

select
    client_id,
    since,
    grade
from ranked
where place = 1
order by client_id, since
