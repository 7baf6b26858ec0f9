-- One row per manager, kind of decision and day from which a limit holds.
-- grain:    manager_id, kind, starts_on
-- readers:  own manager_id
-- column:   manager_id  text    | whose authority it is; key of staging.managers
-- column:   kind        text    | discount (share), credit (money) or payment_days (days)
-- column:   starts_on   date    | first day of the limit
-- column:   ends_on     date?   | last day of the limit
-- column:   limit_value number  | most that the manager may grant alone
-- check:    planned starts_on
-- check:    planned ends_on
-- check:    not_after starts_on ends_on
-- check:    one_of kind discount, credit, payment_days
-- check:    between limit_value 0 1000000000
-- check:    refers manager_id staging.managers

select
    manager_id,
    kind,
    starts_on,
    ends_on,
    limit_value,
    known_on,
    source
from raw.approval_limits
where known_until is null
