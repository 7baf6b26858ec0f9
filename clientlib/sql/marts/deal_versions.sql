-- One row per version of a deal: what was believed of it, and from when until when.
-- grain:  deal_id, version
-- as_of:  opened_on, known_on
-- readers: client_id
-- column: deal_id           | key of staging.deals
-- column: version           | version of the deal, from 1
-- column: client_id         | client or prospect
-- column: manager_id        | account manager who works on it
-- column: family            | family of its main product
-- column: opened_on         | day the deal was opened
-- column: expected_close_on | day on which the manager expects it to close
-- column: closed_on         | day it was decided; null while it is open
-- column: outcome           | open, won, lost or no_decision
-- column: amount            | value of the deal without VAT
-- column: known_on          | day on which we knew of this version
-- column: known_until       | day on which it was replaced; null while it holds
-- check:  not_null deal_id, version, opened_on, outcome
-- check:  one_of outcome open, won, lost, no_decision

select
    deals.deal_id,
    deals.version,
    coalesce(ids.client_id, deals.client_id) as client_id,
    deals.manager_id,
    products.family,
    deals.opened_on,
    deals.expected_close_on,
    deals.closed_on,
    deals.outcome,
    deals.amount,
    deals.known_on,
    deals.known_until
from raw.deals as deals
left join marts.products as products on deals.product_id = products.product_id
left join marts.client_ids as ids on deals.client_id = ids.source_client_id
order by deals.deal_id, deals.version
