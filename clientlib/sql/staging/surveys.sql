-- One row per answer of a client on one side of our work, or of a competitor's.
-- grain:    answer_id
-- happened: answered_on
-- readers:  client_id
-- column:   answer_id     text    | key of the answer
-- column:   client_id     text    | who answered; key of staging.clients
-- column:   contact_id    text?   | person who answered; key of staging.contacts
-- column:   answered_on   date    | day of the answer
-- column:   competitor_id text?   | competitor that was rated; key of staging.competitors; null where it was us
-- column:   aspect        text    | what was rated: price, delivery, quality, service, range or recommendation
-- column:   score         number  | 0 (worst) to 10 (best)
-- column:   comment       text?   | what the client wrote
-- check:    happened answered_on
-- check:    between score 0 10
-- check:    refers client_id staging.clients
-- check:    refers contact_id staging.contacts
-- check:    refers competitor_id staging.competitors

select
    answer_id,
    client_id,
    contact_id,
    answered_on,
    competitor_id,
    aspect,
    score,
    comment,
    known_on,
    source
from raw.surveys
where known_until is null
