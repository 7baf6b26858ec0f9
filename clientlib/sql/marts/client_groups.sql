-- One row per client: the group of companies that it belongs to, as it is now; a client alone is its own head.
-- grain:  client_id
-- readers: remade
-- column: client_id | key of marts.clients
-- column: head_id   | client at the top of the group
-- column: level     | steps up to the head, 0 for the head
-- column: path      | keys from the head down to the client, parted by ' > '
-- column: state     | alone, head, member, orphan (its parent is no client) or ring (of parents)
-- check:  not_null client_id, head_id, level, path, state
-- check:  one_of state alone, head, member, orphan, ring
-- check:  between level 0 1000

with recursive climbs as (
    -- One row per client and ancestor; a climb ends at the top, at an unknown parent, or where it would go round.
    select
        client_id,
        [client_id] as climbed,
        parent_id
    from marts.clients
    union all
    select
        climbs.client_id,
        list_append(climbs.climbed, parents.client_id) as climbed,
        parents.parent_id
    from climbs
    inner join marts.clients as parents on climbs.parent_id = parents.client_id
    where not list_contains(climbs.climbed, parents.client_id)
),

tops as (
    -- The head of a ring is its first key; whoever climbs into the ring stops there.
    select
        client_id,
        parent_id,
        climbed,
        list_contains(climbed, parent_id) as is_ring,
        case
            when list_contains(climbed, parent_id)
                then list_min(list_slice(climbed, list_position(climbed, parent_id), array_length(climbed)))
            else list_last(climbed)
        end as head_id
    from climbs
    qualify row_number() over (partition by client_id order by array_length(climbed) desc) = 1
),

members as (
    select
        client_id,
        head_id,
        parent_id,
        is_ring,
        list_slice(climbed, 1, list_position(climbed, head_id)) as climbed,
        count(*) over (partition by head_id) as clients_count
    from tops
)

select
    client_id,
    head_id,
    array_length(climbed) - 1 as level,
    array_to_string(list_reverse(climbed), ' > ') as path,
    case
        when is_ring then 'ring'
        when array_length(climbed) > 1 then 'member'
        when parent_id is not null then 'orphan'
        when clients_count > 1 then 'head'
        else 'alone'
    end as state
from members
order by client_id
