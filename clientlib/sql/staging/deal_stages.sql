-- One row per stage that a deal entered.
-- grain:    deal_id, entered_on, stage
-- happened: entered_on
-- readers:  deal_id staging.deals
-- column:   deal_id    text    | key of staging.deals
-- column:   entered_on date    | day the deal entered the stage
-- column:   stage      text    | name of the stage
-- check:    happened entered_on
-- check:    refers deal_id staging.deals

select
    deal_id,
    entered_on,
    stage,
    known_on,
    source
from raw.deal_stages
where known_until is null
