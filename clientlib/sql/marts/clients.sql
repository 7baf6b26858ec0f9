-- One row per client, as it is now: to name and group clients in reports, never a feature of a model.
-- grain:  client_id
-- readers: client_id
-- others: parent_id
-- column: client_id    | key of staging.clients; of clients entered twice the one that is kept
-- column: name         | name shown in reports; the key where no client list is brought
-- column: country      | country of the client
-- column: region       | sales region
-- column: industry     | line of business
-- column: size_band    | size class
-- column: parent_id    | client_id of the group's head
-- column: manager_id   | account manager who holds the client now
-- column: manager_name | their name
-- check:  not_null client_id, name

with ids as (
    select clients.client_id from staging.clients as clients
    anti join marts.client_ids as merged on clients.client_id = merged.source_client_id
    union
    select client_id from marts.client_ids
    union
    select client_id from marts.client_months
),

merged as (
    select
        client_id,
        map_from_entries(list({ 'key': field, 'value': value })) as fields
    from marts.client_fields
    group by client_id
),

cards as (
    select
        ids.client_id,
        coalesce(merged.fields['name'], clients.name, ids.client_id) as name,
        coalesce(merged.fields['country'], clients.country) as country,
        coalesce(merged.fields['region'], clients.region) as region,
        coalesce(merged.fields['industry'], clients.industry) as industry,
        coalesce(merged.fields['size_band'], clients.size_band) as size_band,
        coalesce(merged.fields['parent_id'], clients.parent_id) as parent_id,
        coalesce(merged.fields['manager_id'], clients.manager_id) as manager_id
    from ids
    left join staging.clients as clients on ids.client_id = clients.client_id
    left join merged on ids.client_id = merged.client_id
)

select
    cards.client_id,
    cards.name,
    cards.country,
    cards.region,
    cards.industry,
    cards.size_band,
    nullif(coalesce(heads.client_id, cards.parent_id), cards.client_id) as parent_id,
    cards.manager_id,
    managers.name as manager_name
from cards
left join marts.client_ids as heads on cards.parent_id = heads.source_client_id
left join staging.managers as managers on cards.manager_id = managers.manager_id
order by cards.client_id
