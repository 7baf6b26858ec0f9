import os
from datetime import UTC, datetime

import pandas as pd
import pytest

from clientlib import runs
from clientlib.reports import Failure
from clientlib.runs.ledger import Ledger, count_issued, read_figures
from clientlib.runs.recording import RUN_VARIABLE

NOW = datetime(2025, 7, 1, 6, tzinfo=UTC)
CONTEXT = {"as_of": "2025-05-31", "snapshot": "20250701T000000", "code_version": "0.1.0"}
SCORES = pd.DataFrame({"client_id": ["C-1", "C-2"], "score": [0.5, None]})


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    return Ledger(tmp_path / "ledger")


@pytest.fixture
def write(ledger, monkeypatch, a_run):
    """Enter a run that issued scores into the ledger."""

    def write(now=NOW, scores=SCORES, **said):
        draft = ledger.open_draft("fine", "all", now, CONTEXT)
        monkeypatch.setenv(RUN_VARIABLE, str(draft))
        runs.issue("client_scores", scores, seed=7)
        runs.record(clients_count=len(scores))
        ledger.close_draft(draft, a_run(draft.name, **{"issued": count_issued(draft), **said}))
        return draft

    return write


def test_run_is_in_the_ledger_only_once_it_has_ended(ledger, a_run):
    draft = ledger.open_draft("fine", "all", NOW, CONTEXT)
    assert draft.name == "20250701T060000-fine-all"
    assert ledger.runs() == []
    ledger.close_draft(draft, a_run(draft.name))
    assert [run.run_id for run in ledger.runs()] == [draft.name]
    assert not draft.exists()


def test_runs_that_start_in_one_second_have_names_of_their_own(ledger, a_run):
    first = ledger.open_draft("fine", "all", NOW, CONTEXT)
    second = ledger.open_draft("fine", "all", NOW, CONTEXT)
    ledger.close_draft(first, a_run(first.name))
    third = ledger.open_draft("fine", "all", NOW, CONTEXT)
    assert len({first.name, second.name, third.name}) == 3


def test_run_that_has_ended_is_never_written_over(ledger, write, a_run):
    draft = write()
    draft.mkdir()
    with pytest.raises(OSError, match=draft.name):
        ledger.close_draft(draft, a_run(draft.name, state="failed"))
    assert [run.state for run in ledger.runs()] == ["done"]


def test_run_reads_back_as_it_was(ledger, a_run):
    draft = ledger.open_draft("fine", "all", NOW, CONTEXT)
    run = a_run(
        draft.name,
        state="failed",
        parameters={"top_n": 3, "as_of": "2025-05-31", "share": 0.25, "is_on": True},
        key_figures={"late_share": None, "clients_count": 2, "text": "Šarūnas"},
        headline="All is well",
        failure=Failure(4, "raise it", "ValueError", "no client", "How", "trace"),
        page="2025-05-31/fine/all.html",
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


def test_drafts_of_runs_killed_over_a_day_ago_are_swept(ledger):
    old = ledger.open_draft("fine", "all", NOW, CONTEXT)
    new = ledger.open_draft("fine", "all", NOW, CONTEXT)
    two_days_ago = NOW.timestamp() - 2 * 86_400
    os.utime(old, (two_days_ago, two_days_ago))
    os.utime(new, (NOW.timestamp(), NOW.timestamp()))
    ledger.sweep_drafts(NOW)
    assert not old.exists()
    assert new.exists()
