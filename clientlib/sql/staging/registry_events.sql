-- One row per entry about a client in a public register, or grade that a bureau gave it.
-- grain:    event_id
-- happened: published_on
-- readers:  client_id
-- column:   event_id     text    | key of the event
-- column:   client_id    text    | key of staging.clients
-- column:   happened_on  date    | day on which it happened
-- column:   published_on date?   | day on which it could be read
-- column:   kind         text    | tax_arrears, court_claim, enforcement, insolvency, late_statement, grade or other
-- column:   amount       money?  | money that it is about
-- column:   grade        text?   | grade that the bureau gave, best first: A to E
-- column:   ended_on     date?   | day on which it was over: paid, dismissed, struck off
-- check:    happened happened_on
-- check:    happened published_on
-- check:    not_after happened_on published_on
-- check:    happened ended_on
-- check:    not_after happened_on ended_on
-- check:    one_of kind tax_arrears, court_claim, enforcement, insolvency, late_statement, grade, other
-- check:    between amount 0 1000000000000
-- check:    refers client_id staging.clients

select
    event_id,
    client_id,
    happened_on,
    published_on,
    kind,
    amount,
    grade,
    ended_on,
    known_on,
    source
from raw.registry_events
where known_until is null
