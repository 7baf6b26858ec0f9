-- One row per client, measure and month in which what it asked of our quotes changes; over 12 months.
-- grain:  client_id, measure, month
-- readers: client_id
-- column: client_id    | key of staging.clients
-- column: measure      | what is counted: see marts.client_dealings
-- column: month        | last day of the month from which the change holds
-- column: change_count | lines of quotes that begin to count, less those that end to
-- column: change_share | asked_off: shares of the list price that the client still asked off, added up; else 0
-- check:  not_null client_id, measure, month, change_count, change_share
-- check:  one_of measure quoted, revised, asked_off, longer_terms, prepaid, prepaid_refused

with counted as (
    -- When a quote was refused is not recorded: what it asked for instead is.
    select
        client_id,
        greatest(sent_on, known_on) as from_on,
        least(known_until, last_day(last_day(sent_on) + interval 12 month)) as until_on,
        unnest([
            { 'measure': 'quoted', 'is_counted': true },
            { 'measure': 'revised', 'is_counted': revision_no > 1 },
            { 'measure': 'asked_off', 'is_counted': asked_price is not null and list_price > 0 },
            { 'measure': 'longer_terms', 'is_counted': coalesce(asked_payment_days > payment_days, false) },
            { 'measure': 'prepaid', 'is_counted': coalesce(payment_days = 0, false) },
            { 'measure': 'prepaid_refused', 'is_counted': coalesce(payment_days = 0 and asked_payment_days > 0, false) }
        ]) as event,
        cast(greatest(price - asked_price, 0) / nullif(list_price, 0) as decimal(18, 6)) as asked_off_share
    from raw.quotes
    where client_id is not null
),

changes as (
    select
        coalesce(ids.client_id, counted.client_id) as client_id,
        counted.event.measure,
        last_day(if(signs.sign = 1, counted.from_on, counted.until_on)) as month,
        signs.sign as change_count,
        signs.sign * if(counted.event.measure = 'asked_off', counted.asked_off_share, 0) as change_share
    from counted
    cross join (values (1), (-1)) as signs (sign)
    left join marts.client_ids as ids on counted.client_id = ids.source_client_id
    where counted.event.is_counted and last_day(counted.from_on) < last_day(counted.until_on)
)

select
    client_id,
    measure,
    month,
    cast(sum(change_count) as bigint) as change_count,
    cast(sum(change_share) as decimal(18, 6)) as change_share
from changes
group by client_id, measure, month
order by client_id, measure, month
