"""The command match: clients that stand in the sources more than once."""

import getpass
import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from clientlib.cli.output import OUT, say, say_json
from clientlib.cli.warehousing import Json, project_settings
from clientlib.config import Settings
from clientlib.warehouse import MatchCounts, find_duplicates, pairs_file, undo_merge


def match(
    undo: Annotated[
        str | None,
        typer.Option("--undo", metavar="CLIENT", help="Hold a merged client apart from the rest."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Find clients entered twice: the next build merges sure pairs, you decide on the rest."""
    settings = project_settings()
    if undo is not None:
        undo_project(settings, undo)
        return
    match_project(settings, as_json=as_json)


def match_project(settings: Settings, *, as_json: bool = False) -> MatchCounts:
    """Find a project's duplicates and say what was found.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    as_json : bool
        Print JSON.

    Returns
    -------
    MatchCounts
        What was found.
    """
    begun = time.monotonic()
    counts = find_duplicates(settings, now=datetime.now(UTC))
    if as_json:
        say_json(vars(counts))
        return counts
    say("matched", "clients", f"{counts.clients_count:,} clients",
        f"{time.monotonic() - begun:.1f} s")  # fmt: skip
    say("found", "client pairs", f"{counts.sure_count:,} the same", f"{counts.new_count:,} new",
        f"{counts.waiting_count:,} wait for a decision")  # fmt: skip
    if counts.withdrawn_count:
        say("withdrew", "client pairs", f"{counts.withdrawn_count:,} no longer alike")
    if counts.crowded_count:
        say("skipped", "keys", f"{counts.crowded_count:,} shared by too many clients to compare")
    say("wrote", pairs_file(settings).relative_to(settings.root).as_posix())
    OUT.print("next: decide in that file where it waits, then clientlib build")
    return counts


def undo_project(settings: Settings, client_id: str) -> None:
    """Hold a client apart from all that it is merged with, and say so.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    client_id : str
        Key of the client in its source.
    """
    count = undo_merge(settings, client_id, now=datetime.now(UTC), by=_user())
    say("undid", f"client {client_id}", f"held apart from {count:,}")
    OUT.print("next: clientlib build")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "clientlib match --undo"
