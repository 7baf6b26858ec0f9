-- One row per month end, measure and value tier: how often it happens with all clients together, to compare with.
-- grain:  month_end, measure, tier
-- as_of:  month_end
-- readers: all
-- column: month_end     | last day of the month; the row knows nothing of later days
-- column: measure       | late (deliveries), complaints, won (deals), or repeat (orders)
-- column: tier          | large, middle, small or none, as marts.client_tiers; all for all of them together
-- column: clients_count | clients behind the rate, at least 5; tiers are shown only where each of them has so many
-- column: trials_count  | how often it could have happened in the twelve months
-- column: events_count  | how often it did
-- column: rate          | events_count / trials_count
-- column: dispersion    | of the row of all: squared distances of clients from their tier over those of chance, from 1
-- check:  not_null month_end, measure, tier, clients_count, trials_count, events_count, rate
-- check:  between clients_count 5 1000000000
-- check:  one_of measure late, complaints, won, repeat
-- check:  one_of tier large, middle, small, none, all

with tiers as (
    select
        month_end,
        measure,
        tier,
        count(*) as clients_count,
        sum(trials_count) as trials_count,
        sum(events_count) as events_count
    from marts.client_rates
    group by month_end, measure, tier
),

spread as (
    -- What chance gives: binomial, and Poisson for complaints, of which an order can have several.
    select
        rates.month_end,
        rates.measure,
        sum(
            power(rates.events_count - rates.trials_count * tiers.events_count / tiers.trials_count, 2)
        ) as squares,
        sum(
            rates.trials_count * tiers.events_count / tiers.trials_count
            * case when rates.measure = 'complaints' then 1 else 1 - tiers.events_count / tiers.trials_count end
        ) as variance
    from marts.client_rates as rates
    inner join tiers
        on rates.month_end = tiers.month_end and rates.measure = tiers.measure and rates.tier = tiers.tier
    group by rates.month_end, rates.measure
),

wholes as (
    select
        month_end,
        measure,
        min(clients_count) as least_count,
        sum(clients_count) as clients_count,
        sum(trials_count) as trials_count,
        sum(events_count) as events_count
    from tiers
    group by month_end, measure
),

shown as (
    select
        tiers.month_end,
        tiers.measure,
        tiers.tier,
        tiers.clients_count,
        tiers.trials_count,
        tiers.events_count,
        cast(null as double) as dispersion
    from tiers
    inner join wholes on tiers.month_end = wholes.month_end and tiers.measure = wholes.measure
    where wholes.least_count >= 5
    union all
    select
        wholes.month_end,
        wholes.measure,
        'all' as tier,
        wholes.clients_count,
        wholes.trials_count,
        wholes.events_count,
        case when spread.variance > 0 then greatest(1.0, spread.squares / spread.variance) else 1.0 end as dispersion
    from wholes
    inner join spread on wholes.month_end = spread.month_end and wholes.measure = spread.measure
    where wholes.clients_count >= 5
)

select
    month_end,
    measure,
    tier,
    cast(clients_count as bigint) as clients_count,
    cast(trials_count as bigint) as trials_count,
    cast(events_count as bigint) as events_count,
    events_count / trials_count as rate,
    cast(dispersion as double) as dispersion
from shown
order by month_end, measure, tier
