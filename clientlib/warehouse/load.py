"""Loading: sources to raw, only what is new or changed, bad rows to quarantine with reasons."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from clientlib import __version__
from clientlib.config import FileMapping, Settings, SourceSettings, TableMapping
from clientlib.errors import ConfigError, InputError
from clientlib.sources import Reading, find_files, open_reading, read_preset
from clientlib.warehouse.arrivals import Arrival, LoadCount, load_table
from clientlib.warehouse.contracts import canonical
from clientlib.warehouse.files import Fingerprint, fingerprint_of, is_as_loaded, note_file
from clientlib.warehouse.limits import accepted_excesses
from clientlib.warehouse.lock import writing
from clientlib.warehouse.mapping import source_rows_query
from clientlib.warehouse.names import literal
from clientlib.warehouse.store import open_store
from clientlib.warehouse.temporary import replace_table, replace_view
from clientlib.warehouse.versions import end_vanished, note_seen

_REJECTS = """
select "line", any_value(lower(replace(error_type::varchar, '_', ' '))), any_value(csv_line)
from reject_errors group by "line" order by "line"
"""
ALL_FILES = "all files"


@dataclass(frozen=True, eq=False)
class FileToLoad:
    """One file of one source with its mapping."""

    source: str
    path: Path
    mapping: FileMapping
    recorded_within_days: int = 0


@dataclass(frozen=True)
class Load:
    """A load under way: its connection, its number and its time."""

    connection: duckdb.DuckDBPyConnection
    load_id: int
    now: datetime
    scratch: Path

    def arrival(
        self, item: FileToLoad, table: TableMapping, headings: tuple[str, ...] = ()
    ) -> Arrival:
        """Say what arrives for one table from one file."""
        today = self.now.date()
        return Arrival(
            source=item.source,
            file_name=item.path.name,
            file=item.mapping,
            mapping=table,
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
    todo = list(_files_to_load(settings))
    counts: list[LoadCount] = []

    def tell(count: LoadCount) -> None:
        counts.append(count)
        if on_count:
            on_count(count)

    with (
        writing(settings.warehouse_folder, "load"),
        open_store(settings.warehouse_folder, settings.warehouse) as connection,
        tempfile.TemporaryDirectory(prefix="clientlib-") as scratch,
    ):
        connection.begin()
        try:
            load = _start_load(connection, now, Path(scratch))
            _load_files(load, todo, tell)
            excesses = accepted_excesses(settings.warehouse, counts, accept=accept_excess)
            _record(load, counts, excesses)
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
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
    return sum(len(item.mapping.tables) for item in _files_to_load(settings))


def source_files(source: SourceSettings) -> list[FileMapping]:
    """List the file mappings of a source, its own or its preset's.

    Parameters
    ----------
    source : SourceSettings
        One source of the configuration.

    Returns
    -------
    list of FileMapping
        In the order in which they are loaded.

    Raises
    ------
    ConfigError
        It has neither or both.
    """
    if bool(source.preset) == bool(source.files):
        raise ConfigError(
            f"the source at {source.path} needs either a preset or files of its own",
            hint="presets are listed by clientlib init --help",
        )
    return list(read_preset(source.preset).files) if source.preset else list(source.files)


def _files_to_load(settings: Settings) -> Iterator[FileToLoad]:
    if not settings.sources:
        raise ConfigError("no source is configured", hint="add a [sources.NAME] table")
    for name, source in settings.sources.items():
        for mapping in source_files(source):
            for path in find_files(settings.root / source.path, mapping):
                yield FileToLoad(name, path, mapping, source.recorded_within_days)


def _start_load(connection: duckdb.DuckDBPyConnection, now: datetime, scratch: Path) -> Load:
    row = connection.execute("select coalesce(max(load_id), 0) + 1 from raw.loads").fetchone()
    return Load(connection, int(row[0]) if row else 1, now, scratch)


def _record(load: Load, counts: list[LoadCount], excesses: list[str]) -> None:
    load.connection.execute(
        "insert into raw.loads values ($load, $at, $day, $version, $excesses)",
        {"load": load.load_id, "at": load.now.replace(tzinfo=None), "day": load.now.date(),
         "version": __version__, "excesses": excesses},
    )  # fmt: skip
    load.connection.executemany(
        "insert into raw.load_counts values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [[load.load_id, count.source, count.file_name, count.table, count.file_rows,
          count.read_count, count.new_count, count.changed_count, count.same_count,
          count.quarantined_count, count.vanished_count] for count in counts],
    )  # fmt: skip


def _load_files(load: Load, todo: list[FileToLoad], tell: Callable[[LoadCount], None]) -> None:
    complete = _complete_tables(todo)
    prints = {item: fingerprint_of(item.path, item.mapping) for item in todo}
    known = {
        item: is_as_loaded(load.connection, item.source, item.path.name, prints[item])
        for item in todo
    }
    for item in todo:
        if known[item] and _may_be_skipped(item, known, complete):
            for count in _counts_of_last_load(load.connection, item):
                tell(count)
            continue
        for count in _load_file(load, item, prints[item], complete):
            tell(count)
    for (source, table), item in complete.items():
        if not all(known[other] for other in todo if other.source == source):
            tell(_end_vanished(load, item, table))


def _complete_tables(todo: list[FileToLoad]) -> dict[tuple[str, str], FileToLoad]:
    """Find which tables of which sources are complete extracts, each with one of its files."""
    stated: dict[tuple[str, str], dict[bool, FileToLoad]] = {}
    for item in todo:
        for mapping in item.mapping.tables:
            stated.setdefault((item.source, mapping.table), {})[mapping.complete] = item
    for (source, table), items in stated.items():
        if len(items) > 1:
            raise ConfigError(
                f"{table} of source {source!r} is a complete extract in one mapping only",
                example=f"{items[False].mapping.name} says nothing of it",
                hint="state complete = true for all files that the table is made of, or for none",
            )
    return {key: items[True] for key, items in stated.items() if True in items}


def _may_be_skipped(
    item: FileToLoad,
    known: dict[FileToLoad, bool],
    complete: dict[tuple[str, str], FileToLoad],
) -> bool:
    """Of a complete extract all files are read where one is: it says what is gone."""
    if not any((item.source, table.table) in complete for table in item.mapping.tables):
        return True
    return all(is_known for other, is_known in known.items() if other.source == item.source)


def _counts_of_last_load(
    connection: duckdb.DuckDBPyConnection, item: FileToLoad
) -> Iterator[LoadCount]:
    for mapping in item.mapping.tables:
        row = connection.execute(
            """select file_rows, rows_read, quarantined_count from raw.load_counts
            where source = $source and source_file = $file and table_name = $table
            order by load_id desc limit 1""",
            {"source": item.source, "file": item.path.name, "table": mapping.table},
        ).fetchone()
        file_rows, read, bad = row or (0, 0, 0)
        yield LoadCount(
            source=item.source,
            file_name=item.path.name,
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


def _load_file(
    load: Load,
    item: FileToLoad,
    fingerprint: Fingerprint,
    complete: dict[tuple[str, str], FileToLoad],
) -> Iterator[LoadCount]:
    headings = tuple(_scan(load, item))
    rejects = _rejected_lines(load.connection)
    for table in item.mapping.tables:
        yield load_table(load.connection, load.arrival(item, table, headings), rejects)
        if (item.source, table.table) in complete:
            note_seen(load.connection, canonical(table.table), item.source)
        rejects = []
    note_file(load.connection, load.load_id, item.source, item.path.name, fingerprint)


def _end_vanished(load: Load, item: FileToLoad, table: str) -> LoadCount:
    mapping = next(mapping for mapping in item.mapping.tables if mapping.table == table)
    arrival = load.arrival(item, mapping)
    vanished, believed = end_vanished(load.connection, canonical(table), arrival)
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


def _scan(load: Load, item: FileToLoad) -> list[str]:
    connection = load.connection
    reading = open_reading(item.path, item.mapping, load.scratch)
    for name, frame in reading.frames.items():
        connection.register(name, frame)
    connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    try:
        described = connection.execute(
            f"describe select * from {reading.relation}", reading.parameters
        ).fetchall()
        types = {row[0]: row[1] for row in described if row[0] != "file_row_number"}
        headings = _canonical_headings(item, list(types))
        query = source_rows_query(reading.relation, reading.row_number, headings, types)
        _name_source_rows(connection, reading, query)
    except duckdb.Error as error:
        raise InputError(
            f"{item.path.name} cannot be read",
            example=str(error).splitlines()[0],
            hint="open the file at that place, or mend format, delimiter and encoding",
        ) from error
    return list(headings.values())


def _name_source_rows(connection: duckdb.DuckDBPyConnection, reading: Reading, query: str) -> None:
    """Keep the rows of a file, or only name them where it is as quick to read them again."""
    if not reading.is_quick_to_reread:
        replace_table(connection, "source_rows", query, reading.parameters)
        return
    for name, value in reading.parameters.items():
        query = query.replace(f"${name}", literal(value))
    replace_view(connection, "source_rows", query)


def _canonical_headings(item: FileToLoad, written: list[str]) -> dict[str, str]:
    other = {
        spelling.casefold(): heading
        for heading, spellings in item.mapping.headings.items()
        for spelling in (heading, *spellings)
    }
    headings = {name: other.get(name.strip().casefold(), name.strip()) for name in written}
    if len(set(headings.values())) < len(headings):
        raise InputError(
            f"{item.path.name} has two columns of the same meaning",
            example=", ".join(written),
            hint="remove one from the export, or mend 'headings' in the mapping",
        )
    return headings


def _rejected_lines(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str]]:
    has_rejects = connection.execute(
        "select 1 from duckdb_tables() where table_name = 'reject_errors'"
    ).fetchone()
    return connection.execute(_REJECTS).fetchall() if has_rejects else []
