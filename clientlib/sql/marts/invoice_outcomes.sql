-- One row per time that we believed an invoice to be paid in full: how late, and while we believed it.
-- grain:  invoice_id, version, settlement
-- as_of:  known_on
-- until:  known_until
-- readers: client_id
-- column: invoice_id  | key of staging.invoices; invoices of no or negative amount (credits) are left out
-- column: version     | which version of the invoice says so, from 1
-- column: settlement  | which settlement of marts.invoice_settlements it is
-- column: client_id   | who owed it
-- column: due_on      | last day to pay in time
-- column: amount      | amount of the invoice
-- column: settled_on  | day of the last payment
-- column: days_late   | days from the due day to the last payment, below 0 when it came earlier
-- column: known_on    | day from which we knew it
-- column: known_until | day from which we no longer believed it; null while it holds
-- column: is_news     | whether the invoice had been open until then: false where only day or amount are corrected
-- check:  not_null invoice_id, version, settlement, client_id, settled_on, days_late, known_on, is_news
-- check:  not_after known_on known_until

with outcomes as (
    select
        versions.invoice_id,
        versions.version,
        settlements.settlement,
        coalesce(ids.client_id, versions.client_id) as client_id,
        versions.due_on,
        versions.amount,
        settlements.settled_on,
        greatest(settlements.settled_known_on, versions.known_on, versions.issued_on) as known_on,
        least(settlements.settled_until, versions.known_until) as known_until
    from marts.invoice_settlements as settlements
    inner join raw.invoices as versions
        on settlements.invoice_id = versions.invoice_id and settlements.version = versions.version
    left join marts.client_ids as ids on versions.client_id = ids.source_client_id
    where settlements.settled_on is not null and versions.amount > 0
)

select
    invoice_id,
    version,
    settlement,
    client_id,
    due_on,
    amount,
    settled_on,
    date_diff('day', due_on, settled_on) as days_late,
    known_on,
    known_until,
    coalesce(lag(known_until) over (partition by invoice_id order by known_on) < known_on, true) as is_news
from outcomes
where coalesce(known_on < known_until, true)
order by invoice_id, version, settlement
