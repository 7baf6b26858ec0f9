"""The command comment: words of people on a report, kept for good and shown on it."""

from datetime import UTC, date, datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from clientlib.cli.output import say
from clientlib.cli.warehousing import project_settings
from clientlib.config import Settings
from clientlib.errors import ConfigError, InputError, RunError
from clientlib.reports import Run
from clientlib.reports.documents import Comment
from clientlib.runs.comments import keep_comment
from clientlib.runs.keys import ALL
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.days import read_day
from clientlib.runs.planning.plan import check_reports
from clientlib.runs.remaking import last_written, remake


def comment(
    report: Annotated[str, typer.Argument(help="The report, by name.")],
    text: Annotated[str | None, typer.Argument(help="What is to be said of it.")] = None,
    edition: Annotated[
        str, typer.Option(metavar="WHO", help="all, or one reader's (manager=M-01).")
    ] = ALL,
    as_of: Annotated[
        str | None, typer.Option(metavar="DAY", help="Of which day; else the last that was made.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A text file (UTF-8) in place of TEXT.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who says it; else the user's name.")
    ] = None,
) -> None:
    """Comment on a report: kept in the ledger for good, shown at the end of page, PDF and deck."""
    settings = project_settings()
    check_reports(settings, [report])
    said = Comment(by or getuser(), datetime.now(UTC), _read_text(text, file))
    runs = _find_runs(settings, report, edition, read_day(as_of) if as_of else None)
    keep_comment(settings.ledger_folder, report, edition, runs[0].as_of, said)
    say("kept", f"{report}  {edition}", f"as of {runs[0].as_of}", f"by {said.by}")
    for run in runs:
        _remake(settings, run)


def _read_text(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise ConfigError(
            "a comment has a text or a file", hint='clientlib comment REPORT "text", or --file F'
        )
    if file is None:
        return str(text)
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file.name} cannot be read as text", example=str(error)) from error


def _find_runs(settings: Settings, report: str, edition: str, as_of: date | None) -> list[Run]:
    ledger = Ledger(settings.ledger_folder)
    runs = last_written(ledger, report, edition, as_of)
    if not runs:
        day = f" as of {as_of}" if as_of else ""
        made = {run.edition for run in ledger.runs() if run.report == report and run.page}
        raise RunError(
            f"{report} has not been run for {edition}{day}: there is nothing to comment on",
            rows=f"it has been run for {', '.join(sorted(made)) or 'nobody'}",
            hint=f"clientlib run {report} --edition {edition}",
        )
    return runs


def _remake(settings: Settings, run: Run) -> None:
    if remake(settings, run):
        for path in (run.page, *run.outputs.values()):
            say("wrote", f"{settings.output.as_posix()}/{path}")
    else:
        say("left", str(run.page), "a run is under way that writes it, with the comment")
