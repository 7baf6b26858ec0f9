"""Loading: sources to raw, only what is new or changed, bad rows to quarantine with reasons."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import duckdb

from clientlib import __version__
from clientlib.config import Settings, SourceSettings
from clientlib.errors import ConfigError
from clientlib.sources import Part, Reading, count_parts, open_export
from clientlib.warehouse.arrivals import Arrival, LoadCount, load_table
from clientlib.warehouse.contracts import canonical
from clientlib.warehouse.failures import telling_damage, telling_refusals
from clientlib.warehouse.files import fingerprint_of, note_file
from clientlib.warehouse.headings import canonical_headings
from clientlib.warehouse.limits import accepted_excesses
from clientlib.warehouse.lock import writing
from clientlib.warehouse.mapping import source_rows_query
from clientlib.warehouse.names import literal
from clientlib.warehouse.skipping import (
    FileToLoad,
    Plan,
    counts_of_last_load,
    plan_reading,
)
from clientlib.warehouse.store import all_or_nothing, open_store
from clientlib.warehouse.temporary import replace_table, replace_view
from clientlib.warehouse.versions import ALL_FILES, end_vanished, note_seen

_REJECTS = """
select "line", any_value(lower(replace(error_type::varchar, '_', ' '))), any_value(csv_line)
from reject_errors group by "line" order by "line"
"""


@dataclass(frozen=True)
class Load:
    """A load under way: its connection, its number and its time."""

    connection: duckdb.DuckDBPyConnection
    load_id: int
    now: datetime
    scratch: Path | None = None

    def arrival(self, item: FileToLoad, number: int, headings: tuple[str, ...] = ()) -> Arrival:
        """Say what arrives from one file for one of its tables."""
        today = self.now.date()
        return Arrival(
            source=item.source,
            file_name=item.part.name,
            file=item.part.mapping,
            mapping=item.tables[number],
            mapping_number=number,
            headings=headings,
            load_id=self.load_id,
            today=today,
            recorded_from=today - timedelta(days=item.recorded_within_days),
        )


def load_sources(
    settings: Settings,
    *,
    now: datetime,
    accept_excess: bool = False,
    on_count: Callable[[LoadCount], None] | None = None,
) -> list[LoadCount]:
    """Load every source of a project: all of it, or nothing where a file cannot be read.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    now : datetime
        Time of the load, UTC; its date is the day of loading.
    accept_excess : bool
        Load although a table has more bad or vanished rows than its limit; that is recorded.
    on_count : callable, optional
        Called with the count of each file and table as it is done.

    Returns
    -------
    list of LoadCount
        What became of the rows, per file and table: read = new + changed + same + quarantined.

    Raises
    ------
    ClientlibError
        A file is missing or broken, the mapping is wrong, too many rows are bad or have
        vanished, or another load is running. Nothing of the load is kept.
    """
    counts: list[LoadCount] = []

    def tell(count: LoadCount) -> None:
        counts.append(count)
        if on_count:
            on_count(count)

    with (
        telling_refusals("load"),
        files_to_load(settings) as todo,
        writing(settings.warehouse_folder, "load"),
        open_store(settings.warehouse_folder, settings.warehouse) as connection,
        tempfile.TemporaryDirectory(prefix="clientlib-") as scratch,
        all_or_nothing(connection),
    ):
        load = start_load(connection, now, Path(scratch))
        _load_files(load, todo, tell)
        mappings = [mapping for item in todo for mapping in item.tables]
        excesses = accepted_excesses(settings.warehouse, counts, mappings, accept=accept_excess)
        record_load(load, counts, excesses)
    return counts


def planned_loads(settings: Settings) -> int:
    """Count the pairs of file and table that a load will go through.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Returns
    -------
    int
        How many counts ``load_sources`` will tell, those of vanished rows left out.
    """
    return sum(
        count_parts(name, source, settings.root) for name, source in _sources(settings).items()
    )


@contextmanager
def files_to_load(settings: Settings) -> Iterator[list[FileToLoad]]:
    """Open every source of a project, before anything of it is loaded.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Yields
    ------
    list of FileToLoad
        In the order in which they are loaded.

    Raises
    ------
    ClientlibError
        A source is not well described, cannot be reached, or lacks a file.
    """
    with ExitStack() as opened:
        yield [
            FileToLoad(name, part, source.recorded_within_days)
            for name, source in _sources(settings).items()
            for part in opened.enter_context(open_export(name, source, settings.root))
        ]


def _sources(settings: Settings) -> dict[str, SourceSettings]:
    if not settings.sources:
        raise ConfigError("no source is configured", hint="add a [sources.NAME] table")
    return settings.sources


def start_load(
    connection: duckdb.DuckDBPyConnection, now: datetime, scratch: Path | None = None
) -> Load:
    """Give a load its number.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store.
    now : datetime
        Time of the load, UTC.
    scratch : Path, optional
        Folder for copies of files, where it reads any.

    Returns
    -------
    Load
        The load, not yet in the store's record.
    """
    row = connection.execute("select coalesce(max(load_id), 0) + 1 from raw.loads").fetchone()
    return Load(connection, int(row[0]) if row else 1, now, scratch)


def record_load(
    load: Load, counts: list[LoadCount], excesses: list[str], *, is_release: bool = False
) -> None:
    """Put a load that is done on record.

    Parameters
    ----------
    load : Load
        The load.
    counts : list of LoadCount
        What became of its rows.
    excesses : list of str
        Limits that it went past, with leave.
    is_release : bool
        It read no file but the quarantine.
    """
    load.connection.execute(
        "insert into raw.loads values ($load, $at, $day, $version, $excesses, $is_release)",
        {"load": load.load_id, "at": load.now.replace(tzinfo=None), "day": load.now.date(),
         "version": __version__, "excesses": excesses, "is_release": is_release},
    )  # fmt: skip
    load.connection.executemany(
        "insert into raw.load_counts values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [[load.load_id, count.source, count.file_name, count.table, count.file_rows,
          count.read_count, count.new_count, count.changed_count, count.same_count,
          count.quarantined_count, count.vanished_count] for count in counts],
    )  # fmt: skip


def _load_files(load: Load, todo: list[FileToLoad], tell: Callable[[LoadCount], None]) -> None:
    prints = {item: fingerprint_of(item.part) for item in todo}
    plan = plan_reading(load.connection, todo, prints)
    for source, items in groupby(todo, key=lambda item: item.source):
        for item in items:
            for count in _counts_of(load, item, plan):
                tell(count)
            if item in plan.read:
                note_file(load.connection, load.load_id, source, item.part.name, prints[item])
        # Before the next source is read, since it may hold what this one no longer does.
        for table, item in plan.complete.get(source, {}).items():
            tell(_end_vanished(load, item, table, plan.names_of(todo, source, table)))


def _counts_of(load: Load, item: FileToLoad, plan: Plan) -> Iterator[LoadCount]:
    if item not in plan.read:
        yield from counts_of_last_load(load.connection, item)
        return
    for mapping, count in zip(item.tables, load_file(load, item), strict=True):
        if mapping.table in plan.complete.get(item.source, {}):
            note_seen(load.connection, canonical(mapping.table), item.source)
        yield count


def load_file(load: Load, item: FileToLoad) -> Iterator[LoadCount]:
    """Load one file into the canonical tables that are made of it.

    Parameters
    ----------
    load : Load
        The load under way.
    item : FileToLoad
        The file with its mapping.

    Yields
    ------
    LoadCount
        What became of the rows, table after table.

    Raises
    ------
    ClientlibError
        The file is broken or was written to meanwhile, or the mapping does not fit it.
    """
    with (
        tempfile.TemporaryDirectory(dir=load.scratch) as copies,
        item.part.reading(Path(copies)) as reading,
        telling_damage(item.part.name),
    ):
        headings = tuple(_scan(load.connection, item.part, reading))
        rejects = _rejected_lines(load.connection)
        for number in range(len(item.tables)):
            yield load_table(load.connection, load.arrival(item, number, headings), rejects)
            rejects = []


def _end_vanished(load: Load, item: FileToLoad, table: str, files: list[str]) -> LoadCount:
    number = [mapping.table for mapping in item.tables].index(table)
    arrival = load.arrival(item, number)
    vanished, believed = end_vanished(load.connection, canonical(table), arrival, files)
    return LoadCount(
        source=item.source,
        file_name=ALL_FILES,
        table=table,
        file_rows=0,
        read_count=0,
        new_count=0,
        changed_count=0,
        same_count=0,
        quarantined_count=0,
        where=None,
        vanished_count=vanished,
        believed_count=believed,
    )


def _scan(connection: duckdb.DuckDBPyConnection, part: Part, reading: Reading) -> list[str]:
    for name, frame in reading.frames.items():
        connection.register(name, frame)
    connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    described = connection.execute(
        f"describe select * from {reading.relation}", reading.parameters
    ).fetchall()
    types = {row[0]: row[1] for row in described if row[0] != "file_row_number"}
    headings = canonical_headings(part.mapping, list(types), part.name)
    query = source_rows_query(reading, headings, types)
    _name_source_rows(connection, reading, query)
    return list(headings.values())


def _name_source_rows(connection: duckdb.DuckDBPyConnection, reading: Reading, query: str) -> None:
    """Keep the rows of a file, or only name them where it is as quick to read them again."""
    if not reading.is_quick_to_reread:
        replace_table(connection, "source_rows", query, reading.parameters)
        return
    for name, value in reading.parameters.items():
        query = query.replace(f"${name}", literal(value))
    replace_view(connection, "source_rows", query)


def _rejected_lines(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str]]:
    has_rejects = connection.execute(
        "select 1 from duckdb_tables() where table_name = 'reject_errors'"
    ).fetchone()
    return connection.execute(_REJECTS).fetchall() if has_rejects else []
