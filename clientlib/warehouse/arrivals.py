"""What arrives for one canonical table: judged, told apart from what is known, written."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from clientlib.config import FileMapping, TableMapping
from clientlib.errors import InputError
from clientlib.warehouse.contracts import Contract, canonical
from clientlib.warehouse.mapping import (
    MappedColumn,
    judged_query,
    map_columns,
    mapped_query,
)
from clientlib.warehouse.names import day_literal
from clientlib.warehouse.quarantine import keep_bad_rows, settle_bad_rows
from clientlib.warehouse.repeats import Fresh, gather_fresh_rows
from clientlib.warehouse.superseding import set_superseded_aside
from clientlib.warehouse.temporary import count_of, replace_view
from clientlib.warehouse.versions import Written, write_first_rows, write_versions


@dataclass(frozen=True)
class Arrival:
    """Rows of one file on their way to one canonical table, from itself or from quarantine."""

    source: str
    file_name: str
    file: FileMapping
    mapping: TableMapping
    mapping_number: int
    headings: tuple[str, ...]
    load_id: int
    today: date
    recorded_from: date


@dataclass(frozen=True)
class LoadCount:
    """What became of the rows of a file that one canonical table is made of.

    Attributes
    ----------
    source, file_name, table : str
        Where the rows came from and where they went.
    file_rows : int
        Rows of the file, lines of the wrong shape included.
    read_count : int
        Of those: rows that the mapping's ``where`` takes for this table.
    new_count, changed_count : int
        Rows written: of a new key, or a new version of a known key.
    same_count : int
        Rows that say what was known already, from an earlier load or an earlier row.
    quarantined_count : int
        Rows that break a rule; they are kept with their reasons.
    where : str or None
        The mapping's condition.
    is_unchanged : bool
        The file is the very one that was loaded last, so its rows were not judged again.
    vanished_count, believed_count : int
        Rows that a complete extract no longer holds, of how many that were believed.
    superseded_count : int
        Of the same: rows from quarantine of whose key something later was heard meanwhile.
    """

    source: str
    file_name: str
    table: str
    file_rows: int
    read_count: int
    new_count: int
    changed_count: int
    same_count: int
    quarantined_count: int
    where: str | None
    is_unchanged: bool = False
    vanished_count: int = 0
    believed_count: int = 0
    superseded_count: int = 0

    @property
    def loaded_count(self) -> int:
        """Rows written."""
        return self.new_count + self.changed_count


def load_table(
    connection: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    rejects: Sequence[tuple[int, str, str]],
) -> LoadCount:
    """Judge the rows of ``source_rows`` for one table and write what is new or changed.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, within a transaction, with the temporary relation ``source_rows``.
    arrival : Arrival
        Where the rows come from and how they are mapped.
    rejects : sequence of (int, str, str)
        Lines that the reader set aside: line number, reason, text. They count as read.

    Returns
    -------
    LoadCount
        What became of each row.

    Raises
    ------
    ClientlibError
        The mapping does not fit the file or the table.
    """
    contract, mapped = judge_rows(connection, arrival)
    fresh, written = _write(connection, contract, arrival)
    quarantined = keep_bad_rows(connection, contract, mapped, arrival, fresh, rejects)
    return _count(connection, arrival, fresh, written, quarantined, len(rejects))


def release_table(connection: duckdb.DuckDBPyConnection, arrival: Arrival) -> LoadCount:
    """Judge rows of the quarantine anew for one table, write the good ones, settle the entries.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, within a transaction, with the temporary relations ``source_rows``, made of
        rows in quarantine, and ``entries`` with what the quarantine says of them.
    arrival : Arrival
        Where the rows came from and how they are mapped now.

    Returns
    -------
    LoadCount
        What became of each row.

    Raises
    ------
    ClientlibError
        The mapping does not fit the rows or the table.
    """
    contract, mapped = judge_rows(connection, arrival)
    with _telling_faults(contract, arrival):
        fresh = gather_fresh_rows(connection, contract, arrival.mapping)
        aside = set_superseded_aside(connection, contract, arrival)
        written = write_versions(connection, contract, arrival)
    fresh = replace(
        fresh,
        folded_count=fresh.folded_count + aside.folded_count + aside.superseded_count,
        conflicting_count=fresh.conflicting_count + aside.conflicting_count,
    )
    quarantined = settle_bad_rows(connection, contract, mapped, arrival, fresh)
    count = _count(connection, arrival, fresh, written, quarantined, 0)
    return replace(count, superseded_count=aside.superseded_count)


def judge_rows(
    connection: duckdb.DuckDBPyConnection, arrival: Arrival
) -> tuple[Contract, list[MappedColumn]]:
    """Name the typed and judged rows of a table, in the temporary view ``judged``.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection with the temporary relation ``source_rows``.
    arrival : Arrival
        Where the rows come from and how they are mapped.

    Returns
    -------
    (Contract, list of MappedColumn)
        The table's contract, and where its columns come from.

    Raises
    ------
    ClientlibError
        The mapping does not fit the rows or the table.
    """
    contract = canonical(arrival.mapping.table)
    mapped = map_columns(contract, arrival.mapping, arrival.headings, arrival.file_name)
    values = mapped_query(mapped, arrival.mapping.where)
    try:
        described = connection.execute(f"describe {values}").fetchall()
        types = {row[0].lower(): row[1] for row in described}
        judged = judged_query(contract, mapped, types, arrival.file)
        query = f"with mapped_rows as ({values}) {judged}"
        replace_view(connection, "judged", query.replace("$today", day_literal(arrival.today)))
    except duckdb.Error as error:
        raise _mapping_fails(contract, arrival, error) from error
    return contract, mapped


def _write(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: Arrival
) -> tuple[Fresh, Written]:
    with _telling_faults(contract, arrival):
        if not arrival.mapping.one_per_key:
            written = write_first_rows(connection, contract, arrival)
            if written is not None:
                read = count_of(connection, "judged")
                return Fresh(read, read - written), Written(written, 0, 0)
        fresh = gather_fresh_rows(connection, contract, arrival.mapping)
        return fresh, write_versions(connection, contract, arrival)


@contextmanager
def _telling_faults(contract: Contract, arrival: Arrival) -> Iterator[None]:
    """Say of which table and file it was that the mapping failed."""
    try:
        yield
    except (duckdb.DataError, duckdb.ProgrammingError) as error:
        raise _mapping_fails(contract, arrival, error) from error


def _mapping_fails(contract: Contract, arrival: Arrival, error: duckdb.Error) -> InputError:
    return InputError(
        f"{contract.table} cannot be made from {arrival.file_name}",
        example=str(error).splitlines()[0],
        hint="mend that expression in the mapping, or copy the file again if it is damaged",
    )


def _count(
    connection: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    fresh: Fresh,
    written: Written,
    quarantined: int,
    rejects: int,
) -> LoadCount:
    count = LoadCount(
        source=arrival.source,
        file_name=arrival.file_name,
        table=arrival.mapping.table,
        file_rows=count_of(connection, "source_rows") + rejects,
        read_count=fresh.read_count + rejects,
        new_count=written.new_count,
        changed_count=written.changed_count,
        same_count=written.same_count + fresh.folded_count,
        quarantined_count=quarantined,
        where=arrival.mapping.where,
    )
    _check_balance(count)
    return count


def _check_balance(count: LoadCount) -> None:
    kept = count.loaded_count + count.same_count + count.quarantined_count
    if kept != count.read_count:
        raise AssertionError(f"{count} does not balance: {kept} of {count.read_count} rows")
