import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import pandas as pd
import pytest
from pydantic import TypeAdapter

from clientlib import runs
from clientlib.reports import BatchSummary, Failure, Run
from clientlib.runs.keys import target_name
from clientlib.runs.ledger import Ledger, count_issued, read_figures
from clientlib.runs.recording import RUN_VARIABLE

NOW = datetime(2025, 7, 1, 6, tzinfo=UTC)
CONTEXT = {"as_of": "2025-05-31", "snapshot": "20250701T000000", "code_version": "0.1.0"}
KEY = "0123456789abcdef"
STOPPED = Failure(0, "", "Stopped", "its process ended before it did", kind="stopped")
HOLD = """
import sys, time
from pathlib import Path
from clientlib.runs.ledger import Ledger
with Ledger(Path(sys.argv[1])).claim("t") as is_mine:
    print(is_mine, flush=True)
    time.sleep(60)
"""
SCORES = pd.DataFrame({"client_id": ["C-1", "C-2"], "score": [0.5, None]})


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    return Ledger(tmp_path / "ledger")


@pytest.fixture
def open_draft(ledger, a_run):
    """Open the draft of a run whose process is not told of; numbered in the order of opening."""
    numbers = count(1)

    def open_draft(now=NOW, **said):
        run_id = f"{now:%Y%m%dT%H%M%S}{next(numbers):03}-fine-all-{KEY}"
        begun = a_run(run_id, **{"state": "failed", "failure": STOPPED, "key": KEY, **said})
        return ledger.open_draft(begun, CONTEXT)

    return open_draft


@pytest.fixture
def write(ledger, open_draft, monkeypatch, a_run):
    """Enter a run that issued scores into the ledger."""

    def write(now=NOW, scores=SCORES, **said):
        draft = open_draft(now)
        monkeypatch.setenv(RUN_VARIABLE, str(draft))
        runs.issue("client_scores", scores, seed=7)
        runs.record(clients_count=len(scores))
        ledger.close_draft(draft, a_run(draft.name, **{"issued": count_issued(draft), **said}))
        return draft

    return write


def test_run_is_in_the_ledger_only_once_it_has_ended(ledger, open_draft, a_run):
    draft = open_draft()
    assert ledger.runs() == []
    ledger.close_draft(draft, a_run(draft.name))
    assert [run.run_id for run in ledger.runs()] == [draft.name]
    assert not draft.exists()


def test_working_files_of_a_run_are_not_kept(ledger, write):
    draft = write()
    assert sorted(path.name for path in (ledger.folder / draft.name).iterdir()) == [
        "context.json", "figures.json", "issued", "issued.json", "run.json",
    ]  # fmt: skip


def test_run_that_has_ended_is_never_written_over(ledger, write, a_run):
    draft = write()
    draft.mkdir()
    with pytest.raises(OSError, match=draft.name):
        ledger.close_draft(draft, a_run(draft.name, state="failed"))
    assert [run.state for run in ledger.runs()] == ["done"]


def test_run_reads_back_as_it_was(ledger, open_draft, a_run):
    draft = open_draft()
    run = a_run(
        draft.name,
        state="failed",
        parameters={"top_n": 3, "as_of": "2025-05-31", "share": 0.25, "is_on": True},
        key_figures={"late_share": None, "clients_count": 2, "text": "Šarūnas"},
        headline="All is well",
        failure=Failure(4, "raise it", "ValueError", "no client", "How", "trace"),
        page="2025-05-31/fine/all.html",
        edition="manager=M-01",
        edition_title="Rasa",
        key=KEY,
        attempt=2,
        batch="b1",
        kernel="warm",
        peak_memory_bytes=250_000_000,
        cpu_seconds=1.25,
    )
    ledger.close_draft(draft, run)
    assert ledger.runs() == [run]


def test_issued_rows_carry_as_of_snapshot_version_and_seed(ledger, write):
    write()
    rows = ledger.issued("client_scores")
    assert rows["client_id"].tolist() == ["C-1", "C-2"]
    stamps = {name: set(rows[name]) for name in (*CONTEXT, "seed")}
    assert stamps == {name: {value} for name, value in {**CONTEXT, "seed": 7}.items()}
    assert pd.isna(rows["score"][1])


def test_failed_run_keeps_no_issued_rows(ledger, write):
    draft = write(state="failed", issued={})
    assert ledger.issued("client_scores").empty
    assert not (ledger.folder / draft.name / "issued").exists()
    assert [run.state for run in ledger.runs()] == ["failed"]


def test_rows_of_several_runs_come_oldest_first_and_may_have_gained_columns(ledger, write):
    write(NOW.replace(hour=8), SCORES.assign(band="high"))
    write(NOW.replace(hour=7), SCORES.head(1))
    rows = ledger.issued("client_scores")
    assert rows["client_id"].tolist() == ["C-1", "C-1", "C-2"]
    assert rows["band"].tolist()[1:] == ["high", "high"]
    assert pd.isna(rows["band"][0])
    (newest,) = [run for run in ledger.runs() if run.run_id.startswith("20250701T08")]
    assert len(ledger.issued("client_scores", [newest])) == 2


def test_issuing_no_rows_is_kept_as_none(ledger, write):
    write(scores=SCORES.head(0))
    assert [run.issued for run in ledger.runs()] == [{"client_scores": 0}]
    assert len(ledger.issued("client_scores")) == 0


def test_table_that_nobody_issued_is_empty(ledger):
    assert ledger.issued("nothing").empty
    assert ledger.runs() == []


def test_same_rows_issued_again_are_the_same_bytes(ledger, write):
    first = ledger.folder / write().name / "issued/client_scores.parquet"
    second = ledger.folder / write().name / "issued/client_scores.parquet"
    assert first != second
    assert first.read_bytes() == second.read_bytes()


def test_snapshots_that_issued_rows_rest_on_are_named(ledger, write, a_run):
    write(snapshot="20250101T000000")
    write(snapshot="20250102T000000", state="failed", issued={})
    assert ledger.snapshots() == frozenset({"20250101T000000"})


def test_draft_without_figures_has_none(tmp_path):
    assert read_figures(tmp_path) == {}
    assert count_issued(tmp_path) == {}


def test_run_whose_process_is_gone_is_entered_as_stopped(ledger, open_draft):
    draft = open_draft()
    assert [run.run_id for run in ledger.settle_drafts()] == [draft.name]
    assert [(run.state, run.failure) for run in ledger.runs()] == [("failed", STOPPED)]
    assert ledger.settle_drafts() == []


def test_how_a_process_died_is_told_where_it_is_known(ledger, open_draft):
    draft = open_draft()
    batch = TypeAdapter(Run).validate_json((draft / "begun.json").read_bytes()).batch
    died = replace(STOPPED, message="its process was killed by SIGKILL", kind="process")
    ledger.settle_drafts(batch, died)
    assert [run.failure for run in ledger.runs()] == [died]


def test_how_a_process_died_says_nothing_of_other_batches(ledger, open_draft):
    open_draft()
    ledger.settle_drafts("another batch", replace(STOPPED, kind="process"))
    assert [run.failure for run in ledger.runs()] == [STOPPED]


def test_run_that_ended_and_was_not_yet_moved_keeps_its_end(ledger, open_draft, a_run):
    draft = open_draft()
    ended = a_run(draft.name, state="done")
    (draft / "run.json").write_bytes(TypeAdapter(Run).dump_json(ended))
    ledger.settle_drafts()
    assert ledger.runs() == [ended]


def test_run_under_way_is_left_alone(ledger, open_draft):
    draft = open_draft()
    with ledger.claim(target_name("fine", "all", date(2025, 5, 31))) as is_mine:
        assert is_mine
        assert [run.run_id for run in ledger.under_way()] == [draft.name]
        assert ledger.settle_drafts() == []
    assert ledger.under_way() == []
    assert draft.is_dir()


def test_draft_that_says_nothing_is_removed_when_it_is_old(ledger):
    old, new = (ledger.folder / ".drafts" / name for name in ("old", "new"))
    for draft in (old, new):
        draft.mkdir(parents=True)
    an_hour_ago = time.time() - 3600
    os.utime(old, (an_hour_ago, an_hour_ago))
    assert ledger.settle_drafts() == []
    assert (old.exists(), new.exists()) == (False, True)


def test_claim_is_held_by_one_and_free_again_when_it_ends(ledger):
    with ledger.claim("t") as first, ledger.claim("t") as second, ledger.claim("u") as other:
        assert (first, second, other) == (True, False, True)
    with ledger.claim("t") as again:
        assert again
    assert list((ledger.folder / ".claims").iterdir()) == []


def test_claim_of_a_process_that_was_killed_is_free(ledger):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(ledger.folder)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "True\n"
    with ledger.claim("t") as is_mine:
        assert not is_mine
    holder.kill()
    holder.communicate()
    with ledger.claim("t") as is_mine:
        assert is_mine


def test_runs_of_one_work_are_found_by_its_key(ledger, write):
    first, second = write(), write(NOW.replace(hour=8))
    assert [run.run_id for run in ledger.attempts(KEY)] == [first.name, second.name]
    assert ledger.ids_by_key() == {KEY: [first.name, second.name]}
    assert ledger.attempts("0" * 16) == []


def test_only_the_last_runs_are_read_where_that_is_asked(ledger, write):
    names = [write(NOW.replace(hour=hour)).name for hour in (6, 7, 8)]
    assert [run.run_id for run in ledger.runs(2)] == names[1:]
    assert len(ledger.runs()) == 3


def test_batch_that_has_no_end_was_killed_unless_its_process_holds_it(ledger):
    batch = BatchSummary("b1", "run", "20250701T000000", NOW)
    ledger.write_batch(batch)
    assert ledger.batches() == [batch]
    assert ledger.state_of_batch(batch) == "killed"
    with ledger.claim("b1"):
        assert ledger.state_of_batch(batch) == "running"
    ended = replace(batch, ended_at=NOW, run_ids=("a", "b"), kept_count=3)
    ledger.write_batch(ended)
    assert ledger.batches(1) == [ended]
    assert ledger.state_of_batch(ended) == "ended"


def test_claim_of_a_process_that_was_killed_is_swept_and_one_that_is_held_stays(ledger):
    left = ledger.folder / ".claims/left.lock"
    with ledger.claim("held"):
        left.touch()
        ledger.settle_drafts()
        assert [path.name for path in left.parent.iterdir()] == ["held.lock"]
