-- One row per order that was delivered or billed: from which day it no longer counts as open.
-- grain:  order_id
-- readers: order_id staging.orders
-- column: order_id  | key of staging.orders
-- column: closed_on | day on which we first knew of a delivery or an invoice of it
-- check:  not_null order_id, closed_on

with ends as (
    select
        order_id,
        greatest(delivered_on, known_on) as closed_on
    from raw.deliveries
    union all
    select
        order_id,
        greatest(issued_on, known_on) as closed_on
    from raw.invoices
    where order_id is not null and amount > 0
)

select
    order_id,
    min(closed_on) as closed_on
from ends
group by order_id
order by order_id
