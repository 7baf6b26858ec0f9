-- One row per invoice.
-- grain:    invoice_id
-- happened: issued_on
-- readers:  client_id
-- column:   invoice_id  text    | key of the invoice
-- column:   client_id   text    | who owes it; key of staging.clients
-- column:   order_id    text?   | order that it bills; key of staging.orders
-- column:   issued_on   date    | day of the invoice
-- column:   due_on      date    | last day to pay in time
-- column:   amount      money   | amount due, VAT as the source has it
-- column:   paid_on     date?   | day of the last payment, where payments are not brought
-- column:   disputed_on date?   | day the client disputed it
-- column:   reminded_on date?   | day of our first reminder
-- column:   sent_by     text?   | how it was sent, as the source says: paper, electronic
-- check:    happened issued_on
-- check:    planned due_on
-- check:    happened paid_on
-- check:    happened disputed_on
-- check:    not_after issued_on due_on
-- check:    between amount -1000000000 1000000000
-- check:    happened reminded_on
-- check:    refers client_id staging.clients
-- check:    refers order_id staging.orders

select
    invoice_id,
    client_id,
    order_id,
    issued_on,
    due_on,
    amount,
    paid_on,
    disputed_on,
    reminded_on,
    sent_by,
    known_on,
    source
from raw.invoices
where known_until is null
