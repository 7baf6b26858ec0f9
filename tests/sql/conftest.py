"""Tables drawn as text: given these rows, built so, expect those."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from clientlib.warehouse.build import build_table, build_tables
from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.quality import check_contract
from clientlib.warehouse.store import create_raw_tables


class DrawnWarehouse:
    """A warehouse in memory whose tables are drawn as text."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def given(self, table: str, drawing: str) -> None:
        """Replace a table by the drawn rows; '-' is null, '~' a space, a canonical raw row is version 1."""
        lines = [line.split() for line in drawing.strip().splitlines()]
        columns, rows = lines[0], lines[1:]
        is_canonical = table.replace("raw.", "staging.") in read_contracts()
        if table.startswith("raw.") and is_canonical and "version" not in columns:
            columns, rows = [*columns, "version"], [[*row, "1"] for row in rows]
        self._make_table(table)
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        for row in rows:
            values = [None if value == "-" else value.replace("~", " ") for value in row]
            self.connection.execute(f"insert into {table} ({names}) values ({marks})", values)

    def given_months(self, first: str, last: str, client: str = "C-1") -> None:
        """Let the history run over whole months, the last one up to the given day, with one client."""
        ends = [f"{end:%Y-%m-%d}" for end in pd.date_range(first, last, freq="ME")]
        ends += [last] if ends[-1] != last else []
        self.given("marts.month_ends", "month_end\n" + "\n".join(ends))
        rows = "\n".join(f"{client} {end}" for end in ends)
        self.given("marts.client_months", "client_id month_end\n" + rows)

    def _make_table(self, table: str) -> None:
        """Empty a table; a view is replaced by a table of its columns."""
        schema, name = table.split(".")
        is_view = self.connection.execute(
            "select 1 from duckdb_views() where schema_name = ? and view_name = ?", [schema, name]
        ).fetchone()
        if not is_view:
            self.connection.execute(f"delete from {table}")
            return
        self.connection.execute(f"create temp table columns_of as select * from {table} limit 0")
        self.connection.execute(f"drop view {table}")
        self.connection.execute(f"create table {table} as select * from columns_of")
        self.connection.execute("drop table columns_of")

    def build(self, *tables: str) -> None:
        """Build tables in the given order and hold each to its contract."""
        for table in tables:
            contract = read_contracts()[table]
            if contract.is_view:
                self._drop_drawn(contract)
            build_table(self.connection, contract)
            check_contract(self.connection, contract)

    def _drop_drawn(self, contract: Contract) -> None:
        drawn = "select 1 from duckdb_tables() where schema_name = ? and table_name = ?"
        if self.connection.execute(drawn, [contract.schema, contract.table]).fetchone():
            self.connection.execute(f"drop table {contract.name}")

    def build_all(self) -> None:
        """Build every table in its order; drawn views are made anew."""
        for contract in filter(lambda each: each.is_view, read_contracts().values()):
            self._drop_drawn(contract)
        build_tables(self.connection)

    def rows(self, table: str, columns: str, where: str = "true") -> list[tuple]:
        """Read rows in the order of the table, of a view in that of its keys; plain values."""
        contract = read_contracts().get(table)
        order = f" order by {', '.join(contract.grain)}" if contract and contract.is_view else ""
        query = f"select {columns} from {table} where {where}{order}"
        found = self.connection.execute(query).fetchall()
        return [tuple(_plain(value) for value in row) for row in found]


@pytest.fixture(scope="session")
def empty_connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("create schema raw")
        create_raw_tables(connection)
        build_tables(connection)
        yield connection


@pytest.fixture
def warehouse(empty_connection) -> Iterator[DrawnWarehouse]:
    empty_connection.begin()
    yield DrawnWarehouse(empty_connection)
    empty_connection.rollback()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
