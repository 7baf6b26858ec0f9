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
    select
        *,
        'issued' as kind,
        issued_on as happened_on,
        { 'issued': 1, 'judged': 0, 'late': 0, 'overdue': 0, 'settled': 0, 'days': 0 } as counts
    from invoices
    union all
    select
        *,
        'judged' as kind,
        due_on + 1 as happened_on,
        { 'issued': 0, 'judged': 1, 'late': 0, 'overdue': 0, 'settled': 0, 'days': 0 } as counts
    from invoices
    union all
    -- An invoice is judged once, the day after it was due: late if no full payment was known by then.
    select
        *,
        'late' as kind,
        due_on + 1 as happened_on,
        { 'issued': 0, 'judged': 0, 'late': 1, 'overdue': 1, 'settled': 0, 'days': 0 } as counts
    from invoices
    where is_late_at_first
    union all
    -- A payment that came in time but is recorded later puts that right on the day it becomes known.
    select
        *,
        'found paid in time' as kind,
        settled_known_on as happened_on,
        { 'issued': 0, 'judged': 0, 'late': -1, 'overdue': 0, 'settled': 0, 'days': 0 } as counts
    from invoices
    where is_late_at_first and settled_on <= due_on
    union all
    select
        *,
        'settled' as kind,
        settled_known_on as happened_on,
        {
            'issued': 0,
            'judged': 0,
            'late': 0,
            'overdue': case when is_late_at_first then -1 else 0 end,
            'settled': 1,
            'days': greatest(settled_on - due_on, 0)
        } as counts
    from invoices
    where settled_on is not null
),

signed as (
    select
        *,
        1 as sign,
        greatest(happened_on, known_on) as counted_on
    from events
    union all
    select
        * replace (kind || ', taken back' as kind),
        -1 as sign,
        greatest(happened_on, known_until) as counted_on
    from events
    where known_until is not null
)

select
    signed.invoice_id,
    signed.version,
    signed.client_id,
    signed.kind,
    signed.counted_on,
    signed.amount,
    signed.sign * counts.issued as issued_count,
    signed.sign * counts.judged as judged_count,
    signed.sign * counts.late as late_count,
    signed.sign * counts.overdue as overdue_count,
    signed.sign * counts.settled as settled_count,
    signed.sign * counts.days as days_late
from signed
order by signed.invoice_id, signed.version, signed.kind
