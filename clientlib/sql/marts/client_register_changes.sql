-- One row per client, measure and month in which what public registers say of it changes.
-- grain:  client_id, measure, month
-- readers: client_id
-- column: client_id     | key of staging.clients
-- column: measure       | open_arrears, arrears_24m, claims_24m, insolvencies or late_statements_24m
-- column: month         | last day of the month from which the change holds
-- column: change_count  | entries that begin to count, less those that end to
-- column: change_amount | the money that they are about
-- check:  not_null client_id, measure, month, change_count, change_amount
-- check:  one_of measure open_arrears, arrears_24m, claims_24m, insolvencies, late_statements_24m

with kinds (measure, kind, months) as (
    -- An entry without months counts until it is over.
    values
    ('open_arrears', 'tax_arrears', null),
    ('arrears_24m', 'tax_arrears', 24),
    ('claims_24m', 'court_claim', 24),
    ('claims_24m', 'enforcement', 24),
    ('insolvencies', 'insolvency', null),
    ('late_statements_24m', 'late_statement', 24)
),

spans as (
    select
        coalesce(ids.client_id, events.client_id) as client_id,
        kinds.measure,
        coalesce(events.amount, 0) as amount,
        greatest(events.happened_on, events.published_on, events.known_on) as from_on,
        least(
            events.known_until,
            case
                when kinds.months = 24 then last_day(last_day(events.happened_on) + interval 24 month)
                when events.ended_on is not null then greatest(events.ended_on, events.known_on)
            end
        ) as until_on
    from raw.registry_events as events
    inner join kinds on events.kind = kinds.kind
    left join marts.client_ids as ids on events.client_id = ids.source_client_id
),

changes as (
    select
        spans.client_id,
        spans.measure,
        last_day(if(signs.sign = 1, spans.from_on, spans.until_on)) as month,
        signs.sign as change_count,
        signs.sign * spans.amount as change_amount
    from spans
    inner join (values (1), (-1)) as signs (sign) on signs.sign = 1 or spans.until_on is not null
    where coalesce(last_day(spans.from_on) < last_day(spans.until_on), true)
)

select
    client_id,
    measure,
    month,
    cast(sum(change_count) as bigint) as change_count,
    cast(sum(change_amount) as decimal(18, 4)) as change_amount
from changes
group by client_id, measure, month
order by client_id, measure, month
