-- One row per version of an invoice and time that it was settled in full: on which day, and while we believed so.
-- grain:  invoice_id, version, settlement
-- readers: invoice_id, version staging.invoices
-- column: invoice_id       | key of staging.invoices
-- column: version          | version of the invoice, from 1
-- column: settlement       | 1, then 2 and on where corrected or returned payments changed the day
-- column: settled_on       | day on which the invoice was paid in full; null where it never was
-- column: settled_known_on | day on which we knew that
-- column: settled_until    | day from which payments, corrected, returned or new, say otherwise; null while it holds
-- check:  not_null invoice_id, version, settlement
-- check:  not_after settled_known_on settled_until

with payments as (
    select
        invoice_id,
        paid_on,
        greatest(paid_on, known_on) as counted_on,
        known_until,
        amount
    from raw.payments
    where coalesce(known_until > greatest(paid_on, known_on), true)
),

states as ( -- Days on which the payments that we believe in change.
    select distinct
        invoice_id,
        unnest([counted_on, known_until]) as since
    from payments
),

paid as (
    select
        states.invoice_id,
        states.since,
        payments.paid_on,
        sum(sum(payments.amount))
            over (partition by states.invoice_id, states.since order by payments.paid_on) as paid_amount
    from states
    left join payments
        on
            states.invoice_id = payments.invoice_id
            and states.since >= payments.counted_on
            and coalesce(states.since < payments.known_until, true)
    where states.since is not null
    group by states.invoice_id, states.since, payments.paid_on
),

judged as (
    -- A cent short counts as paid: exports round.
    select
        invoices.invoice_id,
        invoices.version,
        paid.since,
        paid.paid_on,
        max(case when paid.paid_amount >= invoices.amount - 0.01 then null else paid.paid_on end)
            over (partition by invoices.invoice_id, invoices.version, paid.since) as last_short_on,
        paid.paid_amount >= invoices.amount - 0.01 as is_enough
    from raw.invoices as invoices
    inner join paid on invoices.invoice_id = paid.invoice_id
),

turns as (
    select
        invoice_id,
        version,
        since,
        min(paid_on) filter (where is_enough and coalesce(paid_on > last_short_on, true)) as settled_on,
        lag(settled_on) over states_of as settled_before
    from judged
    group by invoice_id, version, since
    window states_of as (partition by invoice_id, version order by since)
),

spells as (
    select
        invoice_id,
        version,
        settled_on,
        since as settled_known_on,
        lead(since) over (partition by invoice_id, version order by since) as settled_until,
        false as is_stated
    from turns
    where settled_on is distinct from settled_before
    union all
    select
        invoice_id,
        version,
        paid_on as settled_on,
        greatest(paid_on, known_on) as settled_known_on,
        cast(null as date) as settled_until,
        true as is_stated
    from raw.invoices
    where paid_on is not null
),

settlements as (
    -- The day that the invoice itself states serves until we know of payments that are enough.
    select
        invoice_id,
        version,
        settled_on,
        settled_known_on,
        case when is_stated then lead(settled_known_on) over in_turn else settled_until end as settled_until
    from spells
    where settled_on is not null
    window in_turn as (partition by invoice_id, version order by settled_known_on, is_stated)
    qualify not is_stated or row_number() over in_turn = 1
)

select
    invoices.invoice_id,
    invoices.version,
    row_number()
        over (partition by invoices.invoice_id, invoices.version order by settlements.settled_known_on) as settlement,
    settlements.settled_on,
    settlements.settled_known_on,
    settlements.settled_until
from raw.invoices as invoices
left join settlements on invoices.invoice_id = settlements.invoice_id and invoices.version = settlements.version
order by invoices.invoice_id, invoices.version, settlement
