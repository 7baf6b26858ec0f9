"""Files that hold only what one reader may see of a snapshot."""

import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import duckdb
import pandas as pd

from clientlib.config import ReaderRule
from clientlib.errors import InputError
from clientlib.warehouse.cutting import Cut, Stored, reader_cuts, shared_cuts, tables_behind
from clientlib.warehouse.drafts import drafting
from clientlib.warehouse.layout import lay_out, read_tables
from clientlib.warehouse.names import literal
from clientlib.warehouse.readers import (
    Reader,
    check_rule,
    count_unassigned,
    find_readers,
    settle_readers,
)
from clientlib.warehouse.temporary import single_row

ALWAYS = ("marts.month_ends",)  # the days that a report can be asked for
BLOCK_SIZE = 16_384  # bytes; the smallest of DuckDB, since most tables of a reader are small


@dataclass(frozen=True)
class ReaderFile:
    """A file that was written for a reader.

    Attributes
    ----------
    path : Path
        The file.
    rows : dict of str to int
        Rows of the reader by table: ``raw.orders`` in all their versions, ``marts.clients``.
        Tables that every reader sees whole are left out.
    clients : tuple of str
        Keys of the reader's clients, under every key that a source gives them.
    clients_count : int
        Clients, entries of one counted once.
    """

    path: Path
    rows: dict[str, int]
    clients: tuple[str, ...]
    clients_count: int


class Editions:
    """The readers of one kind, and a file for each of them out of one snapshot.

    Opens the snapshot once and prepares once what all readers share, so that each file costs
    little. A context manager; not for several threads at a time.

    Parameters
    ----------
    snapshot : Path
        File of the snapshot; it is only read.
    kind : str
        Name of the kind of readers, such as ``manager``.
    rule : ReaderRule
        Who they are and what is cleared or withheld.
    as_of : date
        Day whose assignments hold, and by which a client must be known.
    members : DataFrame or Path, optional
        Rows of the issued table that the rule names, or its Parquet file.
    work_folder : Path, optional
        For a file that all editions start from; it exists when the first is written. By default
        the system's folder for temporary files.

    Attributes
    ----------
    readers : tuple of Reader
        By key; each has at least one client.
    unassigned_count : int
        Clients that no reader has.

    Raises
    ------
    ConfigError
        The rule names what there is not, or clears a table of single clients.
    InputError
        The snapshot lacks a table or is itself a reader's file, or the members do not fit.
    """

    def __init__(
        self,
        snapshot: Path,
        kind: str,
        rule: ReaderRule,
        *,
        as_of: date,
        members: pd.DataFrame | Path | None = None,
        work_folder: Path | None = None,
    ) -> None:
        check_rule(kind, rule)
        self._rule, self._as_of, self._work_folder = rule, as_of, work_folder
        self._shapes: dict[frozenset[str] | None, _Shape] = {}
        self._stack = ExitStack()
        with ExitStack() as opening:
            self._connection = opening.enter_context(_attached(snapshot))
            self._tables = read_tables(self._connection)
            settle_readers(self._connection, rule, as_of, members)
            self.readers = find_readers(self._connection, kind, rule)
            self._known = frozenset(self.readers)
            self.unassigned_count = count_unassigned(self._connection)
            self._stack = opening.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the snapshot and of what was prepared."""
        self._stack.close()

    def write(
        self, reader: Reader, target: Path, *, only: frozenset[str] | None = None
    ) -> ReaderFile:
        """Write the file of a reader; it stands there whole or not at all.

        Parameters
        ----------
        reader : Reader
            One of ``readers``.
        target : Path
            The file; one that is there is replaced.
        only : frozenset of str, optional
            Tables that will be read, as ``marts.client_orders``: the file holds these and what
            they are made of, and no other table is there. Without it the file holds all.

        Returns
        -------
        ReaderFile
            What is in it.

        Raises
        ------
        InputError
            It is none of the readers.
        """
        if reader not in self._known:
            raise InputError(
                f"there is no {reader.kind} {reader.key!r} with {reader.clients_count} clients",
                rows=f"{len(self.readers)} readers as of {self._as_of}",
                hint="take the readers from this list",
            )
        clients = self._name_reader(reader)
        shape = self._shape(only)
        with drafting(target) as draft:
            shutil.copyfile(shape.template, draft)
            with _editing(self._connection, draft):
                rows = dict(_filled(self._connection, shape.cuts))
                self._write_reader(reader)
        return ReaderFile(target, rows, clients, reader.clients_count)

    def _name_reader(self, reader: Reader) -> tuple[str, ...]:
        # Said directly: asking first what stands there would take a quarter of the time of a file.
        self._connection.execute(
            "create or replace temp table reader as select $key as key", {"key": reader.key}
        )
        self._connection.execute(
            """create or replace temp table mine as
            select entry_id from temp.entries inner join temp.holders using (client_id)
            where reader_key = (select key from temp.reader)"""
        )
        rows = self._connection.execute("select entry_id from temp.mine order by 1").fetchall()
        return tuple(entry for (entry,) in rows)

    def _write_reader(self, reader: Reader) -> None:
        self._connection.execute(
            "insert into about.reader values (?, ?, ?, ?, ?)",
            [reader.kind, reader.key, reader.title, reader.clients_count, self._as_of],
        )

    def _shape(self, only: frozenset[str] | None) -> "_Shape":
        """Prepare what files of the same tables share: once, however many readers there are."""
        if only not in self._shapes:
            tables = self._tables
            if only is not None:
                tables = tables_behind([*only, *ALWAYS], tables, self._rule)
            self._shapes[only] = _Shape(
                self._lay_out(tables), tuple(reader_cuts(tables, self._rule))
            )
        return self._shapes[only]

    def _lay_out(self, tables: Mapping[str, Stored]) -> Path:
        """Make the file that editions start from: the tables, and the rows shown to all."""
        folder = self._stack.enter_context(
            TemporaryDirectory(prefix="clientlib-editions-", dir=self._work_folder)
        )
        template = Path(folder) / "template.duckdb"
        with _editing(self._connection, template):
            lay_out(self._connection, tables, self._rule)
            for _ in _filled(self._connection, shared_cuts(tables, self._rule)):
                pass
        return template


@dataclass(frozen=True)
class _Shape:
    """What files of the same tables share: the file they start from, and what fills it."""

    template: Path
    cuts: tuple[Cut, ...]


@contextmanager
def _attached(snapshot: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if not snapshot.is_file():
        raise InputError(f"there is no snapshot {snapshot.name}", hint="clientlib build makes one")
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,  # editions are small and many: one more process is worth more than a thread
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=config) as connection:
        # A commit writes into the file at once, not into a log first.
        connection.execute("set checkpoint_threshold = '1KB'")
        connection.execute(f"attach {literal(str(snapshot))} as snapshot (read_only)")
        yield connection


@contextmanager
def _editing(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Make a file the one that statements write to, in one transaction, and close it whole."""
    connection.execute(f"attach {literal(str(path))} as edition (block_size {BLOCK_SIZE})")
    connection.execute("use edition")
    try:
        connection.begin()
        yield
        connection.commit()
        connection.execute("checkpoint")
    except BaseException:
        with suppress(duckdb.Error):
            connection.rollback()
        raise
    finally:
        connection.execute("use memory")
        connection.execute("detach edition")


def _filled(
    connection: duckdb.DuckDBPyConnection, cuts: Collection[Cut] | Iterator[Cut]
) -> Iterator[tuple[str, int]]:
    for cut in cuts:
        (count,) = single_row(connection, cut.statement)
        if count:
            yield cut.name, int(count)
