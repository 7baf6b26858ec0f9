"""Release from quarantine: its rows judged by the mapping of now, their file there or not."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from clientlib.config import FileMapping, Settings, SourceSettings
from clientlib.errors import ClientlibError, InputError
from clientlib.sources import mappings_of
from clientlib.warehouse.arrivals import Arrival, LoadCount, judge_rows, release_table
from clientlib.warehouse.contracts import canonical
from clientlib.warehouse.failures import telling_refusals
from clientlib.warehouse.headings import canonical_headings
from clientlib.warehouse.lines import restore_lines
from clientlib.warehouse.load import Load, record_load, start_load
from clientlib.warehouse.lock import writing
from clientlib.warehouse.names import quoted
from clientlib.warehouse.reasons import ReasonCount, count_reasons
from clientlib.warehouse.store import STORE_NAME, all_or_nothing, copy_store, open_store
from clientlib.warehouse.waiting import Batch, list_batches, name_entries, restore_rows


@dataclass(frozen=True)
class Released:
    """What became of the rows that a table has in quarantine from one file.

    Attributes
    ----------
    count : LoadCount
        As of a load: read = new + changed + same + quarantined.
    reasons : tuple of ReasonCount
        Why rows stay in quarantine, most frequent first; a row may have several.
    """

    count: LoadCount
    reasons: tuple[ReasonCount, ...]


@dataclass(frozen=True)
class LeftRows:
    """Rows in quarantine that could not be judged, and why."""

    source: str
    file_name: str
    table: str
    rows: int
    reason: str


@dataclass(frozen=True)
class Release:
    """What a release did.

    Attributes
    ----------
    released : tuple of Released
        Rows that were judged anew, per file and table.
    left : tuple of LeftRows
        Rows that were not.
    """

    released: tuple[Released, ...]
    left: tuple[LeftRows, ...]


@dataclass(frozen=True)
class _Target:
    """By what the rows of a batch are judged now."""

    source: SourceSettings
    mapping: FileMapping
    number: int
    headings: dict[str, str]

    def numbers(self, batch: Batch) -> list[int]:
        """Say which of the file's tables are made of the rows: all, where none has judged them."""
        return list(range(len(self.mapping.tables))) if batch.is_unread else [self.number]

    def arrival(self, load: Load, batch: Batch, number: int) -> Arrival:
        return Arrival(
            source=batch.source,
            file_name=batch.file_name,
            file=self.mapping,
            mapping=self.mapping.tables[number],
            mapping_number=number,
            headings=tuple(self.headings.values()),
            load_id=load.load_id,
            today=load.now.date(),
            recorded_from=load.now.date() - timedelta(days=self.source.recorded_within_days),
        )


def release_rows(
    settings: Settings,
    *,
    now: datetime,
    table: str | None = None,
    is_trial: bool = False,
    on_step: Callable[[Released | LeftRows], None] | None = None,
) -> Release:
    """Judge the rows in quarantine anew, and load those that are good by now.

    No file is read. A row goes the way that it went when it was loaded, through the mapping,
    the contract and the clientlib of now; one that is good is known from the
    day that a load of its file at this time would give it.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    now : datetime
        Time of the release, UTC; rows without a recording day are known from its date.
    table : str, optional
        Only the rows of this canonical table.
    is_trial : bool
        Do it in a copy of the store that is thrown away.
    on_step : callable, optional
        Called with what became of the rows of each file and table as it is done.

    Returns
    -------
    Release
        What became of the rows.

    Raises
    ------
    ClientlibError
        Nothing was loaded yet, there is no such table, the configuration is wrong, or another
        load is running. Nothing of the release is kept.
    """
    if table is not None:
        canonical(table)
    steps: list[Released | LeftRows] = []
    with telling_refusals("release"), _opened(settings, is_trial=is_trial) as connection:
        load = start_load(connection, now)
        for batch in list_batches(connection, table):
            for step in _release_batch(load, settings, batch):
                steps.append(step)
                if on_step:
                    on_step(step)
        released = tuple(step for step in steps if isinstance(step, Released))
        if released:
            record_load(load, [step.count for step in released], [], is_release=True)
    return Release(released, tuple(step for step in steps if isinstance(step, LeftRows)))


@contextmanager
def _opened(settings: Settings, *, is_trial: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = settings.warehouse_folder
    if not (folder / STORE_NAME).is_file():
        raise InputError("there is nothing to release: nothing was loaded", hint="clientlib load")
    with ExitStack() as opened:
        if is_trial:
            scratch = tempfile.TemporaryDirectory(prefix="clientlib-")
            folder = _copied(folder, Path(opened.enter_context(scratch)))
        else:
            opened.enter_context(writing(folder, "release"))
        connection = opened.enter_context(open_store(folder, settings.warehouse))
        opened.enter_context(all_or_nothing(connection))
        yield connection


def _copied(folder: Path, scratch: Path) -> Path:
    with writing(folder, "release"):
        copy_store(folder, scratch)
    return scratch


def _release_batch(load: Load, settings: Settings, batch: Batch) -> Iterator[Released | LeftRows]:
    try:
        target = _find_target(load, settings, batch)
    except InputError as error:
        yield _left(batch, batch.rows, _in_a_line(error))
        return
    if batch.is_line:
        left = restore_lines(load.connection, batch, target.mapping, target.headings)
        yield from (_left(batch, rows, reason) for reason, rows in sorted(left.items()))
        if left.total() == batch.rows:
            return
    else:
        restore_rows(load.connection, batch, target.headings)
    for number in target.numbers(batch):
        is_own = number == target.number
        name_entries(load.connection, batch, is_own=is_own)
        count = release_table(load.connection, target.arrival(load, batch, number))
        yield Released(count, count_reasons(load.connection, "bad_rows"))


def _left(batch: Batch, rows: int, reason: str) -> LeftRows:
    return LeftRows(batch.source, batch.file_name, batch.table, rows, reason)


def _in_a_line(error: ClientlibError) -> str:
    example = error.details["example"]
    return f"{error.what}: {example}" if example else error.what


def _find_target(load: Load, settings: Settings, batch: Batch) -> _Target:
    """Find the mapping by which the rows of a batch are judged now; say in an error why none."""
    if batch.source not in settings.sources:
        raise InputError(f"the source {batch.source!r} is no longer configured")
    if not batch.types:
        raise InputError("the headings of its file were not kept when it was loaded")
    source = settings.sources[batch.source]
    problems = [InputError(f"no mapping of the source {batch.source!r} reads this file any more")]
    for mapping in mappings_of(source, batch.file_name):
        try:
            return _fit(load, source, mapping, batch)
        except InputError as error:
            problems.append(error)
    raise problems[-1]


def _fit(load: Load, source: SourceSettings, mapping: FileMapping, batch: Batch) -> _Target:
    """Try a mapping on no rows, in a connection of its own: a failure ends the transaction."""
    if batch.is_line and mapping.file is None:
        raise InputError("it came from a database, which parts no lines")
    headings = canonical_headings(mapping, list(batch.types), batch.file_name)
    target = _Target(source, mapping, _place_of(mapping, batch), headings)
    columns = [f"{quoted(headings[name])} {kind}" for name, kind in batch.types.items()]
    with load.connection.cursor() as trial:
        trial.execute(f"create temp table source_rows (file_row bigint, {', '.join(columns)})")
        for number in target.numbers(batch):
            judge_rows(trial, target.arrival(load, batch, number))
    return target


def _place_of(mapping: FileMapping, batch: Batch) -> int:
    places = [n for n, table in enumerate(mapping.tables) if table.table == batch.table]
    if batch.mapping_number in places:
        return batch.mapping_number
    if len(places) == 1:
        return places[0]
    how = "elsewhere and more than once" if places else "no longer"
    raise InputError(f"the mapping {mapping.name!r} makes {batch.table} {how}")
