"""Which files of a load must be read, and which would only say again what they said last."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from clientlib.config import TableMapping
from clientlib.errors import ConfigError
from clientlib.sources import Part
from clientlib.warehouse.arrivals import LoadCount
from clientlib.warehouse.files import Fingerprint, is_as_loaded
from clientlib.warehouse.temporary import single_row
from clientlib.warehouse.versions import ALL_FILES


@dataclass(frozen=True, eq=False)
class FileToLoad:
    """One file, or the rows of one query, of one source with its mapping."""

    source: str
    part: Part
    recorded_within_days: int = 0

    @property
    def tables(self) -> list[TableMapping]:
        """The canonical tables that are made of it, in the order in which they are loaded."""
        return self.part.mapping.tables

    def makes(self, table: str) -> bool:
        """Say whether a canonical table is made of it."""
        return any(mapping.table == table for mapping in self.tables)


@dataclass(frozen=True)
class Plan:
    """What a load does with its files.

    Attributes
    ----------
    read : frozenset of FileToLoad
        The files that are read; the others would change nothing.
    complete : dict
        By source and table: one of the files of a complete extract that is read as a whole, so
        that it says which rows are gone.
    """

    read: frozenset[FileToLoad]
    complete: dict[str, dict[str, FileToLoad]]

    def names_of(self, todo: Sequence[FileToLoad], source: str, table: str) -> list[str]:
        """Name the files of a source that a table is made of."""
        return [item.part.name for item in todo if item.source == source and item.makes(table)]


def plan_reading(
    connection: duckdb.DuckDBPyConnection,
    todo: Sequence[FileToLoad],
    prints: Mapping[FileToLoad, Fingerprint],
) -> Plan:
    """Decide which files must be read, so that it comes out as if all of them were.

    A file is read when it, or how it is judged, has changed since it was loaded. So is every
    file after it that makes the same table, since the later file has the last word about a key
    that both hold; and all files of a complete extract, once a file of the source has changed,
    come or gone.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store.
    todo : sequence of FileToLoad
        Every file, in the order in which they are loaded.
    prints : mapping of FileToLoad to Fingerprint
        The fingerprint of each.

    Returns
    -------
    Plan
        The files to read, and the complete extracts among them.

    Raises
    ------
    ConfigError
        A table is a complete extract in one mapping of a source, and in another not.
    """
    complete = _complete_tables(todo)
    changed = {
        item
        for item in todo
        if not is_as_loaded(connection, item.source, item.part.name, prints[item])
    }
    stirred = {item.source for item in changed} | _with_other_files(connection, todo)
    complete = {source: tables for source, tables in complete.items() if source in stirred}
    read: set[FileToLoad] = set()
    made: set[str] = set()
    for item in todo:
        tables = {mapping.table for mapping in item.tables}
        if item in changed or tables & made or tables & complete.get(item.source, {}).keys():
            read.add(item)
            made |= tables
    return Plan(frozenset(read), complete)


def _complete_tables(todo: Sequence[FileToLoad]) -> dict[str, dict[str, FileToLoad]]:
    """Find which tables of which sources are complete extracts, each with one of its files."""
    stated: dict[tuple[str, str], dict[bool, FileToLoad]] = {}
    for item in todo:
        for mapping in item.tables:
            stated.setdefault((item.source, mapping.table), {})[mapping.complete] = item
    complete: dict[str, dict[str, FileToLoad]] = defaultdict(dict)
    for (source, table), items in stated.items():
        if len(items) > 1:
            raise ConfigError(
                f"{table} of source {source!r} is a complete extract in one mapping only",
                example=f"{items[False].part.mapping.name} says nothing of it",
                hint="state complete = true for all files that the table is made of, or for none",
            )
        if True in items:
            complete[source][table] = items[True]
    return dict(complete)


def _with_other_files(
    connection: duckdb.DuckDBPyConnection, todo: Sequence[FileToLoad]
) -> set[str]:
    """Find the sources that have other files than at the last load."""
    rows = connection.execute(
        """select distinct source, source_file from raw.load_counts
        where source_file <> $all
        and load_id = (select max(load_id) from raw.loads where not is_release)""",
        {"all": ALL_FILES},
    ).fetchall()
    now = {(item.source, item.part.name) for item in todo}
    return {source for source, _ in set(rows) ^ now}


def counts_of_last_load(
    connection: duckdb.DuckDBPyConnection, item: FileToLoad
) -> Iterator[LoadCount]:
    """Say of a file that is not read what its rows were counted as when it was.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store.
    item : FileToLoad
        The file.

    Yields
    ------
    LoadCount
        For each of its tables: all rows the same, those still in quarantine bad.
    """
    rows = connection.execute(
        """select table_name, file_rows, rows_read from raw.load_counts
        where source = $source and source_file = $file and load_id = (
            select max(load_id) from raw.load_counts inner join raw.loads using (load_id)
            where source = $source and source_file = $file and not is_release
        )
        order by rowid desc""",
        {"source": item.source, "file": item.part.name},
    ).fetchall()
    last = defaultdict(list)
    for table, *counts in rows:
        last[table].append(counts)
    for number, mapping in enumerate(item.tables):
        file_rows, read = last[mapping.table].pop()
        bad = _count_waiting(connection, item, number)
        yield LoadCount(
            source=item.source,
            file_name=item.part.name,
            table=mapping.table,
            file_rows=file_rows,
            read_count=read,
            new_count=0,
            changed_count=0,
            same_count=read - bad,
            quarantined_count=bad,
            where=mapping.where,
            is_unchanged=True,
        )


def _count_waiting(connection: duckdb.DuckDBPyConnection, item: FileToLoad, number: int) -> int:
    """Count the rows that a table of a file has in quarantine; some may have been released."""
    (count,) = single_row(
        connection,
        """select count(*) from raw.quarantine
        where table_name = $table and source = $source and source_file = $file
        and coalesce(mapping_number = $number, true) and closed_load_id is null""",
        {
            "table": item.tables[number].table,
            "source": item.source,
            "file": item.part.name,
            "number": number,
        },
    )
    return int(count)
