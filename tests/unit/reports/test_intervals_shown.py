"""Page, deck and PDF read an interval in its cell; the workbook holds its ends as columns."""

import shutil
import subprocess

import fastexcel
import pandas as pd
import pytest
from lxml import html
from nbformat.v4 import new_notebook
from pptx import Presentation

from clientlib import figures
from clientlib.reports.decks import write_deck
from clientlib.reports.decks.storyboard import TABLE_COLUMNS
from clientlib.reports.decks.tables import fit_table
from clientlib.reports.documents import read_document
from clientlib.reports.papers import write_deck_paper, write_paper
from clientlib.reports.papers.content import write_table
from clientlib.reports.widths import weigh_columns
from clientlib.reports.workbooks import write_workbook

CLIENTS = pd.DataFrame(
    {
        "name": ["Baltic Timber", "Nordvik"],
        "late_share": [0.342, 0.1],
        "late_low": [0.3, None],
        "late_high": [0.391, 0.2],
        "due_count": [12, 3],
    }
)
COLUMNS = {
    "name": "Client",
    "late_share": figures.percent("Late", low="late_low", high="late_high"),
    "due_count": figures.count("Invoices"),
}
READ = [["Baltic Timber", "34% (30–39%)", "12"], ["Nordvik", "10%", "3"]]


@pytest.fixture
def table():
    return figures.show_table(CLIENTS, columns=COLUMNS, caption="Watch list")


@pytest.fixture
def document(table, show, make_run):
    return read_document(new_notebook(cells=[show(table)]), make_run())


def test_the_page_reads_the_interval_and_keeps_its_ends_for_downloads(write, show, table):
    page = html.fromstring(write(show(table)))
    (shown,) = page.xpath("//table[@class='data']")
    texts = [[cell.text_content() for cell in row.xpath("th|td")] for row in shown.xpath(".//tr")]
    assert texts == [["Client", "Late", "Invoices"], *READ]
    (head,) = shown.xpath(".//th[@data-low]")
    assert (head.get("data-low"), head.get("data-high")) == ("Late: from", "Late: to")
    ends = [(c.get("data-low"), c.get("data-high")) for c in shown.xpath(".//tr/td[1]")]
    assert ends == [("0.3", "0.391"), (None, "0.2")]


def test_the_deck_has_no_columns_of_ends(document, tmp_path):
    slides = Presentation(str(write_deck(document, tmp_path / "a.pptx"))).slides
    (table,) = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts == [["Client", "Late", "Invoices"], *READ]


def test_a_slide_counts_the_columns_that_are_read():
    wide = pd.concat([CLIENTS, pd.DataFrame({f"x{k}": [1, 2] for k in range(20)})], axis=1)
    columns = COLUMNS | {f"x{k}": figures.count(f"X{k}") for k in range(20)}
    cut = fit_table(figures.show_table(wide, columns=columns), width=12.0, height=5.0).table
    assert len(cut.shown_columns) == TABLE_COLUMNS
    assert cut.show_rows()[0][:3] == READ[0]


def test_the_pdf_has_no_columns_of_ends(table):
    content = write_table(table)
    assert [head["text"] for head in content["heads"]] == ["Client", "Late", "Invoices"]
    assert content["rows"] == READ
    assert len(content["weights"]) == 3


def test_a_column_has_room_for_its_interval_on_one_line(table):
    assert weigh_columns(table) == [13, 12 + 3, 10]


def test_the_workbook_holds_every_end_in_full(document, tmp_path):
    book = fastexcel.read_excel(write_workbook(document, tmp_path / "a.xlsx"))
    rows = book.load_sheet(1, header_row=3).to_arrow().to_pylist()
    assert rows == [
        {"Client": "Baltic Timber", "Late": 0.342, "Late: from": 0.3, "Late: to": 0.391,
         "Invoices": 12},
        {"Client": "Nordvik", "Late": 0.1, "Late: from": None, "Late: to": 0.2, "Invoices": 3},
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler's pdftotext")
def test_an_interval_keeps_to_one_line_in_a_crowded_pdf(show, make_run, tmp_path):
    wide = pd.concat(
        [CLIENTS, pd.DataFrame({f"x{k}": ["word " * 9] * 2 for k in range(6)})], axis=1
    )
    columns = COLUMNS | {f"x{k}": f"Reason {k}" for k in range(6)}
    crowded = figures.show_table(wide, columns=columns, caption="Watch list")
    document = read_document(new_notebook(cells=[show(crowded)]), make_run())
    for written in (write_paper(document, tmp_path / "a.pdf"),
                    write_deck_paper(document, tmp_path / "b.pdf")):  # fmt: skip
        done = subprocess.run(
            ["pdftotext", "-layout", written, "-"], capture_output=True, check=True
        )
        assert "34% (30–39%)" in done.stdout.decode(), written.name


def test_long_texts_leave_room_for_numbers_where_columns_are_many():
    wide = pd.DataFrame({f"x{k}": ["word " * 9] for k in range(8)})
    assert weigh_columns(figures.show_table(wide)) == [27] * 8
    assert weigh_columns(figures.show_table(wide.iloc[:, :7])) == [32] * 7
