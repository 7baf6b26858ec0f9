-- One row per product that we sell or have sold, as it is now.
-- grain:  product_id
-- readers: all
-- column: product_id  | key of staging.products
-- column: name        | name shown in reports; the key where no product list is brought
-- column: family      | product family
-- column: unit        | unit that quantities are counted in
-- column: launched_on | first day on offer
-- column: ended_on    | last day on offer
-- check:  not_null product_id, name

with ids as (
    select product_id from staging.products
    union
    select product_id from staging.order_lines
)

select
    ids.product_id,
    coalesce(products.name, ids.product_id) as name,
    products.family,
    products.unit,
    products.launched_on,
    products.ended_on
from ids
left join staging.products as products on ids.product_id = products.product_id
order by ids.product_id
