-- One row per judged pair of a product of ours and one of a competitor.
-- grain:    product_id, competitor_id, competitor_product_id
-- happened: judged_on
-- readers:  all
-- column:   product_id            text    | key of staging.products
-- column:   competitor_id         text    | key of staging.competitors
-- column:   competitor_product_id text    | key of staging.competitor_products
-- column:   kind                  text    | identical, equivalent or substitute
-- column:   probability           share   | how likely the two are a match of that kind, 0..1
-- column:   judged_by             text?   | who or what judged it
-- column:   judged_on             date?   | day of the judgement
-- check:    one_of kind identical, equivalent, substitute
-- check:    between probability 0 1
-- check:    happened judged_on
-- check:    refers product_id staging.products
-- check:    refers competitor_id staging.competitors

select
    product_id,
    competitor_id,
    competitor_product_id,
    kind,
    probability,
    judged_by,
    judged_on,
    known_on,
    source
from raw.product_matches
where known_until is null
