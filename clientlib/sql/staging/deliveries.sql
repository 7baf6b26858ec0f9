-- One row per delivery of an order or of one of its lines.
-- grain:    delivery_id
-- happened: delivered_on
-- readers:  order_id staging.orders
-- column:   delivery_id       text    | key of the delivery
-- column:   order_id          text    | key of staging.orders
-- column:   line_no           count?  | line of the order that was delivered
-- column:   delivered_on      date    | day the goods arrived
-- column:   quantity          number  | units delivered
-- column:   rejected_quantity number? | of those: units that the client rejected
-- column:   carrier           text?   | who carried it
-- check:    happened delivered_on
-- check:    between quantity 0 100000000
-- check:    between rejected_quantity 0 100000000
-- check:    at_most rejected_quantity quantity
-- check:    refers order_id staging.orders

select
    delivery_id,
    order_id,
    line_no,
    delivered_on,
    quantity,
    rejected_quantity,
    carrier,
    known_on,
    source
from raw.deliveries
where known_until is null
