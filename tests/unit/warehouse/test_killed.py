"""Kill a load and a build at any moment: readers see the old snapshot, and a new start mends it."""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from killed import NOW, settings_of
from kills import (
    SCRIPT,
    Outcome,
    built_tables,
    kill_at,
    raw_tables,
    rows_only,
    time_undisturbed,
    write_half_known_company,
)
from kills import moments as moments_of_all

from clientlib.warehouse import Snapshots, build_snapshot, load_sources, open_warehouse

MOMENTS = random.Random(20260105)
STEPS = {"load": 17, "build": 32}
DIES_AFTER_COMMIT = """
import os, sys
from pathlib import Path
from clientlib.warehouse import load, store
from killed import NOW, settings_of
def die(): os._exit(9)
class Dying:
    def __init__(self, connection): self.connection = connection
    def __getattr__(self, name): return die if name == 'close' else getattr(self.connection, name)
connect = store.connect
store.connect = lambda *arguments, **options: Dying(connect(*arguments, **options))
load.load_sources(settings_of(Path(sys.argv[1])), now=NOW)
"""


def moments(command: str, count: int) -> list:
    """Draw moments: after how many steps, and how many milliseconds later."""
    drawn = [(MOMENTS.randint(0, STEPS[command]), MOMENTS.uniform(0, 30)) for _ in range(count)]
    return [pytest.param(*moment, id=f"step {moment[0]}") for moment in drawn]


def kill(root: Path, command: str, after_steps: int, milliseconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(root), command], stdout=subprocess.PIPE, text=True
    )
    for _ in range(after_steps):
        process.stdout.readline()
    time.sleep(milliseconds / 1000)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def outcome(tmp_path_factory) -> Outcome:
    before = write_half_known_company(tmp_path_factory.mktemp("before"))
    return time_undisturbed(before, tmp_path_factory.mktemp("after"))


@pytest.fixture
def before(outcome) -> Path:
    return outcome.before


@pytest.fixture
def undisturbed(outcome) -> Path:
    return outcome.undisturbed


@pytest.fixture
def project(before, tmp_path) -> Path:
    return Path(shutil.copytree(before, tmp_path / "project"))


@pytest.mark.parametrize(("after_steps", "milliseconds"), moments("load", 2))
def test_killed_load_is_all_there_or_not_at_all_and_can_be_done_again(
    before, undisturbed, project, after_steps, milliseconds
):
    kill(project, "load", after_steps, milliseconds)
    assert built_tables(project) == built_tables(before)
    assert raw_tables(project)["orders"] in (
        raw_tables(before)["orders"],
        raw_tables(undisturbed)["orders"],
    )
    load_sources(settings_of(project), now=NOW)
    assert rows_only(raw_tables(project)) == rows_only(raw_tables(undisturbed))


@pytest.mark.parametrize("moment", moments_of_all(6, seed=20260105))
def test_load_and_build_killed_at_any_moment_end_as_if_nothing_had_happened(
    outcome, tmp_path, moment
):
    assert kill_at(outcome, moment, tmp_path / "project") in ("load", "build", "after the switch")


@pytest.mark.parametrize(("after_steps", "milliseconds"), moments("build", 3))
def test_killed_build_leaves_the_old_snapshot_and_can_be_done_again(
    undisturbed, tmp_path, after_steps, milliseconds
):
    project = Path(shutil.copytree(undisturbed, tmp_path / "project"))
    folder = project / "data/warehouse"
    old = Snapshots(folder).current()
    kill(project, "build", after_steps, milliseconds)
    with open_warehouse(folder) as warehouse:
        assert warehouse.about.build_id in (old, Snapshots(folder).ids()[-1])
        assert [f for f in warehouse.check() if f.severity == "broken"] == []
    build_snapshot(settings_of(project), now=NOW)
    assert built_tables(project) == built_tables(undisturbed)
    assert list(folder.glob("*.draft*")) == []
    assert raw_tables(project) == raw_tables(undisturbed)


def test_snapshot_finished_but_not_yet_pointed_to_is_not_served(undisturbed, tmp_path):
    folder = Path(shutil.copytree(undisturbed, tmp_path / "project")) / "data/warehouse"
    current = Snapshots(folder).current()
    shutil.copy(Snapshots(folder).current_path(), folder / "20991231T000000.duckdb")
    with open_warehouse(folder) as warehouse:
        assert warehouse.about.build_id == current
    later = build_snapshot(settings_of(tmp_path / "project"), now=NOW)
    assert Snapshots(folder).current() == later > "20991231T000000"


def test_load_that_was_written_but_not_yet_tidied_away_is_built(before, undisturbed, tmp_path):
    project = Path(shutil.copytree(before, tmp_path / "project"))
    command = [sys.executable, "-c", DIES_AFTER_COMMIT, str(project)]
    subprocess.run(command, cwd=SCRIPT.parent, check=False)
    assert (project / "data/warehouse/raw.duckdb.wal").exists()
    build_snapshot(settings_of(project), now=NOW)
    assert built_tables(project) == built_tables(undisturbed)
