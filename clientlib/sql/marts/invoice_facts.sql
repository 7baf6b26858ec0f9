-- One row per change in what we believed of an invoice: issued, judged, late, paid, or opened again.
-- grain:  invoice_id, version, settlement, kind
-- readers: client_id
-- column: invoice_id    | key of staging.invoices; invoices of no or negative amount (credits) are left out
-- column: version       | which version of the invoice says so, from 1
-- column: settlement    | which settlement of marts.invoice_settlements it belongs to; 0 where it is none
-- column: client_id     | who owes it
-- column: kind          | issued, judged, late, settled, found paid in time or opened again; may be taken back
-- column: issued_on     | day of the invoice
-- column: due_on        | last day to pay in time
-- column: counted_on    | day from which the fact counts: it had happened and we knew of it
-- column: amount        | amount of the invoice
-- column: issued_count  | 1 where the fact issues it, -1 where that is taken back, else 0
-- column: judged_count  | the same for the day after it was due
-- column: late_count    | the same for not being paid in full on that day, as far as we knew
-- column: overdue_count | 1 where it becomes overdue, -1 where that ends, else 0
-- column: settled_count | the same as issued_count for the last payment
-- column: days_late     | settled: days from the due day to the last payment, 0 when in time; opened again: less
-- check:  not_null invoice_id, version, client_id, kind, counted_on, amount
-- check:  not_null issued_count, judged_count, late_count, overdue_count, settled_count, days_late
-- check:  between late_count -1 1
-- check:  between overdue_count -1 1

with settlements as (
    -- What a settlement does to lateness depends on whether it was known by the day after the invoice was due.
    select
        settlements.invoice_id,
        settlements.version,
        settlements.settlement,
        settlements.settled_known_on,
        settlements.settled_until,
        greatest(date_diff('day', versions.due_on, settlements.settled_on), 0) as days_late,
        (settlements.settled_on <= versions.due_on)::int as in_time,
        (settlements.settled_known_on <= versions.due_on + 1)::int as known_then,
        coalesce((settlements.settled_until > versions.due_on + 1)::int, 1) as held_on
    from marts.invoice_settlements as settlements
    inner join raw.invoices as versions
        on settlements.invoice_id = versions.invoice_id and settlements.version = versions.version
    where settlements.settled_on is not null
),

paid_then as (
    select distinct
        invoice_id,
        version
    from settlements
    where in_time * known_then * held_on = 1
),

events as (
    -- An invoice is judged once, the day after it was due: late if no full payment was known by then. A payment that
    -- came in time but is recorded later puts that right on the day it becomes known; one that is corrected or
    -- returned opens the invoice again. Numbers: issued, judged, late, overdue, settled, days late.
    select
        versions.invoice_id,
        versions.version,
        0 as settlement,
        unnest([
            { 'kind': 'issued', 'day': versions.issued_on, 'does': [1, 0, 0, 0, 0, 0] },
            { 'kind': 'judged', 'day': versions.due_on + 1, 'does': [0, 1, 0, 0, 0, 0] },
            { 'kind': 'late', 'day': if(paid.version is null, versions.due_on + 1, null), 'does': [0, 0, 1, 1, 0, 0] }
        ]) as event
    from raw.invoices as versions
    left join paid_then as paid on versions.invoice_id = paid.invoice_id and versions.version = paid.version
    union all
    select
        invoice_id,
        version,
        settlement,
        unnest([
            { 'kind': 'settled', 'day': settled_known_on, 'does': [0, 0, 0, in_time * known_then - 1, 1, days_late] },
            {
                'kind': 'found paid in time',
                'day': case when in_time = 1 and known_then = 0 then settled_known_on end,
                'does': [0, 0, -1, 0, 0, 0]
            },
            { 'kind': 'opened again', 'day': settled_until, 'does': [0, 0, in_time * held_on, held_on, -1, -days_late] }
        ]) as event
    from settlements
),

signed as (
    select
        events.invoice_id,
        events.version,
        events.settlement,
        coalesce(ids.client_id, versions.client_id) as client_id,
        events.event.kind || case when signs.sign = 1 then '' else ', taken back' end as kind,
        versions.issued_on,
        versions.due_on,
        greatest(events.event.day, if(signs.sign = 1, versions.known_on, versions.known_until)) as counted_on,
        versions.amount,
        signs.sign,
        events.event.does
    from events
    inner join raw.invoices as versions on events.invoice_id = versions.invoice_id and events.version = versions.version
    left join marts.client_ids as ids on versions.client_id = ids.source_client_id
    inner join (values (1), (-1)) as signs (sign) on signs.sign = 1 or versions.known_until is not null
    where events.event.day is not null and versions.amount > 0
)

select
    invoice_id,
    version,
    settlement,
    client_id,
    kind,
    issued_on,
    due_on,
    counted_on,
    amount,
    sign * does[1] as issued_count,
    sign * does[2] as judged_count,
    sign * does[3] as late_count,
    sign * does[4] as overdue_count,
    sign * does[5] as settled_count,
    sign * does[6] as days_late
from signed
order by invoice_id, version, settlement, kind
