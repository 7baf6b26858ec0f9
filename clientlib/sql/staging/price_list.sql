-- One row per product and day from which a list price holds.
-- grain:    product_id, starts_on
-- happened: starts_on
-- readers:  all
-- column:   product_id text    | key of staging.products
-- column:   starts_on  date    | first day of the price
-- column:   ends_on    date?   | last day of the price; null while it holds
-- column:   list_price money   | price per unit before discount, without VAT
-- check:    planned starts_on
-- check:    planned ends_on
-- check:    not_after starts_on ends_on
-- check:    between list_price 0 100000000
-- check:    refers product_id staging.products

select
    product_id,
    starts_on,
    ends_on,
    list_price,
    known_on,
    source
from raw.price_list
where known_until is null
