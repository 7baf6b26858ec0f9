-- One row per invoice: what it comes to now, and what was paid of it.
-- kind:   view
-- grain:  invoice_id
-- readers: remade
-- column: invoice_id     | key of staging.invoices
-- column: client_id      | who owes it
-- column: issued_on      | day of the invoice
-- column: amount         | amount of the invoice; below 0 for a credit
-- column: payments_count | payments that name the invoice
-- column: paid_amount    | sum of these; 0 where there is none
-- check:  not_null client_id, issued_on, amount, payments_count, paid_amount

with paid as (
    select
        invoice_id,
        count(*) as payments_count,
        sum(amount) as paid_amount
    from staging.payments
    group by invoice_id
)

select
    invoices.invoice_id,
    coalesce(ids.client_id, invoices.client_id) as client_id,
    invoices.issued_on,
    invoices.amount,
    coalesce(paid.payments_count, 0) as payments_count,
    coalesce(paid.paid_amount, 0) as paid_amount
from staging.invoices as invoices
left join paid on invoices.invoice_id = paid.invoice_id
left join marts.client_ids as ids on invoices.client_id = ids.source_client_id
