-- One row per programme that rewards clients for what they buy.
-- grain:    programme_id
-- happened: approved_on
-- readers:  all
-- hidden:   budget_amount, approved_by
-- column:   programme_id   text    | key of the programme
-- column:   name           text    | name shown in reports
-- column:   kind           text?   | bonus, loyalty, season or another
-- column:   starts_on      date    | first day
-- column:   ends_on        date?   | last day
-- column:   approved_on    date?   | day of the approval; null while there is none
-- column:   approved_by    text?   | who approved it
-- column:   minimum_amount money?  | purchases of twelve months that a client needs to join
-- column:   reward_share   share?  | reward as a share of purchases
-- column:   budget_amount  money?  | most that it may cost
-- check:    planned starts_on
-- check:    planned ends_on
-- check:    not_after starts_on ends_on
-- check:    happened approved_on
-- check:    between minimum_amount 0 1000000000000
-- check:    between reward_share 0 1
-- check:    between budget_amount 0 1000000000000

select
    programme_id,
    name,
    kind,
    starts_on,
    ends_on,
    approved_on,
    approved_by,
    minimum_amount,
    reward_share,
    budget_amount,
    known_on,
    source
from raw.programmes
where known_until is null
