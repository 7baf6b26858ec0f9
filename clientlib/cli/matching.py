"""The command match: clients and contacts that stand in the sources more than once."""

import getpass
import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from clientlib.cli.output import OUT, say, say_json
from clientlib.cli.warehousing import Json, project_settings
from clientlib.config import Settings
from clientlib.warehouse import MatchCounts, find_duplicates, undo_merge


def match(
    undo: Annotated[
        str | None,
        typer.Option("--undo", metavar="KEY", help="Hold a merged client or contact apart."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Find clients entered twice: the next build merges sure pairs, you decide on the rest."""
    settings = project_settings()
    if undo is not None:
        undo_project(settings, undo)
        return
    match_project(settings, as_json=as_json)


def match_project(settings: Settings, *, as_json: bool = False) -> list[MatchCounts]:
    """Find a project's duplicates and say what was found.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    as_json : bool
        Print JSON.

    Returns
    -------
    list of MatchCounts
        What was found, of clients and of contacts.
    """
    begun = time.monotonic()
    found = find_duplicates(settings, now=datetime.now(UTC))
    if as_json:
        say_json([vars(counts) for counts in found])
        return found
    for counts in found:
        _say_found(counts)
    OUT.print(
        f"next: decide what waits in {settings.review.as_posix()}, then clientlib build   "
        f"({time.monotonic() - begun:.1f} s)"
    )
    return found


def _say_found(counts: MatchCounts) -> None:
    kind = counts.kind
    sure, waiting = f"{counts.sure_count:,} pairs the same", f"{counts.waiting_count:,} wait"
    say("matched", f"{kind}s", f"{counts.searched_count:,}", sure, waiting,
        f"{counts.new_count:,} new")  # fmt: skip
    if counts.withdrawn_count:
        say("withdrew", f"{kind} pairs", f"{counts.withdrawn_count:,} no longer alike")
    if counts.crowded_count:
        say("skipped", "keys", f"{counts.crowded_count:,} shared by too many {kind}s to compare")


def undo_project(settings: Settings, key: str) -> None:
    """Hold a client or contact apart from all that it is merged with, and say so.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    key : str
        Key of the client or contact in its source.
    """
    count = undo_merge(settings, key, now=datetime.now(UTC), by=_user())
    say("undid", key, f"held apart from {count:,}")
    OUT.print("next: clientlib build")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "clientlib match --undo"
