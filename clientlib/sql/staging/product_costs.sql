-- One row per product and day from which a unit cost holds.
-- grain:    product_id, starts_on
-- happened: starts_on
-- readers:  none
-- column:   product_id text    | key of staging.products
-- column:   starts_on  date    | first day of the cost
-- column:   ends_on    date?   | last day of the cost; null while it holds
-- column:   unit_cost  money   | our cost per unit
-- check:    planned starts_on
-- check:    planned ends_on
-- check:    not_after starts_on ends_on
-- check:    between unit_cost 0 100000000
-- check:    refers product_id staging.products

select
    product_id,
    starts_on,
    ends_on,
    unit_cost,
    known_on,
    source
from raw.product_costs
where known_until is null
