"""Temporary relations of a connection, each replaced by the next of its name."""

from collections.abc import Mapping
from typing import Any

import duckdb

from clientlib.warehouse.names import quoted


def replace_view(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    """Name a query; it is answered anew each time that it is read.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The connection.
    name : str
        Name of the temporary view; a view or table of that name goes.
    query : str
        A ``select`` without parameters.
    """
    drop(connection, name)
    connection.execute(f"create temp view {quoted(name)} as {query}")


def replace_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    query: str,
    parameters: Mapping[str, Any] | None = None,
) -> int:
    """Keep the rows of a query.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The connection.
    name : str
        Name of the temporary table; a view or table of that name goes.
    query : str
        A ``select``.
    parameters : mapping, optional
        Its parameters by name.

    Returns
    -------
    int
        How many rows there are.
    """
    drop(connection, name)
    connection.execute(f"create temp table {quoted(name)} as {query}", parameters or {})
    return count_of(connection, quoted(name))


def drop(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Let go of a temporary relation, where there is one.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The connection.
    name : str
        Its name.
    """
    row = connection.execute(
        """select kind from (
            select view_name as name, 'view' as kind from duckdb_views() where temporary
            union all
            select table_name as name, 'table' as kind from duckdb_tables() where temporary
        ) where name = ?""",
        [name],
    ).fetchone()
    if row:
        connection.execute(f"drop {row[0]} temp.{quoted(name)}")


def count_of(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Count the rows of a relation.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The connection.
    relation : str
        Its name, quoted where needed.

    Returns
    -------
    int
        Rows.
    """
    return int(single_row(connection, f"select count(*) from {relation}")[0])


def single_row(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Answer a query that has exactly one row.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The connection.
    query : str
        A ``select`` with one row.
    parameters : mapping, optional
        Its parameters by name.

    Returns
    -------
    tuple
        Its values.
    """
    (row,) = connection.execute(query, parameters or {}).fetchall()
    return tuple(row)
