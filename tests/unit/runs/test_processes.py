"""Processes that take one run after the other: how many there are, and what a dead one costs."""

import os
import shutil
import signal
import sys

import pytest
from batches import SAY_WHO, fill_project, write_project
from warm_kernels import is_running, wait_until

from clientlib.config import load_settings
from clientlib.runs.crews import processes
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Hands, Wish

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

REPORTS = [f"report_{number}" for number in range(6)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    root = tmp_path_factory.mktemp("filled") / "project"
    return fill_project(write_project(root, dict.fromkeys(REPORTS, (SAY_WHO,))))


@pytest.fixture
def settings(filled, tmp_path):
    return load_settings(shutil.copytree(filled, tmp_path / "project"))


def workers_of(batched) -> list[int]:
    assert [run.state for run in batched.runs] == ["done"] * len(REPORTS)
    assert [run.attempt for run in batched.runs] == [1] * len(REPORTS)
    return [run.key_figures["driver_id"] for run in batched.runs]


def test_workers_take_one_run_after_the_other_and_end_with_the_batch(settings):
    found = set(workers_of(run_reports(settings, Wish(), Hands(workers=2))))
    assert len(found) == 2
    assert not any(map(is_running, found))


def test_worker_that_has_done_its_share_is_replaced(settings, monkeypatch):
    monkeypatch.setattr(processes, "JOBS_EACH", 2)
    found = workers_of(run_reports(settings, Wish(), Hands(workers=1)))
    assert [found.count(worker) for worker in dict.fromkeys(found)] == [2, 2, 2]


def test_worker_that_dies_between_two_runs_costs_neither(settings):
    def kill(run) -> None:
        if run.report == REPORTS[2]:
            worker = run.key_figures["driver_id"]
            os.kill(worker, signal.SIGKILL)
            wait_until(lambda: not is_running(worker))

    found = workers_of(run_reports(settings, Wish(), Hands(workers=1), kill))
    assert [found.count(worker) for worker in dict.fromkeys(found)] == [3, 3]
