-- One row per line of an order.
-- grain:    order_id, line_no
-- readers:  order_id staging.orders
-- column:   order_id       text    | key of staging.orders
-- column:   line_no        count   | number of the line within the order, from 1
-- column:   product_id     text    | key of staging.products
-- column:   quantity       number  | units ordered; negative where a credit note takes them back
-- column:   unit_price     money   | price per unit before discount, without VAT
-- column:   discount_share share?  | discount on the line, 0..1
-- column:   unit_cost      money?  | our cost per unit
-- check:    between line_no 1 1000000
-- check:    between quantity -100000000 100000000
-- check:    between unit_price 0 100000000
-- check:    between discount_share 0 1
-- check:    between unit_cost 0 100000000
-- check:    refers order_id staging.orders
-- check:    refers product_id staging.products

select
    order_id,
    line_no,
    product_id,
    quantity,
    unit_price,
    discount_share,
    unit_cost,
    known_on,
    source
from raw.order_lines
where known_until is null
