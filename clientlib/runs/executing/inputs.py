"""Hands a run what the reports that it needs have issued, cut to its reader."""

import json
import shutil
from pathlib import Path

from clientlib.runs.decisions import TABLE, write_decisions
from clientlib.runs.inputs import KEPT_BACK_NAME
from clientlib.runs.jobs import Job
from clientlib.runs.keys import file_stem
from clientlib.runs.ledger import WORKING, Ledger
from clientlib.runs.recording import EARLIER_FOLDER, INPUTS_FOLDER, ISSUED_FOLDER
from clientlib.warehouse import cut_issued


def give_inputs(job: Job, draft: Path) -> None:
    """Give a run the issued tables of the runs that it needs.

    An edition gets the rows of its reader's clients; what is withheld, and what names no client
    and is not cleared, is kept back with the reason.

    Parameters
    ----------
    job : Job
        What is run, for whom.
    draft : Path
        The run's draft folder.
    """
    inputs = draft / INPUTS_FOLDER
    inputs.mkdir()
    kept_back: dict[str, str] = {}
    if job.task.settings.decisions:
        _give_decisions(job, inputs)
    for run_id in job.inputs:
        issued = job.place.root / job.place.ledger / run_id / ISSUED_FOLDER
        for source in sorted(issued.glob("*.parquet")):
            target = inputs / source.stem / f"{run_id}.parquet"
            if reason := _give(source, target, job):
                kept_back[source.stem] = reason
    if kept_back:
        (inputs / KEPT_BACK_NAME).write_text(json.dumps(kept_back), encoding="utf-8")


def give_earlier(job: Job, draft: Path) -> None:
    """Give a run what the last run of its report and edition has issued as of an earlier day.

    Parameters
    ----------
    job : Job
        What is run, for whom; of clients that are not the reader's any more nothing is given.
    draft : Path
        The run's draft folder.
    """
    task, ledger = job.task, Ledger(job.place.root / job.place.ledger)
    pattern = f"*-{file_stem(task.report)}-{file_stem(task.edition)}-*/{ISSUED_FOLDER}"
    runs = [ledger.read(path.parent.name) for path in ledger.folder.glob(pattern)]
    told = (task.report, task.edition, task.language)
    earlier = [
        run
        for run in runs
        if run.as_of < task.as_of and (run.report, run.edition, run.language) == told
    ]
    last = max(earlier, key=lambda run: (run.as_of, run.run_id), default=None)
    folder = draft / EARLIER_FOLDER
    folder.mkdir()
    if last is not None:
        for source in sorted((ledger.folder / last.run_id / ISSUED_FOLDER).glob("*.parquet")):
            _give(source, folder / source.stem / f"{last.run_id}.parquet", job)


def _give_decisions(job: Job, inputs: Path) -> None:
    """Give a run what had been decided by its day, about its reader's clients."""
    whole = inputs.parent / WORKING / f"{TABLE}.parquet"
    write_decisions(job.place.root / job.place.ledger, job.task.as_of, whole)
    _give(whole, inputs / TABLE / f"{TABLE}.parquet", job)


def _give(source: Path, target: Path, job: Job) -> str | None:
    """Copy what the reader may see of a table; tell why it is nothing at all."""
    name, rule = f"issued.{source.stem}", job.rule
    if rule is not None and name in rule.withheld:
        return f"{name} is withheld in clientlib.toml"
    target.parent.mkdir(exist_ok=True)
    if rule is None or job.clients is None:
        shutil.copyfile(source, target)
        return None
    count = cut_issued(source, target, job.clients, is_cleared=name in rule.cleared)
    if count is not None:
        return None
    target.parent.rmdir()
    return f"{name} has no client_id to be cut by, and is not cleared in clientlib.toml"
