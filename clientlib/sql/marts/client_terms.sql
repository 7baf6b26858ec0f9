-- One row per client and day from which another contract says what it may owe, how long, and what stands behind it.
-- grain:  client_id, since
-- as_of:  since
-- readers: client_id
-- column: client_id           | key of staging.clients
-- column: since               | day of the change
-- column: contract_id         | contract that began last of those that hold; null where none does
-- column: payment_days        | days to pay that were agreed
-- column: credit_limit_amount | most that the client may owe
-- column: collateral_amount   | what stands behind it: guarantee, deposit or insurance
-- check:  not_null client_id, since

with spans as (
    -- A contract holds while it is signed, begun, and neither over nor ended, as far as we knew.
    select
        coalesce(ids.client_id, contracts.client_id) as client_id,
        contracts.contract_id,
        contracts.starts_on,
        contracts.payment_days,
        contracts.credit_limit_amount,
        contracts.collateral_amount,
        greatest(contracts.starts_on, contracts.signed_on, contracts.known_on) as from_on,
        least(
            contracts.known_until,
            contracts.ends_on + 1,
            case when contracts.ended_on is not null then greatest(contracts.ended_on + 1, contracts.known_on) end
        ) as until_on
    from raw.contracts as contracts
    left join marts.client_ids as ids on contracts.client_id = ids.source_client_id
    where contracts.signed_on is not null
),

held as (
    select
        client_id,
        contract_id,
        starts_on,
        payment_days,
        credit_limit_amount,
        collateral_amount,
        from_on,
        until_on
    from spans
    where coalesce(from_on < until_on, true)
),

turns as (
    select
        client_id,
        from_on as since
    from held
    union
    select
        client_id,
        until_on as since
    from held
    where until_on is not null
),

ranked as (
    select
        turns.client_id,
        turns.since,
        held.contract_id,
        held.payment_days,
        held.credit_limit_amount,
        held.collateral_amount,
        row_number() over (
            partition by turns.client_id, turns.since
            order by held.starts_on desc nulls last, held.contract_id desc
        ) as place
    from turns
    left join held
        on
            turns.client_id = held.client_id
            and turns.since >= held.from_on
            and coalesce(turns.since < held.until_on, true)
)

select
    client_id,
    since,
    contract_id,
    payment_days,
    credit_limit_amount,
    collateral_amount
from ranked
where place = 1
order by client_id, since
