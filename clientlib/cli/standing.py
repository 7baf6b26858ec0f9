"""The command status: how a project stands."""

from datetime import UTC, datetime
from typing import Any

from clientlib.cli.output import OUT, say, say_json, say_merged, say_table
from clientlib.cli.running import tell_failure
from clientlib.cli.warehousing import Json, project_settings
from clientlib.config import Settings
from clientlib.reports import BatchSummary, Run
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.due import find_due
from clientlib.runs.planning.readers import Readers
from clientlib.warehouse import Snapshots, Warehouse, open_warehouse, waiting_pairs

LAST_RUNS = 15
MEGABYTE = 1_000_000
SHOWN = ["as_of", "report", "edition", "state", "seconds", "memory_mb", "kernel", "started_at"]


def status(as_json: Json = False) -> None:
    """Say which snapshots there are, what ran, failed or is due and why, what waits for people."""
    settings = project_settings()
    found = read_status(settings)
    if as_json:
        say_json(found)
        return
    _say_snapshot(found)
    _say_batch(found)
    if found["runs"]:
        say_table(SHOWN, found["runs"])
    for failed in (entry for entry in found["failed"] if entry["failure"]):
        OUT.print(f"failed   {_name(failed)}: {failed['failure']}")
    _say_due(found)
    for entry in found["quarantine"]:
        say("bad rows", entry["table"], f"{entry['rows']:,}", entry["reason"])
    if found["merged_clients"] or found["waiting_pairs"]:
        say_merged(found["merged_clients"], found["waiting_pairs"])


def read_status(settings: Settings) -> dict[str, Any]:
    """Read how a project stands.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Returns
    -------
    dict
        ``snapshot``, ``snapshots``, ``data_end``, ``loaded_at``, ``is_stale``; ``batch`` (the last
        one), ``under_way``, ``runs`` (the last ones), ``failed`` (of the last batch and of the
        last runs), ``due_count``, ``waiting``; ``quarantine``, ``merged_clients``,
        ``waiting_pairs``.
    """
    snapshots = Snapshots(settings.warehouse_folder)
    found: dict[str, Any] = {
        "snapshot": snapshots.current(),
        "snapshots": snapshots.ids(),
        "data_end": None,
        "loaded_at": None,
        "is_stale": False,
        "due_count": 0,
        "waiting": [],
        "quarantine": [],
        "merged_clients": 0,
        "waiting_pairs": waiting_pairs(settings),
        **_read_runs(Ledger(settings.ledger_folder)),
    }
    if found["snapshot"]:
        with open_warehouse(settings.warehouse_folder) as warehouse:
            found |= _snapshot_state(settings, warehouse) | _due_state(settings, warehouse)
    return found


def _read_runs(ledger: Ledger) -> dict[str, Any]:
    runs = ledger.runs(LAST_RUNS)
    batch = next(iter(ledger.batches(1)), None)
    of_batch = [ledger.read(run_id) for run_id in batch.run_ids] if batch else []
    failed = {run.run_id: run for run in [*of_batch, *runs] if run.state == "failed"}
    return {
        "batch": batch and _batch_entry(ledger, batch, of_batch),
        "under_way": [_run_entry(run) for run in ledger.under_way()],
        "runs": [_run_entry(run) for run in runs],
        "failed": [_run_entry(run) for run in failed.values()],
    }


def _batch_entry(ledger: Ledger, batch: BatchSummary, runs: list[Run]) -> dict[str, Any]:
    return {
        "asked": batch.asked,
        "state": ledger.state_of_batch(batch),
        "started_at": f"{batch.started_at:%Y-%m-%d %H:%M}",
        "seconds": batch.ended_at and round((batch.ended_at - batch.started_at).total_seconds(), 1),
        **{
            state: sum(run.state == state for run in runs)
            for state in ("done", "failed", "skipped")
        },
        "kept": batch.kept_count,
        "elsewhere": batch.elsewhere_count,
        "waiting": batch.waiting_count,
    }


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


def _due_state(settings: Settings, warehouse: Warehouse) -> dict[str, Any]:
    if not settings.reports:
        return {}
    with Readers(settings, warehouse.path) as readers:
        due = find_due(settings, warehouse, readers, datetime.now(UTC))
    waiting = [
        {
            "report": wait.task.report,
            "edition": wait.task.edition,
            "as_of": wait.task.as_of.isoformat(),
            "failures": wait.failures,
            "until": wait.until and f"{wait.until:%Y-%m-%d %H:%M}",
        }
        for wait in due.waiting
    ]
    return {"due_count": len(due.plan.tasks), "waiting": waiting}


def _run_entry(run: Run) -> dict[str, Any]:
    return {
        "as_of": run.as_of.isoformat(),
        "report": run.report,
        "edition": run.edition,
        "state": run.state,
        "seconds": run.seconds,
        "memory_mb": run.peak_memory_bytes and run.peak_memory_bytes // MEGABYTE,
        "kernel": run.kernel,
        "why_cold": run.why_cold,
        "started_at": f"{run.started_at:%Y-%m-%d %H:%M}",
        "page": run.page,
        "reason": run.reason,
        "failure": run.failure and tell_failure(run),
        "failure_kind": run.failure and run.failure.kind,
        "failure_cell": run.failure and run.failure.cell_number,
    }


def _say_snapshot(found: dict[str, Any]) -> None:
    if found["snapshot"] is None:
        OUT.print("no snapshot yet: clientlib load, then clientlib build")
        return
    count = f"{len(found['snapshots'])} kept"
    say("current", f"snapshot {found['snapshot']}", count, f"data to {found['data_end']}")
    if found["is_stale"]:
        say("stale", "the last load", f"{found['loaded_at']:%Y-%m-%d}", "load again")


def _say_batch(found: dict[str, Any]) -> None:
    batch = found["batch"]
    if batch:
        counts = ", ".join(
            f"{batch[state]} {state}" for state in ("done", "failed", "skipped", "kept")
        )
        say("batch", batch["asked"], batch["started_at"], batch["state"], counts)
    for entry in found["under_way"]:
        say("running", _name(entry), f"since {entry['started_at']} UTC")


def _say_due(found: dict[str, Any]) -> None:
    if found["due_count"]:
        say("due", f"{found['due_count']:,} runs", "clientlib run --due")
    for wait in found["waiting"]:
        until = f"again from {wait['until']} UTC" if wait["until"] else "given up: run it by name"
        say("waits", _name(wait), f"failed {wait['failures']} times", until)


def _name(entry: dict[str, Any]) -> str:
    return f"{entry['report']}  {entry['edition']}  {entry['as_of']}"
