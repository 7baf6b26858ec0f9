"""Kill a batch at any moment of its time, run it again, and see that nothing tells of it."""

import random
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from batches import FINE, clientlib, done_counts, fill_project, runs, start, write_project

EDITIONS = ("run", "--edition", "all", "--edition", "client")
CLIENTS = 5
RUNS = 2 * (1 + CLIENTS)


@dataclass(frozen=True)
class Undisturbed:
    """A project before its batch, what the batch makes of it, and how many seconds it takes."""

    before: Path
    pages: frozenset[str]
    issued: dict[str, bytes]
    seconds: float


@dataclass(frozen=True)
class Killed:
    """What a kill met, and what the next run had to do."""

    moment: float
    done_before: int
    under_way: int
    seconds: float


def write_before(root: Path) -> Path:
    """Write a project of two reports with editions for five clients, loaded and built."""
    more = 'editions = ["all", "client"]\n'
    return fill_project(write_project(root, {"one": FINE, "two": FINE}, more=more), CLIENTS)


def run_undisturbed(before: Path, folder: Path) -> Undisturbed:
    """Let the batch run to its end, twice: the shorter time is disturbed less by other work."""
    seconds = []
    for name in ("first", "second"):
        root = Path(shutil.copytree(before, folder / name))
        begun = time.monotonic()
        code, told = clientlib(root, *EDITIONS)
        seconds.append(time.monotonic() - begun)
        assert code == 0, told
        assert len(done_counts(root)) == RUNS
    return Undisturbed(before, pages_of(root), issued_of(root), min(seconds))


def pages_of(root: Path) -> frozenset[str]:
    """List the pages of runs and whatever else lies beside them, hidden files among it."""
    found = (path.relative_to(root / "reports") for path in (root / "reports").rglob("*"))
    return frozenset(path.as_posix() for path in found if path.parts[0] != "batches")


def issued_of(root: Path) -> dict[str, bytes]:
    """Read what each run that was done has issued."""
    ledger = root / "data/ledger"
    return {
        f"{run.report} {run.edition} {path.stem}": path.read_bytes()
        for run in runs(root)
        if run.state == "done"
        for path in sorted((ledger / run.run_id / "issued").glob("*"))
    }


def moments(count: int, seed: int) -> list[float]:
    """Draw moments as shares of the whole time: one from each of so many equal parts of it."""
    dice = random.Random(seed)
    return [(part + dice.random()) / count for part in range(count)]


def kill_at(undisturbed: Undisturbed, moment: float, folder: Path) -> Killed:
    """Kill a batch at a share of its time and run it again.

    Raises AssertionError where a run is not done exactly once, where anything is left behind,
    or where pages and issued tables are not those of an undisturbed batch.
    """
    root = Path(shutil.copytree(undisturbed.before, folder))
    temporary = Path(tempfile.mkdtemp(prefix="cb-"))
    with start(root, *EDITIONS, temporary=temporary) as batch:
        time.sleep(moment * undisturbed.seconds)
        batch.popen.kill()
        batch.popen.wait()
        done_before = sum(done_counts(root).values())
        under_way = len(list((root / "data/ledger/.drafts").glob("*")))
        assert "processes" not in batch.leftovers()
    begun = time.monotonic()
    with start(root, *EDITIONS, temporary=temporary) as batch:
        code, told = batch.end()
        assert code == 0, told
        assert batch.leftovers() == {}
    seconds = time.monotonic() - begun
    _check_end(undisturbed, root)
    shutil.rmtree(root)
    shutil.rmtree(temporary)
    return Killed(moment, done_before, under_way, seconds)


def _check_end(undisturbed: Undisturbed, root: Path) -> None:
    assert len(done_counts(root)) == RUNS
    assert set(done_counts(root).values()) == {1}
    keys = [run.key for run in runs(root) if run.state == "done"]
    assert len(set(keys)) == RUNS
    assert pages_of(root) == undisturbed.pages
    assert issued_of(root) == undisturbed.issued
