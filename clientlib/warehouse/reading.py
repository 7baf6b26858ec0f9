"""Reading a snapshot: as of a day, and never writing."""

import os
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pandas as pd

from clientlib.config import WarehouseSettings
from clientlib.errors import InputError, nearest
from clientlib.warehouse.about import read_about
from clientlib.warehouse.hindsight import compare_panels, panel_contract, remake_panel
from clientlib.warehouse.names import qualified
from clientlib.warehouse.profile import Profile, profile_tables
from clientlib.warehouse.quality import Finding, check_snapshot
from clientlib.warehouse.reasons import COUNT_REASONS, in_words
from clientlib.warehouse.selecting import (
    as_day,
    columns_of,
    order_of,
    seen_by,
    select_columns,
    with_plain_types,
)
from clientlib.warehouse.snapshots import check_only_file
from clientlib.warehouse.store import connect

THREADS_VARIABLE = "CLIENTLIB_THREADS"  # set where several processes share the machine


class Warehouse:
    """A snapshot, open for reading.

    Parameters
    ----------
    path : Path
        File of the snapshot.

    Attributes
    ----------
    path : Path
        The file that is read; a later build does not change it.
    about : About
        What the snapshot says of itself.

    Raises
    ------
    InputError
        It is no snapshot, or an edition may open another file only.
    """

    def __init__(self, path: Path) -> None:
        check_only_file(path)
        self.path = path
        threads = os.environ.get(THREADS_VARIABLE)
        settings = WarehouseSettings(threads=int(threads) if threads else None)
        self._connection = connect(path, settings, read_only=True)
        self.about = read_about(self._connection, path.name)

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
        """Let go of the file."""
        self._connection.close()

    @property
    def currency(self) -> str:
        """The one currency that all money is in, such as ``EUR``."""
        return self.about.currency

    def tables(self) -> dict[str, int]:
        """Count the rows of every table.

        Returns
        -------
        dict of str to int
            By ``schema.table``, in alphabetical order.
        """
        return {name: self._count(name) for name in self._names("about", "marts", "staging")}

    def list_tables(self) -> list[str]:
        """List the tables that analyses read, without counting their rows.

        Returns
        -------
        list of str
            ``schema.table``, in alphabetical order.
        """
        return self._names("marts", "staging")

    def list_columns(self, table: str) -> list[str]:
        """List the columns of a table.

        Parameters
        ----------
        table : str
            Name such as ``marts.client_orders``.

        Returns
        -------
        list of str
            In the table's own order.

        Raises
        ------
        InputError
            There is no such table.
        """
        self._check_name(table)
        return columns_of(self._connection, table)

    def month_ends(self) -> list[tuple[date, bool]]:
        """List the days that a report can be made as of.

        Returns
        -------
        list of (date, bool)
            Month ends, oldest first, and whether the month is closed.
        """
        return self._connection.execute(
            "select month_end, is_closed from marts.month_ends order by month_end"
        ).fetchall()

    def read(
        self,
        table: str,
        *,
        as_of: date | str | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Read a table as it stood on a day.

        A dated table gives only rows that had happened and were known by then, and of rows that
        were corrected later the version believed then. Tables without dates (names of clients
        and products) come as they are now.

        Parameters
        ----------
        table : str
            Name such as ``marts.client_orders``.
        as_of : date or str, optional
            Day as ``2025-06-30``; without it what is believed now.
        columns : sequence of str, optional
            The columns that are read, in this order; without it all of them.

        Returns
        -------
        DataFrame
            In the table's own order, a view in that of its keys; dates as datetime64, money and
            shares as float.

        Raises
        ------
        InputError
            There is no such table or column, or ``as_of`` is no day.
        """
        self._check_name(table)
        condition, parameters = seen_by(self._connection, table, as_day(as_of))
        selected = select_columns(self._connection, table, columns)
        frame = self._connection.execute(
            f"select {selected} from {qualified(table)}{condition}{order_of(table)}", parameters
        ).df()
        return with_plain_types(frame)

    def has_rows(self, table: str, *, as_of: date | str | None = None) -> bool:
        """Tell whether a table has any row that ``read`` would give.

        Parameters
        ----------
        table : str
            Name such as ``marts.client_orders``.
        as_of : date or str, optional
            Day as ``2025-06-30``; without it what is believed now.

        Returns
        -------
        bool
            True from one row on.
        """
        self._check_name(table)
        condition, parameters = seen_by(self._connection, table, as_day(as_of))
        found = self._connection.execute(
            f"select 1 from {qualified(table)}{condition} limit 1", parameters
        ).fetchone()
        return found is not None

    def remake(
        self, table: str, *, month_end: date | str, known_by: date | str | None = None
    ) -> pd.DataFrame:
        """Make a panel's rows of a month end again, from what was known on a day.

        Parameters
        ----------
        table : str
            A panel such as ``marts.client_orders``.
        month_end : date or str
            A month end of the snapshot.
        known_by : date or str, optional
            Day whose knowledge is used; without it what is believed now.

        Returns
        -------
        DataFrame
            Its rows of that month end.

        Raises
        ------
        InputError
            It is no panel, one of the days is none, or the rows behind it are other readers'.
        """
        day = as_day(month_end) or date.max
        frame = remake_panel(self.path, table, month_end=day, known_by=as_day(known_by))
        return with_plain_types(frame)

    def changes(
        self, table: str, *, month_end: date | str, known_by: date | str | None = None
    ) -> pd.DataFrame:
        """Tell what changed in a panel's rows of a month end since a day, by later knowledge.

        Parameters
        ----------
        table : str
            A panel such as ``marts.client_orders``.
        month_end : date or str
            A month end of the snapshot.
        known_by : date or str, optional
            Since which day; without it since the month end itself.

        Returns
        -------
        DataFrame
            One row per key and column that differs: ``known_then``, ``known_now``, ``difference``.

        Raises
        ------
        InputError
            It is no panel, or one of the days is none.
        """
        then = self.remake(table, month_end=month_end, known_by=known_by or month_end)
        now = self.remake(table, month_end=month_end)
        return compare_panels(panel_contract(table), then, now)

    def query(self, sql: str) -> pd.DataFrame:
        """Answer a query of an analyst's own; nothing can be written.

        Parameters
        ----------
        sql : str
            A ``select`` over staging and marts.

        Returns
        -------
        DataFrame
            The answer, with the types that ``read`` gives.

        Raises
        ------
        InputError
            It is no SQL, names what there is not, or would write or read a file.
        """
        try:
            return with_plain_types(self._connection.execute(sql).df())
        except duckdb.Error as error:
            raise InputError(
                "the query cannot be answered",
                example=str(error).splitlines()[0],
                hint="a snapshot answers a select over staging and marts; nothing can be written",
            ) from error

    def check(self) -> list[Finding]:
        """Hold every table to its contract, and look for orphans.

        Returns
        -------
        list of Finding
            Broken contracts first, then warnings.
        """
        return check_snapshot(self._connection)

    def profile(self, *, as_of: date | str) -> Profile:
        """Count what a report on the quality of the data rests on; one pass over each table.

        Parameters
        ----------
        as_of : date or str
            Last day whose facts are counted by day. Blanks, keys and orphans are those of the
            rows believed now.

        Returns
        -------
        Profile
            Four tables of counts.

        Raises
        ------
        InputError
            ``as_of`` is no day.
        """
        day = as_day(as_of) or date.max
        return profile_tables(self._connection, day)

    def is_dated(self, table: str) -> bool:
        """Tell whether a table can be read as of a day.

        Parameters
        ----------
        table : str
            Such as ``marts.client_orders``.

        Returns
        -------
        bool
            False where every day gives the same rows, as in ``staging`` and for clients' names.
        """
        query = "select 1 from about.dated_tables where name = ?"
        return self._connection.execute(query, [table]).fetchone() is not None

    def quarantine(self, count: int) -> list[dict[str, Any]]:
        """Read rows in quarantine, each with all its reasons.

        Parameters
        ----------
        count : int
            At most so many rows.

        Returns
        -------
        list of dict
            Table, file, row, reasons in words, the row as the source has it.
        """
        rows = self._connection.execute(
            """select table_name, source_file, source_row, reasons, source_text
            from about.quarantine order by table_name, source_file, source_row limit ?""",
            [count],
        ).fetchall()
        return [
            {"table": table, "file": file, "row": row, "reasons": in_words(reasons), "text": text}
            for table, file, row, reasons, text in rows
        ]

    def quarantine_counts(self) -> list[dict[str, Any]]:
        """Count the rows in quarantine by table and reason.

        Returns
        -------
        list of dict
            Table, reason, rows; a row with two reasons counts under both.
        """
        rows = self._connection.execute(COUNT_REASONS).fetchall()
        return [{"table": table, "reason": reason, "rows": count} for table, reason, count in rows]

    def last_load(self) -> datetime | None:
        """Tell when the newest rows of the snapshot were loaded.

        Returns
        -------
        datetime or None
            UTC, without a zone.
        """
        row = self._connection.execute("select max(loaded_at) from about.loads").fetchone()
        return row[0] if row else None

    def _check_name(self, table: str) -> None:
        known = self._names("about", "marts", "staging", "raw")
        if table not in known:
            near = nearest(table, known)
            raise InputError(
                f"there is no table {table!r} in snapshot {self.about.build_id}",
                hint=f"did you mean {near!r}?" if near else "clientlib show lists them",
            )

    def _names(self, *schemas: str) -> list[str]:
        return [name for name in self._all_names if name.partition(".")[0] in schemas]

    @cached_property
    def _all_names(self) -> list[str]:
        """The tables and views of the file, which does not change, in alphabetical order."""
        rows = self._connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables order by 1"
        ).fetchall()
        return [name for (name,) in rows]

    def _count(self, table: str) -> int:
        row = self._connection.execute(f"select count(*) from {qualified(table)}").fetchone()
        return int(row[0]) if row else 0
