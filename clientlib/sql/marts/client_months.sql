-- One row per client and month end, from the month in which we first had business with it.
-- grain:  client_id, month_end
-- as_of:  month_end
-- readers: client_id
-- column: client_id    | key of staging.clients
-- column: month_end    | last day of the month; the row knows nothing that happened or became known later
-- column: known_months | months since the first business, 1 in the first
-- check:  not_null client_id, month_end, known_months

with business as (
    select
        client_id,
        counted_on
    from marts.order_facts
    union all
    select
        nullif(client_id, '') as client_id,
        first_counted_on as counted_on
    from marts.line_months
    where subject = 'client'
    union all
    select
        client_id,
        counted_on
    from marts.invoice_facts
    where kind = 'issued'
    union all
    select
        coalesce(ids.client_id, deals.client_id) as client_id,
        greatest(deals.opened_on, deals.known_on) as counted_on
    from raw.deals as deals
    left join marts.client_ids as ids on deals.client_id = ids.source_client_id
),

firsts as (
    select
        client_id,
        min(counted_on) as first_on
    from business
    where client_id is not null
    group by client_id
)

select
    firsts.client_id,
    month_ends.month_end,
    date_diff('month', firsts.first_on, month_ends.month_end) + 1 as known_months
from firsts
inner join marts.month_ends as month_ends on firsts.first_on <= month_ends.month_end
order by firsts.client_id, month_ends.month_end
