"""One writer at a time: a lock file with the owner's process, taken over from the dead."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from clientlib.errors import ClientlibError


@contextmanager
def writing(folder: Path, command: str) -> Iterator[None]:
    """Hold the warehouse's lock for a load or a build.

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
    path = folder / "write.lock"
    _take(path, command)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _take(path: Path, command: str) -> None:
    me = psutil.Process()
    text = json.dumps({"pid": me.pid, "started": me.create_time(), "command": command})
    draft = path.with_name(f"{path.name}.{me.pid}")
    draft.write_text(text, encoding="utf-8")
    try:
        for _ in range(3):
            try:
                os.link(draft, path)
            except FileExistsError:
                _refuse_or_clear(path)
            else:
                return
    finally:
        draft.unlink()
    raise ClientlibError(
        "the warehouse's lock changes hands faster than it can be taken", hint="try again"
    )


def _refuse_or_clear(path: Path) -> None:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    if _is_alive(owner):
        raise ClientlibError(
            f"the warehouse is being written by clientlib {owner['command']}",
            example=f"process {owner['pid']}",
            hint="wait until it has ended; readers are not affected",
        )
    path.unlink(missing_ok=True)


def _is_alive(owner: dict[str, float]) -> bool:
    try:
        started = psutil.Process(int(owner["pid"])).create_time()
    except psutil.NoSuchProcess:
        return False
    return abs(started - owner["started"]) < 1.0
