"""The page of a batch: what ran, what failed where, how long it took."""

from datetime import UTC, datetime, timedelta

import pytest

from clientlib.reports import BatchSummary, Failure, batch_page, write_batch_page, write_index

START = datetime(2025, 7, 1, 6, tzinfo=UTC)
BATCH = BatchSummary(
    "20250701T060000000-12", "run --due", "20250701T000000", START,
    ended_at=START + timedelta(seconds=75), kept_count=40, waiting_count=2,
)  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def written(batch, *runs) -> str:
        return write_batch_page(batch, runs, tmp_path).read_text(encoding="utf-8")

    return written


def test_failed_runs_come_first_with_cell_message_and_attempt(written, make_run):
    failure = Failure(7, "x", "KeyError", "no <client>", heading="Whom we look at")
    failed = make_run(run_id="b", state="failed", failure=failure, attempt=3, edition="manager=M-1",
                      edition_title="Rasa & Ko")  # fmt: skip
    page = written(BATCH, make_run(run_id="a"), failed)
    assert "Cell 7, “Whom we look at”: KeyError: no &lt;client&gt; (attempt 3)" in page
    assert "Rasa &amp; Ko" in page
    assert page.index("KeyError") < page.index('data-state="done"')


def test_death_of_a_kernel_is_told_without_a_cell(written, make_run):
    died = Failure(0, "", "Stopped", "its process was killed by SIGKILL", kind="process")
    page = written(BATCH, make_run(state="failed", failure=died))
    assert "<p>Stopped: its process was killed by SIGKILL</p>" in page


def test_page_tells_what_was_asked_how_long_it_took_and_what_needed_no_run(written, make_run):
    page = written(BATCH, make_run(peak_memory_bytes=281_000_000, kernel="warm", seconds=1.5))
    for said in ("clientlib run --due", "took 1 min 15 s", "281 MB", "warm", "1.5 s"):
        assert said in page
    assert "<dt>Done before</dt><dd>40</dd>" in page
    assert "<dt>Waiting for another try</dt><dd>2</dd>" in page


def test_batch_that_was_stopped_says_so(written):
    assert "stopped before its end" in written(BatchSummary("b", "run", "s", START))


def test_batch_in_which_nothing_ran_says_so(written):
    assert "Nothing had to run." in written(BATCH)


def test_same_batch_gives_the_same_bytes(written, make_run):
    runs = [make_run(run_id="a"), make_run(run_id="b", edition="manager=M-1")]
    assert written(BATCH, *runs) == written(BATCH, *reversed(runs))


def test_index_links_the_last_batch(tmp_path, make_run):
    index = write_index([make_run()], tmp_path / "index.html", BATCH).read_text(encoding="utf-8")
    assert f'<a href="{batch_page(BATCH)}">Last batch: 1 July 2025, 06:00 UTC</a>' in index
