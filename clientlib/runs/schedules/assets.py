"""The suite as Dagster sees it: assets for load, build and every report (extra ``schedule``).

Dagster gives the page, the history, retries and backfills. What an asset does is what the
command does: it calls our runner and asks our ledger, which also know what ran without Dagster.
"""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg

from clientlib.config import ReportSettings, Settings, find_project, load_settings
from clientlib.errors import ClientlibError
from clientlib.runs.cycle import build_project_snapshot
from clientlib.runs.planning.due import find_due
from clientlib.runs.planning.plan import EACH
from clientlib.runs.planning.readers import Readers
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Batched, Wish
from clientlib.warehouse import LoadCount, Snapshots, load_sources, open_warehouse

PROJECT_VARIABLE = "CLIENTLIB_PROJECT"
MONTHS = {"month": 1, "quarter": 3, "year": 12}
COUNTS = ("read_count", "new_count", "changed_count", "same_count", "quarantined_count")
WAREHOUSE, REPORTS = "warehouse", "reports"


@dg.definitions
def definitions() -> dg.Definitions:
    """Define the assets, checks and schedules of the project in the working folder.

    Returns
    -------
    Definitions
        Of the project that ``CLIENTLIB_PROJECT`` or the working folder names.
    """
    return make_definitions(
        load_settings(find_project(Path(os.environ.get(PROJECT_VARIABLE, "."))))
    )


def make_definitions(settings: Settings) -> dg.Definitions:
    """Define the assets, checks and schedules of a project.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Returns
    -------
    Definitions
        ``load`` and ``build``; one asset per report, by period where it has a schedule.
    """
    load, build = _load_asset(settings), _build_asset(settings)
    since = settings.schedule.since or first_day(settings)
    reports = {
        name: _report_asset(settings, name, periods_of(report, since, settings.schedule.time_zone))
        for name, report in settings.reports.items()
    }
    refresh = dg.define_asset_job("refresh", dg.AssetSelection.assets(load, build))
    return dg.Definitions(
        assets=[load, build, *reports.values()],
        asset_checks=[_quarantine_check(settings), _contracts_check(settings)],
        jobs=[refresh],
        schedules=[
            dg.ScheduleDefinition(
                name="refresh",
                job=refresh,
                cron_schedule=settings.schedule.refresh,
                execution_timezone=settings.schedule.time_zone,
                default_status=dg.DefaultScheduleStatus.RUNNING,
            ),
            *(
                _due_schedule(settings, name, asset)
                for name, asset in reports.items()
                if settings.reports[name].every
            ),
        ],
    )


def periods_of(
    report: ReportSettings, since: date, time_zone: str
) -> dg.TimeWindowPartitionsDefinition | None:
    """Give the periods of a report as partitions.

    Parameters
    ----------
    report : ReportSettings
        Its ``every`` says how long a period is.
    since : date
        Day in the first period.
    time_zone : str
        In which a period ends.

    Returns
    -------
    TimeWindowPartitionsDefinition or None
        Keys are the first days of periods; None where it has no schedule.
    """
    if report.every is None:
        return None
    months = MONTHS[report.every]
    first = date(since.year, (since.month - 1) // months * months + 1, 1)
    return dg.TimeWindowPartitionsDefinition(
        start=first.isoformat(),
        fmt="%Y-%m-%d",
        cron_schedule=f"0 0 1 {'*' if months == 1 else f'1-12/{months}'} *",
        timezone=time_zone,
    )


def last_day(first: str, every: str) -> date:
    """Give the last day of a period.

    Parameters
    ----------
    first : str
        Its first day, which is the partition's key.
    every : str
        ``month``, ``quarter`` or ``year``.

    Returns
    -------
    date
        The day that its report is made as of.
    """
    begun = date.fromisoformat(first)
    months = begun.month - 1 + MONTHS[every]
    return date(begun.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)


def first_day(settings: Settings) -> date:
    """Give the first day whose periods are offered.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Returns
    -------
    date
        Of the data; without a snapshot the first day of last year.
    """
    if Snapshots(settings.warehouse_folder).current():
        with open_warehouse(settings.warehouse_folder) as warehouse:
            month_ends = warehouse.month_ends()
        if month_ends:
            return month_ends[0][0].replace(day=1)
    return date(datetime.now(UTC).year - 1, 1, 1)


def _load_asset(settings: Settings) -> dg.AssetsDefinition:
    @dg.asset(name="load", group_name=WAREHOUSE, retry_policy=_retries(settings))
    def load() -> dg.MaterializeResult[None]:
        """Load exports into raw, only what is new or changed; bad rows go to quarantine."""
        counts = load_sources(settings, now=datetime.now(UTC))
        return dg.MaterializeResult(metadata=_load_metadata(counts))

    return load


def _build_asset(settings: Settings) -> dg.AssetsDefinition:
    @dg.asset(name="build", group_name=WAREHOUSE, deps=["load"], retry_policy=_retries(settings))
    def build() -> dg.MaterializeResult[None]:
        """Build a new snapshot: staging, marts, checks; then it is switched in."""
        build_id = build_project_snapshot(settings)
        return dg.MaterializeResult(metadata={"snapshot": build_id})

    return build


def _report_asset(
    settings: Settings, name: str, periods: dg.PartitionsDefinition[str] | None
) -> dg.AssetsDefinition:
    report = settings.reports[name]

    @dg.asset(
        name=name,
        group_name=REPORTS,
        deps=["build", *report.needed_reports],
        partitions_def=periods,
        retry_policy=_retries(settings),
        description=report.question,
    )
    def run(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        wish = Wish(reports=(name,), editions=(EACH,))
        if report.every:
            day = last_day(context.partition_key, report.every)
            wish = Wish(reports=(name,), editions=(EACH,), as_of=day.isoformat())
        try:
            batched = run_reports(settings, wish)
        except ClientlibError as error:  # a wrong day or parameter, which no retry mends
            raise dg.Failure(str(error), allow_retries=False) from error
        return _tell(batched)

    return run


def _tell(batched: Batched) -> dg.MaterializeResult[None]:
    runs = batched.runs
    metadata: dict[str, Any] = {
        "snapshot": batched.summary.snapshot,
        "runs": {
            state: sum(run.state == state for run in runs)
            for state in ("done", "failed", "skipped")
        },
        "pages": [run.page for run in runs if run.page],
        "reasons": sorted({run.reason for run in runs if run.reason}),
    }
    failed = [run for run in runs if run.state == "failed"]
    if failed:
        said = [
            f"{run.report} {run.edition}: {run.failure and run.failure.message}" for run in failed
        ]
        raise dg.Failure("\n".join(said), metadata=metadata)
    return dg.MaterializeResult(metadata=metadata)


def _due_schedule(
    settings: Settings, name: str, asset: dg.AssetsDefinition
) -> dg.ScheduleDefinition:
    job = dg.define_asset_job(f"{name}_due", dg.AssetSelection.assets(asset))

    @dg.schedule(
        name=f"{name}_due",
        job=job,
        cron_schedule=settings.schedule.run,
        execution_timezone=settings.schedule.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def due() -> list[dg.RunRequest] | dg.SkipReason:
        requests = [
            dg.RunRequest(run_key=key, partition_key=first)
            for first, key in due_periods(settings, name).items()
        ]
        return requests or dg.SkipReason(f"nothing of {name} is due")

    return due


def due_periods(settings: Settings, name: str) -> Mapping[str, str]:
    """List the periods of which a report is due.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    name : str
        The report.

    Returns
    -------
    mapping of str to str
        By the period's first day a key of the work that is missing: a request with the same key
        is not made twice.
    """
    if not Snapshots(settings.warehouse_folder).current():
        return {}
    with (
        open_warehouse(settings.warehouse_folder) as warehouse,
        Readers(settings, warehouse.path) as readers,
    ):
        due = find_due(settings, warehouse, readers, datetime.now(UTC), [name])
        build_id = warehouse.about.build_id
    keys: dict[str, list[str]] = {}
    for task in due.plan.tasks.values():
        if task.report == name:
            first = _first_of_period(task.as_of, str(settings.reports[name].every))
            keys.setdefault(first, [build_id]).append(task.key)
    return {
        first: sha256(" ".join(sorted(work)).encode()).hexdigest() for first, work in keys.items()
    }


def _first_of_period(day: date, every: str) -> str:
    months = MONTHS[every]
    return date(day.year, (day.month - 1) // months * months + 1, 1).isoformat()


def _quarantine_check(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(asset="load", name="quarantine")
    def quarantine() -> dg.AssetCheckResult:
        """Rows in quarantine, by table and reason, as of the last build."""
        if not Snapshots(settings.warehouse_folder).current():
            return dg.AssetCheckResult(passed=True, metadata={"rows": 0})
        with open_warehouse(settings.warehouse_folder) as warehouse:
            counts = warehouse.quarantine_counts()
        reasons = {f"{entry['table']}: {entry['reason']}": entry["rows"] for entry in counts}
        return dg.AssetCheckResult(
            passed=not counts,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"rows": sum(reasons.values()), "reasons": reasons},
        )

    return quarantine


def _contracts_check(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(asset="build", name="contracts")
    def contracts() -> dg.AssetCheckResult:
        """Contracts of the current snapshot, and orphans."""
        with open_warehouse(settings.warehouse_folder) as warehouse:
            findings = warehouse.check()
        told = {
            f"{finding.table}: {finding.check}": f"{finding.broken_count} of {finding.row_count}"
            for finding in findings
        }
        broken = sum(finding.severity == "broken" for finding in findings)
        return dg.AssetCheckResult(
            passed=broken == 0,
            metadata={"broken": broken, "warnings": len(findings) - broken, "findings": told},
        )

    return contracts


def _load_metadata(counts: list[LoadCount]) -> dict[str, Any]:
    totals = {name: sum(getattr(count, name) for count in counts) for name in COUNTS}
    by_table: dict[str, int] = {}
    for count in counts:
        by_table[count.table] = by_table.get(count.table, 0) + count.quarantined_count
    return {**totals, "quarantined_by_table": by_table}


def _retries(settings: Settings) -> dg.RetryPolicy:
    return dg.RetryPolicy(
        max_retries=settings.runs.attempts - 1,
        delay=settings.runs.backoff_seconds,
        backoff=dg.Backoff.EXPONENTIAL,
    )
