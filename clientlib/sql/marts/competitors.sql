-- One row per competitor.
-- grain:  competitor_id
-- readers: all
-- column: competitor_id | key of staging.competitors
-- column: name          | name shown in reports; the key where no list of competitors is brought
-- check:  not_null competitor_id, name

with ids as (
    select competitor_id from staging.competitors
    union
    select competitor_id from staging.competitor_prices
)

select
    ids.competitor_id,
    coalesce(competitors.name, ids.competitor_id) as name
from ids
left join staging.competitors as competitors on ids.competitor_id = competitors.competitor_id
order by ids.competitor_id
