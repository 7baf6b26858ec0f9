"""The errors that clientlib raises on purpose, and the form in which they speak.

Each says what broke, how much of it, one real value and what to do next; the command
prints it without a traceback. ``docs/errors.md`` has an entry for each.
"""

import os
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from traceback import FrameSummary, extract_tb

RUN_VARIABLE = "CLIENTLIB_RUN_FOLDER"  # set in the kernel of a run, and in no other
_PACKAGE = str(Path(__file__).parent)
_ALL_STEPS = "every step: import traceback; traceback.print_last()"


class ClientlibError(Exception):
    """A fault that clientlib expects: bad configuration, bad input, a broken contract.

    Parameters
    ----------
    what : str
        What broke, in one sentence without a full stop.
    rows, example, hint : str, optional
        How much of it, one real value, and what to do next; each becomes a line.
    """

    def __init__(
        self,
        what: str,
        *,
        rows: str | None = None,
        example: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.what = what
        self.details = {"rows": rows, "example": example, "hint": hint}
        lines = [f"  {name + ':':<8} {text}" for name, text in self.details.items() if text]
        super().__init__("\n".join([what, *lines]))

    def _render_traceback_(self) -> list[str]:
        """Tell IPython what a notebook's cell shows: the message, and the line that led to it.

        A run keeps all steps, which its page holds ready for whoever mends it.
        """
        if RUN_VARIABLE in os.environ:
            return _list_steps(self)
        place = _find_line(self)
        return [str(self), "", *([place] if place else []), _ALL_STEPS]


class ConfigError(ClientlibError):
    """The configuration, or a preset, asks for something that cannot be."""


class InputError(ClientlibError):
    """A file, table or argument does not hold what it must."""


class ContractError(ClientlibError):
    """A built table breaks the contract in its header."""


class RunError(ClientlibError):
    """A report could not be run."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Name the known word that comes nearest to a misspelt one.

    Parameters
    ----------
    word : str
        The word as it was written.
    known : iterable of str
        The words that would have been right.

    Returns
    -------
    str or None
        The nearest known word, or None where none is near.
    """
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return close[0] if close else None


def _find_line(error: BaseException) -> str:
    """Write the last line of the reader's own code before ours."""
    steps = extract_tb(error.__traceback__)
    theirs = list(takewhile(lambda step: not step.filename.startswith(_PACKAGE), steps))
    return _write_line(theirs[-1]) if theirs else ""


def _write_line(step: FrameSummary) -> str:
    place = Path(step.filename)
    where = place.name if place.is_file() else "the cell"
    return f"line {step.lineno} of {where}: {step.line}"


def _list_steps(error: BaseException) -> list[str]:
    shell = sys.modules["IPython"].get_ipython()
    steps: list[str] = shell.InteractiveTB.structured_traceback(
        type(error), error, error.__traceback__
    )
    return steps
