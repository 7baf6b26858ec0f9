"""The data behind a report: full numbers, days as days, and text that no program obeys."""

from datetime import datetime
from zipfile import ZipFile

import fastexcel
import pandas as pd
import pytest
from nbformat.v4 import new_notebook

from clientlib import figures
from clientlib.reports.documents import read_document
from clientlib.reports.workbooks import name_sheet, write_workbook
from tests.gallery import draw_gallery

FORMULA = "=cmd|' /C calc'!A0"
CLIENTS = pd.DataFrame(
    {
        "name": [FORMULA, "@SUM(A1)", "http://evil.example/"],
        "late_share": [0.123456789, None, 1.0],
        "owed_amount": [1234567.891, 2.0, 3.0],
        "ordered_on": pd.to_datetime(["2025-06-30", None, "2024-02-29"]),
    }
)


@pytest.fixture
def book(make_run, show, tmp_path):
    cells = [
        show(figures.show_table(CLIENTS, caption="Whom to [call]: first/last?")),
        show(draw_gallery()["bars"]),
    ]
    document = read_document(new_notebook(cells=cells), make_run())
    return write_workbook(document, tmp_path / "a.xlsx")


def rows_of(path, sheet):
    frame = fastexcel.read_excel(path).load_sheet(sheet, header_row=None).to_arrow()
    return [tuple(row.values()) for row in frame.to_pylist()]


def xml_of(path, ending):
    with ZipFile(path) as parts:
        return [parts.read(name).decode() for name in sorted(parts.namelist()) if ending in name]


def test_each_table_and_chart_has_a_sheet(book):
    assert fastexcel.read_excel(book).sheet_names == [
        "Contents",
        "1 Whom to call first last",
        "2 The largest brings 50% of the",
    ]


def test_numbers_are_kept_in_full_and_days_are_days(book):
    sheet = fastexcel.read_excel(book).load_sheet(1, header_row=3).to_arrow()
    rows = sheet.to_pylist()
    assert rows[0] == {
        "Name": FORMULA,
        "Late share": 0.123456789,
        "Owed": 1234567.891,
        "Ordered": datetime(2025, 6, 30),
    }
    assert (rows[1]["Late share"], rows[1]["Owed"], rows[1]["Ordered"]) == (None, 2.0, None)


def test_shares_are_shown_as_percentages_and_days_as_days(book):
    (styles,) = xml_of(book, "styles.xml")
    assert 'formatCode="yyyy-mm-dd"' in styles
    assert 'formatCode="0%"' in styles


def test_no_text_is_a_formula_or_a_link(book):
    sheets = xml_of(book, "worksheets/sheet")
    assert len(sheets) == 3
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    assert [row[0] for row in rows_of(book, 1)[-3:]] == list(CLIENTS["name"])


def test_the_contents_say_what_the_data_rest_on(book):
    rows = [tuple(map(str, row)) for row in rows_of(book, 0)]
    assert rows[0] == ("Client reliability", "Which clients will pay late next quarter?")
    assert "snapshot 20250701T0612 · run r-1" in rows[1][1]
    assert ("clients_count", "4182") in rows
    assert ("top_n", "25") in rows


def test_the_same_document_gives_the_same_bytes(book, make_run, show, tmp_path):
    cells = [
        show(figures.show_table(CLIENTS, caption="Whom to [call]: first/last?")),
        show(draw_gallery()["bars"]),
    ]
    document = read_document(new_notebook(cells=cells), make_run())
    again = write_workbook(document, tmp_path / "b.xlsx")
    assert again.read_bytes() == book.read_bytes()


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        pytest.param("a/b\\c:d*e?f[g]h", "1 a b c d e f g h", id="forbidden signs"),
        pytest.param("'quoted'", "1 quoted", id="quotes at the ends"),
        pytest.param("x" * 50, "1 " + "x" * 29, id="too long"),
        pytest.param("\u202egnp\x00", "1 gnp", id="signs that cannot be seen"),
    ],
)
def test_names_of_sheets_are_taken_by_every_program(caption, name):
    assert name_sheet(1, caption) == name
