"""One writer at a time: a file that the system locks for its owner, and frees when it dies."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from clientlib.errors import ClientlibError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_NAME = "write.lock"
LOCKED_BYTE = 1 << 20  # where Windows locks: behind the text, so that the refused can read it


@contextmanager
def writing(folder: Path, command: str) -> Iterator[None]:
    """Hold the warehouse's lock for a load or a build.

    The lock belongs to the open file and not to its text: the lock of a process that died is
    free at once, and there is no moment at which two can take it over.

    Parameters
    ----------
    folder : Path
        Folder of the warehouse; made where it does not exist.
    command : str
        What the lock is held for, shown to whoever is refused.

    Raises
    ------
    ClientlibError
        Another living process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_NAME).open("a+", encoding="utf-8") as file:
        if not try_lock(file):
            raise _refusal(file)
        _write(file, json.dumps({"pid": os.getpid(), "command": command}))
        try:
            yield
        finally:
            _write(file, "")


def try_lock(file: TextIO) -> bool:
    """Lock an open file for its owner, without waiting; the system frees it when the owner dies.

    Parameters
    ----------
    file : TextIO
        Open for writing.

    Returns
    -------
    bool
        False where another open file holds the lock.
    """
    try:
        if sys.platform == "win32":
            file.seek(LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _write(file: TextIO, text: str) -> None:
    file.truncate(0)
    file.write(text)
    file.flush()


def _refusal(file: TextIO) -> ClientlibError:
    file.seek(0)
    try:
        owner = json.loads(file.read())
    except ValueError:  # taken this very moment, and not yet signed
        owner = {"pid": "not known", "command": "load or build"}
    return ClientlibError(
        f"the warehouse is being written by clientlib {owner['command']}",
        example=f"process {owner['pid']}",
        hint="wait until it has ended; readers are not affected",
    )
