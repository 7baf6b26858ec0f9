-- One row per competitor.
-- grain:    competitor_id
-- readers:  all
-- column:   competitor_id text    | key of the competitor
-- column:   name          text    | name shown in reports

select
    competitor_id,
    name,
    known_on,
    source
from raw.competitors
where known_until is null
