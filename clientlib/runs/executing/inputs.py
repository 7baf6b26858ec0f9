"""Hands a run what the reports that it needs have issued, cut to its reader."""

import json
import shutil
from pathlib import Path

from clientlib.runs.inputs import KEPT_BACK_NAME
from clientlib.runs.jobs import Job
from clientlib.runs.recording import INPUTS_FOLDER, ISSUED_FOLDER
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
    for run_id in job.inputs:
        issued = job.place.root / job.place.ledger / run_id / ISSUED_FOLDER
        for source in sorted(issued.glob("*.parquet")):
            target = inputs / source.stem / f"{run_id}.parquet"
            if reason := _give(source, target, job):
                kept_back[source.stem] = reason
    if kept_back:
        (inputs / KEPT_BACK_NAME).write_text(json.dumps(kept_back), encoding="utf-8")


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
