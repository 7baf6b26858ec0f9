-- One row per mailing, exhibition, presentation or launch.
-- grain:    campaign_id
-- happened: starts_on
-- readers:  all
-- hidden:   cost
-- column:   campaign_id text    | key of the campaign
-- column:   name        text    | name shown in reports
-- column:   kind        text    | mailing, exhibition, presentation or launch
-- column:   starts_on   date    | first day
-- column:   ends_on     date?   | last day
-- column:   country     text?   | where it took place, or at whom it aimed
-- column:   family      text?   | product family that it was about
-- column:   product_id  text?   | product that was launched; key of staging.products
-- column:   cost        money?  | what it cost us, without the cost of single touches
-- check:    planned starts_on
-- check:    planned ends_on
-- check:    not_after starts_on ends_on
-- check:    one_of kind mailing, exhibition, presentation, launch
-- check:    between cost 0 1000000000
-- check:    refers product_id staging.products

select
    campaign_id,
    name,
    kind,
    starts_on,
    ends_on,
    country,
    family,
    product_id,
    cost,
    known_on,
    source
from raw.campaigns
where known_until is null
