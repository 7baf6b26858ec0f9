"""What a reader asks of a table: days, columns, their order and plain types."""

from collections.abc import Sequence
from datetime import date

import duckdb
import pandas as pd

from clientlib.errors import InputError, nearest
from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.names import listed, quoted


def as_day(as_of: date | str | None) -> date | None:
    """Read the day that a reader asks for.

    Parameters
    ----------
    as_of : date or str, optional
        Such as ``2025-06-30``.

    Returns
    -------
    date or None
        None where none was asked for.

    Raises
    ------
    InputError
        It is no day.
    """
    if as_of is None or isinstance(as_of, date):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except (TypeError, ValueError) as error:
        raise InputError(f"as_of is no day: {as_of!r}", hint="write it as 2025-06-30") from error


def seen_by(
    connection: duckdb.DuckDBPyConnection, table: str, day: date | None
) -> tuple[str, dict[str, date]]:
    """Write which rows of a table are seen on a day.

    Parameters
    ----------
    connection : DuckDBPyConnection
        To a snapshot.
    table : str
        Such as ``marts.client_orders``.
    day : date, optional
        Without it the rows that are believed now.

    Returns
    -------
    tuple of str and dict
        A ``where`` and the values of its places; empty where every day gives the same rows.
    """
    dated = connection.execute(
        "select as_of, until from about.dated_tables where name = ?", [table]
    ).fetchone()
    if dated is None:
        return "", {}
    if day is None:
        return (f" where {quoted(dated[1])} is null" if dated[1] else ""), {}
    conditions = [f"({quoted(name)} is null or {quoted(name)} <= $day)" for name in dated[0]]
    if dated[1]:
        conditions.append(f"({quoted(dated[1])} is null or {quoted(dated[1])} > $day)")
    return f" where {' and '.join(conditions)}", {"day": day}


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """List the columns of a table.

    Parameters
    ----------
    connection : DuckDBPyConnection
        To a snapshot.
    table : str
        Such as ``marts.client_orders``.

    Returns
    -------
    list of str
        In the table's own order.
    """
    rows = connection.execute(
        """select column_name from information_schema.columns
        where table_schema || '.' || table_name = ? order by ordinal_position""",
        [table],
    ).fetchall()
    return [name for (name,) in rows]


def select_columns(
    connection: duckdb.DuckDBPyConnection, table: str, asked: Sequence[str] | None
) -> str:
    """Write the columns that a reader asks for.

    Parameters
    ----------
    connection : DuckDBPyConnection
        To a snapshot.
    table : str
        Such as ``marts.client_orders``.
    asked : sequence of str, optional
        Some of them, in the order asked for; without it all.

    Returns
    -------
    str
        For a ``select``.

    Raises
    ------
    InputError
        The table lacks one of them, or none is asked for.
    """
    if asked is None:
        return "*"
    if isinstance(asked, str) or not asked:
        raise InputError(
            f"columns of {table} are asked for as a list", example=f"columns={asked!r}"
        )
    known = columns_of(connection, table)
    for name in asked:
        if name not in known:
            near = nearest(name, known)
            raise InputError(
                f"{table} has no column {name!r}",
                example=f"it has {', '.join(known[:8])}" + (" …" if known[8:] else ""),
                hint=f"did you mean {near!r}?" if near else None,
            )
    return listed(asked)


def order_of(table: str) -> str:
    """Write the order of a view's rows, which it does not have of itself.

    Parameters
    ----------
    table : str
        Such as ``marts.client_orders``.

    Returns
    -------
    str
        An ``order by``; empty for a table, which keeps its own order.
    """
    contract = read_contracts().get(table)
    return f" order by {listed(contract.grain)}" if contract and contract.is_view else ""


def with_plain_types(frame: pd.DataFrame) -> pd.DataFrame:
    """Give all days the one type that analyses expect.

    Parameters
    ----------
    frame : DataFrame
        From DuckDB.

    Returns
    -------
    DataFrame
        Days as ``datetime64[ns]``.
    """
    dates = frame.select_dtypes(include=["datetime"]).columns
    return frame.astype(dict.fromkeys(dates, "datetime64[ns]"))
