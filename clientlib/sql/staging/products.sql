-- One row per product that we sell or have sold.
-- grain:    product_id
-- happened: launched_on
-- readers:  all
-- column:   product_id  text    | key of the product
-- column:   name        text    | description shown in reports
-- column:   family      text?   | product family
-- column:   unit        text?   | unit that quantities are counted in
-- column:   pack        number? | units in a pack
-- column:   ean         text?   | article number, EAN or GTIN
-- column:   list_price  money?  | list price now, per unit, without VAT
-- column:   launched_on date?   | first day on offer
-- column:   ended_on    date?   | last day on offer
-- check:    between list_price 0 1000000000
-- check:    happened launched_on
-- check:    planned ended_on
-- check:    between pack 0 100000000

select
    product_id,
    name,
    family,
    unit,
    pack,
    ean,
    list_price,
    launched_on,
    ended_on,
    known_on,
    source
from raw.products
where known_until is null
