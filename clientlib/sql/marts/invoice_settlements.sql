-- One row per version of an invoice: when it was settled in full, and when we knew.
-- grain:  invoice_id, version
-- column: invoice_id  | key of staging.invoices
-- column: version     | version of the invoice, from 1
-- column: settled_on  | day on which the invoice was paid in full; null while it is not
-- column: settled_known_on | day on which we knew that
-- check:  not_null invoice_id, version

with payment_moves as (
    -- Money that arrived, and money that a corrected payment took back, on the day it counts.
    select
        invoice_id,
        paid_on,
        greatest(paid_on, known_on) as counted_on,
        amount
    from raw.payments
    union all
    select
        invoice_id,
        paid_on,
        greatest(paid_on, known_until) as counted_on,
        -amount as amount
    from raw.payments
    where known_until is not null
),

running as (
    select
        invoice_id,
        counted_on,
        max(paid_on) over to_date as last_paid_on,
        sum(amount) over to_date as paid_amount
    from payment_moves
    window to_date as (partition by invoice_id order by counted_on range unbounded preceding)
),

by_payments as (
    -- A cent short counts as paid: exports round.
    select
        invoices.invoice_id,
        invoices.version,
        min(running.counted_on) as settled_known_on,
        arg_min(running.last_paid_on, running.counted_on) as settled_on
    from raw.invoices as invoices
    inner join running
        on invoices.invoice_id = running.invoice_id and running.paid_amount >= invoices.amount - 0.01
    group by invoices.invoice_id, invoices.version
)

select
    invoices.invoice_id,
    invoices.version,
    coalesce(by_payments.settled_on, invoices.paid_on) as settled_on,
    coalesce(
        by_payments.settled_known_on,
        case when invoices.paid_on is not null then greatest(invoices.paid_on, invoices.known_on) end
    ) as settled_known_on
from raw.invoices as invoices
left join by_payments
    on invoices.invoice_id = by_payments.invoice_id and invoices.version = by_payments.version
order by invoices.invoice_id, invoices.version
