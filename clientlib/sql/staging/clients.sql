-- One row per company that buys from us, or might.
-- grain:    client_id
-- happened: first_contact_on
-- readers:  client_id
-- others:   parent_id, referred_by_id
-- column:   client_id           text    | key of the client in the source
-- column:   name                text    | legal or trading name as the source spells it
-- column:   register_code       text?   | number in the company register
-- column:   vat_code            text?   | value-added-tax number
-- column:   country             text?   | country of the client
-- column:   region              text?   | sales region
-- column:   industry            text?   | line of business
-- column:   size_band           text?   | size class as the source names it
-- column:   parent_id           text?   | client_id of the group's head
-- column:   manager_id          text?   | account manager who holds the client now; key of staging.managers
-- column:   source_channel      text?   | how the client came to us
-- column:   referred_by_id      text?   | client_id of the client who sent it
-- column:   first_contact_on    date?   | day of the first contact
-- column:   language            text?   | language the client is written to in
-- column:   nace_code           text?   | line of business as a NACE code
-- column:   outlet_type         text?   | kind of outlet, where the client resells: small shop, chain, large retailer
-- column:   preferred_channel   text?   | how the client wishes to be reached
-- column:   has_consent         flag?   | whether it agreed to be sent offers; null where nobody asked
-- column:   is_key_account      flag?   | whether we treat it as a key account
-- column:   current_supplier_id text?   | competitor that supplies it now; key of staging.competitors
-- column:   potential_amount    money?  | what it buys in a year of what we sell, from anybody, as estimated
-- check:    happened first_contact_on
-- check:    between potential_amount 0 1000000000000
-- check:    refers manager_id staging.managers
-- check:    refers current_supplier_id staging.competitors

select
    client_id,
    name,
    register_code,
    vat_code,
    country,
    region,
    industry,
    size_band,
    parent_id,
    manager_id,
    source_channel,
    referred_by_id,
    first_contact_on,
    language,
    nace_code,
    outlet_type,
    preferred_channel,
    has_consent,
    is_key_account,
    current_supplier_id,
    potential_amount,
    known_on,
    source
from raw.clients
where known_until is null
