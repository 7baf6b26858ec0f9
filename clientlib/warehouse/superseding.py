"""Rows from quarantine against what is known by now: what was heard later is never overwritten."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from clientlib.config import TableMapping
from clientlib.warehouse.contracts import Contract
from clientlib.warehouse.names import literal
from clientlib.warehouse.repeats import same_keys, same_values
from clientlib.warehouse.temporary import replace_table, single_row
from clientlib.warehouse.versions import ALL_FILES

if TYPE_CHECKING:
    from clientlib.warehouse.arrivals import Arrival


@dataclass(frozen=True)
class SetAside:
    """Good rows from quarantine that are not written all the same.

    Attributes
    ----------
    superseded_count : int
        Something later was heard of their key.
    folded_count : int
        They fold into the row of their file and key that is known.
    conflicting_count : int
        They say something else than the row of their file and key that is known; they are bad.
    """

    superseded_count: int
    folded_count: int
    conflicting_count: int


def set_superseded_aside(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: "Arrival"
) -> SetAside:
    """Take from ``fresh_rows`` what must not be written over what is known.

    A row from quarantine counts as heard in the load that first read it. It is superseded when
    a version of its key was heard in a later load; when a load that had the files of both came
    to the version's file last; or when a complete extract has ended its key, or dropped its
    file, since. Against a row of its own file it is a repeat, as within one load.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, with the temporary tables ``fresh_rows``, ``repeats`` and ``entries``.
    contract : Contract
        Contract of the canonical table.
    arrival : Arrival
        The release.

    Returns
    -------
    SetAside
        Counts; conflicting rows stand in ``repeats``.
    """
    parameters = {
        "table": contract.table,
        "source": arrival.source,
        "file": arrival.file_name,
        "load": arrival.load_id,
    }
    replace_table(connection, "set_aside", _verdicts(contract, arrival.mapping), parameters)
    connection.execute("delete from fresh_rows where file_row in (select file_row from set_aside)")
    connection.execute(
        """insert into repeats
        select file_row, kept_row, false from set_aside where verdict = 'conflicting'"""
    )
    counts = single_row(
        connection,
        """select count(*) filter (verdict = 'superseded'), count(*) filter (verdict = 'folded'),
            count(*) filter (verdict = 'conflicting') from set_aside""",
    )
    return SetAside(*counts)


def _verdicts(contract: Contract, mapping: TableMapping) -> str:
    stays = {"first": "file_row < kept_row", "last": "file_row > kept_row", None: "false"}
    repeats = "folded" if mapping.one_per_key else "conflicting"
    return f"""
    with {_HEARD},
    {_compared(contract)},
    summed as (
        select
            file_row,
            coalesce(bool_or(is_same), false) as is_known,
            coalesce(
                any_value(conflicts_with) filter (is_believed),
                arg_max(source_row, version) filter (is_of_file and load_id >= first_load)
            ) as kept_row,
            coalesce(bool_or(is_later), false) as is_late,
            max(ended_load_id) filter (is_of_source) > any_value(first_load)
            and not bool_or(is_believed) as has_ended
        from compared
        group by file_row
    ),
    judged_rows as (
        select
            file_row,
            kept_row,
            case
                when is_known then null
                when kept_row is not null and not {stays[mapping.one_per_key]} then '{repeats}'
                when is_late or has_ended or {_is_dropped(mapping)} then 'superseded'
            end as verdict
        from summed
    )
    select file_row, kept_row, verdict from judged_rows where verdict is not null"""


_HEARD = f"""
    -- In which order loads came to the files that the table is made of.
    places as (
        select counts.load_id, counts.source, counts.source_file, max(counts.rowid) as place
        from raw.load_counts as counts
        inner join raw.loads as loads on counts.load_id = loads.load_id
        where table_name = $table and source_file <> {literal(ALL_FILES)} and not is_release
        group by all
    ),
    -- The last load that came to another file after this one.
    files_after as (
        select others.source, others.source_file, max(others.load_id) as after_load
        from places as others
        inner join places as mine on others.load_id = mine.load_id
        where mine.source = $source and mine.source_file = $file and others.place > mine.place
        group by all
    ),
    first_reads as (
        select
            closed_load_id, source, source_file, source_row,
            min(load_id) over (partition by source, source_file, source_row, source_text)
                as first_load
        from raw.quarantine
    ),
    -- Rows that releases have written count as heard when they were read, not when written.
    released as (
        select closed_load_id as load_id, source, source_file, source_row,
            min(first_load) as first_load
        from first_reads
        where closed_load_id = $load
        or closed_load_id in (select load_id from raw.loads where is_release)
        group by all
    )"""


def _compared(contract: Contract) -> str:
    """Set each fresh row beside every version that is known of its key."""
    return f"""
    compared as (
        select
            fresh.file_row,
            entries.first_load,
            entries.conflicts_with,
            known.version,
            known.source_row,
            known.load_id,
            known.ended_load_id,
            known.version is not null and known.known_until is null as is_believed,
            is_believed and {same_values("fresh", "known", contract)} as is_same,
            known.source = $source as is_of_source,
            is_of_source and known.source_file = $file as is_of_file,
            coalesce(released.first_load, known.load_id) as heard_load,
            not is_of_file and (
                heard_load > entries.first_load
                or after_load >= greatest(heard_load, entries.first_load)
            ) as is_later
        from fresh_rows as fresh
        inner join entries on fresh.file_row = entries.file_row
        left join raw.{contract.table} as known on {same_keys("known", "fresh", contract)}
        left join released
            on known.load_id = released.load_id and known.source = released.source
            and known.source_file = released.source_file
            and known.source_row = released.source_row
        left join files_after
            on known.source = files_after.source and known.source_file = files_after.source_file
    )"""


def _is_dropped(mapping: TableMapping) -> str:
    """Say whether a complete extract came without the file in a later load."""
    if not mapping.complete:
        return "false"
    last = "select max(load_id) from places where source = $source"
    return f"coalesce(({last} and source_file = $file) < ({last}), false)"
