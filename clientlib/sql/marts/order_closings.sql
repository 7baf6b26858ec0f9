-- One row per order that was delivered or billed: from which day it no longer counts as open.
-- grain:  order_id
-- readers: client_id
-- column: order_id  | key of staging.orders
-- column: client_id | who ordered, by the first version of the order; null where that is not known
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
),

closings as (
    select
        order_id,
        min(closed_on) as closed_on
    from ends
    group by order_id
)

select
    closings.order_id,
    coalesce(ids.client_id, orders.client_id) as client_id,
    closings.closed_on
from closings
left join raw.orders as orders on closings.order_id = orders.order_id and orders.version = 1
left join marts.client_ids as ids on orders.client_id = ids.source_client_id
order by closings.order_id
