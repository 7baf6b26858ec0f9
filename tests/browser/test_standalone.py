"""A page as one file: opened far from the reports it draws all charts and asks for nothing."""

import re

import pytest

from clientlib.errors import InputError
from clientlib.reports.standalone import write_standalone


@pytest.fixture(scope="module")
def alone(written, tmp_path_factory):
    return write_standalone(written.page, tmp_path_factory.mktemp("elsewhere") / "sent.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_draws_every_chart_and_asks_for_no_other_file(alone, written, visit, scheme):
    seen = visit(alone, scheme=scheme)
    assert [address for address in seen.requests if not address.startswith("data:")] == [
        alone.as_uri()
    ]
    assert seen.faults == []
    assert "taken" not in seen.tab.title()
    charts = seen.tab.locator("figure.chart:has(.main-svg)").count()
    assert charts == visit(written.page).tab.locator("figure.chart:has(.main-svg)").count() >= 6


def test_its_tables_are_sorted_searched_and_taken_away(alone, visit):
    tab = visit(alone).tab
    table = tab.locator(".table-block").filter(has_text="Many rows")
    table.get_by_role("searchbox").fill("119")
    assert table.locator("tbody tr:visible").count() == 1
    with tab.expect_download() as waiting:
        table.get_by_role("button", name="Download as Excel").click()
    assert waiting.value.path().read_bytes().startswith(b"PK")


def test_it_looks_as_the_page_does(alone, written, visit):
    size = "[document.body.scrollHeight, getComputedStyle(document.querySelector('h1')).fontSize]"
    assert visit(alone).tab.evaluate("getComputedStyle(document.body).maxWidth") == "1344px"
    assert visit(alone).tab.evaluate(size)[1] == visit(written.page).tab.evaluate(size)[1]


def test_only_its_own_scripts_are_allowed(alone):
    html = alone.read_text("utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    (scripts,) = re.findall(r"script-src ([^;]*);", policy)
    assert re.fullmatch(r"('sha256-[^']{44}' ?){2}", scripts)
    assert "default-src 'none'" in policy


def test_links_to_what_lies_beside_the_page_are_left_out(alone):
    html = alone.read_text("utf-8").partition("<script>")[0]
    assert "Key figures" in html
    assert not re.search(r'<a [^>]*href="(?!#)', html)
    assert not re.search(
        r"<(?:link|script)[^>]*(?:href|src)=\"(?!data:,)", html.partition("<body>")[0]
    )


def test_the_same_page_gives_the_same_bytes(alone, written, tmp_path):
    again = write_standalone(written.page, tmp_path / "again.html")
    assert again.read_bytes() == alone.read_bytes()


def test_a_failed_run_is_exported_too(written, visit, tmp_path):
    seen = visit(write_standalone(written.failure, tmp_path / "failed.html"))
    assert seen.faults == []
    assert seen.tab.get_by_text("no rows").is_visible()


def test_what_cannot_be_exported_is_named(written, tmp_path):
    with pytest.raises(InputError, match="is no page of a run"):
        write_standalone(written.index, tmp_path / "index.html")
    with pytest.raises(InputError, match="would be written over itself"):
        write_standalone(written.page, written.page)
    with pytest.raises(InputError, match="there is no page"):
        write_standalone(tmp_path / "nowhere.html")
    lonely = tmp_path / "lonely.html"
    lonely.write_bytes(written.page.read_bytes())
    with pytest.raises(InputError, match="lacks a file that it is shown with"):
        write_standalone(lonely)
