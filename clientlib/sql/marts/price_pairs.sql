-- One row per observed price of a competitor's product that is matched to one of ours, beside our price then.
-- grain:  product_id, competitor_id, competitor_product_id, observed_on, price_version, match_version
-- as_of:  observed_on, known_on
-- until:  known_until
-- readers: remade
-- column: product_id            | our product; key of staging.products
-- column: competitor_id         | key of staging.competitors
-- column: competitor_product_id | key of staging.competitor_products
-- column: observed_on           | day the competitor's price was seen
-- column: price_version         | version of the observation, from 1
-- column: match_version         | version of the judgement that matches the two, from 1
-- column: family                | our product family
-- column: kind                  | identical, equivalent or substitute
-- column: probability           | how likely the match is right, 0..1
-- column: competitor_price      | price of the competitor per unit, without VAT
-- column: is_net                | true for a net price, false for a list price, null where not said
-- column: our_price             | our mean price in our latest month with sales, at most 6 months before
-- column: our_price_on          | last day of that month
-- column: known_on              | day on which we knew both the price and the match; null where not known
-- column: known_until           | day on which either was replaced; null while both hold
-- check:  not_null product_id, competitor_id, observed_on, competitor_price, kind, probability
-- check:  between probability 0 1

with pairs as (
    select
        matches.product_id,
        prices.competitor_id,
        prices.competitor_product_id,
        prices.observed_on,
        prices.version as price_version,
        matches.version as match_version,
        matches.kind,
        matches.probability,
        prices.price as competitor_price,
        prices.is_net,
        last_day(prices.observed_on) as observed_month,
        greatest(prices.known_on, matches.known_on, matches.judged_on) as known_on,
        least(prices.known_until, matches.known_until) as known_until
    from raw.competitor_prices as prices
    inner join raw.product_matches as matches
        on
            prices.competitor_id = matches.competitor_id
            and prices.competitor_product_id = matches.competitor_product_id
            and coalesce(prices.known_on < matches.known_until, true)
            and coalesce(prices.known_until > matches.known_on, true)
),

own_prices as (
    select
        product_id,
        last_day(month_end) as month,
        price
    from marts.product_months
    where price is not null
)

select
    pairs.product_id,
    pairs.competitor_id,
    pairs.competitor_product_id,
    pairs.observed_on,
    pairs.price_version,
    pairs.match_version,
    products.family,
    pairs.kind,
    pairs.probability,
    pairs.competitor_price,
    pairs.is_net,
    case when date_diff('month', own_prices.month, pairs.observed_month) <= 6 then own_prices.price end as our_price,
    case when date_diff('month', own_prices.month, pairs.observed_month) <= 6 then own_prices.month end as our_price_on,
    pairs.known_on,
    pairs.known_until
from pairs
asof left join own_prices
    on pairs.product_id = own_prices.product_id and pairs.observed_month >= own_prices.month
left join marts.products as products on pairs.product_id = products.product_id
order by
    pairs.product_id,
    pairs.competitor_id,
    pairs.competitor_product_id,
    pairs.observed_on,
    pairs.price_version,
    pairs.match_version
