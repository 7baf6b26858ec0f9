"""Page, deck, PDF, workbook and text table of each report hold the same numbers."""

import re
import shutil
import subprocess

import fastexcel
import pytest
from lxml import html
from pptx import Presentation

from clientlib.figures import Table
from clientlib.figures.native import list_left_out
from clientlib.figures.cells import NUMERIC_KINDS
from clientlib.language import speaking
from clientlib.reports.decks import plan_slides, write_deck
from clientlib.reports.decks.storyboard import TABLE_COLUMNS, TABLE_ROWS
from clientlib.reports.documents import Chart
from clientlib.reports.linting import lint_deck, lint_document, lint_page
from clientlib.runs.remaking import open_workshop

REPORTS = (
    "segmentation", "competitors", "reliability", "management_review", "account_manager_month",
    "risk_models",
    "client_brief", "prospect_check", "quality",
)  # fmt: skip
UNSCORED = {"prospect_check"}  # draws only what a report on risks has issued
DRAWN = {
    "bars": ["value"],
    "intervals": ["value", "low", "high"],
    "reliability_curve": ["predicted_share", "observed_share", "band_low", "band_high"],
    "lines": ["y"],
    "periods": ["actual"],
    "structure": ["actual"],
    "bridge": [],  # its bars are stacked on invisible steps: tests of native charts add them up
    "funnel": ["count"],
    "points": ["x", "y"],
    "multiples": ["actual"],
    "timeline": [],
}
MOST_BYTES = 300_000  # of a page; Plotly lies beside all of them
ON_PAGES = 200  # rows of a chart's table on a page


@pytest.fixture(scope="session")
def read(small_company, small_runs, tmp_path_factory):
    """Read a report as its page, deck and PDF were made from it, and where those lie."""
    folder = tmp_path_factory.mktemp("decks")

    def make(report):
        run = small_runs[report]
        path = small_company.output_folder / run.notebook
        with speaking(run.language):
            document = open_workshop(small_company, report).read(run, path)
        files = {kind: small_company.output_folder / name for kind, name in run.outputs.items()}
        if "deck" not in files:  # a brief has none; a company may ask for it
            with speaking(run.language):
                files["deck"] = write_deck(document, folder / f"{report}.pptx")
        return document, {**files, "page": small_company.output_folder / run.page}

    return make


def tables_of(document):
    """List every table, and the numbers of every chart, in order."""
    for item in document.items:
        if isinstance(item.part, Table):
            yield item.part
        elif isinstance(item.part, Chart) and item.part.description:
            yield item.part.description.table


def numbers_of(table):
    """List the numbers that a table shows, as it writes them."""
    places = [
        k for k, (_, column) in enumerate(table.shown_columns) if column.kind in NUMERIC_KINDS
    ]
    return [row[k] for row in table.show_rows() for k in places]


@pytest.mark.parametrize("report", REPORTS)
def test_the_page_shows_every_table_and_every_number_of_a_chart(read, report):
    document, files = read(report)
    assert files["page"].stat().st_size < MOST_BYTES
    page = html.fromstring(files["page"].read_text("utf-8"))
    shown = [
        [[cell.text_content() for cell in row.xpath("th|td")] for row in table.xpath("tbody/tr")]
        for table in page.xpath("//table[contains(@class, 'data')]")
    ]
    expected = [table.show_rows()[:ON_PAGES] for table in tables_of(document) if table.rows]
    assert len(expected) >= 4
    assert shown == expected


@pytest.mark.parametrize("report", REPORTS)
def test_the_workbook_holds_every_number_in_full(read, report):
    document, files = read(report)
    book = fastexcel.read_excel(files["data"])
    tables = list(tables_of(document))
    assert len(book.sheet_names) == len(tables) + 1
    for number, table in enumerate(tables, start=1):
        if not table.rows:
            continue
        frame = book.load_sheet(number, header_row=3).to_pandas()
        for place, (_, column) in enumerate(table.columns):
            if column.kind in NUMERIC_KINDS:
                held = [None if value != value else value for value in frame.iloc[:, place]]
                assert held == pytest.approx([row[place] for row in table.rows]), column.label


@pytest.mark.parametrize("report", REPORTS)
def test_the_deck_holds_the_numbers_of_its_charts_and_tables(read, report):
    document, files = read(report)
    slides = Presentation(str(files["deck"])).slides
    exhibits = 0
    with speaking(document.run.language):
        planned = plan_slides(document)
    assert len(slides) == len(planned)
    for slide, plan in zip(slides, planned, strict=True):
        if isinstance(plan.exhibit, Table) and plan.exhibit.rows:
            _check_table(_cells(slide), plan.exhibit)
        elif isinstance(plan.exhibit, Chart) and plan.exhibit.description:
            _check_chart(slide, plan.exhibit)
        exhibits += plan.exhibit is not None
    assert exhibits >= 4


def _cells(slide):
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    return [[cell.text for cell in row.cells] for row in table.rows][1:]


def _check_table(cells, table):
    """Numbers stand whole, words may be cut with an ellipsis."""
    rows = [row[:TABLE_COLUMNS] for row in table.show_rows()[:TABLE_ROWS]]
    kinds = [column.kind in NUMERIC_KINDS for _, column in table.shown_columns]
    assert len(cells) == len(rows)
    for shown, whole in zip(cells, rows, strict=True):
        for text, full, is_number in zip(shown, whole, kinds, strict=False):
            assert text == full if is_number else full.startswith(text.rstrip("…"))


def _check_chart(slide, chart):
    table, kind = chart.description.table, chart.description.kind
    rows = table.rows[: list_left_out(chart.figure)[0]]
    if kind == "matrix":
        assert len([text for row in _cells(slide) for text in row]) == len(rows) * len(
            table.columns
        )
        return
    held = {
        round(float(value.text), 9)
        for shape in slide.shapes
        if shape.has_chart
        for reference in shape.chart._chartSpace.iter("{*}numRef")
        for value in reference.iter("{*}v")
    }
    names = [name for name, _ in table.columns]
    for name in DRAWN[kind]:
        drawn = [row[names.index(name)] for row in rows]
        assert {round(value, 9) for value in drawn if value is not None} <= held, chart.title


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler's pdftotext")
@pytest.mark.parametrize("report", REPORTS)
def test_the_pdf_prints_every_number_of_its_tables(read, report):
    document, files = read(report)
    done = subprocess.run(
        ["pdftotext", "-layout", files["pdf"], "-"], capture_output=True, check=True
    )
    words = re.sub(r"\s", "", done.stdout.decode())
    tables = [item.part for item in document.items if isinstance(item.part, Table)]
    assert tables
    for table in tables:
        for number in numbers_of(table):
            assert re.sub(r"\s", "", number) in words, (table.caption, number)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler's pdftotext")
def test_a_client_brief_is_two_pages(read):
    _, files = read("client_brief")
    done = subprocess.run(["pdftotext", files["pdf"], "-"], capture_output=True, check=True)
    assert done.stdout.count(b"\f") == 2


@pytest.mark.parametrize("report", [name for name in REPORTS if name not in UNSCORED])
def test_the_text_table_of_a_chart_holds_what_is_drawn(read, report):
    document, _ = read(report)
    charts = [item.part for item in document.items if isinstance(item.part, Chart)]
    assert charts
    for chart in charts:
        table = chart.description.table
        plain = table._repr_mimebundle_()["text/plain"]
        for row in table.show_rows()[:10]:
            assert all(text in plain for text in row)


@pytest.mark.parametrize("report", REPORTS)
def test_the_shipped_reports_break_no_rule_of_the_linter(read, report):
    document, files = read(report)
    with speaking(document.run.language):
        found = [
            *lint_document(document),
            *lint_page(files["page"], document),
            *lint_deck(files["deck"], document),
        ]
    assert [str(each) for each in found] == []
