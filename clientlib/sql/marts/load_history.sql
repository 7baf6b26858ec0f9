-- One row per load or release, and canonical table that it read or whose quarantine it moved: what became of the rows.
-- grain:  load_id, table_name
-- readers: none
-- column: load_id           | number of the load or release, from 1
-- column: table_name        | canonical table
-- column: loaded_on         | day of the load
-- column: is_release        | it judged rows in quarantine anew and read no file
-- column: read_count        | rows that the load read, or that the release took from quarantine
-- column: new_count         | of them: keys not known before
-- column: changed_count     | of them: new versions of known keys
-- column: same_count        | of them: known already, or repeated within the file
-- column: quarantined_count | of them: bad, whether they were in quarantine before or not
-- column: vanished_count    | keys that a full export no longer held
-- column: entered_count     | rows that this load put into quarantine
-- column: released_count    | rows of earlier loads that it let out: mended, gone, or kept anew for other reasons
-- column: open_count        | rows in quarantine after the load
-- check:  not_null loaded_on, is_release, read_count, entered_count, released_count, open_count
-- check:  between open_count 0 1000000000000

with moves as (
    -- What a load read, what it put into quarantine, and what it let out.
    select
        load_id,
        table_name,
        rows_read,
        new_count,
        changed_count,
        same_count,
        quarantined_count,
        vanished_count,
        0 as entered_count,
        0 as released_count
    from raw.load_counts
    union all
    select
        load_id,
        table_name,
        0 as rows_read,
        0 as new_count,
        0 as changed_count,
        0 as same_count,
        0 as quarantined_count,
        0 as vanished_count,
        1 as entered_count,
        0 as released_count
    from raw.quarantine
    union all
    select
        closed_load_id as load_id,
        table_name,
        0 as rows_read,
        0 as new_count,
        0 as changed_count,
        0 as same_count,
        0 as quarantined_count,
        0 as vanished_count,
        0 as entered_count,
        1 as released_count
    from raw.quarantine
    where closed_load_id is not null
),

summed as (
    select
        load_id,
        table_name,
        cast(coalesce(sum(rows_read), 0) as bigint) as read_count,
        cast(coalesce(sum(new_count), 0) as bigint) as new_count,
        cast(coalesce(sum(changed_count), 0) as bigint) as changed_count,
        cast(coalesce(sum(same_count), 0) as bigint) as same_count,
        cast(coalesce(sum(quarantined_count), 0) as bigint) as quarantined_count,
        cast(coalesce(sum(vanished_count), 0) as bigint) as vanished_count,
        cast(sum(entered_count) as bigint) as entered_count,
        cast(sum(released_count) as bigint) as released_count
    from moves
    group by load_id, table_name
)

select
    summed.load_id,
    summed.table_name,
    loads.loaded_on,
    loads.is_release,
    summed.read_count,
    summed.new_count,
    summed.changed_count,
    summed.same_count,
    summed.quarantined_count,
    summed.vanished_count,
    summed.entered_count,
    summed.released_count,
    cast(sum(summed.entered_count - summed.released_count) over to_date as bigint) as open_count
from summed
inner join raw.loads as loads on summed.load_id = loads.load_id
window to_date as (partition by summed.table_name order by summed.load_id)
order by summed.load_id, summed.table_name
