"""Tables as a notebook's output: raw values for pages and decks, safe HTML for JupyterLab."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from clientlib.errors import InputError
from clientlib.figures.cells import NUMERIC_KINDS, Cell, Value, make_cell, suit_bars
from clientlib.figures.checks import check_columns, check_ends, check_numbers
from clientlib.figures.columns import Column, infer_column
from clientlib.figures.displays import write_html, write_plain
from clientlib.figures.numbers import choose_decimals, is_missing
from clientlib.figures.wording import clean, show_name
from clientlib.language import tell, translate

TABLE_MIME = "application/vnd.clientlib.table+json"


@dataclass(frozen=True)
class Table:
    """A table as it is shown: columns with their kinds, rows as raw values.

    Parameters
    ----------
    caption : str
        What the table shows; may be empty.
    columns : tuple of (str, Column)
        Each column's name in the frame and how it is shown. Ends of intervals are among them:
        they are read in the cells of their column, and stand in columns of their own only where
        the data are taken away.
    rows : tuple of tuples
        Text as str, numbers as int or float (shares from 0 to 1), days as ISO text, null as None.
    rows_total : int
        How many rows there were before the table was cut.
    none : str
        What it means that there are no rows; empty where that is for want of data.
    """

    caption: str
    columns: tuple[tuple[str, Column], ...]
    rows: tuple[tuple[Value, ...], ...]
    rows_total: int
    none: str = ""

    @property
    def note(self) -> str:
        """What the reader must know of the rows left out, or that there are none."""
        if not self.rows and not self.rows_total:
            return self.none or translate("Not enough data: there are no rows to show.")
        if len(self.rows) < self.rows_total:
            return tell(
                "First {shown:count} of {total:count} rows.",
                shown=len(self.rows),
                total=self.rows_total,
            )
        return ""

    def as_json(self) -> dict[str, Any]:
        """Write the table for a notebook's output.

        Returns
        -------
        dict
            caption, columns (name, and what ``Column.as_json`` writes), rows, rows_total, none
            and note.
        """
        return {
            "caption": self.caption,
            "columns": [column.as_json(name) for name, column in self.columns],
            "rows": [list(row) for row in self.rows],
            "rows_total": self.rows_total,
            "none": self.none,
            "note": self.note,
        }

    @property
    def shown_columns(self) -> tuple[tuple[str, Column], ...]:
        """The columns that a reader sees: all but the ends of intervals."""
        return tuple((name, column) for name, column in self.columns if not column.is_end)

    def read_cells(self) -> list[list[Cell]]:
        """Write each cell of the columns that a reader sees, with what stands behind it.

        Returns
        -------
        list of list of Cell
            As many rows as the table has, and as many columns as are shown.
        """
        places = {name: place for place, (name, _) in enumerate(self.columns)}
        shown = [(column, _places_of(name, column, places)) for name, column in self.shown_columns]
        return [
            [make_cell(row[at[0]], column, *(row[k] for k in at[1:])) for column, at in shown]
            for row in self.rows
        ]

    def show_rows(self) -> list[list[str]]:
        """Write each cell as a reader sees it.

        Returns
        -------
        list of list of str
            As many rows as the table has, and as many columns as are shown.
        """
        return [[cell.text for cell in row] for row in self.read_cells()]

    def find_bars(self) -> list[bool]:
        """Tell in which of the shown columns bars may stand in the cells.

        Returns
        -------
        list of bool
            One for each column that a reader sees.
        """
        columns = [(k, column) for k, (_, column) in enumerate(self.columns) if not column.is_end]
        return [suit_bars(column, (row[k] for row in self.rows)) for k, column in columns]

    def keep_columns(self, count: int) -> "Table":
        """Keep the first of the columns that a reader sees, and the ends of their intervals.

        Parameters
        ----------
        count : int
            How many.

        Returns
        -------
        Table
            With all rows.
        """
        shown = self.shown_columns[:count]
        own = {name for name, _ in shown}
        named = own.union(*((column.low, column.high) for _, column in shown))
        kept = [k for k, (name, _) in enumerate(self.columns) if name in named]
        columns = [self.columns[k] for k in kept]
        return replace(
            self,
            columns=tuple((name, replace(c, is_end=name not in own)) for name, c in columns),
            rows=tuple(tuple(row[k] for k in kept) for row in self.rows),
        )

    def out_of(self, total: int) -> "Table":
        """Say of how many rows these are the first, where more were left out before.

        Parameters
        ----------
        total : int
            Rows that there were.

        Returns
        -------
        Table
            The same rows.
        """
        return replace(self, rows_total=total)

    def spread_ends(self) -> "Table":
        """Give the ends of intervals columns of their own, as where the data are taken away.

        Returns
        -------
        Table
            All of its columns are shown, each with its own values only.
        """
        alone = [(name, replace(c, low="", high="", is_end=False)) for name, c in self.columns]
        return replace(self, columns=tuple(alone))

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        cells = self.read_cells()
        columns = [column for _, column in self.shown_columns]
        texts = [[cell.text for cell in row] for row in cells]
        return {
            TABLE_MIME: self.as_json(),
            "text/html": write_html(self.caption, columns, cells, self.find_bars(), self.note),
            "text/plain": write_plain(self.caption, columns, texts, self.rows_total, self.note),
        }


def show_table(
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, str | Column] | None = None,
    caption: str = "",
    limit: int = 200,
    none: str = "",
) -> Table:
    """Show a frame as a table that a reader can sort and take away.

    Parameters
    ----------
    frame : DataFrame
        One row per thing shown, in the order shown.
    columns : mapping of str to str or Column, optional
        The columns shown, in order, each with its heading or its kind (``figures.percent``,
        ``money``, ``number``, ``count``, ``date``, ``text``, ``words``). Without, all of them.
        A kind that names ``low`` and ``high`` reads ``34% (30–39%)``; what is taken away, as CSV
        or in a workbook, has the two ends in columns of their own.
    caption : str
        What the table shows. It and the headings are translated where the catalogue knows them.
    limit : int, in rows
        At most so many rows are shown; the table says how many there were.
    none : str
        What it means that there are no rows, such as ``No deal is open.``, translated as the
        caption is. Without, the table says that there is not enough data.

    Returns
    -------
    Table
        Displayed by JupyterLab and by the report pages.

    Raises
    ------
    InputError
        A column is missing, holds no numbers where numbers are asked for, or an interval ends
        before it begins.
    """
    chosen = dict.fromkeys(map(str, getattr(frame, "columns", ()))) if columns is None else columns
    check_columns(frame, chosen, drawn_by="show_table")
    shown = frame.head(limit)
    kept = [each for name in chosen for each in _read_columns(shown, name, chosen)]
    values = [_read_values(shown[name], column) for name, column in kept]
    rows = tuple(zip(*values, strict=True)) if values else ()
    shown_columns = tuple((name, _as_shown(column)) for name, column in kept)
    return Table(clean(translate(caption)), shown_columns, rows, len(frame), clean(translate(none)))


def table_from_json(bundle: Mapping[str, Any]) -> Table:
    """Read a table back from a notebook's output.

    Parameters
    ----------
    bundle : mapping
        What ``Table.as_json`` wrote.

    Returns
    -------
    Table
        The same table, its text cleaned once more.

    Raises
    ------
    InputError
        The output does not hold a table.
    """
    try:
        kept = [(str(c["name"]), _column_from_json(c)) for c in bundle["columns"]]
        _check_intervals(kept)
        rows = [
            tuple(_trust_value(v, c) for v, (_, c) in zip(row, kept, strict=True))
            for row in bundle["rows"]
        ]
        caption, none = clean(bundle["caption"]), clean(bundle.get("none", ""))
        return Table(caption, tuple(kept), tuple(rows), int(bundle["rows_total"]), none)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("an output of a notebook is not a table", example=repr(error)) from error


def _places_of(name: str, column: Column, places: Mapping[str, int]) -> list[int]:
    return [places[each] for each in (name, column.low, column.high) if each]


def _read_columns(
    frame: pd.DataFrame, name: str, chosen: Mapping[str, str | Column | None]
) -> Iterator[tuple[str, Column]]:
    """Read a column, and after it the ends of its interval unless they are chosen themselves."""
    column = _read_column(frame, name, chosen[name])
    yield name, column
    if not column.low:
        return
    ends = [column.low, column.high]
    check_columns(frame, ends, drawn_by="show_table")
    check_numbers(frame, ends, drawn_by="show_table")
    check_ends(frame[ends].astype("float64"), *ends, drawn_by="show_table")
    yield from (each for each in _make_ends(column) if each[0] not in chosen)


def _make_ends(column: Column) -> list[tuple[str, Column]]:
    end = replace(column, low="", high="", is_end=True)
    return [
        (column.low, replace(end, label=tell("{heading}: from", heading=column.label))),
        (column.high, replace(end, label=tell("{heading}: to", heading=column.label))),
    ]


def _read_column(frame: pd.DataFrame, name: str, asked: str | Column | None) -> Column:
    column = asked if isinstance(asked, Column) else infer_column(frame[name], name, asked)
    column = replace(column, label=clean(column.label), unit=clean(translate(column.unit)))
    if column.kind not in NUMERIC_KINDS:
        return column
    check_numbers(frame, [name], drawn_by="show_table")
    return replace(column, decimals=_settle_decimals(column, _read_values(frame[name], column)))


def _as_shown(column: Column) -> Column:
    return replace(column, kind="text") if column.kind == "words" else column


def _settle_decimals(column: Column, values: Sequence[Any]) -> int:
    if column.decimals is not None:
        return column.decimals
    if column.kind == "count":
        return 0
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if column.kind == "percent":
        return 0 if largest >= 0.1 else 1
    if column.kind == "money":
        return 0 if largest >= 1000 else min(2, choose_decimals(values) * 2)
    return choose_decimals(values)


def _read_values(values: pd.Series, column: Column) -> list[Value]:
    if column.kind == "date":
        days = pd.to_datetime(values)
        return [None if is_missing(day) else day.date().isoformat() for day in days]
    if column.kind == "words":
        return [None if is_missing(value) else show_name(value, words=True) for value in values]
    if column.kind == "text":
        return [None if is_missing(value) else _read_text(value) for value in values]
    whole = column.kind == "count"
    return [None if is_missing(v) else round(float(v)) if whole else float(v) for v in values]


def _read_text(value: object) -> str:
    if value is True or value is False:
        return translate("yes") if value else translate("no")
    return show_name(value)


def _column_from_json(bundle: Mapping[str, Any]) -> Column:
    decimals = bundle["decimals"]
    settled = None if decimals is None else max(0, min(int(decimals), 12))
    return Column(
        clean(bundle["label"]),
        str(bundle["kind"]),
        clean(bundle["unit"]),
        settled,
        low=str(bundle.get("low", "")),
        high=str(bundle.get("high", "")),
        is_end=bundle.get("is_end") is True,
    )


def _check_intervals(columns: Sequence[tuple[str, Column]]) -> None:
    known = {name for name, column in columns if column.kind in NUMERIC_KINDS}
    for _, column in columns:
        if column.low and not known >= {column.low, column.high}:
            raise ValueError(f"{column.label!r} has an interval without columns")


def _trust_value(value: object, column: Column) -> Value:
    if value is None or is_missing(value):
        return None
    if column.kind not in NUMERIC_KINDS:
        return clean(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no number")
    return value
