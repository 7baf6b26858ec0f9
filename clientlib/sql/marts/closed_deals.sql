-- One row per deal that was won, lost or dropped.
-- grain:  deal_id, version
-- as_of:  closed_on, known_on
-- until:  known_until
-- readers: client_id
-- column: deal_id      | key of staging.deals
-- column: version      | version of the deal that says so, from 1
-- column: client_id    | client or prospect
-- column: manager_id   | account manager of the deal
-- column: family       | family of its main product
-- column: opened_on    | day the deal was opened
-- column: closed_on    | day it was decided
-- column: outcome      | won, lost or no_decision
-- column: amount       | value of the deal without VAT
-- column: lost_to_id   | competitor who won it; key of staging.competitors
-- column: known_on     | day on which we knew of this version
-- column: known_until  | day on which it was replaced; null while it holds
-- check:  not_null deal_id, version, opened_on, closed_on, outcome
-- check:  one_of outcome won, lost, no_decision
-- check:  not_after opened_on closed_on

select
    deals.deal_id,
    deals.version,
    coalesce(ids.client_id, deals.client_id) as client_id,
    deals.manager_id,
    products.family,
    deals.opened_on,
    deals.closed_on,
    deals.outcome,
    deals.amount,
    deals.lost_to_id,
    deals.known_on,
    deals.known_until
from raw.deals as deals
left join marts.products as products on deals.product_id = products.product_id
left join marts.client_ids as ids on deals.client_id = ids.source_client_id
where deals.outcome <> 'open'
order by deals.deal_id, deals.version
