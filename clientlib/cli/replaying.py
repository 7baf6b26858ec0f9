"""The command replay: past scores made again from the ledger alone, and compared."""

from typing import Annotated

import pandas as pd
import typer

from clientlib.cli.output import say
from clientlib.cli.warehousing import project_settings
from clientlib.errors import InputError, RunError
from clientlib.reports import Run
from clientlib.runs.keys import ALL
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.days import read_day

NEEDED = ("client_risks", "client_signs", "risk_models", "risk_tests")


def replay(
    client_id: Annotated[
        str | None, typer.Argument(metavar="CLIENT", help="Show this client's scores too.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only runs as of that day; else all.")
    ] = None,
) -> None:
    """Make every past score again from the models and signs in the ledger, and compare."""
    from clientlib.reliability.portfolio.keeping import replay_scores

    ledger = Ledger(project_settings().ledger_folder)
    runs = _find_runs(ledger, as_of)
    broken = []
    for run in runs:
        tables = {name: ledger.issued(name, [run]) for name in NEEDED}
        found = replay_scores(tables)
        equal = (
            found.scores_count - found.differing[["client_id", "event"]].drop_duplicates().shape[0]
        )
        say("replayed", run.run_id, f"{found.scores_count:,} scores", f"{equal:,} equal")
        if client_id:
            _show_client(tables["client_risks"], client_id)
        broken += [(run, found.differing)] if not found.is_equal else []
    if broken:
        run, differing = broken[0]
        first = differing.iloc[0]
        raise RunError(
            f"scores of {len(broken)} of {len(runs)} runs do not come out as they were issued",
            rows=f"{len(differing):,} values of {run.run_id}",
            example=f"{first['client_id']}, {first['event']}: {first['column']} was issued as "
            f"{first['issued']!r} and comes out as {first['replayed']!r}",
            hint=f"replay it with the code version that it was issued with: {run.code_version}",
        )


def _find_runs(ledger: Ledger, as_of: str | None) -> list[Run]:
    """List the runs whose scores can be made again, oldest first."""
    day = read_day(as_of) if as_of else None
    runs = [
        run
        for run in ledger.runs()
        if run.state == "done"
        and run.edition == ALL
        and set(NEEDED) <= set(run.issued)
        and day in (None, run.as_of)
    ]
    if not runs:
        raise InputError(
            "the ledger holds no scores to be made again",
            example=f"as of {as_of}" if as_of else None,
            hint="clientlib run risk_models --as-of last-closed-month",
        )
    return runs


def _show_client(risks: pd.DataFrame, client_id: str) -> None:
    own = risks[risks["client_id"] == client_id]
    if own.empty:
        raise InputError(
            "nothing was issued about that client", example=client_id, hint="take its key"
        )
    for event, state, probability in own[["event", "state", "probability"]].itertuples(index=False):
        told = "" if pd.isna(probability) else f"{probability:.4f}"
        say("", f"{client_id}  {event}", told, str(state))
