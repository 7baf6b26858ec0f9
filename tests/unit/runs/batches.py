"""Batches as real processes: tiny projects, what they start, what they leave behind."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from clientlib.config import load_settings
from clientlib.reports import Run
from clientlib.runs.ledger import DRAFTS, Ledger
from clientlib.warehouse import build_snapshot, load_sources

LIMIT_SECONDS = 90
SOON_SECONDS = 15
MARK = "CLIENTLIB_TEST_BATCH"
ORDERS = """
[sources.erp]
path = "data/raw"
[[sources.erp.files]]
name = "orders"
file = "orders*.csv"
[[sources.erp.files.tables]]
table = "orders"
columns = { order_id = "No", client_id = "Client", ordered_on = "Date", status = "State" }
[runs]
"""
LIMITS = "attempts = 2\nbackoff_seconds = 0.1\ncell_seconds = 30\nmemory_limit = '2GB'\n"
REPORT = """
[reports.{name}]
notebook = "notebooks/{name}.ipynb"
title = "Report {name}"
question = "Is {name} well?"
"""
PARAMETERS = 'as_of = "2025-01-31"\nwarehouse_path = "data/warehouse"\ntop_n = 1'
READ = (
    "import os, signal, time\n"
    "from pathlib import Path\n"
    "from clientlib import runs\n"
    "from clientlib.warehouse import open_warehouse\n\n"
    'orders = open_warehouse(warehouse_path).read("staging.orders", as_of=as_of)'
)
ISSUE = 'runs.issue("order_list", orders[["order_id", "client_id"]].sort_values("order_id"))'
SAY_WHO = 'runs.record(driver_id=int(os.environ["JPY_PARENT_PID"]))'
FINE = (ISSUE, "runs.record(orders_count=len(orders))")


def write_project(
    root: Path, reports: dict[str, tuple[str, ...]], *, limits: str = LIMITS, more: str = ""
) -> Path:
    """Write a project whose reports have these cells after those that read its orders."""
    (root / "notebooks").mkdir(parents=True)
    tables = [REPORT.format(name=name) + more for name in reports]
    (root / "clientlib.toml").write_text(ORDERS + limits + "".join(tables), encoding="utf-8")
    for name, cells in reports.items():
        write_notebook(root, name, *cells)
    return root


def write_notebook(root: Path, name: str, *cells: str) -> None:
    parameters = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    made = [parameters, *(new_code_cell(source) for source in (READ, *cells))]
    for number, cell in enumerate(made):
        cell["id"] = f"cell-{number}"
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=made, metadata={"kernelspec": spec})
    nbformat.write(notebook, root / f"notebooks/{name}.ipynb")


def load_orders(root: Path, month: str, clients: int, *, now: datetime) -> None:
    """Load and build an order of each client in a month such as 2025-05."""
    rows = [f"O-{month}-{n},C-{n},{month}-05,delivered\n" for n in range(1, clients + 1)]
    (root / "data/raw").mkdir(parents=True, exist_ok=True)
    (root / f"data/raw/orders-{month}.csv").write_text("No,Client,Date,State\n" + "".join(rows))
    settings = load_settings(root)
    load_sources(settings, now=now)
    build_snapshot(settings, now=now)


def fill_project(root: Path, clients: int = 2) -> Path:
    """Load and build May and the first days of June: May is closed."""
    for month in ("2025-05", "2025-06"):
        load_orders(root, month, clients, now=datetime(2025, 7, 1, int(month[-1]), tzinfo=UTC))
    return root


@dataclass(frozen=True)
class Process:
    """A process of a batch, as /proc tells of it."""

    number: int
    parent: int
    command: str
    environment: str


@dataclass
class Started:
    """A command that runs, with a mark and a folder for temporary files of its own."""

    root: Path
    popen: subprocess.Popen
    mark: str
    temporary: Path
    told: Path

    def processes(self) -> dict[int, Process]:
        """List the processes that descend from the command, whoever their parent is now."""
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            process = _read_process(place)
            if process and f"{MARK}={self.mark}" in process.environment:
                found[process.number] = process
        return found

    def driver_of(self, report: str) -> int | None:
        """Find the process that drives a report which has said by `SAY_WHO` who it is."""
        drafts = load_settings(self.root).ledger_folder / DRAFTS
        for path in drafts.glob("*/figures.json"):
            if (text := path.read_text(encoding="utf-8")) and f"-{report}-" in path.parent.name:
                return json.loads(text)["driver_id"]
        return None

    def template(self) -> int | None:
        """Find the process that warm kernels are forked from."""
        for process in self.processes().values():
            if "clientlib.kernels.template" in process.command and process.parent == self.popen.pid:
                return process.number
        return None

    def end(self) -> tuple[int, str]:
        """Wait for the end; give the exit code and what was said."""
        code = self.popen.wait(LIMIT_SECONDS)
        return code, self.told.read_text(encoding="utf-8")

    def leftovers(self) -> dict[str, list[str]]:
        """List what a command that has ended must not leave behind, after a moment to go."""
        wait_for(lambda: not self.processes(), is_must=False)
        ledger = load_settings(self.root).ledger_folder
        found = {
            "processes": [f"{p.number} {p.command}" for p in self.processes().values()],
            "temporary": sorted(p.name for p in self.temporary.iterdir()),
            "half": sorted(p.name for p in self.root.rglob("*.half")),
        }
        for folder in (".drafts", ".claims", ".editions"):
            found[folder] = sorted(p.name for p in (ledger / folder).glob("*"))
        return {what: names for what, names in found.items() if names}


def _read_process(place: Path) -> Process | None:
    try:
        environment = (place / "environ").read_bytes().decode(errors="replace")
        status = (place / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        command = (place / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
    except OSError:
        return None
    return (
        None if status[0] == "Z" else Process(int(place.name), int(status[1]), command, environment)
    )


def wait_for(condition: Callable[[], object], *, is_must: bool = True) -> object:
    """Wait for something to come true, and give what it is."""
    last = time.monotonic() + SOON_SECONDS
    while not (found := condition()) and time.monotonic() < last:
        time.sleep(0.02)
    assert found or not is_must
    return found


@contextmanager
def start(root: Path, *arguments: str, temporary: Path | None = None) -> Iterator[Started]:
    """Start ``clientlib`` in a project; whatever of it still runs at the end is killed."""
    mark = uuid.uuid4().hex
    own = temporary or Path(tempfile.mkdtemp(prefix="cb-"))  # short: sockets lie in it
    told = own.with_name(f"{own.name}-{mark}.txt")
    with told.open("w", encoding="utf-8") as file:
        popen = subprocess.Popen(
            [sys.executable, "-m", "clientlib", *arguments],
            cwd=root, stdout=file, stderr=subprocess.STDOUT,
            env={**os.environ, MARK: mark, "TMPDIR": str(own)},
        )  # fmt: skip
    started = Started(root, popen, mark, own, told)
    try:
        yield started
    finally:
        if popen.poll() is None:
            popen.kill()
        popen.wait()
        for number in started.processes():
            os.kill(number, 9)
        told.unlink(missing_ok=True)
        if temporary is None:
            shutil.rmtree(own, ignore_errors=True)


def clientlib(root: Path, *arguments: str, temporary: Path | None = None) -> tuple[int, str]:
    """Run ``clientlib`` to its end; give the exit code and what was said."""
    with start(root, *arguments, temporary=temporary) as started:
        return started.end()


def status(root: Path) -> dict:
    code, told = clientlib(root, "status", "--json")
    assert code == 0, told
    return json.loads(told)


def runs(root: Path) -> list[Run]:
    return Ledger(load_settings(root).ledger_folder).runs()


def done_counts(root: Path) -> dict[str, int]:
    """Count by report and edition how often a run was done."""
    done = Counter(
        f"{run.report} {run.edition} {run.as_of}" for run in runs(root) if run.state == "done"
    )
    return dict(sorted(done.items()))


def failures(root: Path, report: str) -> list[tuple[str, int]]:
    """List kind and cell of each failure of a report, in their order."""
    return [(run.failure.kind, run.failure.cell_number) for run in runs(root)
            if run.report == report and run.failure]  # fmt: skip
