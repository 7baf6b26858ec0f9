"""Tables as a notebook's output: raw values for pages and decks, safe HTML for JupyterLab."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd

from clientlib.errors import InputError
from clientlib.figures.checks import check_columns, check_numbers
from clientlib.figures.columns import Column, infer_column
from clientlib.figures.numbers import choose_decimals, is_missing
from clientlib.figures.wording import clean, show_name
from clientlib.language import show_number, tell, translate
from clientlib.language.numbers import UNKNOWN, percent_sign

TABLE_MIME = "application/vnd.clientlib.table+json"
NUMERIC_KINDS = ("count", "number", "money", "percent")

Value = str | int | float | None


@dataclass(frozen=True)
class Table:
    """A table as it is shown: columns with their kinds, rows as raw values.

    Parameters
    ----------
    caption : str
        What the table shows; may be empty.
    columns : tuple of (str, Column)
        Each column's name in the frame and how it is shown.
    rows : tuple of tuples
        Text as str, numbers as int or float (shares from 0 to 1), days as ISO text, null as None.
    rows_total : int
        How many rows there were before the table was cut.
    """

    caption: str
    columns: tuple[tuple[str, Column], ...]
    rows: tuple[tuple[Value, ...], ...]
    rows_total: int

    @property
    def note(self) -> str:
        """What the reader must know of the rows left out, or that there are none."""
        if not self.rows:
            return translate("Not enough data: there are no rows to show.")
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
            caption, columns (name, label, kind, unit, decimals), rows, rows_total, note.
        """
        return {
            "caption": self.caption,
            "columns": [column.as_json(name) for name, column in self.columns],
            "rows": [list(row) for row in self.rows],
            "rows_total": self.rows_total,
            "note": self.note,
        }

    def show_rows(self) -> list[list[str]]:
        """Write each cell as a reader sees it.

        Returns
        -------
        list of list of str
            As many rows and columns as the table has.
        """
        return [
            [show_cell(v, c) for v, (_, c) in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {
            TABLE_MIME: self.as_json(),
            "text/html": _write_html(self),
            "text/plain": _write_plain(self),
        }


def show_table(
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, str | Column] | None = None,
    caption: str = "",
    limit: int = 200,
) -> Table:
    """Show a frame as a table that a reader can sort and take away.

    Parameters
    ----------
    frame : DataFrame
        One row per thing shown, in the order shown.
    columns : mapping of str to str or Column, optional
        The columns shown, in order, each with its heading or its kind (``figures.percent``,
        ``money``, ``number``, ``count``, ``date``, ``text``, ``words``). Without, all of them.
    caption : str
        What the table shows. It and the headings are translated where the catalogue knows them.
    limit : int, in rows
        At most so many rows are shown; the table says how many there were.

    Returns
    -------
    Table
        Displayed by JupyterLab and by the report pages.

    Raises
    ------
    InputError
        A column is missing, or holds no numbers where numbers are asked for.
    """
    chosen = dict.fromkeys(map(str, getattr(frame, "columns", ()))) if columns is None else columns
    check_columns(frame, chosen, drawn_by="show_table")
    shown = frame.head(limit)
    kept = [(name, _read_column(shown, name, chosen[name])) for name in chosen]
    values = [_read_values(shown[name], column) for name, column in kept]
    rows = tuple(zip(*values, strict=True)) if values else ()
    shown_columns = tuple((name, _as_shown(column)) for name, column in kept)
    return Table(clean(translate(caption)), shown_columns, rows, len(frame))


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
        rows = [
            tuple(_trust_value(v, c) for v, (_, c) in zip(row, kept, strict=True))
            for row in bundle["rows"]
        ]
        return Table(clean(bundle["caption"]), tuple(kept), tuple(rows), int(bundle["rows_total"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("an output of a notebook is not a table", example=repr(error)) from error


def show_cell(value: Value, column: Column) -> str:
    """Write one raw value as a reader sees it.

    Parameters
    ----------
    value : str, int, float or None
        The raw value.
    column : Column
        Its kind and decimals.

    Returns
    -------
    str
        An en dash for a missing value; the unit stands in the heading.
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return value
    if column.kind == "percent":
        return show_number(value * 100, column.decimals or 0) + percent_sign()
    return show_number(value, column.decimals or 0)


def show_heading(column: Column) -> str:
    """Write a column's heading with its unit.

    Parameters
    ----------
    column : Column
        The column.

    Returns
    -------
    str
        ``Revenue, EUR``.
    """
    return f"{column.label}, {column.unit}" if column.unit else column.label


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
    return Column(clean(bundle["label"]), str(bundle["kind"]), clean(bundle["unit"]), settled)


def _trust_value(value: object, column: Column) -> Value:
    if value is None or is_missing(value):
        return None
    if column.kind not in NUMERIC_KINDS:
        return clean(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no number")
    return value


def _write_html(table: Table) -> str:
    aligned = ["right" if c.kind in NUMERIC_KINDS else "left" for _, c in table.columns]
    heads = "".join(
        f'<th style="text-align:{side}">{escape(show_heading(column))}</th>'
        for side, (_, column) in zip(aligned, table.columns, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="text-align:{side}">{escape(cell)}</td>'
            for side, cell in zip(aligned, row, strict=True)
        )
        + "</tr>"
        for row in table.show_rows()
    )
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{note}"


def _write_plain(table: Table) -> str:
    heads = [show_heading(column) for _, column in table.columns]
    lines = [heads, *table.show_rows()[:10]]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    body = [
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    left = table.rows_total - 10
    more = [tell("… {count:count} more rows", count=left)] if left > 0 else []
    return "\n".join([table.caption, *body, *more, table.note]).strip()
