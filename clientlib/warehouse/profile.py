"""What the rows of a snapshot look like: blanks, repeated keys, orphans, days with facts.

Counted when a report asks, not when a snapshot is built: one pass over each table.
"""

from dataclasses import astuple, dataclass, replace
from datetime import date

import duckdb
import pandas as pd

from clientlib.warehouse.contracts import Column, Contract, read_contracts
from clientlib.warehouse.names import day_literal, literal, quoted
from clientlib.warehouse.orphans import NO_WORTH, find_orphans
from clientlib.warehouse.temporary import single_row

# What a row is worth, in money, where its table says it; ``mine`` is the row.
WORTH = {
    "deals": "mine.amount",
    "incidents": "mine.damage_amount",
    "invoices": "mine.amount",
    "obligations": "mine.amount",
    "order_lines": (
        "mine.quantity::double * mine.unit_price * (1 - coalesce(mine.discount_share, 0))"
    ),
    "payments": "mine.amount",
    "referrals": "mine.reward_amount",
    "registry_events": "mine.amount",
}
ORPHAN_COLUMNS = (
    "table_name", "column_name", "refers_to", "rows_count", "orphans_count", "amount", "example",
)  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """What the canonical tables of a snapshot look like.

    Attributes
    ----------
    blanks : DataFrame
        Per table and column: rows and blanks, from ``count_blanks``.
    keys : DataFrame
        Per table: rows and rows that share a key, from ``count_repeated_keys``.
    orphans : DataFrame
        Per reference: rows and orphans, from ``count_orphans``.
    fact_days : DataFrame
        Per table and day: facts, from ``count_fact_days``.
    """

    blanks: pd.DataFrame
    keys: pd.DataFrame
    orphans: pd.DataFrame
    fact_days: pd.DataFrame


def profile_tables(connection: duckdb.DuckDBPyConnection, day: date) -> Profile:
    """Count blanks, keys, orphans and facts by day.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to a snapshot.
    day : date
        Last day whose facts are counted.

    Returns
    -------
    Profile
        Four tables of counts.
    """
    return Profile(
        blanks=count_blanks(connection),
        keys=count_repeated_keys(connection),
        orphans=count_orphans(connection),
        fact_days=count_fact_days(connection, day),
    )


def count_blanks(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Count the blanks of every column of every canonical table that has rows.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to a snapshot.

    Returns
    -------
    DataFrame, one row per table and column, in the order of the contracts
        table_name, column_name, may_come_later (a date of something that need not have happened
        yet), rows_count, blank_count, and blank_amount: what the rows with the blank are worth;
        missing where the table says no money.
    """
    found = [row for contract in _canonical() for row in _blanks_of(connection, contract)]
    columns = ["table_name", "column_name", "may_come_later", "rows_count", "blank_count"]
    return pd.DataFrame(found, columns=[*columns, "blank_amount"])


def count_repeated_keys(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Count the keys of every canonical table, and those that stand in more than one row.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to a snapshot.

    Returns
    -------
    DataFrame, one row per table that has rows
        table_name, keys (names of the key columns), rows_count, repeated_count (rows that
        share their key with another).
    """
    found = []
    for contract in _canonical():
        keys = ", ".join(quoted(key) for key in contract.grain)
        rows, repeated = single_row(
            connection,
            f"""select coalesce(sum(times), 0)::bigint,
                coalesce(sum(times) filter (times > 1), 0)::bigint
            from (select count(*) as times from {contract.name} group by {keys})""",
        )
        if rows:
            found.append((contract.table, ", ".join(contract.grain), rows, repeated))
    return pd.DataFrame(found, columns=["table_name", "keys", "rows_count", "repeated_count"])


def count_orphans(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Count the references of canonical tables whose key is not there.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to a snapshot.

    Returns
    -------
    DataFrame, one row per reference whose target has rows
        table_name, column_name, refers_to, rows_count (rows that name a key), orphans_count,
        amount (what the orphans are worth; missing where the table says no money), example.
    """
    tables = {contract.name for contract in _canonical()}
    found = []
    for contract in _canonical():
        worth = WORTH.get(contract.table, NO_WORTH)
        for orphans in find_orphans(connection, contract, among=tables, worth=worth):
            target = orphans.refers_to.partition(".")[2]
            found.append((contract.table, *astuple(replace(orphans, refers_to=target))))
    return pd.DataFrame(found, columns=list(ORPHAN_COLUMNS))


def count_fact_days(connection: duckdb.DuckDBPyConnection, day: date) -> pd.DataFrame:
    """Count the facts of each dated canonical table by the day they happened.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to a snapshot.
    day : date
        Last day that may be known: later facts, and what was not known yet, are left out, and
        of rows corrected since the version believed then is counted.

    Returns
    -------
    DataFrame, one row per table and day with facts, in that order
        table_name, happened_on, rows_count.
    """
    last = day_literal(day)
    parts = [
        f"""select {literal(contract.table)} as table_name,
            {quoted(contract.happened)} as happened_on, count(*) as rows_count
        from raw.{quoted(contract.table)}
        where {quoted(contract.happened)} <= {last} and known_on <= {last}
            and coalesce(known_until > {last}, true)
        group by {quoted(contract.happened)}"""
        for contract in _canonical()
        if contract.happened
    ]
    query = " union all ".join(parts) + " order by table_name, happened_on"
    days = connection.execute(query).df()
    return days.astype({"happened_on": "datetime64[ns]"})


def _canonical() -> list[Contract]:
    return [contract for contract in read_contracts().values() if contract.schema == "staging"]


def _blanks_of(
    connection: duckdb.DuckDBPyConnection, contract: Contract
) -> list[tuple[str, str, bool, int, int, float | None]]:
    worth = WORTH.get(contract.table, NO_WORTH)
    counted = ", ".join(
        f"count(*) filter (mine.{quoted(column.name)} is null),"
        f" sum({worth}) filter (mine.{quoted(column.name)} is null)"
        for column in contract.columns
    )
    rows, *counts = single_row(connection, f"select count(*), {counted} from {contract.name} mine")
    if not rows:
        return []
    return [
        (contract.table, column.name, _may_come_later(contract, column), rows, blank,
         _as_float(amount))
        for column, blank, amount in zip(contract.columns, counts[::2], counts[1::2], strict=True)
    ]  # fmt: skip


def _may_come_later(contract: Contract, column: Column) -> bool:
    return column.type == "date" and not column.is_required and column.name != contract.happened


def _as_float(amount: object) -> float | None:
    return None if amount is None else float(str(amount))
