-- One row per contract with a client, renewals apart.
-- grain:    contract_id
-- happened: signed_on
-- readers:  client_id
-- column:   contract_id            text    | key of the contract
-- column:   client_id              text    | key of staging.clients
-- column:   manager_id             text?   | who concluded it; key of staging.managers
-- column:   renews_id              text?   | contract_id of the contract that this one renews
-- column:   signed_on              date?   | day both sides had signed; null while a signature is missing
-- column:   starts_on              date    | first day of its term
-- column:   ends_on                date?   | last day of its term; null where it has no end
-- column:   ended_on               date?   | day on which it was ended before its time
-- column:   service_tier           text?   | level of service that was agreed
-- column:   payment_days           count?  | days to pay that were agreed
-- column:   credit_limit_amount    money?  | most that the client may owe
-- column:   collateral_amount      money?  | what stands behind it: guarantee, deposit or insurance
-- column:   late_interest_share    share?  | interest on late payments, share a day
-- column:   delivery_penalty_share share?  | what we pay for late delivery, share of the order a day
-- column:   reply_hours            number? | hours within which we promised to answer
-- column:   price_clause           text?   | how prices may move: list, fixed or indexed
-- column:   has_referral_clause    flag?   | whether it asks for referrals
-- column:   has_reference_consent  flag?   | whether the client may be named as a reference
-- check:    happened signed_on
-- check:    planned starts_on
-- check:    planned ends_on
-- check:    happened ended_on
-- check:    not_after starts_on ends_on
-- check:    between payment_days 0 730
-- check:    between credit_limit_amount 0 1000000000000
-- check:    between collateral_amount 0 1000000000000
-- check:    between late_interest_share 0 1
-- check:    between delivery_penalty_share 0 1
-- check:    between reply_hours 0 8760
-- check:    one_of price_clause list, fixed, indexed
-- check:    refers client_id staging.clients
-- check:    refers manager_id staging.managers
-- check:    refers renews_id staging.contracts

select
    contract_id,
    client_id,
    manager_id,
    renews_id,
    signed_on,
    starts_on,
    ends_on,
    ended_on,
    service_tier,
    payment_days,
    credit_limit_amount,
    collateral_amount,
    late_interest_share,
    delivery_penalty_share,
    reply_hours,
    price_clause,
    has_referral_clause,
    has_reference_consent,
    known_on,
    source
from raw.contracts
where known_until is null
