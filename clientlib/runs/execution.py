"""One job: its notebook executed, its page written, its run in the ledger."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from clientlib.errors import ClientlibError
from clientlib.reports import Failure, Run, place_assets, write_failure_page, write_page
from clientlib.runs.engine import Deadlines, Executed, execute
from clientlib.runs.entries import describe, stamps
from clientlib.runs.keys import file_stem
from clientlib.runs.ledger import WORKING, Ledger, count_issued, read_figures
from clientlib.runs.place import Job
from clientlib.runs.recording import INPUTS_FOLDER, RUN_VARIABLE
from clientlib.warehouse import cut_issued, write_reader_file

KERNEL = "clientlib-warm"
EDITION_NAME = "edition.duckdb"
CONFINEMENT_NAME = "confinement.json"

KERNEL_ENVIRONMENT = {
    "PLOTLY_RENDERER": "plotly_mimetype",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def run_job(job: Job) -> Run | None:
    """Run a job, whatever comes of it.

    Parameters
    ----------
    job : Job
        What to run, and where.

    Returns
    -------
    Run or None
        Done or failed: it is in the ledger and its page is written. The run of another process
        that had done the same before; None where another process is at it now.
    """
    os.chdir(job.place.root)
    ledger = Ledger(job.place.ledger)
    with ledger.claim(job.task.target) as is_mine:
        if not is_mine:
            return None
        if not job.is_forced and (done := _done_meanwhile(job, ledger)):
            return done
        begun = describe(job, datetime.now(UTC))
        draft = ledger.open_draft(begun, stamps(begun))
        run = _run(begun, job, draft)
        ledger.close_draft(draft, run)
        return run


def _done_meanwhile(job: Job, ledger: Ledger) -> Run | None:
    """Find what another batch has done since this one was planned."""
    place = job.place
    for run in reversed(ledger.attempts(job.task.key)):
        if run.state == "done" and run.snapshot == place.build_id:
            return run if run.page and (place.output / run.page).is_file() else None
    return None


def _run(begun: Run, job: Job, draft: Path) -> Run:
    started = time.monotonic()
    run = replace(begun, parameters=_parameters(job, draft))
    try:
        run = _execute(run, job, draft)
    except (OSError, ClientlibError) as error:
        failure = Failure(0, "", type(error).__name__, str(error), kind="fault")
        run = replace(run, state="failed", failure=failure, page=None, notebook=None)
    return replace(run, seconds=round(time.monotonic() - started, 1))


def _parameters(job: Job, draft: Path) -> dict[str, object]:
    task = job.task
    file = draft / WORKING / EDITION_NAME if task.reader else job.place.snapshot
    return {
        **task.parameters,
        "as_of": task.as_of.isoformat(),
        "warehouse_path": file.as_posix(),
    }


def _execute(run: Run, job: Job, draft: Path) -> Run:
    _give_inputs(job, draft)
    executed_path = draft / WORKING / "executed.ipynb"
    executed = execute(
        job.task.settings.notebook,
        executed_path,
        parameters=dict(run.parameters),
        kernel_name=KERNEL,
        deadlines=_deadlines(job),
        environment=_environment(job, draft),
        log=draft / "kernel.log",
    )
    stem = f"{run.as_of}/{file_stem(run.report)}/{file_stem(run.edition)}"
    run = _with_figures(run, draft, executed)
    run = replace(run, page=f"{stem}.html", notebook=f"{stem}.ipynb")
    _write_reports(run, job, executed, executed_path)
    return run
