"""A load that is only tried: what would become of each file, without a trace in the warehouse."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from clientlib.config import Settings, TableMapping
from clientlib.warehouse.arrivals import LoadCount
from clientlib.warehouse.contracts import canonical
from clientlib.warehouse.load import files_to_load, load_file, start_load
from clientlib.warehouse.mapping import KNOWN_ON
from clientlib.warehouse.names import literal, quoted
from clientlib.warehouse.reasons import ReasonCount, count_reasons
from clientlib.warehouse.store import open_store

SHOWN_ROWS = 5
WOULD_BE_BAD = "(select source_row as file_row, reasons from raw.quarantine)"


@dataclass(frozen=True)
class MappedFrom:
    """Where a canonical column would come from: a heading, an expression or a constant."""

    column: str
    type: str
    source: str


@dataclass(frozen=True)
class Preview:
    """What would become of the rows of one file in one canonical table.

    Attributes
    ----------
    count : LoadCount
        As a first load of this file alone would count it.
    mapping : tuple of MappedFrom
        The mapped columns, in the order of the table.
    not_mapped : tuple of str
        Columns of the table that would stay empty.
    rows : list of dict
        The first rows as they would be stored.
    reasons : tuple of ReasonCount
        Why rows would go to quarantine, most frequent first; a row may have several.
    """

    count: LoadCount
    mapping: tuple[MappedFrom, ...]
    not_mapped: tuple[str, ...]
    rows: list[dict[str, Any]]
    reasons: tuple[ReasonCount, ...]


def preview_sources(
    settings: Settings,
    *,
    now: datetime,
    shown_rows: int = SHOWN_ROWS,
    on_preview: Callable[[Preview], None] | None = None,
) -> list[Preview]:
    """Try a load of every source, in a store that is thrown away.

    The warehouse is neither opened nor locked, so a load may run at the same time, and there
    need be none yet. Each file is judged by itself: rows that the warehouse knows already
    count as new here.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    now : datetime
        Time of the trial, UTC.
    shown_rows : int
        First rows to show of each file and table.
    on_preview : callable, optional
        Called with each preview as it is done.

    Returns
    -------
    list of Preview
        Per file and table.

    Raises
    ------
    ClientlibError
        What would end the load: a file is missing or broken, or the mapping is wrong.
    """
    previews = []
    with (
        files_to_load(settings) as todo,
        tempfile.TemporaryDirectory(prefix="clientlib-") as scratch,
        open_store(Path(scratch), settings.warehouse) as connection,
    ):
        load = start_load(connection, now, Path(scratch))
        for item in todo:
            for table, count in zip(item.tables, load_file(load, item), strict=True):
                previews.append(_preview(connection, table, count, shown_rows))
                if on_preview:
                    on_preview(previews[-1])
    return previews


def _preview(
    connection: duckdb.DuckDBPyConnection, table: TableMapping, count: LoadCount, shown_rows: int
) -> Preview:
    """Read what a file left in the empty store, and empty it for the next."""
    mapping = _mapping(table)
    mapped = {entry.column for entry in mapping}
    preview = Preview(
        count=count,
        mapping=mapping,
        not_mapped=tuple(n for n in canonical(table.table).column_names if n not in mapped),
        rows=_first_rows(connection, table.table, [entry.column for entry in mapping], shown_rows),
        reasons=count_reasons(connection, WOULD_BE_BAD),
    )
    connection.execute(f"delete from raw.{table.table}; delete from raw.quarantine")
    return preview


def _mapping(table: TableMapping) -> tuple[MappedFrom, ...]:
    constants = {name: literal(value) for name, value in table.constants.items()}
    given = {**table.columns, **constants}
    return tuple(
        MappedFrom(
            column.name, f"{column.type}{'' if column.is_required else '?'}", given[column.name]
        )
        for column in (*canonical(table.table).columns, KNOWN_ON)
        if column.name in given
    )


def _first_rows(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], shown_rows: int
) -> list[dict[str, Any]]:
    names = [*columns, *([] if KNOWN_ON.name in columns else [KNOWN_ON.name])]
    listed = ", ".join(quoted(name) for name in names)
    rows = connection.execute(
        f"select {listed} from raw.{table} order by source_row limit ?", [shown_rows]
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]
