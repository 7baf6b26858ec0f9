"""The errors that clientlib raises on purpose, and the form in which they speak.

Each says what broke, how much of it, one real value and what to do next; the command
prints it without a traceback. ``docs/errors.md`` has an entry for each.
"""

from collections.abc import Iterable
from difflib import get_close_matches


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
