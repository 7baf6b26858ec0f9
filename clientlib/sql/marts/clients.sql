-- One row per client, as it is now: to name and group clients in reports, never a feature of a model.
-- grain:  client_id
-- column: client_id    | key of staging.clients
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
    select client_id from staging.clients
    union
    select client_id from marts.client_months
)

select
    ids.client_id,
    coalesce(clients.name, ids.client_id) as name,
    clients.country,
    clients.region,
    clients.industry,
    clients.size_band,
    clients.parent_id,
    clients.manager_id,
    managers.name as manager_name
from ids
left join staging.clients as clients on ids.client_id = clients.client_id
left join staging.managers as managers on clients.manager_id = managers.manager_id
order by ids.client_id
