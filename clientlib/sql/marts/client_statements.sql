-- One row per client and day from which another of its yearly statements is the latest that we know.
-- grain:  client_id, since
-- as_of:  since
-- readers: client_id
-- column: client_id | key of staging.clients
-- column: since     | day of the change
-- column: ends_on   | last day of the financial year of that statement; null where none is known any more
-- column: version   | version of the statement; with client_id and ends_on key of the tables of ratios
-- check:  not_null client_id, since

with turns as (
    select
        client_id,
        counted_on as since
    from marts.statement_figures
    where coalesce(counted_on < known_until, true)
    union
    select
        client_id,
        known_until as since
    from marts.statement_figures
    where counted_on < known_until
)

select
    turns.client_id,
    turns.since,
    max(told.ends_on) as ends_on,
    arg_max(told.version, told.ends_on) as version
from turns
left join marts.statement_figures as told
    on
        turns.client_id = told.client_id
        and turns.since >= told.counted_on
        and coalesce(turns.since < told.known_until, true)
group by turns.client_id, turns.since
order by turns.client_id, turns.since
