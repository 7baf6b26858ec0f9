-- One row per price that was agreed with one client, and day from which it holds.
-- grain:    client_id, product_id, starts_on
-- happened: starts_on
-- readers:  client_id
-- column:   client_id        text    | key of staging.clients
-- column:   product_id       text    | key of staging.products
-- column:   starts_on        date    | first day of the price
-- column:   ends_on          date?   | last day of the price
-- column:   price            money   | price per unit that was agreed, without VAT, nothing more taken off
-- column:   minimum_quantity number? | fewest units of an order that get it
-- column:   approved_by      text?   | who of us approved it
-- check:    planned starts_on
-- check:    planned ends_on
-- check:    not_after starts_on ends_on
-- check:    between price 0 100000000
-- check:    between minimum_quantity 0 100000000
-- check:    refers client_id staging.clients
-- check:    refers product_id staging.products

select
    client_id,
    product_id,
    starts_on,
    ends_on,
    price,
    minimum_quantity,
    approved_by,
    known_on,
    source
from raw.client_prices
where known_until is null
