-- One row per payment of an invoice.
-- grain:    payment_id
-- happened: paid_on
-- readers:  invoice_id staging.invoices
-- column:   payment_id text    | key of the payment
-- column:   invoice_id text    | key of staging.invoices
-- column:   paid_on    date    | day the money arrived
-- column:   amount     money   | amount paid
-- check:    happened paid_on
-- check:    between amount -1000000000 1000000000
-- check:    refers invoice_id staging.invoices

select
    payment_id,
    invoice_id,
    paid_on,
    amount,
    known_on,
    source
from raw.payments
where known_until is null
