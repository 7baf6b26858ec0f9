-- One row per product that a competitor offers, from the day we first saw it.
-- grain:  competitor_id, competitor_product_id, version
-- as_of:  seen_on
-- until:  known_until
-- readers: all
-- column: competitor_id         | key of staging.competitors
-- column: competitor_product_id | key of the product at the competitor
-- column: version               | version of the row, from 1
-- column: name                  | name at the competitor
-- column: family                | product family in our words
-- column: seen_on               | day on which we knew of it: as stated, else by its first price, else by loading
-- column: known_on              | day on which we knew of the row; null where not known
-- column: known_until           | day on which this version was replaced; null while it holds
-- check:  not_null competitor_id, competitor_product_id, version, name, seen_on

with first_prices as (
    select
        competitor_id,
        competitor_product_id,
        min(greatest(observed_on, known_on)) as seen_on
    from raw.competitor_prices
    group by competitor_id, competitor_product_id
)

select
    ranges.competitor_id,
    ranges.competitor_product_id,
    ranges.version,
    ranges.name,
    ranges.family,
    coalesce(ranges.known_on, first_prices.seen_on, loads.loaded_on) as seen_on,
    ranges.known_on,
    ranges.known_until
from raw.competitor_products as ranges
left join first_prices
    on
        ranges.competitor_id = first_prices.competitor_id
        and ranges.competitor_product_id = first_prices.competitor_product_id
left join raw.loads as loads on ranges.load_id = loads.load_id
order by ranges.competitor_id, ranges.competitor_product_id, ranges.version
