-- One row per product and day on which its stock was counted.
-- grain:    product_id, counted_on
-- happened: counted_on
-- readers:  all
-- column:   product_id        text    | key of staging.products
-- column:   counted_on        date    | day of the count
-- column:   quantity          number  | units on hand
-- column:   reserved_quantity number? | of those: units promised to orders
-- column:   arrives_on        date?   | day on which the next supply is expected
-- check:    happened counted_on
-- check:    planned arrives_on
-- check:    between quantity 0 1000000000
-- check:    between reserved_quantity 0 1000000000
-- check:    at_most reserved_quantity quantity
-- check:    refers product_id staging.products

select
    product_id,
    counted_on,
    quantity,
    reserved_quantity,
    arrives_on,
    known_on,
    source
from raw.stock
where known_until is null
