-- One row per fact about a competitor: dated, with its source, and until when it counts.
-- grain:    fact_id
-- happened: observed_on
-- readers:  all
-- hidden:   source_name
-- column:   fact_id       text    | key of the fact
-- column:   competitor_id text    | key of staging.competitors
-- column:   observed_on   date    | day on which it was seen or said
-- column:   kind          text    | price, range, delivery, service, capacity or news
-- column:   family        text?   | product family that it concerns
-- column:   region        text?   | sales region that it concerns
-- column:   statement     text    | the fact in one sentence
-- column:   figure        number? | its number, where it has one: per cent or days
-- column:   probability   share?  | how sure we are that it is true, 0..1
-- column:   source_name   text?   | where it was seen, or who said it
-- column:   expires_on    date?   | last day on which it should be used
-- check:    happened observed_on
-- check:    planned expires_on
-- check:    not_after observed_on expires_on
-- check:    one_of kind price, range, delivery, service, capacity, news
-- check:    between probability 0 1
-- check:    refers competitor_id staging.competitors

select
    fact_id,
    competitor_id,
    observed_on,
    kind,
    family,
    region,
    statement,
    figure,
    probability,
    source_name,
    expires_on,
    known_on,
    source
from raw.competitor_facts
where known_until is null
