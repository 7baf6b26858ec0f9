-- One row per merged client and field: the value shown, from which entry, and why that one.
-- grain:  client_id, field
-- readers: remade
-- column: client_id      | key of marts.clients; clients of a single entry are left out
-- column: field          | column of staging.clients
-- column: value          | the value that is kept
-- column: from_client_id | entry that it comes from; key of staging.clients
-- column: source         | source of that entry
-- column: known_on       | day on which we knew of it
-- column: reason         | the only one known, all agree, most complete spelling, named by most, or known last
-- check:  not_null client_id, field, value, from_client_id, reason

with entries as (
    select
        source_client_id as entry_id,
        client_id
    from marts.client_ids
    union
    select
        client_id as entry_id,
        client_id
    from marts.client_ids
),

known_fields as (
    select
        entries.client_id,
        clients.client_id as from_client_id,
        clients.source,
        clients.known_on,
        unnest([
            { 'field': 'name', 'value': clients.name },
            { 'field': 'register_code', 'value': clients.register_code },
            { 'field': 'vat_code', 'value': clients.vat_code },
            { 'field': 'country', 'value': clients.country },
            { 'field': 'region', 'value': clients.region },
            { 'field': 'industry', 'value': clients.industry },
            { 'field': 'size_band', 'value': clients.size_band },
            { 'field': 'parent_id', 'value': clients.parent_id },
            { 'field': 'manager_id', 'value': clients.manager_id },
            { 'field': 'language', 'value': clients.language }
        ]) as card
    from entries
    inner join staging.clients as clients on entries.entry_id = clients.client_id
),

weighed as (
    -- A name with its own letters and in small ones is more complete; a code is right where most entries have it.
    select
        client_id,
        card.field,
        card.value,
        from_client_id,
        source,
        known_on,
        case
            when card.field = 'name'
                then regexp_matches(card.value, '[À-῿]')::int * 2 + (card.value <> upper(card.value))::int
            when card.field in ('register_code', 'vat_code')
                then count(*) over (partition by client_id, card.field, card.value)
            else 0
        end as weight,
        count(*) over (partition by client_id, card.field) as known_count,
        min(card.value) over (partition by client_id, card.field)
        = max(card.value) over (partition by client_id, card.field) as is_agreed
    from known_fields
    where card.value is not null
),

ranked as (
    select
        weighed.*,
        min(weight) over (partition by client_id, field) < weight as is_weightier,
        row_number() over (
            partition by client_id, field
            order by weight desc, known_on desc, (from_client_id <> client_id) asc, from_client_id asc
        ) as place
    from weighed
)

select
    client_id,
    field,
    value,
    from_client_id,
    source,
    known_on,
    case
        when known_count = 1 then 'the only one known'
        when is_agreed then 'all agree'
        when is_weightier and field = 'name' then 'most complete spelling'
        when is_weightier then 'named by most'
        else 'known last'
    end as reason
from ranked
where place = 1
order by client_id, field
