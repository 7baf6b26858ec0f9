"""Kill a load and the build after it at any moment of their time, and see what is left."""

import contextlib
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from killed import NOW, settings_of

from clientlib.sample import write_sample
from clientlib.warehouse import Snapshots, build_snapshot, load_sources, open_warehouse

SCRIPT = Path(__file__).with_name("killed.py")
RECORDS = ("loads", "load_counts", "files")


@dataclass(frozen=True)
class Outcome:
    """The same project before and after the load, and how many seconds load and build take."""

    before: Path
    undisturbed: Path
    seconds: float


def tables_of(path: Path, query: str) -> dict[str, tuple]:
    """Hash every table of a database, whatever the order of its rows."""
    with duckdb.connect(path, read_only=True) as connection:
        names = [row[0] for row in connection.execute(query).fetchall()]
        return {
            name: connection.execute(
                f"select count(*), bit_xor(hash(t)), sum(hash(t)::hugeint) from {name} as t"
            ).fetchone()
            for name in names
        }


def raw_tables(root: Path) -> dict[str, tuple]:
    names = "select table_name from duckdb_tables() order by all"
    return tables_of(root / "data/warehouse/raw.duckdb", names)


def rows_only(tables: dict[str, tuple]) -> dict[str, tuple]:
    return {name: hashes for name, hashes in tables.items() if name not in RECORDS}


def built_tables(root: Path) -> dict[str, tuple]:
    # The record of loads holds one more where a killed load had ended and was done once more.
    names = """select schema_name || '.' || table_name from duckdb_tables()
        where schema_name in ('staging', 'marts') and table_name <> 'load_history' order by all"""
    return tables_of(Snapshots(root / "data/warehouse").current_path(), names)


def write_half_known_company(root: Path) -> Path:
    """Write a project that knows a part of the exports, built; the rest waits to be loaded."""
    raw = root / "data/raw/sample"
    write_sample(raw, seed=3, clients=50, start=date(2025, 1, 1), end=date(2025, 12, 31))
    whole = (raw / "erp_orders_2025.csv").read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    (raw / "erp_orders_2025.csv").write_text("".join(lines[:200]), encoding="utf-8")
    load_and_build(root)
    (raw / "erp_orders_2025.csv").write_text(whole, encoding="utf-8")
    return root


def load_and_build(root: Path) -> None:
    load_sources(settings_of(root), now=NOW)
    build_snapshot(settings_of(root), now=NOW)


def time_undisturbed(before: Path, folder: Path) -> Outcome:
    """Let load and build run to their end, in a process of their own as those to be killed."""
    root = Path(shutil.copytree(before, folder / "undisturbed"))
    with started(root) as process:
        process.stdout.readline()
        begun = time.monotonic()
        process.communicate()
        seconds = time.monotonic() - begun
    return Outcome(before, root, seconds)


def moments(count: int, seed: int) -> list[float]:
    """Draw moments as shares of the whole time: one from each of so many equal parts of it."""
    dice = random.Random(seed)
    return [(part + dice.random()) / count for part in range(count)]


@contextlib.contextmanager
def started(root: Path) -> Iterator[subprocess.Popen]:
    """Start load and build; the first line that it writes says that it begins."""
    command = [sys.executable, str(SCRIPT), str(root), "both"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process


def kill_at(outcome: Outcome, moment: float, folder: Path) -> str:
    """Kill a load and build at a share of their time; say in which of them it was.

    Raises AssertionError where readers see anything but a whole snapshot, where a part of a load
    is kept, or where a new start does not end as if nothing had happened.
    """
    root = Path(shutil.copytree(outcome.before, folder))
    with started(root) as process:
        process.stdout.readline()
        time.sleep(moment * outcome.seconds)
        process.kill()
    is_new_snapshot = _check_what_is_served(outcome, root)
    raw = rows_only(raw_tables(root))
    is_loaded = raw == rows_only(raw_tables(outcome.undisturbed))
    assert is_loaded or raw == rows_only(raw_tables(outcome.before))
    assert is_loaded or not is_new_snapshot
    load_and_build(root)
    assert rows_only(raw_tables(root)) == rows_only(raw_tables(outcome.undisturbed))
    assert built_tables(root) == built_tables(outcome.undisturbed)
    assert not list((root / "data/warehouse").glob("*.draft*"))
    shutil.rmtree(root)
    return "after the switch" if is_new_snapshot else "build" if is_loaded else "load"


def _check_what_is_served(outcome: Outcome, root: Path) -> bool:
    served = built_tables(root)
    with open_warehouse(root / "data/warehouse") as warehouse:
        assert [found for found in warehouse.check() if found.severity == "broken"] == []
    is_new = served == built_tables(outcome.undisturbed)
    assert is_new or served == built_tables(outcome.before)
    return is_new
