-- One row per client, measure and month in which its complaints, returns or incidents change.
-- grain:  client_id, measure, month
-- readers: client_id
-- column: client_id     | key of staging.clients
-- column: measure       | complaints, complaints_12m, open_complaints, returns_12m or incidents_12m
-- column: month         | last day of the month from which the change holds
-- column: change_count  | complaints, returns or incidents that begin to count, less those that end to
-- column: change_amount | what complaints cost us; what incidents spoilt, penalties included
-- check:  not_null client_id, measure, month, change_count, change_amount
-- check:  one_of measure complaints, complaints_12m, open_complaints, returns_12m, incidents_12m

with spans as (
    select
        told.client_id,
        windows.measure,
        greatest(told.opened_on, told.known_on) as from_on,
        case windows.measure
            when 'complaints_12m'
                then least(told.known_until, last_day(last_day(told.opened_on) + interval 12 month))
            when 'open_complaints'
                then least(told.known_until, if(coalesce(told.closed_on > told.known_on, true), told.closed_on, null))
            else told.known_until
        end as until_on,
        coalesce(told.cost, 0) as change_amount
    from raw.complaints as told
    cross join (values ('complaints'), ('complaints_12m'), ('open_complaints')) as windows (measure)
    where windows.measure <> 'open_complaints' or coalesce(told.closed_on > told.known_on, true)
    union all
    -- Whose goods came back is taken from the first version of their order.
    select
        orders.client_id,
        'returns_12m' as measure,
        greatest(told.returned_on, told.known_on, orders.known_on) as from_on,
        least(told.known_until, last_day(last_day(told.returned_on) + interval 12 month)) as until_on,
        0 as change_amount
    from raw.returns as told
    inner join raw.orders as orders on told.order_id = orders.order_id and orders.version = 1
    union all
    select
        client_id,
        'incidents_12m' as measure,
        greatest(happened_on, known_on) as from_on,
        least(known_until, last_day(last_day(happened_on) + interval 12 month)) as until_on,
        coalesce(damage_amount, 0) + coalesce(penalty_amount, 0) as change_amount
    from raw.incidents
),

changes as (
    select
        coalesce(ids.client_id, spans.client_id) as client_id,
        spans.measure,
        last_day(if(signs.sign = 1, spans.from_on, spans.until_on)) as month,
        signs.sign as change_count,
        signs.sign * spans.change_amount as change_amount
    from spans
    inner join (values (1), (-1)) as signs (sign) on signs.sign = 1 or spans.until_on is not null
    left join marts.client_ids as ids on spans.client_id = ids.source_client_id
    where spans.client_id is not null and coalesce(last_day(spans.from_on) < last_day(spans.until_on), true)
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
