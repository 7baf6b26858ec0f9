"""Entries of the ledger: how a run stands at its start, and those that no process wrote itself."""

from dataclasses import replace
from datetime import UTC, datetime

from clientlib import __version__
from clientlib.language import load_catalogue
from clientlib.reports import Failure, Run
from clientlib.runs.jobs import Job, Place
from clientlib.runs.keys import file_stem, target_name
from clientlib.runs.ledger import PATIENCE_SECONDS, Ledger
from clientlib.runs.planning.plan import Task

STOPPED = "Stopped"


def describe(job: Job, started: datetime) -> Run:
    """Describe a run at its start, as the ledger shall have it if the process dies.

    Parameters
    ----------
    job : Job
        What is run.
    started : datetime
        In UTC.

    Returns
    -------
    Run
        Failed, for having been stopped.
    """
    task, place = job.task, job.place
    catalogue = load_catalogue(job.catalogue, task.language)
    moment = f"{started:%Y%m%dT%H%M%S%f}"
    return Run(
        run_id=f"{moment}-{file_stem(task.report)}-{file_stem(task.edition)}-{task.key}",
        report=task.report,
        title=catalogue.text(task.settings.title),
        question=catalogue.text(task.settings.question),
        edition=task.edition,
        edition_title=_name_reader(task),
        as_of=task.as_of,
        state="failed",
        failure=Failure(0, "", STOPPED, "its process ended before it did", kind="stopped"),
        started_at=started,
        seconds=0.0,
        snapshot=place.build_id,
        code_version=__version__,
        parameters=dict(task.parameters),
        currency=place.currency,
        key=task.key,
        attempt=job.attempt,
        batch=place.batch,
        language=task.language,
    )


def _name_reader(task: Task) -> str | None:
    title = task.reader.title if task.reader else None
    return f"{title or task.edition} ({task.language})" if task.is_translation else title


def stamps(run: Run) -> dict[str, str | None]:
    """Give what is stamped on rows that a run issues.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    dict
        As-of date, snapshot, code version.
    """
    return {
        "as_of": run.as_of.isoformat(),
        "snapshot": run.snapshot,
        "code_version": run.code_version,
    }


def enter_skipped(task: Task, place: Place, reason: str) -> Run:
    """Enter a task that cannot run into the ledger.

    Parameters
    ----------
    task : Task
        What was asked for.
    place : Place
        Where it would have run.
    reason : str
        Why it did not.

    Returns
    -------
    Run
        Skipped.
    """
    run = describe(Job(task, place), datetime.now(UTC))
    run = replace(run, state="skipped", failure=None, reason=reason)
    return _enter(run, place)


def enter_death(job: Job, death: str) -> Run:
    """Enter a run whose process has died into the ledger.

    Parameters
    ----------
    job : Job
        What it ran.
    death : str
        How it died.

    Returns
    -------
    Run
        Failed.
    """
    failure = Failure(0, "", STOPPED, f"its process {death}", kind="process")
    ledger = Ledger(job.place.root / job.place.ledger)
    ledger.settle_drafts(job.place.batch, failure)
    for run in reversed(ledger.attempts(job.task.key)):  # settled now, or when another died
        if (run.batch, run.attempt) == (job.place.batch, job.attempt):
            return run
    return _enter(replace(describe(job, datetime.now(UTC)), failure=failure), job.place)


def _enter(run: Run, place: Place) -> Run:
    """Enter a run under its claim, so that no other process takes its draft for a dead one's."""
    ledger = Ledger(place.root / place.ledger)
    target = target_name(run.report, run.edition, run.as_of, run.language)
    with ledger.claim(target, patience=PATIENCE_SECONDS):
        ledger.close_draft(ledger.open_draft(run, stamps(run)), run)
    return run
