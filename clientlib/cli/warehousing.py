"""Commands on the warehouse: load, build, check, show."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from clientlib.cli.counting import describe_count, sum_counts, taking_back
from clientlib.cli.dry_run import preview_project
from clientlib.cli.output import ERROR, OUT, say, say_json, say_merged, say_table, steps
from clientlib.config import Settings, find_project, load_settings
from clientlib.errors import InputError, nearest
from clientlib.runs.cycle import build_project_snapshot
from clientlib.spark import SparkMarts, open_spark
from clientlib.warehouse import (
    BuiltTable,
    Engine,
    LoadCount,
    MergeCounts,
    Warehouse,
    load_sources,
    open_warehouse,
    planned_loads,
)
from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.preview import SHOWN_ROWS
from clientlib.warehouse.quality import as_error

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DAY", help="A month end such as 2025-06-30.")
]


def load(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what a load would do, and do nothing.")
    ] = False,
    rows: Annotated[int, typer.Option(min=0, help="First rows shown by --dry-run.")] = SHOWN_ROWS,
    accept_excess: Annotated[
        bool,
        typer.Option("--accept-excess", help="Load although too many rows are bad or vanished."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Load sources into raw, only what is new or changed; bad rows go to quarantine."""
    settings = project_settings()
    if dry_run:
        preview_project(settings, rows, as_json=as_json)
    elif as_json:
        now = datetime.now(UTC)
        counts = load_sources(settings, now=now, accept_excess=accept_excess)
        say_json([vars(count) for count in counts])
    else:
        load_project(settings, accept_excess=accept_excess)


def build(
    spark: Annotated[
        bool, typer.Option("--spark", help="Let Spark make the marts, as [spark] states.")
    ] = False,
) -> None:
    """Build a new snapshot of staging and marts, check it and switch to it."""
    settings = project_settings()
    if not spark:
        build_project(settings)
        return
    with open_spark(settings.spark) as session:
        build_project(settings, SparkMarts(session, settings.exchange_folder))


def check(as_json: Json = False) -> None:
    """Hold the current snapshot to its contracts; exit 1 where one is broken."""
    check_project(project_settings(), as_json=as_json)


def show(
    table: Annotated[
        str | None, typer.Argument(help="A table, or 'quarantine'; without it the list of tables.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="How many rows.")] = 20,
    as_of: AsOf = None,
    over_time: Annotated[
        bool, typer.Option("--over-time", help="Of the quarantine: what each load moved.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the first rows of a table, or the rows in quarantine with their reasons."""
    if over_time and (table or "").lower() != "quarantine":
        raise InputError(
            "only the quarantine is shown over time", hint="clientlib show quarantine --over-time"
        )
    with open_warehouse(project_settings().warehouse_folder) as warehouse:
        if over_time:
            found, total = _find_moves(warehouse, rows)
        else:
            found, total = _find_rows(warehouse, table, rows, as_of)
    _say_rows(found, as_json)
    if not as_json and total > len(found):
        ERROR.print(f"{len(found):,} of {total:,} rows; all of them with: --rows {total}")


def changes(
    table: Annotated[str, typer.Argument(help="A panel such as client_orders.")],
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DAY", help="The month end to look back at.")
    ],
    known_by: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Since which day; without it since the month end."),
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="How many rows.")] = 20,
    as_json: Json = False,
) -> None:
    """Tell which values of a past month end have changed by what became known later."""
    with open_warehouse(project_settings().warehouse_folder) as warehouse:
        name = _full_name(warehouse, table)
        found = warehouse.changes(name, month_end=as_of, known_by=known_by)
    _say_rows(found.head(rows).to_dict("records"), as_json)
    if not as_json and len(found) > rows:
        ERROR.print(f"{rows:,} of {len(found):,} changes; all of them with: --rows {len(found)}")


def load_project(settings: Settings, *, accept_excess: bool = False) -> list[LoadCount]:
    """Load a project's sources and say what became of the rows.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    accept_excess : bool
        Load although a table has more bad or vanished rows than its limit.

    Returns
    -------
    list of LoadCount
        Per file and table.
    """
    begun = time.monotonic()
    told: list[LoadCount] = []

    with steps(planned_loads(settings)) as progress, taking_back(told, "load"):

        def say_count(count: LoadCount) -> None:
            told.append(count)
            progress.done("loaded", count.table, *describe_count(count))

        counts = load_sources(
            settings, now=datetime.now(UTC), accept_excess=accept_excess, on_count=say_count
        )
    read, loaded, same, bad = sum_counts(counts)
    OUT.print(
        f"rows read {read:,} = loaded {loaded:,} + quarantined {bad:,} + same as before {same:,}"
        f"   ({time.monotonic() - begun:.1f} s)"
    )
    if bad:
        OUT.print("see the quarantined rows with: clientlib show quarantine (after a build)")
    return counts


def build_project(settings: Settings, engine: Engine | None = None) -> str:
    """Build a project's snapshot and say its tables.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    engine : Engine, optional
        What makes the marts in place of DuckDB.

    Returns
    -------
    str
        The build id.
    """
    begun = time.monotonic()
    told: list[MergeCounts] = []

    with steps(len(read_contracts())) as progress:

        def say_table_built(table: BuiltTable) -> None:
            rows = "made as it is read" if table.row_count is None else f"{table.row_count:,} rows"
            progress.done("built", table.name, rows)

        build_id = build_project_snapshot(
            settings, engine=engine, on_table=say_table_built, on_merges=told.append
        )
    _say_merges(told[-1])
    say("switched", f"snapshot {build_id}", "checked", f"{time.monotonic() - begun:.1f} s")
    return build_id


def check_project(settings: Settings, *, as_json: bool = False) -> None:
    """Check a project's snapshot and say what was found.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    as_json : bool
        Print JSON.

    Raises
    ------
    Exit
        With code 1 where a contract is broken.
    """
    with open_warehouse(settings.warehouse_folder) as warehouse:
        findings = warehouse.check()
        about = warehouse.about
    broken = [finding for finding in findings if finding.severity == "broken"]
    if as_json:
        say_json(
            {
                "snapshot": about.build_id,
                "is_sound": not broken,
                "findings": [vars(f) for f in findings],
            }
        )
    else:
        for finding in findings:
            OUT.print(f"{finding.severity}: {as_error(finding)}")
        say("checked", f"snapshot {about.build_id}", f"{len(broken)} broken",
            f"{len(findings) - len(broken)} warnings")  # fmt: skip
    if broken:
        raise typer.Exit(1)


def project_settings() -> Settings:
    """Read the settings of the project that the command was called in.

    Returns
    -------
    Settings
        Of the nearest project upwards.
    """
    return load_settings(find_project(Path.cwd()))


def _say_merges(merges: MergeCounts) -> None:
    if merges.merged_count or merges.waiting_count:
        say_merged(merges.merged_count, merges.waiting_count)
    if merges.contacts_count:
        say("merged", "contacts", f"{merges.contacts_count:,} counted under another")
    for left, right in merges.left_out:
        say("left out", f"pair {left} {right}", "joins clients that codes or decisions hold apart")


def _find_rows(
    warehouse: Warehouse, table: str | None, rows: int, as_of: str | None
) -> tuple[list[dict[Any, Any]], int]:
    tables = warehouse.tables()
    if table is None:
        return [{"table": name, "rows": count} for name, count in tables.items()], 0
    if table.lower() == "quarantine":
        return warehouse.quarantine(rows), tables["about.quarantine"]
    name = _full_name(warehouse, table)
    frame = warehouse.read(name, as_of=as_of)
    if as_of and not warehouse.is_dated(name):
        ERROR.print(f"{name} does not go by day: it is shown as it is known now")
    return frame.head(rows).to_dict("records"), len(frame)


def _find_moves(warehouse: Warehouse, rows: int) -> tuple[list[dict[Any, Any]], int]:
    history = warehouse.read("marts.load_history")
    counts = {"entered_count": "entered", "released_count": "released", "open_count": "open"}
    names = {"load_id": "load", "loaded_on": "loaded_on", "table_name": "table"} | counts
    moved = history[history[list(counts)].sum(axis=1) > 0]
    listed = moved[list(names)].rename(columns=names)
    return listed.head(rows).to_dict("records"), len(listed)


def _full_name(warehouse: Warehouse, table: str) -> str:
    known = list(warehouse.tables())
    for name in (table, f"marts.{table}", f"staging.{table}"):
        if name in known:
            return name
    near = nearest(table, [*known, *(name.partition(".")[2] for name in known)])
    raise InputError(
        f"there is no table {table!r}",
        hint=f"did you mean {near!r}?" if near else "clientlib show lists them",
    )


def _say_rows(rows: list[dict[Any, Any]], as_json: bool) -> None:
    if as_json:
        say_json(rows)
    elif rows:
        say_table([str(name) for name in rows[0]], rows)
    else:
        OUT.print("no rows")
