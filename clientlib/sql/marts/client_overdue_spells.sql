-- One row per client and time in which one invoice was, of all that were overdue, overdue longest.
-- grain:  client_id, starts_on
-- as_of:  starts_on
-- until:  known_until
-- readers: client_id
-- column: client_id     | key of staging.clients
-- column: starts_on     | day from which it was the one that was overdue longest
-- column: known_until   | day from which it no longer was overdue, as far as we knew; null while it is
-- column: overdue_since | day from which we knew it to be overdue
-- check:  not_null client_id, starts_on, overdue_since
-- check:  not_after overdue_since starts_on
-- check:  not_after starts_on known_until

with changes as (
    select
        client_id,
        invoice_id,
        counted_on,
        sum(overdue_count) as overdue_count
    from marts.invoice_facts
    where overdue_count <> 0
    group by client_id, invoice_id, counted_on
    having sum(overdue_count) <> 0
),

spells as (
    select
        client_id,
        invoice_id,
        overdue_count,
        counted_on as overdue_since,
        lead(counted_on) over (partition by client_id, invoice_id order by counted_on) as ends_on
    from changes
),

-- What became overdue earlier stands before it, so an invoice comes to the front when all of these have ended.
queue as (
    select
        client_id,
        overdue_since,
        ends_on,
        max(coalesce(ends_on, date '9999-12-31'))
            over (
                partition by client_id
                order by overdue_since, ends_on nulls last, invoice_id
                rows between unbounded preceding and 1 preceding
            ) as front_on
    from spells
    where overdue_count > 0
)

select
    client_id,
    greatest(overdue_since, front_on) as starts_on,
    ends_on as known_until,
    overdue_since
from queue
where coalesce(front_on < ends_on, front_on < date '9999-12-31', true)
order by client_id, starts_on
