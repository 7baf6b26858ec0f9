-- One row per account manager of ours.
-- grain:    manager_id
-- readers:  all
-- hidden:   weekly_hours
-- column:   manager_id   text    | key of the manager
-- column:   name         text    | name shown in reports
-- column:   team         text?   | team or head the manager belongs to
-- column:   region       text?   | region the manager works in
-- column:   weekly_hours number? | hours a week for clients
-- check:    between weekly_hours 0 168

select
    manager_id,
    name,
    team,
    region,
    weekly_hours,
    known_on,
    source
from raw.managers
where known_until is null
