"""Folders for the sockets of kernels: short names, a lock each, and nothing left of the dead."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkstemp

from clientlib.warehouse.lock import try_lock

FOLDER_PREFIX = "clientlib-"
LOCK_SUFFIX = ".lock"
RANDOM_LENGTH = 8
NEW_SECONDS = 60
LONGEST_FOLDER = 80  # in bytes: the name of a socket in it must stay below a system's 100


@contextmanager
def socket_folder() -> Iterator[Path | None]:
    """Lend a folder for the sockets of one kernel, and remove what dead processes left behind.

    Its lock lies beside it and is taken first, so that a folder without an owner is never one
    that is being made.

    Yields
    ------
    Path or None
        Short enough for names of sockets; None where there is no such place.
    """
    place = next(_places(), None)
    if place is None:
        yield None
        return
    sweep_sockets()
    number, name = mkstemp(prefix=FOLDER_PREFIX, suffix=LOCK_SUFFIX, dir=place)
    path = Path(name)
    with os.fdopen(number, "a+", encoding="utf-8") as lock:
        try_lock(lock)
        folder = path.with_suffix("")
        try:
            folder.mkdir(mode=0o700)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):  # Windows keeps a file that is open
                path.unlink()


def sweep_sockets() -> None:
    """Remove the folders of processes that have died."""
    for place in _places():
        for lock in place.glob(f"{FOLDER_PREFIX}{'?' * RANDOM_LENGTH}{LOCK_SUFFIX}"):
            with suppress(OSError):  # of somebody else, or just removed by its owner
                _remove_unowned(lock)


def _places() -> Iterator[Path]:
    for place in dict.fromkeys((gettempdir(), "/tmp")):  # noqa: S108
        length = len(os.fsencode(place)) + len(FOLDER_PREFIX) + RANDOM_LENGTH + 1
        if length <= LONGEST_FOLDER and os.access(place, os.W_OK):
            yield Path(place)


def _remove_unowned(lock: Path) -> None:
    folder = lock.with_suffix("")
    if not folder.is_dir() and lock.stat().st_mtime > time.time() - NEW_SECONDS:
        return  # it is being made
    with lock.open("r+", encoding="utf-8") as file:
        if try_lock(file):
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)
