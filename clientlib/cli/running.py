"""Commands that run reports: run, parameters."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from clientlib.cli.output import OUT, Steps, say, say_json, say_table, steps
from clientlib.cli.warehousing import Json, project_settings
from clientlib.config import Settings
from clientlib.errors import ConfigError
from clientlib.reports import Run, batch_page
from clientlib.runs.planning.days import LAST_CLOSED_MONTH
from clientlib.runs.planning.parameters import SUPPLIED
from clientlib.runs.planning.plan import check_reports
from clientlib.runs.planning.schemas import describe_parameter, schema_of
from clientlib.runs.wishes import Batched, Hands, Wish
from clientlib.warehouse import open_warehouse

VERBS = {"done": "ran", "failed": "failed", "skipped": "skipped"}
SHOWN_DETAILS = 12  # runs from which on only failures are told at length

Reports = Annotated[
    list[str] | None, typer.Argument(help="Reports by name; without: all that have inputs.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes that run notebooks; as configured, or 2.")
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="A Dask scheduler such as tcp://host:8786."),
]


def run(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REPORT | NAME=VALUE]...",
            help="Reports by name; without: all that have inputs. And parameters for them.",
        ),
    ] = None,
    as_of: Annotated[
        str,
        typer.Option(
            metavar="DAY",
            help="2025-06-30, 2025-06, 2025-Q2, 2025, last-day, last-closed-month, "
            "last-closed-quarter, last-closed-year.",
        ),
    ] = LAST_CLOSED_MONTH,
    edition: Annotated[
        list[str] | None,
        typer.Option(metavar="WHO", help="all, each, a kind (manager), or one (manager=M-01)."),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Whatever the schedule asks for and the ledger lacks.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Run also what has been done.")] = False,
    workers: Workers = None,
    cluster: Cluster = None,
) -> None:
    """Run reports on the current snapshot; what has been done is not done again."""
    names, given = _part(wanted or [])
    if due and (edition or given or as_of != LAST_CLOSED_MONTH):
        raise ConfigError(
            "--due takes days, editions and parameters from clientlib.toml",
            hint="leave out --as-of, --edition and parameters, or leave out --due",
        )
    wish = Wish(names, as_of, tuple(edition or ["all"]), given, due, force)
    batched = run_project(project_settings(), wish, Hands(workers, cluster))
    if any(run.state == "failed" for run in batched.outcome.runs.values()):
        raise typer.Exit(1)


def parameters(reports: Reports = None, as_json: Json = False) -> None:
    """List the parameters of reports: type, value, limits, meaning."""
    settings = project_settings()
    rows = [
        {"report": name, **describe_parameter(parameter)}
        for name in check_reports(settings, reports or [])
        for parameter in schema_of(settings, name).parameters.values()
        if parameter.name not in SUPPLIED
    ]
    if as_json:
        say_json(rows)
    else:
        say_table(["report", "name", "type", "value", "limits", "unit", "help"], rows)


def run_project(
    settings: Settings, wish: Wish | None = None, hands: Hands | None = None
) -> Batched:
    """Run a project's reports and say how each went.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    wish : Wish, optional
        What is asked for; by default every report as of the last closed month.
    hands : Hands, optional
        Who does the work.

    Returns
    -------
    Batched
        How it went.
    """
    with open_warehouse(settings.warehouse_folder) as warehouse:
        about = warehouse.about
    say("used", f"snapshot {about.build_id}", f"data to {about.data_end or '-'}")
    from clientlib.runs.running import run_reports  # papermill takes a second to import

    with steps(None) as progress:
        teller = _Teller(settings, progress)
        batched = run_reports(settings, wish or Wish(), hands, teller)
    _say_rest(batched)
    say("wrote", f"{settings.output}/{batch_page(batched.summary)}")
    say("wrote", f"{settings.output}/index.html")
    return batched


class _Teller:
    """Says of each run how it went: at length while there are few."""

    def __init__(self, settings: Settings, progress: Steps) -> None:
        self._settings = settings
        self._progress = progress
        self._count = 0

    def __call__(self, run: Run) -> None:
        self._count += 1
        name = f"{run.report}  {run.edition}"
        self._progress.done(VERBS[run.state], name, f"as of {run.as_of}", f"{run.seconds:.1f} s")
        if run.reason:
            OUT.print(f"         {run.reason}")
        if run.failure:
            OUT.print(f"         {tell_failure(run)}")
        if self._count <= SHOWN_DETAILS:
            self._say_results(run)

    def _say_results(self, run: Run) -> None:
        for table, count in run.issued.items():
            say("issued", table, f"{count:,} rows")
        if run.page:
            say("wrote", f"{self._settings.output.as_posix()}/{run.page}")


def tell_failure(run: Run) -> str:
    """Tell where and why a run failed.

    Parameters
    ----------
    run : Run
        A failed one.

    Returns
    -------
    str
        Such as ``cell 7: KeyError: 'client_id' (attempt 2)``.
    """
    failure = run.failure
    if failure is None:
        return "no reason is known"
    where = f"cell {failure.cell_number}: " if failure.cell_number else ""
    again = f" (attempt {run.attempt})" if run.attempt > 1 else ""
    said, line_end, details = failure.message.partition("\n")
    return f"{where}{failure.error_name}: {said}{again}{line_end}{details}"


def _say_rest(batched: Batched) -> None:
    outcome = batched.outcome
    if outcome.kept:
        last = max(run.started_at for run in outcome.kept.values())
        say("kept", f"{len(outcome.kept):,} done before", f"the last {last:%Y-%m-%d %H:%M} UTC")
    if outcome.elsewhere:
        say("left", f"{len(outcome.elsewhere):,} to another process that is at them")
    for wait in batched.waiting:
        until = f"again from {wait.until:%Y-%m-%d %H:%M} UTC" if wait.until else "given up"
        say("waits", f"{wait.task.report}  {wait.task.edition}", f"as of {wait.task.as_of}",
            f"failed {wait.failures} times", until)  # fmt: skip
    for problem in batched.problems:
        OUT.print(problem)


def _part(wanted: Sequence[str]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Part the names of reports from parameters, which have a value."""
    names = tuple(word for word in wanted if "=" not in word)
    pairs = (word.partition("=") for word in wanted if "=" in word)
    return names, {name.strip(): value for name, _, value in pairs}
