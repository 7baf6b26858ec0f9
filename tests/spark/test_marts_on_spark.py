"""Every mart is the same on Spark as on DuckDB, and so is the snapshot built of them."""

import math
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from clientlib.config import Settings
from clientlib.errors import ContractError
from clientlib.spark import SparkMarts
from clientlib.warehouse import build_snapshot
from clientlib.warehouse.contracts import Contract, parse_contract, read_contracts
from clientlib.warehouse.snapshots import Snapshots

MARTS = [contract for contract in read_contracts().values() if contract.schema == "marts"]
VIEWS = [contract for contract in MARTS if contract.is_view]
BUILT_ON_SPARK = datetime(2026, 2, 11, tzinfo=UTC)


class KeepingViews(SparkMarts):
    """Also keeps the rows of views, to look at them."""

    kept: Path

    def make(self, contract: Contract) -> Path | None:
        made = super().make(contract)
        if contract in VIEWS:
            self.rows(contract.name).write.parquet((self.kept / contract.name).as_uri())
        return made


@pytest.fixture(scope="module")
def both(company: Settings, session, tmp_path_factory) -> duckdb.DuckDBPyConnection:
    """Give the snapshots that DuckDB and Spark have built of the same company."""
    snapshots = Snapshots(company.warehouse_folder)
    on_duckdb = snapshots.current_path()
    engine = KeepingViews(session, company.exchange_folder)
    engine.kept = tmp_path_factory.mktemp("views")
    build_snapshot(company, now=BUILT_ON_SPARK, engine=engine)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{on_duckdb}' as on_duckdb (read_only)")
        connection.execute(f"attach '{snapshots.current_path()}' as on_spark (read_only)")
        connection.execute("create schema views")
        for view in VIEWS:
            columns, files = described(connection, view), f"{engine.kept / view.name}/*.parquet"
            casts = ", ".join(
                f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items()
            )
            connection.execute(
                f"create table views.{view.table} as select {casts} from read_parquet('{files}')"
            )
        yield connection


def described(connection: duckdb.DuckDBPyConnection, mart: Contract) -> dict[str, str]:
    connection.execute("use on_duckdb")
    try:
        return {row[0]: row[1] for row in connection.execute(f"describe {mart.name}").fetchall()}
    finally:
        connection.execute("use memory")


def in_order(connection: duckdb.DuckDBPyConnection, relation: str, mart: Contract) -> list[tuple]:
    query = f"select * from {relation} order by {', '.join(mart.grain)}"
    return connection.execute(query).fetchall()


def equal(left: object, right: object) -> bool:
    """Numbers with a floating point differ in the last digits, nothing else differs."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-12)
    return left == right


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.table)
def test_mart_is_the_same_on_spark(both, mart):
    expected = in_order(both, f"on_duckdb.{mart.name}", mart)
    found = in_order(both, f"views.{mart.table}" if mart.is_view else f"on_spark.{mart.name}", mart)
    assert (len(found), len(expected) > 0) == (len(expected), True)
    pairs = zip(found, expected, strict=True)
    different = [both for both in pairs if not all(map(equal, *both))]
    assert different == []


def test_columns_of_a_snapshot_have_the_same_types(both):
    described = """select table_name, column_name, data_type from duckdb_columns()
        where database_name = ? and schema_name = 'marts' order by all"""
    on_duckdb, on_spark = (
        both.execute(described, [name]).fetchall() for name in ("on_duckdb", "on_spark")
    )
    assert on_duckdb == on_spark


def test_nothing_of_the_exchange_stays(both, company):
    assert not company.exchange_folder.exists()


def test_what_spark_refuses_is_said_with_the_table(session, tmp_path):
    text = "-- x\n-- grain: a\n-- readers: all\n-- column: a | a\n\nselect no_function_of_spark(1) as a"
    with pytest.raises(ContractError, match=r"marts\.odd cannot be made on Spark") as caught:
        SparkMarts(session, tmp_path).make(parse_contract("marts", "odd", text))
    assert "no_function_of_spark" in str(caught.value).lower()
