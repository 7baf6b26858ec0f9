-- One row per return of goods of an order line.
-- grain:    return_id
-- happened: returned_on
-- readers:  order_id staging.orders
-- column:   return_id    text    | key of the return
-- column:   order_id     text    | order that the goods came with; key of staging.orders
-- column:   line_no      count?  | line of the order
-- column:   product_id   text?   | key of staging.products
-- column:   returned_on  date    | day on which the goods were back
-- column:   quantity     number  | units that came back
-- column:   reason       text?   | why they came back
-- column:   unit         text?   | unit of ours that answers for it
-- column:   complaint_id text?   | complaint that it belongs to; key of staging.complaints
-- column:   credit_id    text?   | order_id of the credit note; key of staging.orders
-- check:    happened returned_on
-- check:    between line_no 1 1000000
-- check:    between quantity 0 100000000
-- check:    refers order_id staging.orders
-- check:    refers product_id staging.products
-- check:    refers complaint_id staging.complaints
-- check:    refers credit_id staging.orders

select
    return_id,
    order_id,
    line_no,
    product_id,
    returned_on,
    quantity,
    reason,
    unit,
    complaint_id,
    credit_id,
    known_on,
    source
from raw.returns
where known_until is null
