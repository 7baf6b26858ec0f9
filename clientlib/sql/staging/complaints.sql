-- One row per complaint.
-- grain:    complaint_id
-- happened: opened_on
-- readers:  client_id
-- column:   complaint_id       text    | key of the complaint
-- column:   client_id          text?   | who complained; key of staging.clients
-- column:   order_id           text?   | order it is about; key of staging.orders
-- column:   product_id         text?   | product it is about; key of staging.products
-- column:   unit               text?   | unit of ours that answers for it
-- column:   opened_on          date    | day it reached us
-- column:   closed_on          date?   | day it was settled
-- column:   kind               text?   | what it is about
-- column:   cost               money?  | what settling it cost us
-- column:   replied_on         date?   | day of our first reply
-- column:   remedy             text?   | what settled it
-- column:   satisfaction_score number? | how content the client was with the settling, 0 to 10
-- check:    happened opened_on
-- check:    happened closed_on
-- check:    not_after opened_on closed_on
-- check:    between cost 0 1000000000
-- check:    happened replied_on
-- check:    not_after opened_on replied_on
-- check:    between satisfaction_score 0 10
-- check:    refers client_id staging.clients
-- check:    refers order_id staging.orders
-- check:    refers product_id staging.products

select
    complaint_id,
    client_id,
    order_id,
    product_id,
    unit,
    opened_on,
    closed_on,
    kind,
    cost,
    replied_on,
    remedy,
    satisfaction_score,
    known_on,
    source
from raw.complaints
where known_until is null
