"""One job: its notebook executed, its page written, its run in the ledger."""

import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clientlib.errors import RUN_VARIABLE, ClientlibError
from clientlib.kernels import KERNEL
from clientlib.language.catalogue import FOLDER_VARIABLE
from clientlib.language.speaking import VARIABLE as LANGUAGE_VARIABLE
from clientlib.reports import Failure, Run
from clientlib.reports.assets import write_whole
from clientlib.reports.outputs import name_outputs
from clientlib.runs.comparing import compare
from clientlib.runs.entries import describe, stamps
from clientlib.runs.executing.deadlines import Deadlines
from clientlib.runs.executing.engine import KernelStart
from clientlib.runs.executing.inputs import give_earlier, give_inputs
from clientlib.runs.executing.notebooks import Executed, execute
from clientlib.runs.given_files import list_files
from clientlib.runs.jobs import Job
from clientlib.runs.ledger import PATIENCE_SECONDS, WORKING, Ledger, count_issued, read_figures
from clientlib.runs.remaking import Workshop
from clientlib.warehouse import ONLY_FILE

CONFINEMENT_NAME = "confinement.json"
KERNEL_LOG_NAME = "kernel.log"


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
    with ledger.claim(job.task.target, patience=PATIENCE_SECONDS) as is_mine:
        if not is_mine:
            return None
        if done := _done_meanwhile(job, ledger):
            return done
        begun = describe(job, datetime.now(UTC))
        draft = ledger.open_draft(begun, stamps(begun))
        run = _run(begun, job, draft)
        ledger.close_draft(draft, run)
        return run


def _done_meanwhile(job: Job, ledger: Ledger) -> Run | None:
    """Find what has been done since the batch was planned, by another or before a worker died."""
    place = job.place
    for run in reversed(ledger.attempts(job.task.key)):
        is_wanted = run.batch == place.batch or not job.is_forced
        if run.state == "done" and run.snapshot == place.build_id and is_wanted:
            return run if run.has_page(place.output) else None
    return None


def _run(begun: Run, job: Job, draft: Path) -> Run:
    started = time.monotonic()
    try:
        run = _execute(begun, job, draft)
    except (OSError, ClientlibError) as error:
        failure = Failure(0, "", type(error).__name__, str(error), kind="fault")
        run = replace(begun, state="failed", failure=failure)
    return replace(run, seconds=round(time.monotonic() - started, 1))


def _execute(begun: Run, job: Job, draft: Path) -> Run:
    warehouse_path = job.file or job.place.snapshot
    give_inputs(job, draft)
    give_earlier(job, draft)
    parameters = {
        **job.task.parameters,
        "as_of": job.task.as_of.isoformat(),
        "warehouse_path": warehouse_path.as_posix(),
    }
    written = draft / WORKING / "executed.ipynb"
    executed = execute(
        job.task.settings.notebook,
        written,
        parameters=parameters,
        start=KernelStart(
            name=KERNEL, environment=_environment(job, draft), log=draft / KERNEL_LOG_NAME
        ),
        deadlines=_deadlines(job),
    )
    run = _with_results(begun, job, draft, executed)
    if run.state == "done":
        changes = compare(run, job.before, Ledger(job.place.ledger), draft)
        run = replace(run, changes=changes)
    _write_reports(run, job, written)
    return run


def _deadlines(job: Job) -> Deadlines:
    settings, limits = job.task.settings, job.place.limits
    return Deadlines(
        cell_seconds=settings.cell_seconds or limits.cell_seconds,
        notebook_seconds=settings.notebook_seconds or limits.notebook_seconds,
    )


def _environment(job: Job, draft: Path) -> dict[str, str]:
    """Give the variables of a kernel: its limits, its run, and what it must not see."""
    temporary = draft / WORKING / "temporary"
    temporary.mkdir()
    variables = {
        **job.place.kernel,
        RUN_VARIABLE: str(draft.resolve()),
        LANGUAGE_VARIABLE: job.task.language,
        FOLDER_VARIABLE: str(job.catalogue),
        "TMPDIR": str(temporary.resolve()),
    }
    if job.place.limits.memory_mb:
        variables["CLIENTLIB_MEMORY_LIMIT_MB"] = str(job.place.limits.memory_mb)
    if job.attempt > 1:
        variables["CLIENTLIB_COLD"] = f"this is attempt {job.attempt}"
    elif job.place.why_cold:
        variables["CLIENTLIB_COLD"] = job.place.why_cold
    if job.file:
        variables[ONLY_FILE] = str(job.file.resolve())
        variables["CLIENTLIB_CONFINEMENT"] = str(_write_confinement(job, draft).resolve())
    return variables


def _write_confinement(job: Job, draft: Path) -> Path:
    """Write what an edition's kernel must not read: all but its own draft."""
    given = list_files(job.task.parameters).values()
    hidden = [*job.place.hidden, *map(Path, given)]
    confinement = {
        "hidden": [str((job.place.root / place).resolve()) for place in hidden],
        "visible": [str(draft.resolve()), str(job.file.resolve())] if job.file else [],
    }
    path = draft / WORKING / CONFINEMENT_NAME
    path.write_text(json.dumps(confinement), encoding="utf-8")
    return path


def _with_results(run: Run, job: Job, draft: Path, executed: Executed) -> Run:
    figures: dict[str, Any] = read_figures(draft)
    stem = f"{run.as_of}/{job.task.stem}"
    run = replace(
        run,
        headline=figures.pop("headline", None),
        key_figures=figures,
        page=f"{stem}.html",
        notebook=f"{stem}.ipynb",
        kernel=executed.kernel.temperature,
        why_cold=executed.kernel.why_cold,
        peak_memory_bytes=executed.kernel.peak_memory_bytes,
        cpu_seconds=executed.kernel.cpu_seconds,
    )
    if executed.failure:
        failure = replace(executed.failure, kind=executed.kind)
        return replace(run, state="failed", failure=failure)
    outputs = name_outputs(stem, job.task.settings.outputs)
    return replace(run, state="done", failure=None, issued=count_issued(draft), outputs=outputs)


def _write_reports(run: Run, job: Job, written: Path) -> None:
    workshop = Workshop(
        output=job.place.output,
        ledger=job.place.ledger,
        catalogue=job.catalogue,
        template=job.template,
        asks_for_comments=job.task.settings.comments,
    )
    workshop.write(run, written)
    if written.is_file():  # copied: the reports may lie on another disk than the ledger
        write_whole(job.place.output / str(run.notebook), written.read_bytes())
