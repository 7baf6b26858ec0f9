-- One row per breach of rules or damage that was recorded.
-- grain:    incident_id
-- happened: happened_on
-- readers:  client_id
-- column:   incident_id    text    | key of the incident
-- column:   client_id      text?   | client concerned; key of staging.clients
-- column:   order_id       text?   | order concerned; key of staging.orders
-- column:   manager_id     text?   | manager concerned; key of staging.managers
-- column:   unit           text?   | unit of ours that answers for it
-- column:   happened_on    date    | day on which it happened
-- column:   kind           text    | what kind of breach or damage it was
-- column:   damage_amount  money?  | what was lost or spoilt
-- column:   penalty_amount money?  | what we had to pay to others
-- column:   closed_on      date?   | day on which it was settled
-- check:    happened happened_on
-- check:    happened closed_on
-- check:    not_after happened_on closed_on
-- check:    between damage_amount 0 1000000000
-- check:    between penalty_amount 0 1000000000
-- check:    refers client_id staging.clients
-- check:    refers order_id staging.orders
-- check:    refers manager_id staging.managers

select
    incident_id,
    client_id,
    order_id,
    manager_id,
    unit,
    happened_on,
    kind,
    damage_amount,
    penalty_amount,
    closed_on,
    known_on,
    source
from raw.incidents
where known_until is null
