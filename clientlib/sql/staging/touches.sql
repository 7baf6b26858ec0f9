-- One row per client in the audience of a campaign, reached or held out.
-- grain:    touch_id
-- happened: touched_on
-- readers:  client_id
-- column:   touch_id     text    | key of the touch
-- column:   campaign_id  text    | key of staging.campaigns
-- column:   client_id    text    | key of staging.clients
-- column:   contact_id   text?   | person who was reached; key of staging.contacts
-- column:   touched_on   date    | day on which the client was reached, or would have been
-- column:   channel      text?   | means by which it was reached
-- column:   is_held_out  flag?   | true where chance kept the client out, to compare with
-- column:   responded_on date?   | day of the client's answer
-- column:   response     text?   | what the answer was
-- column:   cost         money?  | what this touch cost us
-- check:    happened touched_on
-- check:    happened responded_on
-- check:    not_after touched_on responded_on
-- check:    between cost 0 1000000000
-- check:    refers campaign_id staging.campaigns
-- check:    refers client_id staging.clients
-- check:    refers contact_id staging.contacts

select
    touch_id,
    campaign_id,
    client_id,
    contact_id,
    touched_on,
    channel,
    is_held_out,
    responded_on,
    response,
    cost,
    known_on,
    source
from raw.touches
where known_until is null
