-- One row per price of a competitor's product that was observed on a day.
-- grain:    competitor_id, competitor_product_id, observed_on
-- happened: observed_on
-- readers:  all
-- hidden:   source_name
-- column:   competitor_id         text    | key of staging.competitors
-- column:   competitor_product_id text    | key of staging.competitor_products
-- column:   observed_on           date    | day the price was seen
-- column:   price                 money   | price per unit, without VAT
-- column:   is_net                flag?   | true for a net price after discounts, false for a list price
-- column:   source_name           text?   | where the price was seen
-- check:    happened observed_on
-- check:    between price 0.0001 100000000
-- check:    refers competitor_id staging.competitors

select
    competitor_id,
    competitor_product_id,
    observed_on,
    price,
    is_net,
    source_name,
    known_on,
    source
from raw.competitor_prices
where known_until is null
