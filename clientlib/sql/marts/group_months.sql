-- One row per group of companies and month end: what its clients had ordered by then, in the groups of now.
-- kind:   view
-- grain:  head_id, month_end
-- as_of:  month_end
-- readers: remade
-- column: head_id            | client at the top of the group; a client alone is a group of its own
-- column: month_end          | last day of the month; the amounts know nothing later, the groups are those of now
-- column: clients_count      | clients of the group that we had had business with
-- column: orders_12m_count   | orders of the 12 months that end here, not cancelled
-- column: revenue_12m_amount | revenue of these, without VAT
-- column: revenue_amount     | revenue so far, without VAT
-- check:  not_null head_id, month_end, clients_count, orders_12m_count, revenue_12m_amount, revenue_amount

select
    heads.head_id,
    orders.month_end,
    count(*) as clients_count,
    cast(sum(orders.orders_12m_count) as bigint) as orders_12m_count,
    sum(orders.revenue_12m_amount) as revenue_12m_amount,
    sum(orders.revenue_amount) as revenue_amount
from marts.client_orders as orders
inner join marts.client_groups as heads on orders.client_id = heads.client_id
group by heads.head_id, orders.month_end
