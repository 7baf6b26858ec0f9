-- One row per judged pair of a product of ours and one of a competitor.
-- grain:  product_id, competitor_id, competitor_product_id, version
-- as_of:  judged_on, known_on
-- until:  known_until
-- readers: all
-- column: product_id            | key of staging.products
-- column: competitor_id         | key of staging.competitors
-- column: competitor_product_id | key of staging.competitor_products
-- column: version               | version of the judgement, from 1
-- column: kind                  | identical, equivalent or substitute
-- column: probability           | how likely the match is right, 0..1
-- column: judged_on             | day of the judgement; null where not known
-- column: known_on              | day on which we knew of it; null where not known
-- column: known_until           | day on which it was replaced; null while it holds
-- check:  not_null product_id, competitor_id, competitor_product_id, kind, probability
-- check:  between probability 0 1

select
    product_id,
    competitor_id,
    competitor_product_id,
    version,
    kind,
    probability,
    judged_on,
    known_on,
    known_until
from raw.product_matches
order by product_id, competitor_id, competitor_product_id, version
