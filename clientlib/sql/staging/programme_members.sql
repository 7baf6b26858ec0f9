-- One row per client in a programme.
-- grain:    programme_id, client_id
-- happened: joined_on
-- readers:  client_id
-- column:   programme_id  text    | key of staging.programmes
-- column:   client_id     text    | key of staging.clients
-- column:   joined_on     date    | day on which the client joined
-- column:   left_on       date?   | day on which it left
-- column:   tier          text?   | level within the programme
-- column:   reward_amount money?  | reward so far
-- check:    happened joined_on
-- check:    happened left_on
-- check:    not_after joined_on left_on
-- check:    between reward_amount 0 1000000000000
-- check:    refers programme_id staging.programmes
-- check:    refers client_id staging.clients

select
    programme_id,
    client_id,
    joined_on,
    left_on,
    tier,
    reward_amount,
    known_on,
    source
from raw.programme_members
where known_until is null
