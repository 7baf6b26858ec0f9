-- One row per contact between us and a client: a call, a letter, a meeting.
-- grain:    interaction_id
-- happened: happened_on
-- readers:  client_id
-- column:   interaction_id text    | key of the interaction
-- column:   client_id      text?   | key of staging.clients
-- column:   contact_id     text?   | with whom; key of staging.contacts
-- column:   manager_id     text?   | who of us; key of staging.managers
-- column:   deal_id        text?   | deal it was about; key of staging.deals
-- column:   campaign_id    text?   | campaign it came from; key of staging.campaigns
-- column:   happened_on    date    | day of the contact
-- column:   hour           count?  | hour of the day in which it began, 0 to 23
-- column:   channel        text    | call, e-mail, meeting, visit, letter, fax, fair, web or other
-- column:   is_inbound     flag?   | true where the client turned to us
-- column:   topic          text?   | what it was about
-- column:   outcome        text?   | what came of it
-- column:   minutes        number? | minutes that it took us
-- column:   replied_on     date?   | day of our first reply to an inbound contact
-- column:   reply_hours    number? | working hours until our first reply
-- column:   next_step      text?   | what was agreed to do next
-- column:   next_due_on    date?   | day by which the next step was to be done
-- column:   document_id    text?   | key of the letter or document
-- check:    happened happened_on
-- check:    happened replied_on
-- check:    planned next_due_on
-- check:    not_after happened_on replied_on
-- check:    between hour 0 23
-- check:    between minutes 0 1440
-- check:    between reply_hours 0 8760
-- check:    one_of channel call, e-mail, meeting, visit, letter, fax, fair, web, other
-- check:    refers client_id staging.clients
-- check:    refers contact_id staging.contacts
-- check:    refers manager_id staging.managers
-- check:    refers deal_id staging.deals
-- check:    refers campaign_id staging.campaigns

select
    interaction_id,
    client_id,
    contact_id,
    manager_id,
    deal_id,
    campaign_id,
    happened_on,
    hour,
    channel,
    is_inbound,
    topic,
    outcome,
    minutes,
    replied_on,
    reply_hours,
    next_step,
    next_due_on,
    document_id,
    known_on,
    source
from raw.interactions
where known_until is null
