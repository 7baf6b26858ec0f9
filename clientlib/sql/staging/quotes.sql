-- One row per line of each revision of a quote.
-- grain:    quote_id, revision_no, line_no
-- happened: sent_on
-- readers:  client_id
-- column:   quote_id           text    | key of the quote, the same in all its revisions
-- column:   revision_no        count   | number of the revision, from 1
-- column:   line_no            count   | number of the line within the quote, from 1
-- column:   deal_id            text?   | deal that it belongs to; key of staging.deals
-- column:   client_id          text?   | to whom it was sent; key of staging.clients
-- column:   product_id         text?   | key of staging.products
-- column:   sent_on            date    | day on which the revision was sent
-- column:   expires_on         date?   | last day on which it binds us
-- column:   quantity           number? | units offered
-- column:   list_price         money?  | list price per unit on that day, without VAT
-- column:   price              money   | price per unit that was offered, after discount, without VAT
-- column:   discount_share     share?  | discount on the list price, 0..1
-- column:   asked_price        money?  | price per unit that the client asked for
-- column:   payment_days       count?  | days to pay that were offered
-- column:   asked_payment_days count?  | days to pay that the client asked for
-- column:   outcome            text?   | open, accepted, refused, or replaced by the next revision
-- check:    happened sent_on
-- check:    planned expires_on
-- check:    not_after sent_on expires_on
-- check:    between revision_no 1 1000
-- check:    between line_no 1 1000000
-- check:    between quantity 0 100000000
-- check:    between list_price 0 100000000
-- check:    between price 0 100000000
-- check:    between discount_share 0 1
-- check:    between asked_price 0 100000000
-- check:    between payment_days 0 730
-- check:    between asked_payment_days 0 730
-- check:    one_of outcome open, accepted, refused, replaced
-- check:    refers deal_id staging.deals
-- check:    refers client_id staging.clients
-- check:    refers product_id staging.products

select
    quote_id,
    revision_no,
    line_no,
    deal_id,
    client_id,
    product_id,
    sent_on,
    expires_on,
    quantity,
    list_price,
    price,
    discount_share,
    asked_price,
    payment_days,
    asked_payment_days,
    outcome,
    known_on,
    source
from raw.quotes
where known_until is null
