"""Loading: sources to raw, only what is new or changed, bad rows to quarantine with reasons."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from clientlib import __version__
from clientlib.config import Settings, SourceSettings, TableMapping
from clientlib.errors import ConfigError, InputError
from clientlib.sources import Part, Reading, count_parts, open_export
from clientlib.warehouse.arrivals import Arrival, LoadCount, load_table
from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.lock import writing
from clientlib.warehouse.mapping import source_rows_query
from clientlib.warehouse.store import open_store

_REJECTS = """
select "line", any_value(lower(replace(error_type::varchar, '_', ' '))), any_value(csv_line)
from reject_errors group by "line" order by "line"
"""


@dataclass(frozen=True)
class FileToLoad:
    """One file, or the rows of one query, of one source with its mapping."""

    source: str
    part: Part
    recorded_within_days: int = 0


def load_sources(
    settings: Settings, *, now: datetime, on_count: Callable[[LoadCount], None] | None = None
) -> list[LoadCount]:
    """Load every source of a project: all of it, or nothing where a file cannot be read.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    now : datetime
        Time of the load, UTC; its date is the day of loading.
    on_count : callable, optional
        Called with the count of each file and table as it is done.

    Returns
    -------
    list of LoadCount
        What became of the rows, per file and table: read = new + changed + same + quarantined.

    Raises
    ------
    ClientlibError
        A file is missing or broken, the mapping is wrong, or another load is running. Nothing
        of the load is kept.
    """
    with (
        files_to_load(settings) as todo,
        writing(settings.warehouse_folder, "load"),
        open_store(settings.warehouse_folder, settings.warehouse) as connection,
        tempfile.TemporaryDirectory(prefix="clientlib-") as scratch,
    ):
        connection.begin()
        try:
            load_id = start_load(connection, now)
            counts = []
            for item in todo:
                for count in load_file(connection, item, load_id, now, Path(scratch)):
                    counts.append(count)
                    if on_count:
                        on_count(count)
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
        How many counts ``load_sources`` will tell.
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


def start_load(connection: duckdb.DuckDBPyConnection, now: datetime) -> int:
    """Enter a load into the store's record.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store.
    now : datetime
        Time of the load, UTC.

    Returns
    -------
    int
        Its number.
    """
    row = connection.execute("select coalesce(max(load_id), 0) + 1 from raw.loads").fetchone()
    load_id = int(row[0]) if row else 1
    connection.execute(
        "insert into raw.loads values (?, ?, ?, ?)",
        [load_id, now.replace(tzinfo=None), now.date(), __version__],
    )
    return load_id


def load_file(
    connection: duckdb.DuckDBPyConnection,
    item: FileToLoad,
    load_id: int,
    now: datetime,
    scratch: Path,
) -> Iterator[LoadCount]:
    """Load one file into the canonical tables that are made of it.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store.
    item : FileToLoad
        The file with its mapping.
    load_id : int
        Number of the load.
    now : datetime
        Time of the load, UTC.
    scratch : Path
        Folder for copies, which go as soon as the file is read.

    Yields
    ------
    LoadCount
        What became of the rows, table after table.

    Raises
    ------
    ClientlibError
        The file is broken, or the mapping does not fit it.
    """
    with (
        tempfile.TemporaryDirectory(dir=scratch) as copies,
        item.part.reading(Path(copies)) as reading,
    ):
        headings = _scan(connection, item.part, reading)
    rejects = _rejected_lines(connection)
    for table in tables_of(item.part):
        arrival = Arrival(
            source=item.source,
            file_name=item.part.name,
            file=item.part.mapping,
            mapping=table,
            headings=tuple(headings),
            load_id=load_id,
            today=now.date(),
            recorded_from=now.date() - timedelta(days=item.recorded_within_days),
        )
        yield load_table(connection, arrival, rejects)
        rejects = []


def tables_of(part: Part) -> list[TableMapping]:
    """List the canonical tables that are made of a file; optional ones only where they exist.

    Parameters
    ----------
    part : Part
        The file with its mapping.

    Returns
    -------
    list of TableMapping
        In the order in which they are loaded.
    """
    known = read_contracts()
    tables = part.mapping.tables
    return [table for table in tables if not table.optional or f"staging.{table.table}" in known]


def _scan(connection: duckdb.DuckDBPyConnection, part: Part, reading: Reading) -> list[str]:
    for name, frame in reading.frames.items():
        connection.register(name, frame)
    connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    try:
        described = connection.execute(
            f"describe select * from {reading.relation}", reading.parameters
        ).fetchall()
        types = {row[0]: row[1] for row in described if row[0] != "file_row_number"}
        headings = _canonical_headings(part, list(types))
        query = source_rows_query(reading, headings, types)
        connection.execute("drop table if exists source_rows")
        connection.execute(f"create temp table source_rows as {query}", reading.parameters)
    except duckdb.Error as error:
        raise InputError(
            f"{part.name} cannot be read",
            example=str(error).splitlines()[0],
            hint="open the file at that place, or mend format, delimiter and encoding",
        ) from error
    return list(headings.values())


def _canonical_headings(part: Part, written: list[str]) -> dict[str, str]:
    other = {
        spelling.casefold(): heading
        for heading, spellings in part.mapping.headings.items()
        for spelling in (heading, *spellings)
    }
    headings = {name: other.get(name.strip().casefold(), name.strip()) for name in written}
    if len(set(headings.values())) < len(headings):
        raise InputError(
            f"{part.name} has two columns of the same meaning",
            example=", ".join(written),
            hint="remove one from the export, or mend 'headings' in the mapping",
        )
    return headings


def _rejected_lines(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str]]:
    has_rejects = connection.execute(
        "select 1 from duckdb_tables() where table_name = 'reject_errors'"
    ).fetchone()
    return connection.execute(_REJECTS).fetchall() if has_rejects else []
