"""Folders that a process, its threads and its children must not see, held by Landlock.

Landlock is Linux's way for a process to give up rights for good. It knows only what is allowed,
and what is allowed in a folder is allowed in all below it; so whatever lies beside the way to a
hidden folder is allowed one by one. What that costs: the folders on the way themselves can be
passed, but not listed, and what is made in them later is not seen.
"""

import ctypes
import json
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clientlib.errors import ConfigError, RunError

OLDEST_VERSION = 3  # before it, files could be cut off without the right to write
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
NO_NEW_PRIVILEGES = 38
VERSION_FLAG = 1
PATH_BENEATH = 1
RIGHTS_BY_VERSION = {3: (1 << 15) - 1, 5: (1 << 16) - 1}
RIGHTS_ON_FILES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15  # run, write, read, cut off, ioctl


@dataclass(frozen=True)
class Confinement:
    """What a process must not see.

    Attributes
    ----------
    hidden : tuple of Path
        Folders whose contents must be neither read, listed nor written; without symlinks.
    visible : tuple of Path
        Files and folders below hidden ones that stay readable and writable.
    """

    hidden: tuple[Path, ...]
    visible: tuple[Path, ...]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def read_confinement(path: str | Path) -> Confinement:
    """Read what is to be hidden from a JSON file.

    Parameters
    ----------
    path : str or Path
        File with ``{"hidden": [folders], "visible": [paths below them]}``.

    Returns
    -------
    Confinement
        The same, with symlinks resolved.

    Raises
    ------
    ConfigError
        The file cannot be read or says something else, a visible path is not there, or a
        visible path holds a hidden folder.
    """
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        hidden = tuple(Path(folder).resolve() for folder in told["hidden"])
        visible = tuple(Path(place).resolve(strict=True) for place in told.get("visible", ()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{path} does not say what is to be hidden",
            example=f"{type(error).__name__}: {error}",
            hint='write {"hidden": [folders], "visible": [paths below them, which are there]}',
        ) from error
    for place in visible:
        for folder in hidden:
            if folder.is_relative_to(place):
                raise ConfigError(
                    f"{path} hides a folder and shows it",
                    example=f"{folder} lies in {place}",
                    hint="let visible paths lie below hidden folders",
                )
    return Confinement(hidden, visible)


def landlock_version() -> int:
    """Say which version of Landlock the system has.

    Returns
    -------
    int
        From 1; 0 where there is none, or where it is turned off.
    """
    if sys.platform != "linux":
        return 0
    return max(0, _ask_system(CREATE_RULESET, None, 0, VERSION_FLAG))


def confine(confinement: Confinement) -> bool:
    """Take from this process, for good, the rights on what is to be hidden.

    Only the calling thread and what it starts from now on are held: call it before others start.

    Parameters
    ----------
    confinement : Confinement
        What is hidden.

    Returns
    -------
    bool
        False where the system has no Landlock, or one that is too old; nothing is hidden then.

    Raises
    ------
    RunError
        The system has Landlock and refuses.
    """
    version = landlock_version()
    if version < OLDEST_VERSION:
        return False
    rights = max(value for since, value in RIGHTS_BY_VERSION.items() if since <= version)
    handled = ctypes.c_uint64(rights)
    ruleset = _must(CREATE_RULESET, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    try:
        for place in (*_beside(confinement.hidden), *confinement.visible):
            _allow(ruleset, place, rights)
        if ctypes.CDLL(None, use_errno=True).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise _refusal("prctl")
        _must(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def _beside(hidden: tuple[Path, ...]) -> Iterator[Path]:
    """List all that lies beside the ways from the root to hidden folders."""
    outermost = {folder for folder in hidden if set(hidden).isdisjoint(folder.parents)}
    on_the_way = {parent for folder in outermost for parent in folder.parents}
    for folder in sorted(on_the_way):
        for entry in _entries(folder):
            if entry not in outermost | on_the_way and not entry.is_symlink():
                yield entry


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # what cannot be listed cannot be allowed
        return []


def _allow(ruleset: int, place: Path, rights: int) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:  # gone in the meantime
        return
    try:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        allowed = rights if is_folder else rights & RIGHTS_ON_FILES
        rule = _PathBeneath(allowed, descriptor)
        _must(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)


def _must(number: int, *arguments: object) -> int:
    answer = _ask_system(number, *arguments)
    if answer < 0:
        raise _refusal(f"system call {number}")
    return answer


def _ask_system(number: int, *arguments: object) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments))


def _refusal(call: str) -> RunError:
    return RunError(
        "the system refuses to confine the kernel",
        example=f"{call}: {os.strerror(ctypes.get_errno())}",
        hint="hide fewer folders, or run without confinement",
    )
