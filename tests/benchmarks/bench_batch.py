"""Editions by the dozen and by the hundred: our batch beside papermill's command, and beside the cells alone.

    python tests/benchmarks/bench_batch.py [REPORT] [ROUNDS]

The sample company with 2,400 clients has 24 managers; each gets an edition of one report. Wall time
and processor time are those of the whole tree of processes, start-up included: this process adopts
whatever a command leaves behind and waits for it. Papermill's command reads files that were cut
before, so that it does less than our batch. The plain function executes the same cells in one process
that has imported everything; what a notebook displays is drawn as well.
"""

import contextlib
import ctypes
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

LIMITS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PLOTLY_RENDERER": "json"}
os.environ.update(LIMITS)  # before numpy is imported

from clientlib.config import Settings, load_settings  # noqa: E402
from clientlib.runs.executing.lifetimes import peak_memory  # noqa: E402
from clientlib.runs.ledger import Ledger  # noqa: E402
from clientlib.sample import write_sample  # noqa: E402
from clientlib.starter import write_project  # noqa: E402
from clientlib.warehouse import Editions, Snapshots, open_warehouse  # noqa: E402

CLIENTS, WORKERS = 2_400, 2
PR_SET_CHILD_SUBREAPER = 36
LOOK_SECONDS = 0.02
MONTHS = (1, 7, 13)  # of 24 editions each
CLIENTLIB = [sys.executable, "-m", "clientlib"]
PAPERMILL = [sys.executable, "-m", "papermill"]


@dataclass(frozen=True)
class Cost:
    """What something took, in seconds, and the most memory of the process that was started."""

    wall: float
    processor: float
    peak_mb: float = 0.0


def main() -> None:
    """Measure, and print a table."""
    report = sys.argv[1] if len(sys.argv) > 1 else "reliability"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    adopt_orphans()
    with TemporaryDirectory() as folder:
        settings = make_project(Path(folder), report)
        files = cut_files(settings, Path(folder) / "files")
        tell(f"{report}: {len(files)} editions, {WORKERS} workers, load {os.getloadavg()[0]:.1f}")
        compare(settings, report, files, rounds)
        grow(settings, report, rounds)


def compare(settings: Settings, report: str, files: list[Path], rounds: int) -> None:
    """Set the batch beside papermill's command and the cells alone, by turns."""
    ours: list[Cost] = []
    theirs: list[Cost] = []
    cells: list[float] = []
    function = plain_function(settings, report)
    for _ in range(rounds):
        command = [*CLIENTLIB, "run", report, "--edition", "manager", "--force",
                   "--workers", str(WORKERS)]  # fmt: skip
        ours.append(cost_of([command], settings.root))
        theirs.append(cost_of(papermill_commands(settings, report, files), settings.root))
        cells.append(statistics.mean(processor_time(function, file) for file in files))
    wall, processor = ratio(theirs, ours, "wall"), ratio(theirs, ours, "processor")
    tell_costs("24 editions, clientlib run", ours)
    tell_costs("24 times the papermill command", theirs)
    tell(f"faster by {wall:.1f} times, {processor:.1f} times less processor time")
    tell(f"the cells as a plain function: {statistics.median(cells):.3f} CPU s an edition")


def grow(settings: Settings, report: str, rounds: int) -> None:
    """Tell how the cost grows from 24 editions to 312, by months that are due."""
    function = plain_function(settings, report)
    costs: dict[int, list[Cost]] = {months: [] for months in MONTHS}
    cells: list[float] = []
    for _ in range(rounds):
        cells.append(cells_alone(settings, function))  # by turns: machines are not always as fast
        for months in MONTHS:
            configure(settings.root, months)
            forget_runs(settings)
            command = [*CLIENTLIB, "run", report, "--due", "--workers", str(WORKERS)]
            costs[months].append(cost_of([command], settings.root))
            done = [run for run in Ledger(settings.ledger_folder).runs() if run.state == "done"]
            assert len(done) == 24 * months, f"{len(done)} runs are done"
            kernels = [run.peak_memory_bytes or 0 for run in done]
            first, last = kernels[:24], kernels[-24:]
            tell(f"  {len(done)} editions: kernels held {max(first) / 1e6:.0f} MB at the start, "
                  f"{max(last) / 1e6:.0f} MB at the end")  # fmt: skip
    for months in MONTHS:
        tell_costs(f"{24 * months} editions, run --due", costs[months])
    small, middle, large = (median(costs[months], "processor") for months in MONTHS)
    first = (middle - small) / (24 * (MONTHS[1] - MONTHS[0]))
    second = (large - middle) / (24 * (MONTHS[2] - MONTHS[1]))
    alone = statistics.median(cells)
    tell(f"an edition more: {first:.3f} CPU s up to {24 * MONTHS[1]}, {second:.3f} after "
          f"({second / first - 1:+.0%})")  # fmt: skip
    both = (large - small) / (24 * (MONTHS[2] - MONTHS[0]))
    tell(f"beside its cells alone ({alone:.3f} CPU s): {both / alone:.2f} times, "
         f"{both - alone:.3f} CPU s more")  # fmt: skip


def make_project(folder: Path, report: str) -> Settings:
    """Make a project whose report has an edition for each of 24 managers, each month."""
    root = folder / "company"
    write_project(root)
    configure(root, 1, report)
    write_sample(root / "data/raw/sample", seed=7, clients=CLIENTS)
    for command in ("load", "build"):
        subprocess.run([*CLIENTLIB, command], cwd=root, check=True, stdout=subprocess.DEVNULL)
    return load_settings(root)


def configure(root: Path, months: int, report: str | None = None) -> None:
    """Write how many months are due, and that pages alone are made: papermill makes no decks."""
    path = root / "clientlib.toml"
    text = path.read_text("utf-8")
    if report is not None:
        text = set_editions(text, report)
    dropped = ("catch_up_periods", "outputs")
    lines = [line for line in text.splitlines() if not line.startswith(dropped)]
    if "[runs]" not in lines:
        lines.append("[runs]")
    lines.insert(lines.index("[runs]") + 1, f"catch_up_periods = {months}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def set_editions(text: str, report: str) -> str:
    """Let a report have an edition for each manager and no other."""
    head, mark, rest = text.partition(f"[reports.{report}]\n")
    own, end, others = rest.partition("\n[")
    lines = [line for line in own.splitlines() if not line.startswith("editions")]
    return head + mark + "\n".join(['editions = ["manager"]', *lines]) + end + others


def cut_files(settings: Settings, folder: Path) -> list[Path]:
    """Cut a file for each manager, for those who do not cut any themselves."""
    folder.mkdir()
    snapshot = Snapshots(settings.warehouse_folder).current_path()
    rule, as_of = settings.readers["manager"], last_closed(settings)
    with Editions(snapshot, "manager", rule, as_of=as_of) as editions:
        return [
            editions.write(reader, folder / f"{reader.key}.duckdb").path
            for reader in editions.readers
        ]


def last_closed(settings: Settings):
    with open_warehouse(settings.warehouse_folder) as warehouse:
        return [day for day, is_closed in warehouse.month_ends() if is_closed][-1]


def papermill_commands(settings: Settings, report: str, files: list[Path]) -> list[list[str]]:
    """Write the command that papermill has for each edition."""
    notebook = settings.reports[report].notebook.as_posix()
    return [
        [*PAPERMILL, notebook, str(file.with_suffix(".ipynb")), "--no-progress-bar",
         "-p", "as_of", last_closed(settings).isoformat(), "-p", "warehouse_path", str(file)]
        for file in files
    ]  # fmt: skip


def plain_function(settings: Settings, report: str) -> Callable[[Path, str], None]:
    """Make a function of a notebook's cells, what they display drawn as a kernel would."""
    from IPython.core.formatters import DisplayFormatter

    path = settings.root / settings.reports[report].notebook
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    parts = [("parameters" in cell["metadata"].get("tags", []), "".join(cell["source"]))
             for cell in code]  # fmt: skip
    formatter = DisplayFormatter()

    def run(file: Path, as_of: str) -> None:
        names: dict[str, object] = {}
        for is_parameters, source in parts:
            shown = run_cell(source, names)
            if shown is not None:
                formatter.format(shown)
            if is_parameters:
                names |= {"as_of": as_of, "warehouse_path": str(file)}

    return run


def run_cell(source: str, names: dict[str, object]) -> object:
    """Execute a cell, and give the value of its last expression."""
    import ast

    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def processor_time(function: Callable[[Path, str], None], file: Path, as_of: str = "") -> float:
    """Measure one call."""
    begun = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        function(file, as_of or "2025-12-31")
    return time.process_time() - begun


def cells_alone(settings: Settings, function: Callable[[Path, str], None]) -> float:
    """Measure the cells of the months that were due, for a few managers."""
    snapshot = Snapshots(settings.warehouse_folder).current_path()
    with open_warehouse(settings.warehouse_folder) as warehouse:
        days = [day for day, is_closed in warehouse.month_ends() if is_closed][-MONTHS[-1] :]
    times = []
    with TemporaryDirectory() as folder:
        for day in days:
            with Editions(snapshot, "manager", settings.readers["manager"], as_of=day) as editions:
                for reader in editions.readers[::6]:
                    file = editions.write(reader, Path(folder) / "file.duckdb").path
                    times.append(processor_time(function, file, day.isoformat()))
    return statistics.mean(times[4:])  # the first ones import


def forget_runs(settings: Settings) -> None:
    """Begin with an empty ledger."""
    subprocess.run(["rm", "-rf", settings.ledger_folder, settings.output_folder], check=True)


def adopt_orphans() -> None:
    """Be the parent of processes whose own has ended, so that their time is counted."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def cost_of(commands: Sequence[list[str]], folder: Path) -> Cost:
    """Run commands one after the other, to the end of the last process that they started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if name not in LIMITS}
    peak = 0
    for command in commands:
        process = subprocess.Popen(command, cwd=folder, env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        while process.poll() is None:  # asking at its end would tell what this process held
            peak = max(peak, peak_memory(process.pid) or 0)
            time.sleep(LOOK_SECONDS)
        assert process.returncode == 0, f"{command} ended with {process.returncode}"
    wall = time.monotonic() - begun
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, spent, peak / 1e6)


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def median(costs: list[Cost], what: str) -> float:
    return statistics.median(getattr(cost, what) for cost in costs)


def ratio(theirs: list[Cost], ours: list[Cost], what: str) -> float:
    """Give the median of the ratios of each round."""
    pairs = zip(theirs, ours, strict=True)
    return statistics.median(getattr(one, what) / getattr(two, what) for one, two in pairs)


def tell_costs(name: str, costs: list[Cost]) -> None:
    walls = ", ".join(f"{cost.wall:.1f}" for cost in costs)
    tell(f"{name:<34} {median(costs, 'wall'):7.1f} s wall ({walls}), "
          f"{median(costs, 'processor'):7.1f} CPU s, {median(costs, 'peak_mb'):.0f} MB at most")  # fmt: skip


if __name__ == "__main__":
    main()
