-- One row per need that a client stated.
-- grain:    need_id
-- happened: stated_on
-- readers:  client_id
-- column:   need_id       text    | key of the need
-- column:   client_id     text    | whose need it is; key of staging.clients
-- column:   stated_on     date    | day on which it was stated
-- column:   family        text?   | product family in our words
-- column:   product_id    text?   | product that would meet it, where we have one; key of staging.products
-- column:   statement     text?   | the need in the client's words
-- column:   urgency       text?   | low, normal or high
-- column:   met_on        date?   | day on which it was met, by us or by another
-- column:   order_id      text?   | order that met it; key of staging.orders
-- column:   competitor_id text?   | competitor who met it; key of staging.competitors
-- check:    happened stated_on
-- check:    happened met_on
-- check:    not_after stated_on met_on
-- check:    one_of urgency low, normal, high
-- check:    refers client_id staging.clients
-- check:    refers product_id staging.products
-- check:    refers order_id staging.orders
-- check:    refers competitor_id staging.competitors

select
    need_id,
    client_id,
    stated_on,
    family,
    product_id,
    statement,
    urgency,
    met_on,
    order_id,
    competitor_id,
    known_on,
    source
from raw.needs
where known_until is null
