-- One row per version of a deal and state that it tells of: open, and decided from the day on which that was known.
-- grain:  deal_id, version, outcome
-- as_of:  told_on
-- readers: client_id
-- column: deal_id           | key of staging.deals
-- column: version           | version of the deal, from 1
-- column: client_id         | client or prospect
-- column: manager_id        | account manager who works on it
-- column: family            | family of its main product
-- column: opened_on         | day the deal was opened
-- column: expected_close_on | day on which the manager expects it to close
-- column: outcome           | open, won, lost or no_decision
-- column: closed_on         | day it was decided; null while it is open
-- column: amount            | value of the deal without VAT; null while it is open where only its end was recorded
-- column: told_on           | day from which the state counts: it had happened and we knew of it
-- column: known_until       | day on which the version was replaced; null while it holds
-- check:  not_null deal_id, version, opened_on, outcome, told_on
-- check:  one_of outcome open, won, lost, no_decision

with states as (
    -- What an export says of a decided deal was entered at its end: what it was worth before is not known.
    select
        deal_id,
        version,
        'open' as outcome,
        cast(null as date) as closed_on,
        case when outcome = 'open' then amount end as amount,
        greatest(opened_on, known_on) as told_on
    from raw.deals
    where outcome = 'open' or coalesce(closed_on > greatest(opened_on, known_on), false)
    union all
    select
        deal_id,
        version,
        outcome,
        closed_on,
        amount,
        greatest(opened_on, closed_on, known_on) as told_on
    from raw.deals
    where outcome <> 'open'
)

select
    states.deal_id,
    states.version,
    coalesce(ids.client_id, deals.client_id) as client_id,
    deals.manager_id,
    products.family,
    deals.opened_on,
    deals.expected_close_on,
    states.outcome,
    states.closed_on,
    states.amount,
    states.told_on,
    deals.known_until
from states
inner join raw.deals as deals on states.deal_id = deals.deal_id and states.version = deals.version
left join marts.products as products on deals.product_id = products.product_id
left join marts.client_ids as ids on deals.client_id = ids.source_client_id
where coalesce(states.told_on < deals.known_until, true)
order by states.deal_id, states.version, states.told_on, states.outcome
