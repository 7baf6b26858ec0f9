"""Commands on reports: run, status, lab."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from clientlib.cli.output import OUT, say, say_json, say_merged, say_table, steps
from clientlib.cli.warehousing import AsOf, Json, project_settings
from clientlib.config import Settings
from clientlib.errors import ConfigError
from clientlib.reports import Run
from clientlib.runs.ledger import Ledger
from clientlib.warehouse import Snapshots, Warehouse, open_warehouse, waiting_pairs

LAST_RUNS = 15


def run(
    reports: Annotated[
        list[str] | None, typer.Argument(help="Reports by name; without: all that have inputs.")
    ] = None,
    as_of: AsOf = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that run notebooks.")] = 2,
) -> None:
    """Run reports on the current snapshot; one that fails does not stop the others."""
    ended = run_project(project_settings(), reports or [], as_of, workers)
    if any(run.state == "failed" for run in ended):
        raise typer.Exit(1)


def status(as_json: Json = False) -> None:
    """Say which snapshots there are, what ran, what failed and why, what waits for people."""
    settings = project_settings()
    found = read_status(settings)
    if as_json:
        say_json(found)
        return
    _say_snapshot(found)
    if found["runs"]:
        say_table(["as_of", "report", "edition", "state", "seconds", "started_at"], found["runs"])
    for failed in (entry for entry in found["runs"] if entry["failure"]):
        OUT.print(f"failed   {failed['report']}: {failed['failure']}")
    for entry in found["quarantine"]:
        say("bad rows", entry["table"], f"{entry['rows']:,}", entry["reason"])
    if found["merged_clients"] or found["waiting_pairs"]:
        say_merged(found["merged_clients"], found["waiting_pairs"])


def lab(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="Arguments for JupyterLab, after --.")
    ] = None,
) -> None:
    """Open JupyterLab in this project; the notebooks find the warehouse, read-only."""
    settings = project_settings()
    if find_spec("jupyterlab") is None:
        raise ConfigError("JupyterLab is not installed", hint="pip install 'clientlib[lab]'")
    environment = {**os.environ, "PLOTLY_RENDERER": "plotly_mimetype"}
    command = [sys.executable, "-m", "jupyterlab", *_as_root(), *(arguments or [])]
    ended = subprocess.run(command, cwd=settings.root, env=environment, check=False)  # noqa: S603
    raise typer.Exit(ended.returncode)


def _as_root() -> list[str]:
    """Let JupyterLab start where everybody is root, as in a container; it asks for that."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--allow-root"] if is_root else []


def run_project(
    settings: Settings, names: list[str], as_of: str | None = None, workers: int = 2
) -> list[Run]:
    """Run a project's reports and say how each went.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    names : list of str
        Reports by name; all where it is empty.
    as_of : str, optional
        A month end.
    workers : int
        Processes.

    Returns
    -------
    list of Run
        How each went.
    """
    with open_warehouse(settings.warehouse_folder) as warehouse:
        about = warehouse.about
    say("used", f"snapshot {about.build_id}", f"data to {about.data_end or '-'}")
    from clientlib.runs.batch import run_reports  # papermill takes a second to import

    with steps(len(names or settings.reports)) as progress:
        ended = run_reports(
            settings,
            names,
            as_of=as_of,
            workers=workers,
            on_run=lambda run: _say_run(settings, run, progress.done),
        )
    say("wrote", f"{settings.output}/index.html")
    return ended


def read_status(settings: Settings) -> dict[str, Any]:
    """Read how a project stands.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Returns
    -------
    dict
        ``snapshot``, ``snapshots``, ``data_end``, ``loaded_at``, ``is_stale``, ``runs``,
        ``quarantine``.
    """
    snapshots = Snapshots(settings.warehouse_folder)
    found: dict[str, Any] = {
        "snapshot": snapshots.current(),
        "snapshots": snapshots.ids(),
        "data_end": None,
        "loaded_at": None,
        "is_stale": False,
        "quarantine": [],
        "merged_clients": 0,
        "waiting_pairs": waiting_pairs(settings),
        "runs": [_run_entry(run) for run in Ledger(settings.ledger_folder).runs()[-LAST_RUNS:]],
    }
    if found["snapshot"]:
        with open_warehouse(settings.warehouse_folder) as warehouse:
            found |= _snapshot_state(settings, warehouse)
    return found


def _snapshot_state(settings: Settings, warehouse: Warehouse) -> dict[str, Any]:
    loaded_at = warehouse.last_load()
    age = datetime.now(UTC).replace(tzinfo=None) - loaded_at if loaded_at else None
    return {
        "data_end": warehouse.about.data_end,
        "loaded_at": loaded_at,
        "is_stale": bool(age and age.days > settings.warehouse.stale_after_days),
        "quarantine": warehouse.quarantine_counts(),
        "merged_clients": warehouse.tables().get("marts.client_ids", 0),
    }


def _run_entry(run: Run) -> dict[str, Any]:
    failure = run.failure
    return {
        "as_of": run.as_of.isoformat(),
        "report": run.report,
        "edition": run.edition,
        "state": run.state,
        "seconds": run.seconds,
        "started_at": f"{run.started_at:%Y-%m-%d %H:%M}",
        "page": run.page,
        "reason": run.reason,
        "failure": failure
        and f"cell {failure.cell_number}: {failure.error_name}: {failure.message}",
    }


def _say_snapshot(found: dict[str, Any]) -> None:
    if found["snapshot"] is None:
        OUT.print("no snapshot yet: clientlib load, then clientlib build")
        return
    count = f"{len(found['snapshots'])} kept"
    say("current", f"snapshot {found['snapshot']}", count, f"data to {found['data_end']}")
    if found["is_stale"]:
        say("stale", "the last load", f"{found['loaded_at']:%Y-%m-%d}", "load again")


def _say_run(settings: Settings, run: Run, done: Any) -> None:  # noqa: ANN401
    verb = {"done": "ran", "failed": "failed", "skipped": "skipped"}[run.state]
    done(verb, f"{run.report}  {run.edition}", f"as of {run.as_of}", f"{run.seconds:.1f} s")
    if run.reason:
        OUT.print(f"         {run.reason}")
    if run.failure:
        OUT.print(
            f"         cell {run.failure.cell_number}: {run.failure.error_name}: "
            f"{run.failure.message}",
        )
    for table, count in run.issued.items():
        say("issued", table, f"{count:,} rows")
    if run.page:
        say("wrote", f"{settings.output.as_posix()}/{run.page}")
