-- One row per product that a competitor offers.
-- grain:    competitor_id, competitor_product_id
-- readers:  all
-- column:   competitor_id         text    | key of staging.competitors
-- column:   competitor_product_id text    | key of the product at the competitor
-- column:   name                  text    | name at the competitor
-- column:   family                text?   | product family in our words
-- column:   unit                  text?   | unit that the price is for
-- column:   pack                  text?   | pack size as offered
-- column:   ean                   text?   | article number, EAN or GTIN
-- check:    refers competitor_id staging.competitors

select
    competitor_id,
    competitor_product_id,
    name,
    family,
    unit,
    pack,
    ean,
    known_on,
    source
from raw.competitor_products
where known_until is null
