"""Versions of rows: what is new, what changed, what a complete extract no longer holds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from clientlib.warehouse.contracts import Contract
from clientlib.warehouse.names import day_literal, listed, quoted
from clientlib.warehouse.repeats import GOOD, is_unique, same_keys, same_values
from clientlib.warehouse.temporary import count_of, replace_table, replace_view, single_row

if TYPE_CHECKING:
    from clientlib.warehouse.arrivals import Arrival

ALL_FILES = "all files"  # what counts of rows that vanished from an extract call its files
BELIEVED = "known_until is null"
# Names that no column of a table can have.
STATE = quoted("load: new or changed")
FOLLOWS = quoted("load: day of the version before")


@dataclass(frozen=True)
class Written:
    """What became of fresh rows: written as new or changed, or known already."""

    new_count: int
    changed_count: int
    same_count: int


def write_first_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: "Arrival"
) -> int | None:
    """Write the good rows of ``judged`` into a table that has none, in one pass.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, within a transaction, with the temporary view ``judged``.
    contract : Contract
        Contract of the canonical table.
    arrival : Arrival
        Where the rows come from, and when.

    Returns
    -------
    int or None
        Rows written; None, with nothing written, where the table has rows or the file repeats
        a key.
    """
    table = f"raw.{contract.table}"
    if connection.execute(f"select 1 from {table} limit 1").fetchone():
        return None
    replace_view(connection, "versions", _all_new(f"(select * exclude (is_bad) {GOOD})"))
    written = _insert(connection, contract, arrival)
    if is_unique(connection, table, contract.grain):
        return written
    connection.execute(f"delete from {table}")
    return None


def write_versions(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: "Arrival"
) -> Written:
    """Write the rows of ``fresh_rows`` that are new or say something else than is believed.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, within a transaction, with the temporary table ``fresh_rows``.
    contract : Contract
        Contract of the canonical table.
    arrival : Arrival
        Where the rows come from, and when.

    Returns
    -------
    Written
        Counts.
    """
    if not _may_be_known(connection, contract):
        replace_view(connection, "versions", _all_new("fresh_rows"))
        return Written(_insert(connection, contract, arrival), 0, 0)
    _compare(connection, contract)
    _end_changed(connection, contract, arrival)
    written = _insert(connection, contract, arrival)
    (changed,) = single_row(connection, f"select count(*) from versions where {STATE} = 'changed'")
    return Written(written - changed, changed, count_of(connection, "fresh_rows") - written)


def _all_new(relation: str) -> str:
    return f"""select *, 'new' as {STATE}, cast(null as date) as {FOLLOWS}, 1 as version
        from {relation}"""


def _may_be_known(connection: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    """Look for known keys in the range of the fresh ones; those of new days lie beyond it."""
    key = quoted(contract.grain[0])
    low, high = single_row(connection, f"select min({key}), max({key}) from fresh_rows")
    row = connection.execute(
        f"select 1 from raw.{contract.table} where {key} between $low and $high limit 1",
        {"low": low, "high": high},
    ).fetchone()
    return row is not None


def _compare(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Put the fresh rows that are new or changed into ``versions``."""
    keys = listed(contract.grain)
    replace_table(
        connection,
        "known",
        f"""select known.* from raw.{contract.table} as known
        semi join fresh_rows as fresh on {same_keys("known", "fresh", contract)}""",
    )
    replace_table(
        connection,
        "versions",
        f"""
        with latest as (
            select {keys}, max(version) as version, max(known_until) as {FOLLOWS}
            from known group by {keys}
        )
        select
            fresh.*,
            if(known.version is null, 'new', 'changed') as {STATE},
            coalesce(known.known_on, latest.{FOLLOWS}) as {FOLLOWS},
            coalesce(latest.version, 0) + 1 as version
        from fresh_rows as fresh
        left join known on {same_keys("fresh", "known", contract)} and known.{BELIEVED}
        left join latest on {same_keys("fresh", "latest", contract)}
        where known.version is null or not ({same_values("fresh", "known", contract)})
        order by fresh.file_row""",
    )


def _end_changed(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: "Arrival"
) -> None:
    connection.execute(
        f"""update raw.{contract.table} as known
        set known_until = {_known_on("changed", contract, arrival, "versions.")},
            ended_load_id = $load
        from versions where versions.{STATE} = 'changed' and known.{BELIEVED}
        and {same_keys("known", "versions", contract)}""",
        {"load": arrival.load_id},
    )


def _insert(connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: "Arrival") -> int:
    state = _new_state(connection, contract, arrival)
    known_on = f"""case {STATE} when 'changed' then {_known_on("changed", contract, arrival)}
        else {_known_on(state, contract, arrival)} end"""
    (count,) = single_row(
        connection,
        f"""insert into raw.{contract.table} by name
        select {listed(contract.column_names)}, {known_on} as known_on, version,
            $source as source, $file as source_file, file_row as source_row, $load as load_id
        from versions""",
        {"source": arrival.source, "file": arrival.file_name, "load": arrival.load_id},
    )
    return int(count)


def _new_state(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: "Arrival"
) -> str:
    earlier = connection.execute(
        f"select 1 from raw.{contract.table} where source = $source and load_id < $load limit 1",
        {"source": arrival.source, "load": arrival.load_id},
    ).fetchone()
    return "later" if earlier else "first"


def _known_on(state: str, contract: Contract, arrival: "Arrival", row: str = "") -> str:
    """Write from which day a version counts as known: never before its predecessor ended."""
    happened = _happened_by(contract, arrival, row)
    recorded = day_literal(arrival.recorded_from)
    stated, ended = f"{row}known_on", f"{row}{FOLLOWS}"
    if state == "changed":
        return f"if({stated} > {ended}, {stated}, greatest({ended}, {recorded}))"
    day = happened if state == "first" else f"greatest({happened}, {recorded})"
    return (
        f"if({ended} is null, coalesce({stated}, {day}), greatest({stated}, {ended}, {recorded}))"
    )


def _happened_by(contract: Contract, arrival: "Arrival", row: str) -> str:
    """Write the day a row happened, or the day of loading where it lies ahead, as a period may."""
    if contract.happened is None:
        return "null"
    day, today = row + quoted(contract.happened), day_literal(arrival.today)
    return f"if({day} > {today} + 1, {today}, {day})"


def note_seen(connection: duckdb.DuckDBPyConnection, contract: Contract, source: str) -> None:
    """Remember the keys that a file of a complete extract holds, its bad rows included.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, with the temporary view ``judged``.
    contract : Contract
        Contract of the canonical table.
    source : str
        Name of the source.
    """
    keys = listed(contract.grain)
    connection.execute(
        f"create temp table if not exists {_seen(contract, source)} as "
        f"select {keys} from judged limit 0"
    )
    connection.execute(f"insert into {_seen(contract, source)} select distinct {keys} from judged")


def end_vanished(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    arrival: "Arrival",
    files: list[str],
) -> tuple[int, int]:
    """End the rows of a source that its complete extract no longer holds.

    A row is not taken to be gone that may be one of those which could not be read: while the
    extract has lines of the wrong shape, nothing is ended, and a row of which a part of the key
    cannot be read stands for every row that has the rest of it.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, after ``note_seen`` of every file of the source.
    contract : Contract
        Contract of the canonical table.
    arrival : Arrival
        Any arrival of the table from that source in this load.
    files : list of str
        Names of the files that the table is made of.

    Returns
    -------
    tuple of (int, int)
        Rows ended, and rows of the source that were believed before.
    """
    (believed,) = single_row(
        connection,
        f"""select count(*) from raw.{contract.table}
        where source = $source and load_id < $load and {BELIEVED}""",
        {"source": arrival.source, "load": arrival.load_id},
    )
    seen = _seen(contract, arrival.source)
    is_seen = f"select 1 from {seen} as seen where {same_keys('known', 'seen', contract)}"
    (ended,) = (
        (0,)
        if _has_unread_lines(connection, arrival.source, files)
        else single_row(
            connection,
            f"""update raw.{contract.table} as known
        set known_until = greatest(known_on, {day_literal(arrival.today)}), ended_load_id = $load
        where source = $source and load_id < $load and {BELIEVED}
        and not exists ({is_seen}) and not exists ({_may_be_seen(seen, contract)})""",
            {"source": arrival.source, "load": arrival.load_id},
        )
    )
    connection.execute(f"drop table {seen}")
    return int(ended), int(believed)


def _may_be_seen(seen: str, contract: Contract) -> str:
    """Find keys of which a part could not be read, but the rest is that of a known row."""
    keys = [quoted(key) for key in contract.grain]
    may_be_same = " and ".join(f"coalesce(seen.{key} = known.{key}, true)" for key in keys)
    read_parts = " + ".join(f"(seen.{key} is not null)::integer" for key in keys)
    return f"""select 1 from {seen} as seen
        where {read_parts} between 1 and {len(keys) - 1} and {may_be_same}"""


def _has_unread_lines(connection: duckdb.DuckDBPyConnection, source: str, files: list[str]) -> bool:
    row = connection.execute(
        """select 1 from raw.quarantine
        where source = $source and source_file in $files and closed_load_id is null
        and list_has_any(list_transform(reasons, lambda reason: reason."rule"), ['line_shape'])
        limit 1""",
        {"source": source, "files": files},
    ).fetchone()
    return row is not None


def _seen(contract: Contract, source: str) -> str:
    return f"temp.{quoted(f'seen {source} {contract.table}')}"
