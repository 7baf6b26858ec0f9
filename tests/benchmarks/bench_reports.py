"""How long page, deck, PDFs and data of the sample company's reports take, on one core.

``make bench-reports`` runs every report of the sample company once, then writes each output of
each report again and again from its executed notebook, with the notebook already in memory, and
prints the median wall-clock time, the CPU time, and the size. The first writing in a process also
loads what writes it: that time is printed once for each kind.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parents[1]))

from projects import fill

from clientlib.config import load_settings
from clientlib.language import speaking
from clientlib.reports import Run, place_assets, write_page
from clientlib.reports.documents import read_document
from clientlib.reports.outputs import ENDINGS, write_outputs
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Wish
from clientlib.sample import write_sample
from clientlib.starter import write_project

ROUNDS, SEED, CLIENTS = 15, 7, 600
BARS = {"page": 50, "deck": 1000, "pdf": 3000}  # milliseconds
HEAD = f"{'report':<24}{'output':<10}{'median ms':>11}{'CPU ms':>9}{'kB':>8}{'bar ms':>9}"


def say(line: str) -> None:
    """Print a line of the answer."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def make_runs(root: Path) -> list[Run]:
    """Make a project of the sample company and run all its reports."""
    write_project(root)
    settings = load_settings(root)
    write_sample(root / "data/raw/sample", seed=SEED, clients=CLIENTS)
    fill(settings)
    return [run for run in run_reports(settings, Wish()).runs if run.state == "done"]


def measure(write: Callable[[], object]) -> tuple[float, float, float]:
    """Measure the first time, then the median of wall-clock and CPU milliseconds."""
    first, walls, processor = 0.0, [], []
    for number in range(ROUNDS + 1):
        began, used = time.perf_counter(), time.process_time()
        write()
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        if number == 0:
            first = wall
            continue
        walls.append(wall)
        processor.append(cpu)
    return first * 1e3, statistics.median(walls) * 1e3, statistics.median(processor) * 1e3


def main() -> None:
    """Print the times of every report and output."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        runs = make_runs(root)
        say(HEAD)
        firsts: dict[str, float] = {}
        for run in runs:
            with speaking(run.language):
                _measure_run(run, root / "reports", firsts)
        said = ", ".join(f"{kind} {first:.0f}" for kind, first in firsts.items())
        say(f"first in a process, with loading, ms: {said}")


def _measure_run(run: Run, output: Path, firsts: dict[str, float]) -> None:
    notebook = nbformat.v4.reads((output / str(run.notebook)).read_text("utf-8"))
    assets, document = place_assets(output), read_document(notebook, run)
    writers: dict[str, tuple[Path, Callable[[], object]]] = {}
    page = output / "again.html"
    writers["page"] = page, lambda: write_page(read_document(notebook, run), page, assets=assets)
    for kind, ending in ENDINGS.items():
        name = f"again{ending}"
        writers[kind] = (
            output / name,
            lambda k=kind, n=name: write_outputs(document, {k: n}, output),
        )
    for kind, (path, write) in writers.items():
        first, median, cpu = measure(write)
        firsts.setdefault(kind, first)
        bar = f"{BARS[kind]:>9}" if kind in BARS else ""
        size = path.stat().st_size / 1000
        say(f"{run.report:<24}{kind:<10}{median:>11.1f}{cpu:>9.1f}{size:>8.0f}{bar}")


if __name__ == "__main__":
    main()
