-- One row per warehouse: the days between which its history lies. Empty while nothing has happened.
-- grain:  last_known_on
-- readers: all
-- column: first_on         | first day on which a fact counts
-- column: last_happened_on | last day on which something happened
-- column: last_known_on    | last day on which a fact counts; a correction may be known long after the last event
-- check:  not_null first_on, last_happened_on, last_known_on

with counted as (
    select counted_on from marts.order_facts
    union all
    select unnest([first_counted_on, last_counted_on]) as counted_on from marts.line_months
    union all
    select counted_on from marts.invoice_facts
    where issued_count <> 0 or settled_count <> 0
),

dated as (
    select
        opened_on as happened_on,
        known_on
    from raw.deals
    union all
    select
        closed_on as happened_on,
        known_on
    from raw.deals
    union all
    select
        observed_on as happened_on,
        known_on
    from raw.competitor_prices
    union all
    select
        delivered_on as happened_on,
        known_on
    from raw.deliveries
    union all
    select
        opened_on as happened_on,
        known_on
    from raw.complaints
),

happened as (
    select ordered_on as happened_on from raw.orders
    union all
    select issued_on as happened_on from raw.invoices
    union all
    select paid_on as happened_on from raw.invoices
    union all
    select paid_on as happened_on from raw.payments
    union all
    select happened_on from dated
),

known as (
    select counted_on from counted
    union all
    select greatest(happened_on, known_on) as counted_on from dated
    where happened_on is not null
)

select
    min(known.counted_on) as first_on,
    (select max(happened.happened_on) from happened) as last_happened_on,
    max(known.counted_on) as last_known_on
from known
having max(known.counted_on) is not null
