"""The index lists every run, newest first, and links only what is still there."""

import json
import re
import time
from datetime import UTC, date, datetime

import pytest

from clientlib.reports import Failure, write_index
from clientlib.reports.changes import Changes, FactCount, FigureChange, Since


@pytest.fixture
def index(tmp_path):
    def make(*runs):
        return write_index(runs, tmp_path / "reports" / "index.html").read_text("utf-8")

    return make


def test_periods_stand_newest_first_and_count_their_states(index, make_run):
    page = index(
        make_run(as_of=date(2025, 4, 30)),
        make_run(as_of=date(2025, 6, 30)),
        make_run(as_of=date(2025, 6, 30), edition="manager=M-1", state="skipped"),
    )
    heads = re.findall(r'As of ([^<]+)</span> <span class="states">([^<]+)', page)
    assert heads == [("30 June 2025", "1 done and 1 skipped"), ("30 April 2025", "1 done")]
    assert "3 runs: 2 done and 1 skipped" in page


def test_a_row_shows_headline_figures_and_links(index, make_run):
    page = index(make_run(headline="25 clients will pay late."))
    assert "25 clients will pay late." in page
    assert "Clients <b>4\u202f182</b>" in page
    assert 'href="2025-06-30/reliability/all.html"' in page
    assert 'href="2025-06-30/reliability/all.ipynb"' in page


def test_a_failed_run_names_cell_and_first_line_of_the_message(index, make_run):
    failure = Failure(7, "x", "InputError", "no rows\n  hint: load", "How late")
    page = index(make_run(state="failed", failure=failure))
    assert "Cell 7, “How late”: InputError: no rows</p>" in page
    assert '<span class="state failed">Failed</span>' in page


def test_a_skipped_run_states_its_reason(index, make_run):
    page = index(make_run(state="skipped", page=None, notebook=None, reason="needs prices"))
    assert "needs prices" in page
    assert "<a href" not in page.partition("<table")[2]


def test_a_run_that_was_replaced_is_listed_without_links(index, make_run):
    early = make_run(run_id="r-0", started_at=datetime(2025, 7, 1, 5, tzinfo=UTC))
    page = index(early, make_run())
    assert page.count('href="2025-06-30/reliability/all.html"') == 1
    assert page.index("06:12") < page.index("05:00")
    assert "Replaced by a later run." in page


def test_hostile_texts_and_paths_are_escaped(index, make_run):
    name = '"><script>alert(1)</script>'
    page = index(
        make_run(title=name, report=name, edition=name, headline=name, page="javascript:alert(1)//")
    )
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_an_index_without_runs_says_so(index):
    assert "No report has been run yet." in index()


def test_the_order_of_the_runs_does_not_matter(index, make_run):
    runs = [make_run(as_of=date(2025, k, 28), edition=e) for k in range(1, 7) for e in "abc"]
    assert index(*runs) == index(*reversed(runs))


def test_older_runs_are_packed_with_the_words_that_a_search_looks_for(index, make_run):
    name = "</script><!--<b>Šermukšnis"
    runs = [make_run(edition=f"manager={k:03}", run_id=str(k)) for k in range(300)]
    old = make_run(as_of=date(2025, 5, 31), edition="z", edition_title=name, headline="Ąžuolas, 12")
    page = index(*runs, old)
    (packed,) = re.findall(r'class="packed">(.*?)</script>', page)
    ((html, text, report, edition, state),) = json.loads(packed)
    assert "<!--" not in packed
    assert '<a href="2025-06-30/reliability/all.html">' in html
    assert "&lt;b&gt;Šermukšnis" in html
    assert "sermuksnis" in text
    assert "azuolas, 12" in text
    assert (report, edition, state) == ("reliability", "z", "done")
    assert "1 more run, listed by a script" in page


def test_only_the_last_run_of_a_report_and_edition_tells_its_news(index, make_run):
    def since(day):
        return Since("r", day, datetime(2025, 6, 1, tzinfo=UTC), None)

    figures = (FigureChange("clients_count", 4174, 4182), FigureChange("late_share", 0.1, 0.1))
    changes = Changes(since(date(2025, 5, 31)), (FactCount("orders", 3, 0),), figures=figures)
    before = Changes(since(date(2025, 4, 30)), (FactCount("orders", 9, 0),))
    earlier = datetime(2025, 6, 1, 6, tzinfo=UTC)
    page = index(
        make_run(changes=changes),
        make_run(run_id="r-0", as_of=date(2025, 5, 31), started_at=earlier, changes=before),
        make_run(edition="new", changes=Changes()),
    )
    assert "Since the run as of 31 May 2025: 3\xa0rows new." in page
    assert "Clients <b>4\u202f182</b> (+8)" in page
    assert "9\xa0rows new" not in page
    assert "First run of this edition" in page


def test_a_row_links_all_that_was_made_of_a_run(index, make_run):
    page = index(make_run(outputs={"pdf": "2025-06-30/reliability/all.pdf"}))
    assert 'href="2025-06-30/reliability/all.pdf" aria-label="PDF: Client reliability, all"' in page
    assert ">Analyst&#39;s copy</a>" in page


def test_thousands_of_runs_are_listed_quickly(index, make_run):
    runs = [make_run(edition=f"manager={k}", run_id=str(k)) for k in range(3000)]
    started = time.perf_counter()
    page = index(*runs)
    (packed,) = re.findall(r'class="packed">(.*?)</script>', page)
    assert page.partition('class="packed"')[0].count('<tr class="run"') == 300
    assert len(json.loads(packed)) == 2700
    assert time.perf_counter() - started < 10
