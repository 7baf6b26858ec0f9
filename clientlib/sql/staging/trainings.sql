-- One row per manager and training that the manager took.
-- grain:    training_id, manager_id
-- happened: held_on
-- readers:  own manager_id
-- column:   training_id text    | key of the training
-- column:   manager_id  text    | who took it; key of staging.managers
-- column:   held_on     date    | last day of the training
-- column:   topic       text?   | what it was about
-- column:   hours       number? | hours that it took
-- column:   cost        money?  | what it cost us
-- check:    happened held_on
-- check:    between hours 0 1000
-- check:    between cost 0 1000000000
-- check:    refers manager_id staging.managers

select
    training_id,
    manager_id,
    held_on,
    topic,
    hours,
    cost,
    known_on,
    source
from raw.trainings
where known_until is null
