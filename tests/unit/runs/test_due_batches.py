"""Runs that are due: several at once, after days without any, and what fails again and again."""

import shutil
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from batches import (
    FINE,
    clientlib,
    done_counts,
    failures,
    fill_project,
    load_orders,
    runs,
    start,
    status,
    write_notebook,
    write_project,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MONTHLY = 'every = "month"\n'
BY_CLIENT = MONTHLY + 'editions = ["all", "client"]\n'
LIMITS = "attempts = 2\nbackoff_seconds = {seconds}\ncatch_up_periods = 2\n"
BROKEN = ("raise ValueError('no such client')",)


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """Give a folder of data: three clients, May closed."""
    root = write_project(tmp_path_factory.mktemp("filled") / "project", {})
    return fill_project(root, clients=3) / "data"


@pytest.fixture
def make_project(filled, tmp_path):
    def make_project(reports, *, seconds=0.1, more=MONTHLY) -> Path:
        root = tmp_path / "project"
        write_project(root, reports, limits=LIMITS.format(seconds=seconds), more=more)
        shutil.copytree(filled, root / "data")
        return root

    return make_project


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param([["--workers", "1"], []], id="two at once, one of them with one worker"),
        pytest.param([[], [], []], id="three at once"),
    ],
)
def test_runs_that_are_due_at_the_same_time_share_the_work(make_project, calls):
    root = make_project({"one": FINE, "two": FINE}, more=BY_CLIENT)
    with ExitStack() as stack:
        begun = [stack.enter_context(start(root, "run", "--due", *call)) for call in calls]
        ended = [batch.end() for batch in begun]
        assert [code for code, _ in ended] == [0] * len(calls), ended
        assert [batch.leftovers() for batch in begun] == [{}] * len(calls)
    assert len(done_counts(root)) == 2 * (1 + 3)
    assert set(done_counts(root).values()) == {1}
    assert {run.state for run in runs(root)} == {"done"}
    told = "".join(said for _, said in ended)
    assert told.count("\nran ") == 8
    assert "to another process that is at them" in told or "done before" in told


def test_after_days_of_downtime_every_closed_period_that_is_caught_up_is_run_once(make_project):
    root = make_project({"one": FINE})
    assert clientlib(root, "run", "--due")[0] == 0
    for month in ("2025-07", "2025-08"):
        load_orders(root, month, 3, now=datetime(2025, 9, 1, int(month[-1]), tzinfo=UTC))
    assert status(root)["due_count"] == 2
    assert clientlib(root, "run", "--due")[0] == 0
    days = ["2025-05-31", "2025-06-30", "2025-07-31"]
    assert done_counts(root) == {f"one all {day}": 1 for day in days}
    assert status(root)["due_count"] == 0
    clientlib(root, "run", "--due")
    assert len(runs(root)) == 3


def test_failed_report_waits_for_its_back_off_and_status_says_until_when(make_project):
    root = make_project({"broken": BROKEN, "one": FINE}, seconds=3600)
    assert clientlib(root, "run", "--due")[0] == 1
    code, told = clientlib(root, "run", "--due")
    assert code == 0
    assert "waits" in told
    assert failures(root, "broken") == [("cell", 4)]
    (waiting,) = status(root)["waiting"]
    assert (waiting["report"], waiting["failures"]) == ("broken", 1)
    until = datetime.strptime(waiting["until"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert timedelta(minutes=50) < until - datetime.now(UTC) < timedelta(hours=1)


@pytest.fixture
def given_up(make_project) -> Path:
    """Give a project whose report has failed as often as it may."""
    root = make_project({"broken": BROKEN})
    for _ in range(3):
        clientlib(root, "run", "--due")
    return root


def test_report_is_given_up_after_its_attempts_until_something_changes(given_up):
    assert failures(given_up, "broken") == [("cell", 4)] * 2
    (waiting,) = status(given_up)["waiting"]
    assert (waiting["failures"], waiting["until"]) == (2, None)


def change_notebook(root: Path) -> None:
    write_notebook(root, "broken", *BROKEN, "1 + 1")


def change_parameters(root: Path) -> None:
    config = root / "clientlib.toml"
    config.write_text(config.read_text() + "parameters = { top_n = 2 }\n")


def change_snapshot(root: Path) -> None:
    load_orders(root, "2025-06", 4, now=datetime(2025, 7, 2, tzinfo=UTC))


@pytest.mark.parametrize("change", [change_notebook, change_parameters, change_snapshot])
def test_report_that_was_given_up_is_tried_again_when_something_has_changed(given_up, change):
    change(given_up)
    assert status(given_up)["due_count"] == 1
    assert clientlib(given_up, "run", "--due")[0] == 1
    assert len(failures(given_up, "broken")) == 3


def test_report_without_its_inputs_is_entered_once_with_what_needs_it(make_project):
    hungry = MONTHLY + 'needs = ["marts.price_pairs"]\n'
    root = make_project({"hungry": FINE}, more=hungry)
    config = root / "clientlib.toml"
    needy = hungry.replace("marts.price_pairs", "reports.hungry")
    config.write_text(config.read_text() + "[reports.needy]\n" + 'notebook = "notebooks/hungry.ipynb"\n'
                      'title = "Needy"\nquestion = "?"\n' + needy)  # fmt: skip
    for _ in range(3):
        assert clientlib(root, "run", "--due")[0] == 0
    assert sorted((run.report, run.state) for run in runs(root)) == [
        ("hungry", "skipped"),
        ("needy", "skipped"),
    ]
