"""The reports of a small company, as their runs wrote them, in a browser without a network."""

from pathlib import Path

import pytest

REPORTS = ("segmentation", "competitors", "reliability", "management_review", "quality")

SCREENSHOTS = Path(__file__).parents[2] / "reports" / "screenshots"  # not committed


def keep(name):
    """Give the place where a picture of what was seen is kept."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS / name


@pytest.mark.parametrize("report", REPORTS)
def test_report_opens_from_its_file_with_its_charts_and_without_a_fault(
    small_company, small_runs, visit, report
):
    seen = visit(small_company.output_folder / small_runs[report].page)
    seen.tab.screenshot(path=keep(f"{report}.png"), full_page=True)
    charts = seen.tab.locator("figure.chart")
    assert charts.count() >= 1
    assert charts.locator("svg.main-svg").count() >= charts.count()
    assert seen.tab.locator("table.data").count() >= 1
    assert seen.faults == []
    assert all(address.startswith(("file://", "data:")) for address in seen.requests)


@pytest.mark.parametrize("report", REPORTS)
def test_report_says_its_answer_first_and_what_it_rests_on_last(
    small_company, small_runs, visit, report
):
    run = small_runs[report]
    tab = visit(small_company.output_folder / run.page).tab
    assert tab.locator(".headline").inner_text() == run.headline
    assert run.snapshot in tab.locator("footer").inner_text()


def test_index_lists_the_reports_and_leads_to_them(small_company, small_runs, visit):
    seen = visit(small_company.output_folder / "index.html")
    seen.tab.screenshot(path=keep("index.png"), full_page=True)
    for report in REPORTS:
        link = seen.tab.locator(f'a[href="{small_runs[report].page}"]').first
        assert link.inner_text() == small_runs[report].title
    assert seen.faults == []
