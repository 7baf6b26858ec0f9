"""A batch: tasks run by worker processes; one that fails does not stop the others."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

from clientlib.config import Settings
from clientlib.errors import RunError
from clientlib.reports import Run, place_assets, write_index
from clientlib.runs.execution import Place, run_task
from clientlib.runs.ledger import Ledger
from clientlib.runs.plan import Task, choose_as_of, plan_tasks
from clientlib.warehouse import open_warehouse


def run_reports(
    settings: Settings,
    names: Sequence[str],
    *,
    as_of: str | None = None,
    workers: int = 2,
    on_run: Callable[[Run], None] | None = None,
) -> list[Run]:
    """Run reports on the current snapshot and write the index of all runs.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    names : sequence of str
        Reports by name; all that are configured where it is empty.
    as_of : str, optional
        A day as ``2025-06-30``; by default the end of the last closed month.
    workers : int
        Processes that run notebooks, at least 1.
    on_run : callable, optional
        Called as each run ends.

    Returns
    -------
    list of Run
        One per report, in the order asked for; each is done, failed or skipped.

    Raises
    ------
    ClientlibError
        There is no snapshot, no such report or no such day, or the folder of reports or of the
        ledger cannot be written to.
    """
    with open_warehouse(settings.warehouse_folder) as warehouse:
        tasks = plan_tasks(settings, warehouse, names, choose_as_of(warehouse, as_of))
        place = Place(
            root=settings.root,
            snapshot=settings.warehouse.path / warehouse.path.name,
            build_id=warehouse.about.build_id,
            currency=warehouse.currency,
            ledger=settings.ledger,
            output=settings.output,
        )
    for folder in (settings.output_folder, settings.ledger_folder):
        _check_writable(folder)
    Ledger(settings.ledger_folder).sweep_drafts(datetime.now(UTC))
    try:
        ended = _run_all(tasks, place, workers, on_run)
    finally:
        write_all_runs(settings)
    return [ended[task.report] for task in tasks]


def write_all_runs(settings: Settings) -> Path:
    """Write the index of all runs in the ledger.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Returns
    -------
    Path
        ``reports/index.html``.
    """
    settings.output_folder.mkdir(parents=True, exist_ok=True)
    place_assets(settings.output_folder)
    runs = Ledger(settings.ledger_folder).runs()
    return write_index(runs, settings.output_folder / "index.html")


def _check_writable(folder: Path) -> None:
    """Find out before the notebooks run, not after minutes."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise RunError(
            f"{folder.name} cannot be written to",
            example=f"{folder}: {error.strerror}",
            hint="free the folder, or mend its rights",
        ) from error


def _run_all(
    tasks: Sequence[Task], place: Place, workers: int, on_run: Callable[[Run], None] | None
) -> dict[str, Run]:
    ended: dict[str, Run] = {}
    faults: list[Exception] = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(tasks)), mp_context=context) as pool:
        running = {pool.submit(run_task, task, place): task for task in tasks}
        for future in as_completed(running):
            try:
                run = _result(future, running[future])
            except Exception as fault:  # the others are run to their end before it is raised
                faults.append(fault)
                continue
            ended[run.report] = run
            if on_run:
                on_run(run)
    if faults:
        raise faults[0]
    return ended


def _result(future: Future[Run], task: Task) -> Run:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise RunError(
            f"the process that ran {task.report} died",
            hint="is memory short? try --workers 1",
        ) from error
