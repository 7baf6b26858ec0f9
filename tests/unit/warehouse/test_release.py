"""Rows that go from quarantine to their table once the mapping is mended, their file there or not."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from test_load import GOOD, HEADING, reasons

from clientlib.config import FileMapping, PostgresSettings, SourceSettings, TableMapping
from clientlib.errors import ClientlibError, ContractError, InputError
from clientlib.warehouse.lines import part_line
from clientlib.warehouse.lock import writing

HERE = Path(__file__).parent
GONE = "O-9;C-1;2025-06-05;gone;\n"
TRANSLATED = "case State when 'gone' then 'cancelled' else State end"
LINE_COLUMNS = {
    "order_id": "No",
    "line_no": "Line",
    "product_id": "P",
    "quantity": "Q",
    "unit_price": "Price",
}
VERSIONS = """
    select version, status, known_on::varchar, known_until::varchar from orders
    where order_id = '{}' order by version
"""
ENTRIES = "select source_row, load_id, closed_load_id from quarantine order by load_id, source_row"
ACCOUNTS = """
    select load_id, is_release, read_count, new_count, changed_count, same_count,
        quarantined_count, entered_count, released_count, open_count
    from marts.load_history order by load_id
"""
KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import Project
from clientlib.warehouse import release_rows
project = Project.__new__(Project)
project.__dict__ |= eval(sys.argv[2])
now = datetime(2025, 7, 20, tzinfo=UTC)
release_rows(project.settings(), now=now, on_step=lambda step: os.kill(os.getpid(), 9))
"""


def counts(release) -> list[tuple]:
    told = [released.count for released in release.released]
    return [
        (c.read_count, c.new_count, c.changed_count, c.same_count, c.quarantined_count)
        for c in told
    ]


def left(release) -> list[tuple]:
    return [(rows.table, rows.rows, rows.reason) for rows in release.left]


def versions(project, order_id: str = "O-9") -> list[tuple]:
    return project.raw_rows(VERSIONS.format(order_id))


def mend_states(project) -> None:
    project.table["columns"]["status"] = TRANSLATED


def load_and_lose(project, text: str, day: str = "2025-07-01", name: str = "orders.csv") -> None:
    """Load a file that is moved away afterwards."""
    path = project.write(text, name)
    project.load(day)
    path.unlink()


@pytest.fixture
def waiting(project):
    """Give a project with one row of an unknown state in quarantine, whose file is gone."""
    load_and_lose(project, GOOD + GONE)
    return project


@pytest.fixture
def lines(project):
    project.table = {"table": "order_lines", "columns": dict(LINE_COLUMNS)}
    return project


def test_row_with_a_mended_value_is_loaded_though_its_file_is_gone(waiting):
    mend_states(waiting)
    assert counts(waiting.release("2025-07-20")) == [(1, 1, 0, 0, 0)]
    written = "select status, source_file, source_row, load_id from orders where order_id = 'O-9'"
    assert waiting.raw_rows(written) == [("cancelled", "orders.csv", 3, 2)]
    assert waiting.raw_rows(ENTRIES) == [(3, 1, 2)]


def test_row_with_a_mended_number_format_is_loaded(lines):
    load_and_lose(lines, "No;Line;P;Q;Price\nO-1;1;P-1;1;5\nO-1;2;P-1;1;1.234,50\n")
    lines.file |= {"decimal": ",", "thousands": "."}
    assert counts(lines.release()) == [(1, 1, 0, 0, 0)]
    priced = "select unit_price::varchar from order_lines where line_no = 2"
    assert lines.raw_rows(priced) == [("1234.5000",)]


def test_row_of_a_typed_file_is_judged_with_its_types(lines):
    lines.table["columns"]["unit_price"] = "Amount / Q"
    rows = (
        "(values ('O-1', 1, 2, 5.50::decimal(9, 2)), ('O-1', 2, 0, 5.50)) as t(No, Line, Q, Amount)"
    )
    path = lines.raw / "orders.parquet"
    duckdb.execute(f"copy (select *, 'P-1' as P from {rows}) to '{path}'")
    lines.load()
    path.unlink()
    lines.table["columns"]["unit_price"] = "Amount / greatest(Q, 1)"
    assert counts(lines.release()) == [(1, 1, 0, 0, 0)]
    priced = "select unit_price::varchar from order_lines where line_no = 2"
    assert lines.raw_rows(priced) == [("5.5000",)]


@pytest.mark.parametrize("is_released", [True, False], ids=["released", "loaded again"])
@pytest.mark.parametrize(
    ("source", "known_on", "day"),
    [
        pytest.param({}, None, "2025-07-20", id="that nobody recorded"),
        pytest.param(
            {"recorded_within_days": 5}, None, "2025-07-15", id="of an export that may come late"
        ),
        pytest.param({}, "Date", "2025-06-05", id="with a recording day of its own"),
    ],
)
def test_row_is_known_from_the_same_day_whether_its_file_is_there_or_not(
    project, source, known_on, day, is_released
):
    project.write(GOOD + GONE)
    project.load("2025-07-01")
    mend_states(project)
    project.source |= source
    project.table["columns"] |= {"known_on": known_on} if known_on else {}
    if is_released:
        (project.raw / "orders.csv").unlink()
        project.release("2025-07-20")
    else:
        project.load("2025-07-20")
    assert versions(project) == [(1, "cancelled", day, None)]


def test_released_row_counts_from_the_month_of_its_release_and_no_earlier_month_changes(project):
    june = "O-6;C-1;2025-06-30;open;\n"
    project.write(GOOD + june + GONE)
    project.load("2025-07-01")
    project.build("2025-07-01")
    with project.open() as before:
        known = before.read("marts.client_orders", as_of="2025-06-30")
    mend_states(project)
    project.release("2025-07-20")
    project.write(HEADING + june.replace("6", "7"), "orders_7.csv")
    project.load("2025-08-01")
    project.build("2025-08-01")
    with project.open() as after:
        assert after.read("marts.client_orders", as_of="2025-06-30").equals(known)
        counted = after.read("marts.client_orders").set_index(["client_id", "month_end"])
        assert counted["cancelled_count"]["C-1"].tolist() == [0, 1, 1]


def test_released_row_ends_the_version_that_was_known_before_it_came(project):
    project.write(GOOD, "orders_1.csv")
    project.load("2025-07-01")
    project.write(HEADING + "O-2;C-2;2025-06-02;gone;\n", "orders_2.csv")
    project.load("2025-07-10")
    mend_states(project)
    assert counts(project.release("2025-07-20")) == [(1, 0, 1, 0, 0)]
    assert versions(project, "O-2") == [
        (1, "open", "2025-06-02", "2025-07-20"),
        (2, "cancelled", "2025-07-20", None),
    ]


def test_row_that_is_as_bad_as_before_is_left_as_it_is(waiting):
    before = waiting.raw_rows("select * from quarantine")
    release = waiting.release()
    assert counts(release) == [(1, 0, 0, 0, 1)]
    assert [reason.message for reason in release.released[0].reasons] == [
        "is none of open, delivered, cancelled"
    ]
    assert waiting.raw_rows("select * from quarantine") == before


def test_row_that_is_bad_for_another_reason_gets_a_new_entry_and_keeps_the_old_one(project):
    load_and_lose(project, GOOD + "O-9;C-1;5.6.2025;gone;\n")
    mend_states(project)
    assert counts(project.release()) == [(1, 0, 0, 0, 1)]
    assert reasons(project) == [("unreadable", "ordered_on", "5.6.2025")]
    assert project.raw_rows(ENTRIES) == [(3, 1, 2), (3, 2, None)]
    kept = project.raw_rows("select distinct source_text, source_types from quarantine")
    assert len(kept) == 1


def test_row_that_the_mapping_passes_over_by_now_leaves_the_quarantine(waiting):
    waiting.table["where"] = "State <> 'gone'"
    release = waiting.release()
    assert counts(release) == [(0, 0, 0, 0, 0)]
    assert release.released[0].count.file_rows == 1
    assert (reasons(waiting), versions(waiting)) == ([], [])


def test_line_that_the_mended_delimiter_parts_into_cells_is_a_row(project):
    load_and_lose(project, GOOD + "O-9,C-1,2025-06-05,open,\nO-8;C-1\n")
    project.file["delimiter"] = ","
    release = project.release()
    assert counts(release) == [(1, 1, 0, 0, 0)]
    assert left(release) == [("orders", 1, "the line still has another number of cells: 1, not 5")]
    assert [row[1] for row in versions(project)] == ["open"]
    assert reasons(project) == [("line_shape", None, None)]


def test_line_that_is_a_bad_row_by_now_keeps_its_text_and_is_released_when_that_is_mended(project):
    load_and_lose(project, GOOD + "O-9,C-1,2025-06-05,gone,\n")
    project.file["delimiter"] = ","
    assert counts(project.release()) == [(1, 0, 0, 0, 1)]
    assert reasons(project) == [("one_of", "status", "gone")]
    mend_states(project)
    assert counts(project.release()) == [(1, 1, 0, 0, 0)]
    assert reasons(project) == []


def test_line_with_an_open_quotation_mark_is_still_no_row():
    orders = [TableMapping(table="orders")]
    mapping = FileMapping(name="orders", file="*", delimiter=",", tables=orders)
    assert part_line('O-9,"C-1, Vilnius"', mapping, 2) == ["O-9", "C-1, Vilnius"]
    with pytest.raises(InputError, match="still not one row of cells"):
        part_line('O-9,"C-1, Vilnius', mapping, 2)


def test_row_of_a_database_is_judged_without_asking_it_and_its_line_is_left(waiting):
    load_and_lose(waiting, HEADING + "O-8;C-1\n", name="orders_2.csv")
    waiting.raw_rows("update quarantine set source = 'db', source_file = 'orders'")
    mend_states(waiting)
    mapping = FileMapping(name="orders", relation="orders", tables=[TableMapping(**waiting.table)])
    database = SourceSettings(postgres=PostgresSettings(dsn_env="NOWHERE"), files=[mapping])
    settings = waiting.settings().model_copy(update={"sources": {"db": database}})
    waiting.settings = lambda: settings
    release = waiting.release()
    assert counts(release) == [(1, 1, 0, 0, 0)]
    assert left(release) == [("orders", 1, "it came from a database, which parts no lines")]


def test_line_that_was_cut_off_when_it_was_kept_is_left(project):
    project.write(GOOD + f"O-9,C-1,2025-06-05,open,{'x' * 20_000}\n")
    project.load()
    project.file["delimiter"] = ","
    assert left(project.release()) == [
        ("orders", 1, "only the first 10,000 characters of the line were kept")
    ]


def with_tables(project, *tables: dict) -> None:
    """Let several tables be made of the one file of a project."""
    settings = project.settings()
    (file,) = settings.sources["erp"].files
    (orders,) = file.tables
    made = [orders.model_copy(update=table) for table in tables]
    files = [file.model_copy(update={"tables": made})]
    source = settings.sources["erp"].model_copy(update={"files": files})
    project.settings = lambda: settings.model_copy(update={"sources": {"erp": source}})


CLIENTS = {
    "table": "clients",
    "columns": {"client_id": "Client", "name": "Client", "country": "State"},
}


def test_line_is_a_row_of_every_table_that_is_made_of_its_file(project):
    with_tables(project, {}, CLIENTS)
    load_and_lose(project, GOOD + "O-9,C-9,2025-06-05,open,\n")
    del project.settings
    project.file["delimiter"] = ","
    with_tables(project, {}, CLIENTS)
    assert counts(project.release()) == [(1, 1, 0, 0, 0), (1, 1, 0, 0, 0)]
    assert project.raw_rows("select name from clients where client_id = 'C-9'") == [("C-9",)]


def test_rows_of_one_table_are_released_and_those_of_others_stay(project):
    project.write(GOOD + "O-9;;2025-06-05;gone;\n")
    with_tables(project, {}, CLIENTS)
    project.load()
    states = {"columns": project.table["columns"] | {"status": TRANSLATED}}
    del project.settings
    with_tables(
        project,
        states,
        CLIENTS | {"constants": {"client_id": "C-0", "name": "nobody"}, "columns": {}},
    )
    assert [r.count.table for r in project.release(table="orders").released] == ["orders"]
    assert project.raw_rows("select table_name from quarantine where closed_load_id is null") == [
        ("clients",)
    ]


def no_source(project):
    settings = project.settings().model_copy(update={"sources": {}})
    project.settings = lambda: settings


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(no_source, "the source 'erp' is no longer configured", id="source"),
        pytest.param(lambda p: p.file.update(file="sales*.csv"),
                     "no mapping of the source 'erp' reads this file any more", id="mapping"),
        pytest.param(lambda p: p.table.update(CLIENTS),
                     "the mapping 'orders' makes orders no longer", id="table"),
        pytest.param(lambda p: p.table["columns"].update(client_id="Customer"),
                     "orders.csv lacks the column 'Customer' that orders.client_id is read from",
                     id="heading"),
    ],
)  # fmt: skip
def test_rows_that_nothing_judges_any_more_are_left_and_it_is_said_why(waiting, change, reason):
    before = waiting.raw_rows("select * from quarantine")
    change(waiting)
    release = waiting.release()
    assert (counts(release), left(release)) == ([], [("orders", 1, reason)])
    assert waiting.raw_rows("select * from quarantine") == before
    assert waiting.raw_rows("select count(*) from loads") == [(1,)]


def test_expression_that_does_not_fit_old_rows_leaves_them_and_releases_the_others(project):
    project.write(HEADING + GONE, "orders_1.csv")
    project.write(
        "No;Client;Date;State;Promised;Kind\nO-8;C-1;2025-06-05;gone;;x\n", "orders_2.csv"
    )
    project.load()
    project.table["columns"]["status"] = "if(Kind = 'x', 'open', State)"
    release = project.release()
    assert counts(release) == [(1, 1, 0, 0, 0)]
    assert left(release) == [
        ("orders", 1, "orders_1.csv lacks the column 'Kind' that orders.status is read from")
    ]


def test_rows_that_were_kept_before_types_were_are_judged_as_text(project):
    load_and_lose(project, GOOD + GONE + "O-8,C-1,2025-06-05,open,\n")
    project.raw_rows("update quarantine set source_types = null")
    mend_states(project)
    release = project.release()
    assert counts(release) == [(1, 1, 0, 0, 0)]
    assert left(release) == [
        ("orders", 1, "the headings of its file were not kept when it was loaded")
    ]


def test_rows_of_one_of_two_like_tables_are_left_where_its_place_is_not_known(waiting):
    with_tables(waiting, CLIENTS, {}, {})
    assert left(waiting.release()) == [
        ("orders", 1, "the mapping 'orders' makes orders elsewhere and more than once")
    ]


def test_rows_find_their_table_in_another_place_of_the_mapping(waiting):
    mend_states(waiting)
    with_tables(waiting, CLIENTS, {})
    assert counts(waiting.release()) == [(1, 1, 0, 0, 0)]


def test_heading_with_a_new_spelling_is_found_in_old_rows(project):
    project.write(HEADING.replace("Client", "Kunde") + GONE)
    project.table["columns"]["client_id"] = "Kunde"
    project.load()
    mend_states(project)
    project.table["columns"]["client_id"] = "Client"
    project.file["headings"] = {"Client": ["Kunde"]}
    assert counts(project.release()) == [(1, 1, 0, 0, 0)]


def test_trial_says_what_a_release_would_do_and_writes_nothing(waiting):
    mend_states(waiting)
    folder = waiting.root / "data/warehouse"
    before = {path: path.read_bytes() for path in folder.iterdir()}
    tried = waiting.release(is_trial=True)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert waiting.release() == tried


def test_trial_sees_what_a_process_that_died_had_written(waiting):
    store = waiting.root / "data/warehouse/raw.duckdb"
    writes = f"""
import duckdb, os
connection = duckdb.connect({str(store)!r})
connection.execute("insert into quarantine from quarantine")
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", writes], check=False)
    assert store.with_name("raw.duckdb.wal").exists()
    mend_states(waiting)
    assert counts(waiting.release(is_trial=True)) == [(1, 1, 0, 0, 0), (1, 0, 0, 1, 0)]


def test_killed_release_leaves_everything_as_it_was_and_can_be_done_again(project):
    project.write(GOOD + GONE)
    project.write(HEADING + "O-8;C-1;2025-06-05;gone;\n", "orders_2.csv")
    project.load()
    mend_states(project)
    tables = ("orders", "quarantine", "loads", "load_counts", "files")
    before = [project.raw_rows(f"select * from {table}") for table in tables]
    attributes = repr(vars(project)).replace("PosixPath", "Path")
    done = subprocess.run([sys.executable, "-c", KILLED, str(HERE), attributes], check=False)
    assert done.returncode == -9
    assert [project.raw_rows(f"select * from {table}") for table in tables] == before
    assert counts(project.release()) == [(1, 1, 0, 0, 0), (1, 1, 0, 0, 0)]


def test_loads_and_releases_on_record_add_up(project):
    project.write(GOOD + GONE + "O-8;C-1;5.6.2025;gone;\n")
    project.load("2025-07-01")
    mend_states(project)
    project.release("2025-07-20")
    project.build("2025-07-20")
    with project.open() as warehouse:
        assert warehouse.query(ACCOUNTS).to_numpy().tolist() == [
            [1, False, 4, 2, 0, 0, 2, 2, 0, 2],
            [2, True, 2, 1, 0, 0, 1, 1, 2, 1],
        ]
        assert f"{warehouse.last_load():%Y-%m-%d}" == "2025-07-01"
        assert [row["reasons"] for row in warehouse.quarantine(9)] == [
            "ordered_on 5.6.2025 cannot be read as date"
        ]


def test_more_bad_rows_than_a_load_may_have_are_no_limit_to_a_release(project):
    many = "".join(f"O-{n};C-1;2025-06-05;gone;\n" for n in range(100, 120))
    project.write(GOOD + many)
    project.load(accept_excess=True)
    assert counts(project.release()) == [(20, 0, 0, 0, 20)]


def test_nothing_in_quarantine_is_no_error_and_leaves_no_record(project):
    project.write(GOOD)
    project.load()
    release = project.release()
    assert (release.released, release.left) == ((), ())
    assert project.raw_rows("select count(*) from loads") == [(1,)]


def test_release_before_any_load_says_so(project):
    with pytest.raises(InputError, match="there is nothing to release"):
        project.release()
    assert not (project.root / "data/warehouse").exists()


def test_unknown_table_is_an_error_that_offers_the_nearest(waiting):
    with pytest.raises(ContractError, match="no canonical table 'order'"):
        waiting.release(table="order")


def test_release_is_refused_while_the_warehouse_is_written(waiting):
    refused = pytest.raises(ClientlibError, match="is being written by clientlib build")
    with writing(waiting.root / "data/warehouse", "build"), refused:
        waiting.release()
