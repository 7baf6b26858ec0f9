"""Whose rows a table holds, as the header of its SQL file says it."""

import re
from dataclasses import dataclass

from clientlib.errors import ContractError

OWNED_BY_ALL, WITHHELD, REMADE = "all", "none", "remade"
_WORDS = (OWNED_BY_ALL, WITHHELD, REMADE)
_FORMS = re.compile(
    r"(?P<own>own\s+)?(?P<column>\w+)"
    r"(?:,\s*(?P<version>\w+))?(?:\s+(?P<table>staging\.\w+))?"
)


@dataclass(frozen=True)
class Ownership:
    """Which rows of a table a reader may see.

    Attributes
    ----------
    kind : str
        ``all``: the table holds nothing of a single client; ``none``: no reader sees it;
        ``remade``: its statement is run again on what the reader sees of the tables it reads;
        ``client``: ``column`` names the client of each row; ``follows``: a row goes with the row
        of ``table`` that it names; ``own``: ``column`` names the reader itself.
    column : str or None
        Column that says whose a row is.
    version : str or None
        Where a row follows one version of another: the column that says which.
    table : str or None
        Canonical table that rows follow, as ``staging.<table>``.
    """

    kind: str
    column: str | None = None
    version: str | None = None
    table: str | None = None

    def __str__(self) -> str:
        """Give the rule as the header writes it."""
        if self.column is None:
            return self.kind
        columns = ", ".join(name for name in (self.column, self.version) if name)
        before = "own " if self.kind == "own" else ""
        return f"{before}{columns}{f' {self.table}' if self.table else ''}"

    @property
    def is_of_clients(self) -> bool:
        """Whether its rows are those of single clients."""
        return self.kind in ("client", "follows", REMADE)


def read_ownership(name: str, text: str | None, columns: tuple[str, ...]) -> Ownership:
    """Read a ``readers`` line of a header.

    Parameters
    ----------
    name : str
        Table as ``schema.table``, for messages.
    text : str or None
        What stands after ``-- readers:``; None where there is no such line.
    columns : tuple of str
        Columns of the table.

    Returns
    -------
    Ownership
        Which rows a reader may see.

    Raises
    ------
    ContractError
        There is no such line, it cannot be read, or it names a column that is not there.
    """
    hint = (
        "'-- readers:' all, none, remade, a column that names the client, own and a column that "
        "names the reader, or a column and the table whose rows it follows"
    )
    if text is None:
        raise ContractError(f"{name} does not say whose rows it holds", hint=f"write {hint}")
    if text in _WORDS:
        return Ownership(text)
    found = _FORMS.fullmatch(text)
    if found is None or not _fits(found):
        raise ContractError(
            f"{name} has a readers line that cannot be read", example=text, hint=f"write {hint}"
        )
    missing = [c for c in (found["column"], found["version"]) if c and c not in columns]
    if missing:
        raise ContractError(
            f"{name} goes by a column that it does not have: {missing[0]}", example=text, hint=hint
        )
    kind = "own" if found["own"] else "follows" if found["table"] else "client"
    return Ownership(kind, found["column"], found["version"], found["table"])


def _fits(found: re.Match[str]) -> bool:
    """Tell whether an owner follows nothing, and a version belongs to a row that is followed."""
    return not (found["own"] and (found["table"] or found["version"])) and bool(
        found["table"] or not found["version"]
    )
