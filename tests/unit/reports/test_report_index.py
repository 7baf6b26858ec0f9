"""The index lists every run, newest first, and links only what is still there."""

import re
import time
from datetime import UTC, date, datetime

import pytest

from clientlib.reports import Failure, write_index


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
    heads = re.findall(r'As of ([^<]+) <span class="states">([^<]+)', page)
    assert heads == [("30 June 2025", "1 done, 1 skipped"), ("30 April 2025", "1 done")]
    assert "3 runs: 2 done, 1 skipped" in page


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


def test_thousands_of_runs_are_listed_quickly(index, make_run):
    runs = [make_run(edition=f"manager={k}", run_id=str(k)) for k in range(3000)]
    started = time.perf_counter()
    page = index(*runs)
    assert page.count('<tr class="run') == 3000
    assert time.perf_counter() - started < 10
