"""Kill a batch at any moment: the next run does the rest, once, and nothing tells of the kill."""

import sys

import pytest
from batch_kills import RUNS, Undisturbed, kill_at, moments, run_undisturbed, write_before

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Undisturbed:
    before = write_before(tmp_path_factory.mktemp("before") / "project")
    return run_undisturbed(before, tmp_path_factory.mktemp("undisturbed"))


@pytest.mark.parametrize("moment", moments(4, seed=20261124))
def test_batch_killed_at_any_moment_is_finished_by_the_next_run_as_if_nothing_had_happened(
    undisturbed, tmp_path, moment
):
    assert kill_at(undisturbed, moment, tmp_path / "project").done_before <= RUNS
