-- One row per person at a client whom we talk to.
-- grain:    contact_id
-- happened: added_on
-- readers:  client_id
-- column:   contact_id  text    | key of the contact
-- column:   client_id   text    | where the person works; key of staging.clients
-- column:   name        text?   | name as the source spells it
-- column:   role        text?   | what the person decides or does there
-- column:   language    text?   | language the person is written to in
-- column:   channel     text?   | how the person wishes to be reached
-- column:   has_consent flag?   | whether the person agreed to be sent offers; null where nobody asked
-- column:   added_on    date?   | day we first knew the person
-- column:   left_on     date?   | day the person left that place
-- check:    happened added_on
-- check:    happened left_on
-- check:    not_after added_on left_on
-- check:    refers client_id staging.clients

select
    contact_id,
    client_id,
    name,
    role,
    language,
    channel,
    has_consent,
    added_on,
    left_on,
    known_on,
    source
from raw.contacts
where known_until is null
