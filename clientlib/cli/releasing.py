"""The command that judges rows in quarantine anew."""

import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from clientlib.cli.counting import describe_count, say_reasons, sum_counts, taking_back
from clientlib.cli.output import OUT, Steps, say_json, steps
from clientlib.cli.warehousing import Json, project_settings
from clientlib.config import Settings
from clientlib.warehouse import LeftRows, Release, Released, release_rows


def release(
    table: Annotated[
        str | None, typer.Argument(help="A canonical table such as orders; without it all.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what a release would do, and do nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Judge the rows in quarantine by the mapping of now and load the good ones; reads no file."""
    settings = project_settings()
    if as_json:
        done = release_rows(settings, now=datetime.now(UTC), table=table, is_trial=dry_run)
        say_json(asdict(done))
    else:
        release_project(settings, table, is_trial=dry_run)


def release_project(
    settings: Settings, table: str | None = None, *, is_trial: bool = False
) -> Release:
    """Release what is good by now from a project's quarantine, and say what became of the rows.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    table : str, optional
        Only the rows of this canonical table.
    is_trial : bool
        Only say what would become of them.

    Returns
    -------
    Release
        What became of the rows.
    """
    begun = time.monotonic()
    told: list[Released | LeftRows] = []

    with steps(None) as progress, taking_back(told, "release"):

        def say_step(step: Released | LeftRows) -> None:
            told.append(step)
            _say_step(progress, step, is_trial=is_trial)

        done = release_rows(
            settings, now=datetime.now(UTC), table=table, is_trial=is_trial, on_step=say_step
        )
    if told:
        _say_sums(done, time.monotonic() - begun)
        _say_what_follows(done, is_trial=is_trial)
    else:
        OUT.print(f"nothing waits in quarantine{f' of {table}' if table else ''}")
    return done


def _say_step(progress: Steps, step: Released | LeftRows, *, is_trial: bool) -> None:
    if isinstance(step, LeftRows):
        progress.done("left", step.table, f"{step.rows:,} rows", step.file_name, step.reason)
        return
    verb = "tried" if is_trial else "released"
    progress.done(verb, step.count.table, *describe_count(step.count))
    say_reasons(step.reasons)


def _say_sums(done: Release, seconds: float) -> None:
    counts = [released.count for released in done.released]
    read, loaded, same, bad = sum_counts(counts)
    OUT.print(
        f"rows judged {read:,} = loaded {loaded:,} + still bad {bad:,} + same as known {same:,}; "
        f"not judged {sum(rows.rows for rows in done.left):,}   ({seconds:.1f} s)"
    )


def _say_what_follows(done: Release, *, is_trial: bool) -> None:
    if is_trial:
        OUT.print("nothing was written; release them with: clientlib release")
    elif any(released.count.loaded_count for released in done.released):
        OUT.print("make a snapshot with them: clientlib build")
