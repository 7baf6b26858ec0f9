-- One row per opportunity to sell, open or closed.
-- grain:    deal_id
-- happened: opened_on
-- readers:  client_id
-- column:   deal_id           text    | key of the deal
-- column:   client_id         text?   | client or prospect; key of staging.clients
-- column:   manager_id        text?   | account manager who works on it; key of staging.managers
-- column:   product_id        text?   | main product of the deal; key of staging.products
-- column:   opened_on         date    | day the deal was opened
-- column:   expected_close_on date?   | day on which the manager expects it to close
-- column:   closed_on         date?   | day on which it was won, lost or dropped
-- column:   outcome           text    | open, won, lost or no_decision
-- column:   amount            money?  | value of the deal without VAT
-- column:   lost_reason       text?   | reason as the seller tells it
-- column:   buyer_reason      text?   | reason as the buyer tells it
-- column:   lost_to_id        text?   | competitor who won it; key of staging.competitors
-- check:    happened opened_on
-- check:    planned expected_close_on
-- check:    happened closed_on
-- check:    not_after opened_on closed_on
-- check:    one_of outcome open, won, lost, no_decision
-- check:    closed_when_decided outcome closed_on
-- check:    between amount 0 1000000000000
-- check:    refers client_id staging.clients
-- check:    refers manager_id staging.managers
-- check:    refers product_id staging.products
-- check:    refers lost_to_id staging.competitors

select
    deal_id,
    client_id,
    manager_id,
    product_id,
    opened_on,
    expected_close_on,
    closed_on,
    outcome,
    amount,
    lost_reason,
    buyer_reason,
    lost_to_id,
    known_on,
    source
from raw.deals
where known_until is null
