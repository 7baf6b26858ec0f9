"""Pages on paper: heads repeat, nothing to click is printed, charts and rows stay whole."""

import shutil
import subprocess

import pandas as pd
import pytest

from clientlib import figures

MATRIX = pd.DataFrame(0.5, index=list("abc"), columns=[f"Competitor {k}" for k in range(14)])
ROWS = pd.DataFrame({"client": [f"Client-{k}" for k in range(120)], "order_count": range(120)})


@pytest.fixture(scope="module")
def page(write_shown):
    chart = figures.draw_bars(
        ROWS.head(12), label="client", value="order_count", title="Orders by client"
    )
    return write_shown(
        [
            figures.show_table(ROWS, caption="All the clients"),
            chart,
            figures.draw_matrix(MATRIX, title="All alike", unit="%"),
        ]
    )


@pytest.fixture
def sheets(page, visit, tmp_path):
    """Print the page, and give the words on each sheet of paper."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")

    def make(scheme="light"):
        path = tmp_path / "paper.pdf"
        path.write_bytes(visit(page, scheme=scheme).tab.pdf(prefer_css_page_size=True))
        told = subprocess.run(
            ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
        )
        return told.stdout.split("\f")[:-1]

    return make


def test_heads_of_a_long_table_stand_on_every_sheet_of_it(sheets):
    listing = [
        sheet for sheet in sheets() if "Client-" in sheet and "Orders by client" not in sheet
    ]
    assert len(listing) >= 3
    assert all("Order" in sheet.partition("Client-")[0] for sheet in listing)


def test_all_rows_are_printed_each_on_one_sheet(sheets):
    lines = [line.split() for sheet in sheets() for line in sheet.splitlines()]
    rows = {words[0]: words[1:] for words in lines if len(words) == 2 and "Client-" in words[0]}
    assert [rows[f"Client-{k}"] for k in range(120)] == [[str(k)] for k in range(120)]


@pytest.mark.parametrize("words", ["Download", "Search", "Show all", "Skip to", "The numbers in"])
def test_nothing_to_click_is_printed(sheets, words):
    assert all(words not in sheet for sheet in sheets())


def test_title_and_day_stand_on_the_first_sheet(sheets):
    first = sheets()[0]
    assert "Client reliability" in first
    assert "As of 30 June 2025" in first


def test_a_wide_matrix_is_drawn_for_the_paper_and_again_for_the_screen(page, visit):
    tab = visit(page).tab
    tab.evaluate(
        "addEventListener('beforeprint', () => { window.printed = [...document.querySelectorAll("
        "'.main-svg')].map(s => s.getBoundingClientRect().width) })"
    )
    before = tab.locator(".plot").last.evaluate("node => node.clientWidth")
    tab.pdf(prefer_css_page_size=True)
    assert 0 < max(tab.evaluate("window.printed")) <= 680
    assert tab.locator(".plot").last.evaluate("node => node.clientWidth") == before


def test_what_a_search_left_out_is_said_on_paper(page, visit, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    tab = visit(page).tab
    tab.get_by_role("searchbox").first.fill("client-11")
    path = tmp_path / "found.pdf"
    path.write_bytes(tab.pdf(prefer_css_page_size=True))
    words = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    assert "11 of 120 rows" in words.stdout
    assert "Client-115" in words.stdout
    assert "Client-120" not in words.stdout
    assert "Client-99" not in words.stdout
