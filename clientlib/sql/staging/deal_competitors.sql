-- One row per competitor that was named in a deal.
-- grain:    deal_id, competitor_id
-- happened: named_on
-- readers:  deal_id staging.deals
-- column:   deal_id       text    | key of staging.deals
-- column:   competitor_id text    | key of staging.competitors
-- column:   named_on      date?   | day on which the competitor was first named
-- check:    happened named_on
-- check:    refers deal_id staging.deals
-- check:    refers competitor_id staging.competitors

select
    deal_id,
    competitor_id,
    named_on,
    known_on,
    source
from raw.deal_competitors
where known_until is null
