-- One row per goal that was set for a period: for a manager, a region, a family or all of us.
-- grain:    target_id
-- happened: set_on
-- readers:  own manager_id
-- column:   target_id    text    | key of the target
-- column:   manager_id   text?   | whose goal it is; key of staging.managers; null where it is not one manager's
-- column:   region       text?   | sales region of the goal
-- column:   family       text?   | product family of the goal
-- column:   measure      text    | revenue, margin, orders, new_clients or deals_won
-- column:   starts_on    date    | first day of the period
-- column:   ends_on      date    | last day of the period
-- column:   target_value number  | what is to be reached, in money or count
-- column:   set_on       date?   | day on which the goal was set
-- check:    planned starts_on
-- check:    planned ends_on
-- check:    not_after starts_on ends_on
-- check:    happened set_on
-- check:    one_of measure revenue, margin, orders, new_clients, deals_won
-- check:    between target_value 0 10000000000
-- check:    refers manager_id staging.managers

select
    target_id,
    manager_id,
    region,
    family,
    measure,
    starts_on,
    ends_on,
    target_value,
    set_on,
    known_on,
    source
from raw.targets
where known_until is null
