"""Watches imports for what would make a forked kernel differ from an ordinary one."""

import builtins
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOBase
from types import FrameType

from clientlib.kernels.preload import Preload, count_threads, import_modules

ASKED = "asks for the shell while it is imported"
THREADS = "starts threads while it is imported"
SPOKE = "prints or warns while it is imported"


def import_under_watch(names: list[str], *, is_trial: bool) -> tuple[list[str], dict[str, str]]:
    """Import modules, and find those that must not be imported before a fork.

    Parameters
    ----------
    names : list of str
        Modules, by full names.
    is_trial : bool
        Watch what only a process that is thrown away can: its output, and the name
        ``get_ipython`` that stands in every notebook.

    Returns
    -------
    list of str
        Modules that could be imported.
    dict of str to str
        Modules that misbehave, those that import them included, and why.
    """
    found: dict[str, str] = {}
    imported: list[str] = []
    with _asking(found), _speaking(found, is_trial=is_trial):
        for name in names:
            before = count_threads()
            imported += import_modules([name])
            if count_threads() > before:
                found.setdefault(name, THREADS)
    return imported, found


def sift(preload: Preload, names: list[str]) -> Preload:
    """Try modules in a process that is thrown away.

    Parameters
    ----------
    preload : Preload
        What is known already.
    names : list of str
        Modules that a kernel has imported.

    Returns
    -------
    Preload
        With modules refused; ``learned`` holds those that behaved this time.
    """
    imported, refused = import_under_watch(preload.allowed(names), is_trial=True)
    found = Preload(refused=preload.refused | refused)
    found.learned = found.allowed(imported)
    return found


@contextmanager
def _asking(found: dict[str, str]) -> Iterator[None]:
    """Note which modules ask whether there is a shell."""
    from IPython.core.interactiveshell import InteractiveShell

    ask = InteractiveShell.initialized

    def note() -> bool:
        _note_importing(found, ASKED)
        return bool(ask())

    InteractiveShell.initialized = note  # type: ignore[method-assign]
    try:
        yield
    finally:
        del InteractiveShell.initialized  # the one of its base class shows again


@contextmanager
def _speaking(found: dict[str, str], *, is_trial: bool) -> Iterator[None]:
    """Note which modules print, warn, or look for the shell by its name."""
    if not is_trial:
        yield
        return

    def look() -> None:
        _note_importing(found, ASKED)

    builtins.get_ipython = look  # type: ignore[attr-defined]
    sys.stdout = sys.stderr = _Listener(found)
    warnings.showwarning = lambda *_, **__: _note_importing(found, SPOKE)
    yield


class _Listener(TextIOBase):
    """An output that notes who writes to it."""

    def __init__(self, found: dict[str, str]) -> None:
        self.found = found

    def write(self, text: str) -> int:
        _note_importing(self.found, SPOKE)
        return len(text)


def _note_importing(found: dict[str, str], why: str) -> None:
    frame: FrameType | None = sys._getframe(1)
    while frame:
        if frame.f_code.co_name == "<module>":
            found.setdefault(str(frame.f_globals.get("__name__")), why)
        frame = frame.f_back
    found.pop("__main__", None)
