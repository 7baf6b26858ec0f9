-- One row per client and day from which a manager held it.
-- grain:    client_id, starts_on
-- happened: starts_on
-- readers:  client_id
-- column:   client_id  text    | key of staging.clients
-- column:   starts_on  date    | first day under the manager
-- column:   manager_id text    | who held the client; key of staging.managers
-- column:   ends_on    date?   | last day under the manager; null while it goes on
-- column:   reason     text?   | why the client was given to the manager
-- check:    happened starts_on
-- check:    planned ends_on
-- check:    not_after starts_on ends_on
-- check:    refers client_id staging.clients
-- check:    refers manager_id staging.managers

select
    client_id,
    starts_on,
    manager_id,
    ends_on,
    reason,
    known_on,
    source
from raw.assignments
where known_until is null
