-- One row per change in what we believed of an invoice: issued, fallen due, late, found paid in time, settled.
-- grain:  invoice_id, version, kind
-- column: invoice_id    | key of staging.invoices; invoices of no or negative amount (credits) are left out
-- column: version       | which version of the invoice says so, from 1
-- column: client_id     | who owes it
-- column: kind          | issued, judged, late, found paid in time or settled, with 'taken back' where replaced
-- column: counted_on    | day from which the fact counts: it had happened and we knew of it
-- column: amount        | amount of the invoice
-- column: issued_count  | 1 where the fact issues it, -1 where that is taken back, else 0
-- column: judged_count  | the same for the day after it was due
-- column: late_count    | the same for not being paid in full on that day, as far as we knew
-- column: overdue_count | 1 where it becomes overdue, -1 where that ends, else 0
-- column: settled_count | the same as issued_count for the last payment
-- column: days_late     | settled: days from the due day to the last payment, 0 when in time
-- check:  not_null invoice_id, version, client_id, kind, counted_on, amount
-- check:  not_null issued_count, judged_count, late_count, overdue_count, settled_count, days_late
-- check:  between late_count -1 1
-- check:  between overdue_count -1 1

with invoices as (
    select
        versions.invoice_id,
        versions.version,
        versions.client_id,
        versions.issued_on,
        versions.due_on,
        versions.amount,
        settlements.settled_on,
        settlements.settled_known_on,
        coalesce(settlements.settled_known_on > versions.due_on + 1 or settlements.settled_on > versions.due_on, true)
            as is_late_at_first,
        versions.known_on,
        versions.known_until
    from raw.invoices as versions
    inner join marts.invoice_settlements as settlements
        on versions.invoice_id = settlements.invoice_id and versions.version = settlements.version
    where versions.amount > 0
),

events as (
    -- An invoice is judged once, the day after it was due: late if no full payment was known by then. A payment that
    -- came in time but is recorded later puts that right on the day it becomes known.
    select
        invoice_id,
        version,
        unnest([
            { 'fact': 'issued', 'happened_on': issued_on },
            { 'fact': 'judged', 'happened_on': due_on + 1 },
            { 'fact': 'late', 'happened_on': case when is_late_at_first then due_on + 1 end },
            {
                'fact': 'found paid in time',
                'happened_on': case when is_late_at_first and settled_on <= due_on then settled_known_on end
            },
            { 'fact': 'settled', 'happened_on': settled_known_on }
        ]) as event
    from invoices
),

signed as (
    select
        events.invoice_id,
        events.version,
        events.event.fact,
        events.event.fact as kind,
        1 as sign,
        greatest(events.event.happened_on, invoices.known_on) as counted_on
    from events
    inner join invoices on events.invoice_id = invoices.invoice_id and events.version = invoices.version
    where events.event.happened_on is not null
    union all
    select
        events.invoice_id,
        events.version,
        events.event.fact,
        events.event.fact || ', taken back' as kind,
        -1 as sign,
        greatest(events.event.happened_on, invoices.known_until) as counted_on
    from events
    inner join invoices on events.invoice_id = invoices.invoice_id and events.version = invoices.version
    where events.event.happened_on is not null and invoices.known_until is not null
)

select
    signed.invoice_id,
    signed.version,
    invoices.client_id,
    signed.kind,
    signed.counted_on,
    invoices.amount,
    signed.sign * (signed.fact = 'issued')::int as issued_count,
    signed.sign * (signed.fact = 'judged')::int as judged_count,
    signed.sign * ((signed.fact = 'late')::int - (signed.fact = 'found paid in time')::int) as late_count,
    signed.sign
    * ((signed.fact = 'late')::int - (signed.fact = 'settled' and invoices.is_late_at_first)::int) as overdue_count,
    signed.sign * (signed.fact = 'settled')::int as settled_count,
    case when signed.fact = 'settled' then signed.sign * greatest(invoices.settled_on - invoices.due_on, 0) else 0 end
        as days_late
from signed
inner join invoices on signed.invoice_id = invoices.invoice_id and signed.version = invoices.version
order by signed.invoice_id, signed.version, signed.kind
