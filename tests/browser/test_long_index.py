"""An index of more runs than a browser lays out at once: packed, searched, opened."""

from datetime import date

import pytest

from clientlib.reports.folding import fold

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

NAMES = ("Šermukšnis", "Ąžuolas", "Łódź & Sons", "</script><img src=x onerror=alert(2)>", "Öresund")


@pytest.fixture(scope="module")
def index(write_runs):
    runs = [
        {
            "run_id": f"{month}-{k}",
            "as_of": date(2025, month, 28),
            "edition": f"client=C-{k}",
            "edition_title": f"{NAMES[k % 5]} {k}",
            "state": "failed" if k == 7 else "done",
            "page": f"2025-0{month}-28/reliability/client-{k}.html",
        }
        for month in (4, 5, 6)
        for k in range(200)
    ]
    return write_runs(runs)


@pytest.fixture
def tab(index, visit):
    seen = visit(index)
    yield seen.tab
    assert seen.faults == []


def test_the_newest_runs_are_shown_and_the_rest_counted(tab):
    assert tab.locator("tr.run").count() == 300
    expect(tab.locator(".found")).to_have_text("600 runs")
    buttons = tab.locator(".more-row button").all_inner_texts()
    assert buttons == ["Show all 200 runs", "Show all 200 runs"]


def test_an_older_period_opens_and_the_keyboard_goes_on_in_it(tab):
    tab.get_by_role("button", name="Show all 200 runs").last.click()
    assert tab.locator("tbody.period").last.locator("tr.run").count() == 200
    assert tab.evaluate("document.activeElement.getAttribute('href')") == (
        "2025-04-28/reliability/client-0.html"
    )


@pytest.mark.parametrize("typed", ["šermukšnis 10 ", "SERMUKSNIS 10", "sermuksnis april 10"])
def test_names_are_found_with_and_without_their_marks(tab, typed):
    tab.get_by_role("searchbox").fill(typed)
    names = tab.locator("tr.run .edition").all_inner_texts()
    assert names
    assert all(name.startswith("Šermukšnis") for name in names)


def test_packed_rows_are_found_and_lead_to_their_pages(tab):
    tab.get_by_role("searchbox").fill("lodz 192 april")
    expect(tab.locator(".found")).to_have_text("1 of 600 runs")
    link = tab.locator("tr.run:visible a").first
    assert link.get_attribute("href") == "2025-04-28/reliability/client-192.html"


def test_a_search_with_many_hits_shows_the_first_and_counts_all(tab):
    tab.get_by_role("searchbox").fill("oresund")
    expect(tab.locator(".found")).to_have_text("120 of 600 runs")
    assert tab.locator("tr.run").count() == 100
    tab.get_by_role("button", name="Show all 40 runs").click()
    assert tab.locator("tr.run").count() == 120


def test_packed_rows_are_filtered_by_state(tab):
    tab.get_by_label("State").select_option("failed")
    expect(tab.locator(".found")).to_have_text("3 of 600 runs")
    assert tab.locator("tr.run:visible").count() == 3


def test_page_and_writer_fold_words_the_same(tab):
    words = [*NAMES, "ĄČĘĖĮŠŲŪŽ ąčęėįšųūž", "Straße Ærø œuvre ı İ", "4\u202f182\u00a0rows", "ﬁ ½ ①"]
    assert tab.evaluate("words => words.map(Words.fold)", words) == [fold(word) for word in words]
