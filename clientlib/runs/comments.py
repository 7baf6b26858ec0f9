"""Comments of people on reports, kept in the ledger: one file each, never written again."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from shlex import quote
from typing import Any

from clientlib.errors import InputError
from clientlib.reports.assets import write_whole
from clientlib.reports.documents import Comment
from clientlib.runs.keys import ALL, file_stem

COMMENTS = ".comments"
MOST_TEXT = 20_000  # characters of a comment


def keep_comment(ledger: Path, report: str, edition: str, as_of: date, comment: Comment) -> Path:
    """Keep a comment for good.

    Parameters
    ----------
    ledger : Path
        Folder of the ledger.
    report, edition : str
        On what.
    as_of : date
        The day of the report.
    comment : Comment
        Who wrote what, and when.

    Returns
    -------
    Path
        Its file, which did not exist before.

    Raises
    ------
    InputError
        It says nothing, has no author, or is longer than 20 000 characters.
    """
    _check(comment)
    said = {
        "report": report,
        "edition": edition,
        "as_of": as_of.isoformat(),
        "by": comment.by,
        "written_at": comment.written_at.astimezone(UTC).isoformat(),
        "text": comment.text,
    }
    content = json.dumps(said, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    folder = _folder(ledger, report, edition, as_of)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{comment.written_at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{sha256(content).hexdigest()[:8]}"
    path = folder / f"{name}.json"  # the same name means the same words at the same moment
    write_whole(path, content)
    return path


def read_comments(ledger: Path, report: str, edition: str, as_of: date) -> tuple[Comment, ...]:
    """Read the comments on one report, edition and day.

    Parameters
    ----------
    ledger : Path
        Folder of the ledger.
    report, edition : str
        On what; comments on other editions are not given.
    as_of : date
        The day of the report.

    Returns
    -------
    tuple of Comment
        Oldest first.
    """
    paths = sorted(_folder(ledger, report, edition, as_of).glob("*.json"))
    found = [_read(path) for path in paths]
    mine = {"report": report, "edition": edition, "as_of": as_of.isoformat()}
    comments = [
        Comment(said["by"], datetime.fromisoformat(said["written_at"]), said["text"])
        for said in found
        if {name: said[name] for name in mine} == mine
    ]
    return tuple(sorted(comments, key=lambda comment: comment.written_at))


def say_command(report: str, edition: str, as_of: date) -> str:
    """Write the command that adds a comment.

    Parameters
    ----------
    report, edition : str
        On what.
    as_of : date
        The day of the report.

    Returns
    -------
    str
        As it is typed.
    """
    option = "" if edition == ALL else f" --edition {quote(edition)}"
    return f'clientlib comment {report}{option} --as-of {as_of.isoformat()} "…"'


def _folder(ledger: Path, report: str, edition: str, as_of: date) -> Path:
    return ledger / COMMENTS / file_stem(report) / file_stem(edition) / as_of.isoformat()


def _read(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


def _check(comment: Comment) -> None:
    if not comment.text.strip():
        raise InputError("the comment says nothing", hint='such as clientlib comment REPORT "text"')
    if not comment.by.strip():
        raise InputError("nobody is named as the author", hint="--by NAME")
    if len(comment.text) > MOST_TEXT:
        raise InputError(
            f"the comment has {len(comment.text):,} characters",
            hint=f"at most {MOST_TEXT:,}; split it",
        )
