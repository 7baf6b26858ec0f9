"""Rows that name a key which is not there."""

from collections.abc import Container
from dataclasses import dataclass

import duckdb

from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.names import quoted
from clientlib.warehouse.rules import references
from clientlib.warehouse.temporary import single_row

NO_WORTH = "null::double"


@dataclass(frozen=True)
class Orphans:
    """What one reference of a table has lost.

    Attributes
    ----------
    column_name, refers_to : str
        Column of the reference, and the table of its keys as ``schema.table``.
    rows_count, orphans_count : int
        Rows that name a key, and those of them whose key is not there.
    amount : float or None
        What the orphans are worth, in money; None where the table says none.
    example : str or None
        The first of the keys that are not there.
    """

    column_name: str
    refers_to: str
    rows_count: int
    orphans_count: int
    amount: float | None
    example: str | None


def find_orphans(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    *,
    among: Container[str],
    worth: str = NO_WORTH,
) -> list[Orphans]:
    """Look for the keys that a table names; tables without a row are not looked at.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection that holds the table.
    contract : Contract
        Its contract.
    among : container of str
        Tables that the snapshot has; one of an older version may lack some.
    worth : str
        What a row is worth, as SQL in which ``mine`` is the row.

    Returns
    -------
    list of Orphans
        One per reference whose target has rows, whether or not any key is lost.
    """
    if not _has_rows(connection, contract.name):
        return []
    return [
        _count(connection, contract, column, target, worth)
        for column, target in references(contract)
        if target in among and _has_rows(connection, target)
    ]


def _count(
    connection: duckdb.DuckDBPyConnection, contract: Contract, column: str, target: str, worth: str
) -> Orphans:
    name, key = quoted(column), quoted(read_contracts()[target].grain[0])
    rows, orphans, amount, example = single_row(
        connection,
        f"""select (select count({name}) from {contract.name}), count(*), sum({worth}),
            min(cast(mine.{name} as varchar))
        from {contract.name} as mine
        anti join {target} as theirs on mine.{name} = theirs.{key}
        where mine.{name} is not null""",
    )
    amount = None if amount is None else float(amount)
    return Orphans(column, target, rows, orphans, amount, example)


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(single_row(connection, f"select exists (select 1 from {table})")[0])
