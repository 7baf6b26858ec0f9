-- One row per client that another client sent to us.
-- grain:    referral_id
-- happened: referred_on
-- readers:  client_id
-- others:   referred_by_id
-- column:   referral_id    text    | key of the referral
-- column:   client_id      text    | who was sent; key of staging.clients
-- column:   referred_by_id text    | client who sent it; key of staging.clients
-- column:   referred_on    date    | day on which we were told
-- column:   contract_id    text?   | contract whose clause was used; key of staging.contracts; null if spontaneous
-- column:   reward_amount  money?  | what we gave for it
-- check:    happened referred_on
-- check:    differ client_id referred_by_id
-- check:    between reward_amount 0 1000000000
-- check:    refers client_id staging.clients
-- check:    refers referred_by_id staging.clients
-- check:    refers contract_id staging.contracts

select
    referral_id,
    client_id,
    referred_by_id,
    referred_on,
    contract_id,
    reward_amount,
    known_on,
    source
from raw.referrals
where known_until is null
