-- One row per client, day of the order and day from which it counts: revenue and cost, for periods that end on any day.
-- kind:   view
-- grain:  client_id, ordered_on, counted_on
-- as_of:  counted_on
-- readers: remade
-- column: client_id             | key of staging.clients; empty for sales without an account
-- column: ordered_on            | day of the order
-- column: counted_on            | day from which the facts count: they had happened and we knew of them
-- column: revenue_amount        | revenue net of discounts, cancellations and credits, without VAT
-- column: costed_revenue_amount | the part of it whose unit cost is known
-- column: cost_amount           | the cost of that part
-- check:  not_null client_id, ordered_on, counted_on, revenue_amount, costed_revenue_amount, cost_amount

select
    coalesce(client_id, '') as client_id,
    ordered_on,
    counted_on,
    cast(sum(revenue_amount) as decimal(18, 4)) as revenue_amount,
    cast(sum(case when cost_amount is null then 0 else revenue_amount end) as decimal(18, 4)) as costed_revenue_amount,
    cast(sum(coalesce(cost_amount, 0)) as decimal(18, 4)) as cost_amount
from marts.line_facts
group by coalesce(client_id, ''), ordered_on, counted_on
