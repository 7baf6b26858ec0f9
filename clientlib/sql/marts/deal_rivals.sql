-- One row per decided deal and competitor that was named in it: how it ended against that competitor.
-- grain:  deal_id, competitor_id, deal_version, naming_version
-- as_of:  closed_on, known_on
-- until:  known_until
-- readers: deal_id, deal_version staging.deals
-- column: deal_id        | key of staging.deals
-- column: competitor_id  | key of staging.competitors
-- column: deal_version   | version of the deal, from 1
-- column: naming_version | version of the naming, from 1; 0 where the loss itself names the competitor
-- column: closed_on      | day the deal was decided
-- column: family         | family of its main product
-- column: amount         | value of the deal without VAT
-- column: result         | won, lost_to_it, lost_to_other, lost_unknown or no_decision
-- column: known_on       | day on which we knew both the outcome and the competitor
-- column: known_until    | day on which either was replaced; null while both hold
-- check:  not_null deal_id, competitor_id, closed_on, result
-- check:  one_of result won, lost_to_it, lost_to_other, lost_unknown, no_decision

with named as (
    select
        deals.deal_id,
        rivals.competitor_id,
        deals.version as deal_version,
        rivals.version as naming_version,
        greatest(deals.known_on, rivals.known_on) as known_on,
        least(deals.known_until, rivals.known_until) as known_until
    from marts.closed_deals as deals
    inner join raw.deal_competitors as rivals
        on
            deals.deal_id = rivals.deal_id
            and coalesce(deals.known_on < rivals.known_until, true)
            and coalesce(deals.known_until > rivals.known_on, true)
    where deals.lost_to_id is distinct from rivals.competitor_id
    union all
    -- Who won a deal is known with its loss, whether anybody named that competitor before, later or never.
    select
        deals.deal_id,
        deals.lost_to_id as competitor_id,
        deals.version as deal_version,
        0 as naming_version,
        deals.known_on,
        deals.known_until
    from marts.closed_deals as deals
    where deals.lost_to_id is not null
)

select
    named.deal_id,
    named.competitor_id,
    named.deal_version,
    named.naming_version,
    deals.closed_on,
    deals.family,
    deals.amount,
    case
        when deals.outcome <> 'lost' then deals.outcome
        when deals.lost_to_id is null then 'lost_unknown'
        when deals.lost_to_id = named.competitor_id then 'lost_to_it'
        else 'lost_to_other'
    end as result,
    named.known_on,
    named.known_until
from named
inner join marts.closed_deals as deals
    on named.deal_id = deals.deal_id and named.deal_version = deals.version
order by named.deal_id, named.competitor_id, named.deal_version, named.naming_version
