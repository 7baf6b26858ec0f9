"""The tables and views of a snapshot, made without rows in another file."""

from collections.abc import Mapping

import duckdb

from clientlib.config import ReaderRule
from clientlib.errors import InputError
from clientlib.warehouse.about import ABOUT_VIEWS
from clientlib.warehouse.build import build_order, comment_on, tables_read
from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.cutting import RAW, Stored, contract_under
from clientlib.warehouse.names import listed, quoted
from clientlib.warehouse.ownership import WITHHELD
from clientlib.warehouse.temporary import single_row

ALL_SCHEMAS = ("raw", "staging", "marts")

_STORED = """
select schema_name, table_name, list(column_name order by column_index)
from duckdb_columns() where database_name = 'snapshot' and table_name in (
    select table_name from duckdb_tables() where database_name = 'snapshot'
) and schema_name in ('main', 'marts') group by all order by all
"""
_VIEWS = (
    "select schema_name || '.' || view_name from duckdb_views() where database_name = 'snapshot'"
)


def read_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, Stored]:
    """List the tables of a snapshot that keep rows; all of the contracts must be there.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to which the snapshot is attached as ``snapshot``.

    Returns
    -------
    dict of str to Stored
        By their place.

    Raises
    ------
    InputError
        A table is missing, or the file is one reader's already.
    """
    rows = connection.execute(_STORED).fetchall()
    if connection.execute(
        "select 1 from duckdb_tables() where database_name = 'snapshot' and table_name = 'reader' "
        "and schema_name = 'about'"
    ).fetchone():
        raise InputError(
            "a file of one reader cannot be cut again", hint="cut the snapshot that it came from"
        )
    built = {f"{schema}.{table}" for schema, table, _ in rows}
    built |= {name for (name,) in connection.execute(_VIEWS).fetchall()}
    missing = sorted(set(read_contracts()) - built)
    if missing:
        raise InputError(
            f"the snapshot lacks {missing[0]}",
            rows=f"{len(missing)} of {len(read_contracts())} tables",
            hint="it was built by another version of clientlib; clientlib build makes a new one",
        )
    found = (
        Stored(schema, table, tuple(columns), _has_rows(connection, f"{schema}.{quoted(table)}"))
        for schema, table, columns in rows
    )
    return {stored.place: stored for stored in found}


def _has_rows(connection: duckdb.DuckDBPyConnection, place: str) -> bool:
    return bool(single_row(connection, f"select exists (from snapshot.{place})")[0])


def lay_out(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Stored], rule: ReaderRule
) -> None:
    """Make tables of a snapshot in the file that is in use, without rows, and views over them.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to which the snapshot is attached as ``snapshot``.
    tables : mapping of str to Stored
        Its tables, or some of them: views that need others are left out.
    rule : ReaderRule
        What is withheld: views of it give no rows.
    """
    connection.execute(
        "create schema raw; create schema staging; create schema marts; create schema about"
    )
    for stored in tables.values():
        columns = listed(stored.columns)
        connection.execute(
            f"create table {stored.place} as "
            f"(select {columns} from snapshot.{stored.place}) with no data"
        )
        if stored.schema == RAW:
            connection.execute(f"create view raw.{quoted(stored.table)} as from {stored.place}")
    there = {_name_of(stored) for stored in tables.values()}
    for name in build_order(read_contracts()):
        contract = read_contracts()[name]
        if contract.is_view and tables_read(contract, ALL_SCHEMAS) <= there:
            _lay_out_view(connection, contract, rule)
            there.add(name)
        if name in there:
            comment_on(connection, contract)
    for table in ("build", "dated_tables"):
        connection.execute(f"create table about.{table} as from snapshot.about.{table}")
    for name, query in ABOUT_VIEWS.items():
        connection.execute(f"create view about.{name} as {query}")
    connection.execute(
        "create table about.reader (kind varchar, key varchar, title varchar, "
        "clients_count bigint, as_of date)"
    )


def _lay_out_view(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rule: ReaderRule
) -> None:
    is_withheld = contract_under(contract, rule).kind == WITHHELD
    is_emptied = is_withheld and contract.schema == "marts"  # of staging, raw stays empty
    body = f"select * from ({contract.body}) where false" if is_emptied else contract.body
    connection.execute(f"create view {contract.name} as {body}")


def _name_of(stored: Stored) -> str:
    return f"{'raw' if stored.schema == RAW else stored.schema}.{stored.table}"
