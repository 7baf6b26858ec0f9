"""The order of a batch: needs first, failures tried again, what is done left alone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from errno import ENOSPC
from pathlib import Path

import pytest

from clientlib.config import ReportSettings, load_settings
from clientlib.errors import RunError
from clientlib.reports import Failure
from clientlib.runs.batch import Batch
from clientlib.runs.entries import describe
from clientlib.runs.jobs import Ended, Limits, Place
from clientlib.runs.ledger import Ledger
from clientlib.runs.outcome import Outcome
from clientlib.runs.planning.plan import Plan, Task
from clientlib.runs.planning.readers import Readers

MAY = date(2025, 5, 31)


def task(report: str, *needs: str, edition="all", missing=None) -> Task:
    settings = ReportSettings(notebook=f"notebooks/{report}.ipynb", title=report, question="?")
    targets = tuple(task(need).target for need in needs)
    key = f"{report}{edition}".encode().hex()[:16].ljust(16, "0")
    return Task(report, settings, edition, MAY, {}, key, missing=missing, needs=targets)


def plan(*tasks: Task) -> Plan:
    return Plan({one.target: one for one in tasks})


class FakeCrew:
    """Ends jobs in the order in which they were begun, as the test says; writes the ledger."""

    def __init__(self, said: dict[str, list], capacity: int = 2) -> None:
        self.said = {report: list(endings) for report, endings in said.items()}
        self.capacity = capacity
        self.begun: list[tuple[str, int]] = []
        self._running: list = []

    @property
    def free(self) -> int:
        return self.capacity - len(self._running)

    def start(self, job) -> None:
        self.begun.append((job.task.report, job.attempt))
        self._running.append(job)

    def wait(self, seconds) -> list[Ended]:
        if not self._running:
            return []
        job = self._running.pop(0)
        ending = (self.said.get(job.task.report) or ["done"]).pop(0)
        if ending == "died":
            return [Ended(job, None, death="was killed by SIGKILL")]
        if ending == "elsewhere":
            return [Ended(job, None)]
        if isinstance(ending, Exception):
            return [Ended(job, None, fault=ending)]
        return [Ended(job, entered(job, ending))]

    def close(self) -> None:
        self._running.clear()


def entered(job, ending):
    """Enter a run as the process of a job does."""
    run = replace(describe(job, datetime.now(UTC)), state="done", failure=None, page="page.html")
    if ending != "done":
        failure = Failure(3, "1 / 0", "ZeroDivisionError", "division by zero", kind=ending)
        run = replace(run, state="failed", failure=failure)
    else:
        with (job.place.root / job.place.output / "page.html").open("a") as page:
            page.write(f"run {run.run_id}\n")
    ledger = Ledger(job.place.root / job.place.ledger)
    ledger.close_draft(ledger.open_draft(run, {}), run)
    return run


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "clientlib.toml").write_text("[runs]\nattempts = 3\nbackoff_seconds = 0.01\n")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/page.html").write_text("a page")
    return load_settings(tmp_path)


@pytest.fixture
def run(settings):
    """Run a plan with a crew, and give the outcome and the runs that were told."""

    def run(plan, crew, *, build_id="20250701T000000", batch="b1", is_forced=False):
        place = Place(
            settings.root, Path("w.duckdb"), build_id, "EUR", settings.ledger, settings.output,
            (), batch, Limits(60, 60, None),
        )  # fmt: skip
        outcome, told = Outcome(), []
        readers = Readers(settings, place.snapshot_path)
        Batch(settings, place, crew, readers, outcome, told.append).run(plan, is_forced=is_forced)
        return outcome, told

    return run


def states(outcome) -> dict[str, str]:
    return {run.report: run.state for run in outcome.runs.values()}


def test_report_runs_after_those_that_it_needs(run):
    crew = FakeCrew({})
    run(plan(task("manager", "scores", "segments"), task("scores"), task("segments")), crew)
    assert [report for report, _ in crew.begun] == ["scores", "segments", "manager"]


def test_failure_skips_what_needs_it_with_its_reason_and_nothing_else(run):
    crew = FakeCrew({"scores": ["cell"]})
    outcome, _ = run(plan(task("scores"), task("manager", "scores"), task("segments"),
                          task("deck", "manager")), crew)  # fmt: skip
    assert states(outcome) == {
        "scores": "failed", "manager": "skipped", "segments": "done", "deck": "skipped",
    }  # fmt: skip
    reasons = {run.report: run.reason for run in outcome.runs.values()}
    assert reasons["manager"] == (
        "it needs reports.scores, which failed in cell 3: ZeroDivisionError"
    )
    assert reasons["deck"].startswith("it needs reports.manager, which was skipped: it needs")


@pytest.mark.parametrize("kind", ["kernel", "fault", "died"])
def test_what_the_machine_did_to_a_run_is_tried_again_at_once(run, kind):
    crew = FakeCrew({"scores": [kind, "done"]})
    outcome, told = run(plan(task("scores")), crew)
    assert crew.begun == [("scores", 1), ("scores", 2)]
    assert states(outcome) == {"scores": "done"}
    assert [(one.state, one.attempt) for one in told] == [("failed", 1), ("done", 2)]


def test_attempts_have_an_end(run):
    crew = FakeCrew({"scores": ["kernel"] * 9})
    outcome, _ = run(plan(task("scores")), crew)
    assert crew.begun == [("scores", 1), ("scores", 2), ("scores", 3)]
    assert states(outcome) == {"scores": "failed"}


@pytest.mark.parametrize("kind", ["cell", "deadline"])
def test_what_a_notebook_did_would_come_again_and_is_not_tried_at_once(run, kind):
    crew = FakeCrew({"scores": [kind, "done"]})
    run(plan(task("scores")), crew)
    assert crew.begun == [("scores", 1)]


def test_while_one_waits_for_its_next_attempt_the_others_go_on(run):
    crew = FakeCrew({"scores": ["kernel", "done"]}, capacity=1)
    run(plan(task("scores"), task("segments"), task("manager", "scores")), crew)
    assert crew.begun == [("scores", 1), ("segments", 1), ("scores", 2), ("manager", 1)]


def test_death_of_a_process_is_in_the_ledger_with_how_it_died(run, settings):
    run(plan(task("scores")), FakeCrew({"scores": ["died"] * 3}))
    failures = [one.failure for one in Ledger(settings.ledger_folder).runs()]
    assert [(one.kind, one.message) for one in failures] == [
        ("process", "its process was killed by SIGKILL")
    ] * 3


def test_what_is_done_on_this_snapshot_is_kept(run):
    run(plan(task("scores")), FakeCrew({}))
    again = FakeCrew({})
    outcome, told = run(plan(task("scores"), task("manager", "scores")), again, batch="b2")
    assert [report for report, _ in again.begun] == ["manager"]
    assert [one.report for one in outcome.kept.values()] == ["scores"]
    assert [one.report for one in told] == ["manager"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"is_forced": True}, id="forced"),
        pytest.param({"build_id": "20250702T000000"}, id="another snapshot"),
    ],
)
def test_what_is_done_runs_again_when_forced_or_on_another_snapshot(run, change):
    run(plan(task("scores")), FakeCrew({}))
    again = FakeCrew({})
    run(plan(task("scores")), again, batch="b2", **change)
    assert again.begun == [("scores", 1)]


def test_what_was_done_runs_again_where_its_page_is_gone(run, settings):
    run(plan(task("scores")), FakeCrew({}))
    (settings.output_folder / "page.html").unlink()
    again = FakeCrew({})
    run(plan(task("scores")), again, batch="b2")
    assert again.begun == [("scores", 1)]


def test_what_was_done_runs_again_where_its_page_is_another_run_s(run, settings):
    run(plan(task("scores")), FakeCrew({}))
    (settings.output_folder / "page.html").write_text("run 20250701T010203-scores-all-other")
    again = FakeCrew({})
    run(plan(task("scores")), again, batch="b2")
    assert again.begun == [("scores", 1)]


def test_what_another_process_is_at_is_left_to_it_with_what_needs_it(run):
    crew = FakeCrew({"scores": ["elsewhere"]})
    outcome, _ = run(plan(task("scores"), task("manager", "scores"), task("segments")), crew)
    assert sorted(one.report for one in outcome.elsewhere.values()) == ["manager", "scores"]
    assert states(outcome) == {"segments": "done"}


def test_report_without_its_inputs_is_skipped_with_its_reason(run, settings):
    outcome, _ = run(plan(task("scores", missing="marts.x has no rows")), FakeCrew({}))
    (entered_run,) = Ledger(settings.ledger_folder).runs()
    assert (entered_run.state, entered_run.reason) == ("skipped", "marts.x has no rows")
    assert states(outcome) == {"scores": "skipped"}


def test_fault_of_ours_is_raised_when_the_others_have_ended(run, settings):
    crew = FakeCrew({"scores": [KeyError("a fault of ours")]})
    with pytest.raises(KeyError, match="a fault of ours"):
        run(plan(task("scores"), task("segments")), crew)
    ended = {one.report: one.state for one in Ledger(settings.ledger_folder).runs()}
    assert ended == {"scores": "failed", "segments": "done"}


def test_needed_run_hands_its_id_to_what_needs_it(run):
    inputs = {}

    class Watching(FakeCrew):
        def start(self, job) -> None:
            inputs[job.task.report] = job.inputs
            super().start(job)

    outcome, _ = run(plan(task("scores"), task("manager", "scores")), Watching({}))
    scores = outcome.runs[task("scores").target]
    assert inputs == {"scores": (), "manager": (scores.run_id,)}


@pytest.mark.parametrize(
    ("ending", "inputs"),
    [
        pytest.param("done", 1, id="what was wanted is handed on"),
        pytest.param("cell", 0, id="what was wanted has failed: made without it"),
    ],
)
def test_report_comes_after_what_it_wants_and_is_made_all_the_same(run, ending, inputs):
    given = {}

    class Watching(FakeCrew):
        def start(self, job) -> None:
            given[job.task.report] = len(job.inputs)
            super().start(job)

    review = replace(task("review"), wants=(task("scores").target,))
    outcome, _ = run(plan(review, task("scores")), Watching({"scores": [ending]}))
    assert list(given) == ["scores", "review"]
    assert (given["review"], states(outcome)["review"]) == (inputs, "done")


def test_report_made_without_what_it_wants_is_made_again_when_that_is_done(run):
    review = replace(task("review"), wants=(task("scores").target,))
    run(plan(task("scores"), review), FakeCrew({"scores": ["cell"]}))
    again = FakeCrew({})
    run(plan(task("scores"), review), again)
    assert [report for report, _ in again.begun] == ["scores", "review"]
    kept = FakeCrew({})
    run(plan(task("scores"), review), kept)
    assert kept.begun == []


def test_two_processes_that_died_at_once_are_entered_once_each(run, settings):
    class Dying(FakeCrew):
        def start(self, job) -> None:
            begun = describe(job, datetime.now(UTC))
            Ledger(settings.ledger_folder).open_draft(begun, {})
            super().start(job)

        def wait(self, seconds) -> list[Ended]:
            return [
                ended for _ in range(len(self._running)) for ended in super(Dying, self).wait(0)
            ]

    crew = Dying({"scores": ["died", "died", "died"], "segments": ["died", "died", "died"]})
    run(plan(task("scores"), task("segments")), crew)
    entered_runs = sorted(
        (one.report, one.attempt) for one in Ledger(settings.ledger_folder).runs()
    )
    assert entered_runs == [(name, n) for name in ("scores", "segments") for n in (1, 2, 3)]


def test_where_the_ledger_cannot_be_written_to_nothing_more_is_begun(run):
    full = OSError(ENOSPC, "No space left on device")
    crew = FakeCrew({"scores": [full]}, capacity=1)
    with pytest.raises(RunError, match="the ledger cannot be written to") as raised:
        run(plan(task("scores"), task("segments"), task("manager", "scores")), crew)
    assert "No space left on device" in str(raised.value)
    assert crew.begun == [("scores", 1)]
