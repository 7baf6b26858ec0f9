"""The contract in the header of each SQL file: grain, columns, checks, dates, readers."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from clientlib.errors import ContractError, nearest
from clientlib.warehouse.ownership import REMADE, WITHHELD, Ownership, read_ownership

SQL_TYPES = {
    "text": "varchar",
    "date": "date",
    "money": "decimal(18, 4)",
    "number": "decimal(18, 4)",
    "share": "decimal(9, 6)",
    "count": "bigint",
    "flag": "boolean",
}

_TAGS = (
    "kind", "grain", "happened", "as_of", "until", "readers", "others", "hidden", "column", "check",
)  # fmt: skip
_TAG = re.compile(r"^-- (\w+):\s*(.*)$")
_COLUMN = re.compile(r"^(\w+)(?:\s+(\w+)(\?)?)?\s*\|\s*(.+)$")


@dataclass(frozen=True)
class Column:
    """A column of a contract; ``type`` is given for canonical tables only."""

    name: str
    type: str | None
    is_required: bool
    meaning: str

    @property
    def sql_type(self) -> str:
        """The DuckDB type of a canonical column."""
        return SQL_TYPES[self.type or "text"]


@dataclass(frozen=True)
class Check:
    """A rule of a contract: its name and its arguments as written."""

    rule: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        """Give the rule as the header writes it."""
        return " ".join([self.rule, *self.arguments])


@dataclass(frozen=True)
class Contract:
    """What one SQL file promises of its table, and the statement that makes it.

    Attributes
    ----------
    schema, table : str
        ``staging`` or ``marts``, and the table's name.
    about : str
        What one row is.
    is_view : bool
        Its rows are not kept but made as they are read: all of staging, and marts of one row per
        fact, which would repeat the raw rows.
    grain : tuple of str
        Columns that together occur once.
    columns : tuple of Column
        Every column with its meaning, in order.
    checks : tuple of Check
        Rules that its rows obey.
    happened : str or None
        Canonical tables: the date from which the first load takes ``known_on``.
    as_of : tuple of str
        Date columns that must not be later than the as-of date of a reader.
    until : str or None
        Day from which a row was no longer believed; a reader as of an earlier day sees it.
    readers : Ownership
        Whose rows it holds: which of them stand in the file of a reader.
    others : tuple of str
        Columns that may name a client of another reader; blank there in a reader's file.
    hidden : tuple of str
        Columns that are blank in every reader's file.
    body : str
        The ``select`` statement.
    """

    schema: str
    table: str
    about: str
    is_view: bool
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    happened: str | None
    as_of: tuple[str, ...]
    until: str | None
    readers: Ownership
    others: tuple[str, ...]
    hidden: tuple[str, ...]
    body: str

    @property
    def name(self) -> str:
        """Schema and table, as SQL writes them."""
        return f"{self.schema}.{self.table}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def parse_contract(schema: str, table: str, text: str) -> Contract:
    """Read the contract from the text of a SQL file.

    Parameters
    ----------
    schema, table : str
        Where the table stands.
    text : str
        The whole file: header of ``--`` lines, then the statement.

    Returns
    -------
    Contract
        The contract with its statement.

    Raises
    ------
    ContractError
        No grain, no columns, nothing on its readers, an unknown tag, or a line that cannot be read.
    """
    header = [line for line in text.splitlines() if line.startswith("-- ")]
    tags = [match.groups() for line in header if (match := _TAG.match(line))]
    prose = [line[3:].strip() for line in header if not _TAG.match(line)]
    _check_tags(f"{schema}.{table}", tags)
    found = {tag: value for tag, value in tags if tag not in ("column", "check")}
    columns = tuple(
        _read_column(f"{schema}.{table}", value) for tag, value in tags if tag == "column"
    )
    if "grain" not in found or not columns:
        raise ContractError(
            f"{schema}.{table} has no contract in its header",
            hint="the file needs '-- grain:' and '-- column:' lines",
        )
    names = tuple(column.name for column in columns)
    contract = Contract(
        schema=schema,
        table=table,
        about=" ".join(prose[:1]),
        is_view=schema == "staging" or found.get("kind") == "view",
        grain=_split(found["grain"]),
        columns=columns,
        checks=tuple(_read_check(value) for tag, value in tags if tag == "check"),
        happened=found.get("happened"),
        as_of=_split(found.get("as_of", "")),
        until=found.get("until"),
        readers=read_ownership(f"{schema}.{table}", found.get("readers"), names),
        others=_split(found.get("others", "")),
        hidden=_split(found.get("hidden", "")),
        body="\n".join(line for line in text.splitlines() if line not in header).strip(),
    )
    _check_readers(contract)
    return contract


def _check_readers(contract: Contract) -> None:
    missing = {*contract.others, *contract.hidden} - {*contract.column_names}
    if missing:
        raise ContractError(
            f"{contract.name} blanks a column that it does not have: {min(missing)}",
            hint="mend its '-- others:' or '-- hidden:' line",
        )
    is_mart_view = contract.is_view and contract.schema == "marts"
    if is_mart_view and contract.readers.kind not in (REMADE, WITHHELD):
        raise ContractError(
            f"{contract.name} is a view: its rows cannot be cut",
            example=f"-- readers: {contract.readers}",
            hint=f"write '-- readers: {REMADE}' or '-- readers: {WITHHELD}'",
        )


def _check_tags(name: str, tags: list[tuple[str, ...]]) -> None:
    unknown = [(tag, value) for tag, value in tags if tag not in _TAGS]
    if unknown:
        near = nearest(unknown[0][0], _TAGS)
        raise ContractError(
            f"{name} has an unknown line in its header",
            example=f"-- {unknown[0][0]}: {unknown[0][1]}",
            hint=f"did you mean {near!r}?" if near else f"known are {', '.join(_TAGS)}",
        )


def _read_column(name: str, text: str) -> Column:
    match = _COLUMN.match(text)
    if match is None or (match[2] and match[2] not in SQL_TYPES):
        raise ContractError(
            f"{name} has a column line that cannot be read",
            example=text,
            hint=f"write 'name type? | meaning'; types are {', '.join(SQL_TYPES)}",
        )
    return Column(match[1], match[2], match[3] is None, match[4])


def _read_check(text: str) -> Check:
    rule, _, rest = text.strip().partition(" ")
    return Check(rule, tuple(part for part in re.split(r"[,\s]+", rest.strip()) if part))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@cache
def read_contracts() -> dict[str, Contract]:
    """Read every SQL file that the package carries.

    Returns
    -------
    dict of str to Contract
        By ``schema.table``, in alphabetical order.
    """
    contracts = {}
    for schema in ("staging", "marts"):
        folder = files("clientlib") / "sql" / schema
        for path in sorted(folder.iterdir(), key=lambda path: path.name):
            if path.name.endswith(".sql"):
                table = path.name.removesuffix(".sql")
                contract = parse_contract(schema, table, path.read_text(encoding="utf-8"))
                contracts[contract.name] = contract
    check_followed(contracts)
    return contracts


def check_followed(contracts: dict[str, Contract]) -> None:
    """Hold every rule that rows follow other rows against the table that they follow.

    Parameters
    ----------
    contracts : dict of str to Contract
        By ``schema.table``.

    Raises
    ------
    ContractError
        A table follows one that is not there, or whose rows do not name their client.
    """
    for contract in contracts.values():
        followed = contract.readers.table
        if followed is None:
            continue
        target = contracts.get(followed)
        if target is None or target.readers.kind != "client" or len(target.grain) != 1:
            raise ContractError(
                f"{contract.name} follows {followed}, whose rows do not name their client",
                example=f"-- readers: {contract.readers}",
                hint="follow a canonical table with '-- readers: client_id' and one key column",
            )


def canonical(table: str) -> Contract:
    """Find the contract of a canonical table.

    Parameters
    ----------
    table : str
        Name without a schema, such as ``orders``.

    Returns
    -------
    Contract
        Its contract.

    Raises
    ------
    ContractError
        There is no such table; the nearest name is offered.
    """
    contracts = read_contracts()
    if f"staging.{table}" in contracts:
        return contracts[f"staging.{table}"]
    known = [contract.table for contract in contracts.values() if contract.schema == "staging"]
    near = nearest(table, known)
    raise ContractError(
        f"there is no canonical table {table!r}",
        hint=f"did you mean {near!r}?" if near else f"known are {', '.join(known)}",
    )
