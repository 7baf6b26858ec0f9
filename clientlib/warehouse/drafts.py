"""Files that are written under another name, and stand under their own only when they are whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clientlib.warehouse.snapshots import DRAFT_SUFFIX


@contextmanager
def drafting(target: Path) -> Iterator[Path]:
    """Write a file; one that is there is replaced at the end, or stays where that is not reached.

    Parameters
    ----------
    target : Path
        The file.

    Yields
    ------
    Path
        The draft to write, in the same folder.
    """
    draft = target.with_name(target.name + DRAFT_SUFFIX)
    _remove(
        draft
    )  # of a process that was killed: a log beside it would be written into the new one
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        _remove(draft)
        raise


def _remove(draft: Path) -> None:
    for leftover in (draft, draft.with_name(f"{draft.name}.wal")):
        leftover.unlink(missing_ok=True)
