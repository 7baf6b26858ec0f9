"""The data behind a report as one workbook: a sheet per table and chart, text never obeyed."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from clientlib.figures import Table
from clientlib.figures.columns import Column
from clientlib.figures.tables import NUMERIC_KINDS, Value, show_heading
from clientlib.figures.wording import clean
from clientlib.language import translate
from clientlib.reports.assets import write_whole
from clientlib.reports.documents import Chart, Document
from clientlib.reports.documents.provenance import list_provenance
from clientlib.reports.widths import weigh_columns

MOST_TEXT = 32_767  # characters in a cell
SHEET_NAME = 31  # characters
HEAD_ROW = 3
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in names of sheets
DAY_FORMAT = "yyyy-mm-dd"


def write_workbook(document: Document, path: Path) -> Path:
    """Write every table and every chart's numbers of a report.

    Parameters
    ----------
    document : Document
        Of a run that was done.
    path : Path
        Where to; usually ``reports/<as-of>/<report>/<edition>.xlsx``.

    Returns
    -------
    Path
        The same path. Numbers are kept in full, shares as shares; the same document gives the
        same bytes.
    """
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        run = document.run
        book.set_properties(
            {"title": clean(run.title), "author": "clientlib", "created": run.started_at}
        )
        tables = list(_list_tables(document))
        _write_contents(book, document, [caption for caption, _ in tables])
        for number, (caption, table) in enumerate(tables, start=1):
            _write_sheet(book, name_sheet(number, caption), caption, table)
    return write_whole(path, content.getvalue())


def name_sheet(number: int, caption: str) -> str:
    """Name a sheet so that every program takes it.

    Parameters
    ----------
    number : int
        Its place, which keeps names apart.
    caption : str
        What it holds.

    Returns
    -------
    str
        At most 31 characters, without the signs that names of sheets must not have.
    """
    words = _FORBIDDEN.sub(" ", clean(caption))
    return f"{number} {' '.join(words.split())}"[:SHEET_NAME].strip()


def _list_tables(document: Document) -> Iterator[tuple[str, Table]]:
    for item in document.items:
        part = item.part
        if isinstance(part, Table):
            yield part.caption or translate("Table"), part
        elif isinstance(part, Chart) and part.description:
            yield part.title, part.description.table


def _write_contents(book: Any, document: Document, captions: list[str]) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(translate("Contents"))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    run = document.run
    rows: list[tuple[str, object]] = [
        (clean(run.title), clean(run.question)),
        ("", " · ".join(list_provenance(run))),
        *((clean(name), clean(value)) for name, value in run.parameters.items()),
        ("", ""),
        *((name, value) for name, value in run.key_figures.items()),
        ("", ""),
        *((name_sheet(k, caption), caption) for k, caption in enumerate(captions, start=1)),
    ]
    for row, (name, value) in enumerate(rows):
        sheet.write_string(row, 0, name)
        _write_plain(sheet, row, 1, value)


def _write_plain(sheet: Any, row: int, column: int, value: object) -> None:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float):
        sheet.write_string(row, column, "" if value is None else clean(value)[:MOST_TEXT])
    else:
        sheet.write_number(row, column, value)


def _write_sheet(book: Any, name: str, caption: str, table: Table) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, caption[:MOST_TEXT], book.add_format({"bold": True}))
    sheet.write_string(1, 0, table.note)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    widths = weigh_columns(table)
    for k, (_, column) in enumerate(table.columns):
        form = book.add_format({"num_format": _number_format(column)})
        sheet.set_column(k, k, widths[k] + 2)
        sheet.write_string(HEAD_ROW, k, show_heading(column), head)
        for r, row in enumerate(table.rows, start=HEAD_ROW + 1):
            _write_value(sheet, r, k, row[k], column, form)
    if table.rows:
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(table.rows), len(table.columns) - 1)
        sheet.freeze_panes(HEAD_ROW + 1, 1)


def _write_value(
    sheet: Any, row: int, place: int, value: Value, column: Column, form: Any  # noqa: ANN401
) -> None:  # fmt: skip
    if value is None:
        sheet.write_blank(row, place, None)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, form)
    elif column.kind == "date":
        sheet.write_datetime(row, place, date.fromisoformat(value), form)
    else:
        sheet.write_string(row, place, value[:MOST_TEXT])


def _number_format(column: Column) -> str:
    if column.kind == "date":
        return DAY_FORMAT
    if column.kind not in NUMERIC_KINDS:
        return "General"
    places = "." + "0" * column.decimals if column.decimals else ""
    return f"0{places}%" if column.kind == "percent" else f"#,##0{places}"
