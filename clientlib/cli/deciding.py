"""The command decide: what somebody decided about a client, kept for good."""

from datetime import UTC, date, datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from clientlib.cli.output import say
from clientlib.cli.warehousing import project_settings
from clientlib.errors import InputError
from clientlib.runs.decisions import KINDS, Decision, keep_decision
from clientlib.runs.keys import ALL
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.days import read_day

ADVICE = "client_advice"  # issued table whose columns decisions are held against


def decide(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT", help="The client, by its key.")],
    kind: Annotated[str, typer.Argument(help=", ".join(KINDS))],
    value: Annotated[
        str | None, typer.Argument(help="Money, days, a share, or who owns it.")
    ] = None,
    because: Annotated[str, typer.Option(metavar="WHY", help="The reason.")] = "",
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Last day that it holds; else for good.")
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="DAY", help="Day of the decision; else today.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decides; else the user's name.")
    ] = None,
) -> None:
    """Decide about a client: its limit, terms, a stop, or who watches it; kept in the ledger."""
    settings = project_settings()
    decided_on = read_day(on) if on else datetime.now(UTC).date()
    is_number = KINDS.get(kind) is not None
    decision = Decision(
        client_id=client_id,
        kind=kind,
        value=_read_number(value) if is_number else None,
        owner="" if is_number else value or "",
        advised=_find_advised(settings.ledger_folder, client_id, kind, decided_on),
        decided_on=decided_on,
        until=read_day(until) if until else None,
        by=by or getuser(),
        because=because,
        written_at=datetime.now(UTC),
    )
    keep_decision(settings.ledger_folder, decision)
    shown = decision.owner if decision.value is None else f"{decision.value:g}"
    say("kept", f"{client_id}  {kind}", shown)
    if decision.advised is not None:
        note = "an override" if decision.is_override else "as advised"
        say("beside", "advice", f"{decision.advised:g}", note)


def _read_number(value: str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError as error:
        raise InputError("the value is no number", example=value, hint="such as 5000") from error


def _find_advised(folder: Path, client_id: str, kind: str, day: date) -> float | None:
    """Look up what the last report for all had advised by a day."""
    column, ledger = KINDS.get(kind), Ledger(folder)
    runs = [
        run
        for run in ledger.runs()
        if run.state == "done" and run.edition == ALL and ADVICE in run.issued and run.as_of <= day
    ]
    if column is None or not runs:
        return None
    last = max(runs, key=lambda run: (run.as_of, run.run_id))
    rows = ledger.issued(ADVICE, [last])
    found = rows.loc[rows["client_id"] == client_id, column].dropna()
    return float(found.iloc[0]) if len(found) else None
