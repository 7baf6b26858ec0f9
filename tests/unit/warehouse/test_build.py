import subprocess
import sys
from dataclasses import replace

import duckdb
import pytest

from clientlib.errors import ClientlibError, ContractError, InputError
from clientlib.warehouse import Snapshots, arrivals, build, check_snapshot, quality, store
from clientlib.warehouse.build import build_table, build_tables
from clientlib.warehouse.contracts import Check, Column, parse_contract, read_contracts
from clientlib.warehouse.quality import check_contract

ORDERS = "No;Client;Date;State;Promised\nO-1;C-1;2025-06-01;open;\nO-2;C-1;2025-06-02;open;\n"
HEADER = """-- One row per pair.
-- grain:  a, b
-- readers: all
-- column: a | first letter
-- column: b | second
"""
HOLDS_STORE = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"


@pytest.fixture
def loaded(project):
    project.write(ORDERS)
    project.load()
    return project


@pytest.fixture
def change(monkeypatch):
    """Change one contract of all for a test, or add one."""

    def change(name, added=None, **changes):
        contract = added or replace(read_contracts()[name], **changes)
        contracts = read_contracts() | {name: contract}
        for module in (build, quality, store):
            monkeypatch.setattr(module, "read_contracts", lambda: contracts)

    return change


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def built(connection, body, checks=""):
    contract = parse_contract("marts", "pairs", f"{HEADER}{checks}\n{body}")
    build_table(connection, contract)
    return contract


def test_broken_contract_stops_the_build_and_the_old_snapshot_stays(loaded, change):
    old = loaded.build("2025-07-01")
    change("marts.order_days", grain=("client_id",))
    with pytest.raises(ContractError) as caught:
        loaded.build("2025-07-02")
    assert str(caught.value).splitlines() == [
        "marts.order_days breaks its contract: one row per client_id",
        "  rows:    2 of 2 rows",
        "  example: client_id C-1 stands in 2 rows",
        "  hint:    look for the rows behind it in the tables that it reads",
    ]
    with loaded.open() as warehouse:
        assert warehouse.about.build_id == old


def test_draft_of_a_failed_build_goes_with_the_next_one(loaded, change, monkeypatch):
    change("marts.order_days", grain=("client_id",))
    with pytest.raises(ContractError):
        loaded.build("2025-07-02")
    folder = loaded.root / "data/warehouse"
    assert len(list(folder.glob("*.draft"))) == 1
    monkeypatch.undo()
    build_id = loaded.build("2025-07-03")
    assert list(folder.glob("*.draft*")) == []
    assert Snapshots(folder).ids() == [build_id]


def test_statement_that_fails_names_its_file(loaded, change):
    change("marts.order_facts", body="select nothing from staging.orders")
    with pytest.raises(ContractError, match=r"cannot be built[\s\S]*sql/marts/order_facts.sql"):
        loaded.build()


def test_each_table_is_told_as_it_is_done(loaded):
    told = []
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        store.create_raw_tables(connection)
        build_tables(connection, lambda table: told.append((table.name, len(tables(connection)))))
    raw = len(told) and told[0][1] - 1
    assert [name for name, _ in told] == build.build_order(read_contracts())
    assert [count - raw for _, count in told] == list(range(1, len(told) + 1))


def tables(connection):
    return connection.execute(
        "select table_name from information_schema.tables where table_schema <> 'about'"
    ).fetchall()


def test_building_before_loading_says_so(project):
    with pytest.raises(InputError, match="there is nothing to build from"):
        project.build()


def test_building_after_a_load_that_failed_says_so_and_makes_no_empty_snapshot(project):
    project.write("Heading that nobody maps\n1\n")
    with pytest.raises(InputError):
        project.load()
    with pytest.raises(InputError, match="there is nothing to build from: no load has succeeded"):
        project.build()
    assert not list((project.root / "data/warehouse").glob("2*"))


def test_build_while_another_program_holds_the_store_says_so(loaded):
    path = loaded.root / "data/warehouse/raw.duckdb"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS_STORE, str(path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ClientlibError, match=r"raw.duckdb cannot be opened[\s\S]*close the"):
            loaded.build()
    finally:
        other.kill()
        other.communicate()


def test_old_snapshots_are_pruned_but_those_that_are_named(loaded):
    loaded.keep_snapshots = 1
    first = loaded.build("2025-07-01")
    second = loaded.build("2025-07-02", keep=frozenset({first}))
    third = loaded.build("2025-07-03", keep=frozenset({first}))
    assert Snapshots(loaded.root / "data/warehouse").ids() == [first, third]
    assert second < third


def test_snapshot_carries_the_words_of_its_contracts(loaded):
    loaded.build()
    with loaded.open() as warehouse:
        comment = warehouse.query(
            """select comment from duckdb_columns()
            where table_name = 'client_orders' and column_name = 'orders_count'"""
        )["comment"][0]
    assert comment == "orders placed and not cancelled; credit notes are no orders"


@pytest.mark.parametrize(
    ("body", "checks", "message"),
    [
        pytest.param("select 1 as a, 2 as b, 3 as c", "", "its columns are .*\n.*\n.*c", id="more"),
        pytest.param("select 1 as a", "", "its columns are", id="fewer"),
        pytest.param("select 2 as b, 1 as a", "", r"its columns are[\s\S]*b, a", id="order"),
        pytest.param("select 1 as a, null as b from range(2)", "", "one row per a, b", id="nulls"),
        pytest.param("select null as a, 1 as b", "-- check: not_null a", "a is missing", id="null"),
        pytest.param("select 3 as a, 1 as b", "-- check: at_most a b",
                     r"a is above b\s+rows:    1 of 1 rows\s+example: a is 3 at 3, 1", id="above"),
    ],
)  # fmt: skip
def test_table_is_held_to_its_columns_grain_and_checks(connection, body, checks, message):
    contract = built(connection, body, checks)
    with pytest.raises(ContractError, match=message):
        check_contract(connection, contract)


@pytest.mark.parametrize(
    "checks",
    ["-- check: between a 0 1", "-- check: one_of a x, y", "-- check: not_after a b", ""],
)
def test_null_breaks_no_check_but_that_it_is_missing(connection, checks):
    contract = built(connection, "select cast(null as integer) as a, 1 as b", checks)
    if "one_of" in checks:
        contract = built(connection, "select cast(null as varchar) as a, 'x' as b", checks)
    assert check_contract(connection, contract) is None


def test_table_that_a_newer_contract_has_and_the_snapshot_lacks_is_broken(loaded, change):
    loaded.build()
    new = parse_contract("marts", "pairs", HEADER + "select 1 as a, 2 as b")
    change("marts.pairs", new)
    with loaded.open() as warehouse:
        found = warehouse.check()
    assert [
        (finding.table, finding.check) for finding in found if finding.severity == "broken"
    ] == [("marts.pairs", "the table is there")]


def test_key_that_is_not_there_is_a_warning_where_that_list_is_brought(loaded):
    loaded.build()
    with loaded.open() as warehouse:
        assert check_snapshot(warehouse._connection) == []
    loaded.file = {"name": "clients", "file": "clients.csv"}
    loaded.table = {"table": "clients", "columns": {"client_id": "No", "name": "Name"}}
    loaded.write("No;Name\nC-2;Second\n", "clients.csv")
    loaded.load("2025-07-02")
    loaded.build("2025-07-02")
    with loaded.open() as warehouse:
        (finding,) = warehouse.check()
    assert (finding.severity, finding.table, finding.broken_count) == (
        "warning",
        "staging.orders",
        2,
    )
    assert finding.check == "client_id is a key of staging.clients"


NEW_COLUMN = Column("weight", "number", False, "weight of the order")


def with_weight() -> dict:
    orders = read_contracts()["staging.orders"]
    body = orders.body.replace("is_credit,", "is_credit,\n    weight,")
    columns = (*orders.columns, NEW_COLUMN)
    return {
        "columns": columns,
        "checks": (*orders.checks, Check("between", ("weight", "0", "9"))),
    }, body


def test_column_that_a_contract_gains_is_added_to_raw_and_empty_for_old_rows(loaded, change):
    loaded.build("2025-07-01")
    changes, body = with_weight()
    change("staging.orders", **changes, body=body)
    loaded.build("2025-07-02")
    with loaded.open() as warehouse:
        orders = warehouse.read("staging.orders")
    assert orders["weight"].isna().all()
    assert len(orders) == 2


def test_row_that_brings_a_value_for_a_new_column_is_a_changed_row(loaded, change, monkeypatch):
    changes, _ = with_weight()
    change("staging.orders", **changes)
    new = replace(read_contracts()["staging.orders"], **changes)
    monkeypatch.setattr(arrivals, "canonical", lambda table: new)
    loaded.table["columns"]["weight"] = "Weight"
    loaded.write(
        "No;Client;Date;State;Promised;Weight\n"
        "O-1;C-1;2025-06-01;open;;2.5\nO-2;C-1;2025-06-02;open;;\n"
    )
    (count,) = loaded.load("2025-07-15")
    assert (count.changed_count, count.same_count) == (1, 1)
    versions = loaded.raw_rows(
        "select version, weight::double, known_on::varchar from orders where order_id = 'O-1' order by 1"
    )
    assert versions == [(1, None, "2025-06-01"), (2, 2.5, "2025-07-15")]
