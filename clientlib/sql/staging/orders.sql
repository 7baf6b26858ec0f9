-- One row per order that a client placed, or credit note that takes one back.
-- grain:    order_id
-- happened: ordered_on
-- readers:  client_id
-- column:   order_id     text    | key of the order
-- column:   client_id    text?   | who ordered; key of staging.clients; null for sales without an account
-- column:   manager_id   text?   | account manager of the order; key of staging.managers
-- column:   deal_id      text?   | deal that led to it; key of staging.deals
-- column:   ordered_on   date    | day the order was placed
-- column:   promised_on  date?   | day on which delivery was promised
-- column:   requested_on date?   | day for which the client asked
-- column:   status       text    | open, delivered or cancelled
-- column:   cancelled_on date?   | day the order was cancelled
-- column:   channel      text?   | way the order came in
-- column:   is_credit    flag?   | true for a credit note: its lines take money back and it is not counted as an order
-- check:    happened ordered_on
-- check:    planned promised_on
-- check:    happened cancelled_on
-- check:    one_of status open, delivered, cancelled
-- check:    not_after ordered_on cancelled_on
-- check:    planned requested_on
-- check:    refers client_id staging.clients
-- check:    refers manager_id staging.managers
-- check:    refers deal_id staging.deals

select
    order_id,
    client_id,
    manager_id,
    deal_id,
    ordered_on,
    promised_on,
    requested_on,
    status,
    cancelled_on,
    channel,
    is_credit,
    known_on,
    source
from raw.orders
where known_until is null
