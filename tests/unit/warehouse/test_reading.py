from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from clientlib.errors import ClientlibError, InputError
from clientlib.warehouse import open_warehouse

HEADING = "No;Client;Date;State;Promised\n"
FIRST = HEADING + "O-1;C-1;2025-05-05;delivered;\nO-2;C-1;2025-06-10;open;\n"


@pytest.fixture(scope="module")
def loaded(new_project, tmp_path_factory):
    """Give a project with two orders, loaded and built."""
    project = new_project(tmp_path_factory.mktemp("loaded"))
    project.write(FIRST)
    project.load("2025-07-01")
    project.build("2025-07-01")
    return project


@pytest.fixture
def warehouse(loaded):
    with loaded.open() as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def deals(new_project, tmp_path_factory):
    """Give a warehouse in which a deal was thought lost until a later load knew better."""
    project = new_project(tmp_path_factory.mktemp("deals"))
    names = {"deal_id": "No", "opened_on": "Opened", "closed_on": "Closed", "outcome": "Result"}
    project.table = {"table": "deals", "columns": names}
    heading = "No;Opened;Closed;Result\n"
    project.write(heading + "D-1;2025-01-10;2025-03-05;lost\n")
    project.load("2025-06-01")
    project.write(heading + "D-1;2025-01-10;2025-03-05;won\n")
    project.load("2025-07-15")
    project.build("2025-07-16")
    with project.open() as warehouse:
        yield warehouse


@pytest.mark.parametrize(
    "sql",
    [
        "insert into staging.orders (order_id) values ('O-9')",
        "update staging.orders set status = 'open'",
        "delete from staging.orders",
        "create table marts.mine as select 1 as one",
        "drop table staging.orders",
        "copy staging.orders to '{folder}/orders.csv'",
        "attach '{folder}/other.duckdb' as other",
        "select * from read_csv('{folder}/orders.csv')",
        "set memory_limit = '1GB'",
    ],
)
def test_nothing_can_be_written_through_a_snapshot(warehouse, tmp_path, sql):
    before = warehouse.tables()
    with pytest.raises(InputError, match="the query cannot be answered"):
        warehouse.query(sql.format(folder=tmp_path))
    assert warehouse.tables() == before
    assert list(tmp_path.iterdir()) == []


def test_raw_rows_cannot_be_reached_from_a_snapshot(warehouse, loaded):
    store = loaded.root / "data/warehouse/raw.duckdb"
    with pytest.raises(InputError, match="cannot be answered"):
        warehouse.query(f"attach '{store}' as raw")
    assert loaded.raw_rows("select count(*) from orders") == [(2,)]


def test_wrong_query_names_what_is_wrong_with_it(warehouse):
    with pytest.raises(
        InputError, match=r"cannot be answered\s+example: .*client_order does not exist"
    ):
        warehouse.query("select * from marts.client_order ")


def test_query_gives_the_types_that_reading_gives(warehouse):
    answer = warehouse.query("select ordered_on, 1.5::decimal(9, 2) as share from staging.orders")
    assert [str(kind) for kind in answer.dtypes] == ["datetime64[ns]", "float64"]
    assert str(warehouse.read("staging.orders")["ordered_on"].dtype) == "datetime64[ns]"


@pytest.mark.parametrize("as_of", ["2025-06-31", "June", "", 20250630, "2025-06-30; drop table x"])
def test_as_of_that_is_no_day_is_an_error(warehouse, as_of):
    with pytest.raises(InputError, match="as_of is no day"):
        warehouse.read("marts.client_orders", as_of=as_of)


@pytest.mark.parametrize("as_of", ["2025-05-31", date(2025, 5, 31), datetime(2025, 5, 31)])
def test_day_may_be_given_as_text_or_as_a_day(warehouse, as_of):
    panel = warehouse.read("marts.client_orders", as_of=as_of)
    assert panel["month_end"].dt.date.tolist() == [date(2025, 5, 31)]


@pytest.mark.parametrize(
    ("table", "offer"),
    [
        pytest.param("marts.client_order", "did you mean 'marts.client_orders'", id="one letter"),
        pytest.param("client_orders", "did you mean 'marts.client_orders'", id="no schema"),
        pytest.param("zzz", "clientlib show lists them", id="nothing near"),
        pytest.param('marts"."x', "there is no table", id="a name that would end early"),
    ],
)
def test_unknown_table_offers_the_nearest(warehouse, table, offer):
    with pytest.raises(InputError, match=offer):
        warehouse.read(table)


def test_panel_ends_at_the_day_asked_for(warehouse):
    days = [len(warehouse.read("marts.client_orders", as_of=day)) for day in
            ("2025-04-30", "2025-05-31", "2025-06-10", "2030-01-01")]  # fmt: skip
    assert days == [0, 1, 2, 2]


@pytest.mark.parametrize(
    ("as_of", "believed"),
    [
        pytest.param("2025-03-04", [], id="the day before it was closed"),
        pytest.param("2025-03-05", ["lost"], id="the day it was closed"),
        pytest.param("2025-07-14", ["lost"], id="the day before we knew better"),
        pytest.param("2025-07-15", ["won"], id="the day we knew better"),
    ],
)
def test_dated_read_gives_the_version_believed_then(deals, as_of, believed):
    assert deals.read("marts.closed_deals", as_of=as_of)["outcome"].tolist() == believed


def test_read_without_a_day_gives_what_is_believed_now(deals):
    assert deals.read("marts.closed_deals")["outcome"].tolist() == ["won"]


def test_reader_keeps_its_snapshot_while_a_build_switches_and_prunes(project):
    project.keep_snapshots = 1
    project.write(FIRST)
    project.load("2025-07-01")
    project.build("2025-07-01")
    with project.open() as reader:
        project.write(FIRST + "O-3;C-2;2025-06-11;open;\n")
        project.load("2025-07-02")
        project.build("2025-07-02")
        assert not reader.path.exists()
        assert len(reader.read("staging.orders")) == 2
        assert len(reader.read("marts.client_orders")) == 2
    with project.open() as fresh:
        assert len(fresh.read("staging.orders")) == 3


def test_snapshot_says_what_it_is(warehouse):
    about = warehouse.about
    assert (about.build_id, about.currency) == ("20250701T070000", "EUR")
    assert about.data_end == date(2025, 6, 10)
    assert warehouse.last_load() == datetime(2025, 7, 1, 6)
    assert warehouse.month_ends() == [(date(2025, 5, 31), True), (date(2025, 6, 10), False)]


def test_one_snapshot_file_may_be_opened_by_its_path(warehouse):
    with open_warehouse(str(warehouse.path)) as same:
        assert same.about == warehouse.about


def test_place_without_a_warehouse_says_so(tmp_path):
    with pytest.raises(InputError, match="there is no warehouse at"):
        open_warehouse(tmp_path / "nowhere")


def test_database_that_is_no_snapshot_says_so(tmp_path):
    path = tmp_path / "other.duckdb"
    duckdb.connect(path).close()
    with pytest.raises(InputError, match="other.duckdb is no snapshot of a warehouse"):
        open_warehouse(path)


def test_file_that_is_no_database_says_so(tmp_path):
    path = Path(tmp_path / "notes.duckdb")
    path.write_text("no database")
    with pytest.raises(ClientlibError, match="notes.duckdb cannot be opened"):
        open_warehouse(path)


def test_rows_in_quarantine_come_with_their_reasons_in_words(project):
    project.write(FIRST + "O-3;C-1;never;gone;\nO-1;C-9;2025-06-01;open;\nO-4;C-1\n")
    project.load()
    project.build()
    with project.open() as warehouse:
        rows = warehouse.quarantine(10)
        counts = {(entry["reason"], entry["rows"]) for entry in warehouse.quarantine_counts()}
    assert (
        "ordered_on never cannot be read as date; status gone is none of open, delivered, cancelled"
        in [row["reasons"] for row in rows]
    )
    assert counts == {
        ("ordered_on cannot be read as date", 1),
        ("status is none of open, delivered, cancelled", 1),
        ("repeats a key with other contents", 1),
        ("line of the wrong shape", 1),
    }


def test_chosen_columns_come_in_the_order_asked_for(warehouse):
    orders = warehouse.read("staging.orders", columns=["ordered_on", "order_id"])
    assert list(orders.columns) == ["ordered_on", "order_id"]
    assert list(orders["order_id"]) == ["O-1", "O-2"]


def test_a_day_holds_for_chosen_columns_too(warehouse):
    panel = warehouse.read("marts.client_orders", as_of="2025-05-31", columns=["month_end"])
    assert list(panel.columns) == ["month_end"]
    assert panel["month_end"].max() == datetime(2025, 5, 31)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["order_ids"], "did you mean 'order_id'"),
        (['order_id", 1 as "x'], "has no column"),
        ([], "asked for as a list"),
        ("order_id", "asked for as a list"),
    ],
)
def test_columns_that_there_are_not_are_refused(warehouse, columns, message):
    with pytest.raises(InputError, match=message):
        warehouse.read("staging.orders", columns=columns)
