"""One task: its notebook executed by papermill, its page written, its run in the ledger."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode
from traitlets.config import Config

import clientlib
from clientlib import __version__
from clientlib.reports import (
    Assets,
    Failure,
    Run,
    place_assets,
    read_failure,
    write_failure_page,
    write_page,
)
from clientlib.runs.ledger import Ledger, count_issued, read_figures
from clientlib.runs.plan import Task
from clientlib.runs.recording import RUN_VARIABLE

CODE = Path(clientlib.__file__).parents[1]
KERNEL = "python3"
KERNEL_LOG_NAME = "kernel.log"
CELL_SECONDS = 1800
START_SECONDS = 120

KERNEL_ENVIRONMENT = {
    "PLOTLY_RENDERER": "plotly_mimetype",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


@dataclass(frozen=True)
class Place:
    """Where a run reads and writes; picklable, for worker processes.

    Attributes
    ----------
    root : Path
        The project.
    snapshot : Path
        The snapshot file that all runs of a batch read, relative to the root.
    build_id, currency : str
        Its id, and the currency of its money.
    ledger, output : Path
        Folders of the ledger and the reports, relative to the root.
    """

    root: Path
    snapshot: Path
    build_id: str
    currency: str
    ledger: Path
    output: Path


def run_task(task: Task, place: Place) -> Run:
    """Run one task, whatever comes of it.

    Parameters
    ----------
    task : Task
        What to run.
    place : Place
        Where it reads and writes.

    Returns
    -------
    Run
        Done, failed or skipped; it is in the ledger and its page is written.
    """
    os.chdir(place.root)
    ledger = Ledger(place.ledger)
    started = datetime.now(UTC)
    parameters = _parameters(task, place)
    context = {
        "as_of": task.as_of.isoformat(),
        "snapshot": place.build_id,
        "code_version": __version__,
    }
    draft = ledger.open_draft(task.report, task.edition, started, context)
    run = _describe(task, place, draft.name, started, parameters)
    if task.missing:
        run = replace(run, state="skipped", reason=task.missing)
    else:
        run = _execute(run, task, draft, place)
    ledger.close_draft(draft, run)
    return run


def _parameters(task: Task, place: Place) -> dict[str, Any]:
    return {
        **task.settings.parameters,
        "as_of": task.as_of.isoformat(),
        "warehouse_path": place.snapshot.as_posix(),
    }


def _describe(
    task: Task, place: Place, run_id: str, started: datetime, parameters: dict[str, Any]
) -> Run:
    return Run(
        run_id=run_id,
        report=task.report,
        title=task.settings.title,
        question=task.settings.question,
        edition=task.edition,
        as_of=task.as_of,
        state="done",
        started_at=started,
        seconds=0.0,
        snapshot=place.build_id,
        code_version=__version__,
        parameters=parameters,
        currency=place.currency,
    )


def _execute(run: Run, task: Task, draft: Path, place: Place) -> Run:
    begun = time.monotonic()
    folder = place.output / run.as_of.isoformat() / run.report
    folder.mkdir(parents=True, exist_ok=True)
    executed = draft / "executed.ipynb"
    fault = _run_notebook(task.settings.notebook, executed, run, draft)
    run = replace(
        run,
        seconds=round(time.monotonic() - begun, 1),
        key_figures=read_figures(draft),
        page=f"{run.as_of}/{run.report}/{run.edition}.html",
        notebook=f"{run.as_of}/{run.report}/{run.edition}.ipynb",
    )
    headline = run.key_figures.get("headline")
    figures = {name: value for name, value in run.key_figures.items() if name != "headline"}
    run = replace(run, key_figures=figures, headline=headline)
    _scrub_paths(executed)
    notebook = _read_executed(executed)
    if fault is not None:
        run = replace(run, state="failed", failure=read_failure(notebook) or fault)
    else:
        run = replace(run, issued=count_issued(draft))
    _write_reports(run, notebook, executed, place, place_assets(place.output))
    return run


def _run_notebook(notebook: Path, executed: Path, run: Run, draft: Path) -> Failure | None:
    os.environ.update(KERNEL_ENVIRONMENT, **{RUN_VARIABLE: str(draft.resolve())})
    try:
        with _stderr_to(draft / KERNEL_LOG_NAME), TemporaryDirectory(prefix="clientlib-") as folder:
            papermill.execute_notebook(
                notebook.as_posix(),
                executed.as_posix(),
                parameters=dict(run.parameters),
                kernel_name=KERNEL,
                progress_bar=False,
                start_timeout=START_SECONDS,
                execution_timeout=CELL_SECONDS,
                config=_kernel_config(Path(folder)),
            )
    except Exception as error:  # whatever stops a notebook is told on its page
        return Failure(0, "", type(error).__name__, str(error).strip() or "no message")
    finally:
        os.environ.pop(RUN_VARIABLE)
    return None


def _kernel_config(folder: Path) -> Config:
    """Let a kernel talk over sockets in a folder of its own, where the system has such sockets."""
    if os.name != "posix":
        return Config()
    return Config({"ConnectionFileMixin": {"transport": "ipc", "ip": str(folder / "kernel")}})


@contextmanager
def _stderr_to(path: Path) -> Iterator[None]:
    """Let what this process and its kernel write to stderr go to a file."""
    kept = os.dup(2)
    with path.open("ab") as log:
        os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _scrub_paths(executed: Path) -> None:
    """Leave no path of this machine in what is kept, such as those within tracebacks."""
    if executed.is_file():
        text = executed.read_text("utf-8")
        for folder in (sys.prefix, sys.base_prefix, CODE, Path.cwd(), gettempdir(), Path.home()):
            if str(folder) != os.sep:
                text = text.replace(json.dumps(f"{folder}{os.sep}")[1:-1], "")
        executed.write_text(text, "utf-8")


def _read_executed(executed: Path) -> NotebookNode:
    if not executed.is_file():  # papermill could not even open it
        return NotebookNode(cells=[], metadata={}, nbformat=4, nbformat_minor=5)
    notebook: NotebookNode = nbformat.reads(executed.read_text("utf-8"), as_version=4)
    return notebook


def _write_reports(
    run: Run, notebook: NotebookNode, executed: Path, place: Place, assets: Assets
) -> None:
    write = write_failure_page if run.state == "failed" else write_page
    write(notebook, run, place.output / str(run.page), assets=assets)
    if executed.is_file():
        executed.replace(place.output / str(run.notebook))
