"""Names and values that look like SQL are nothing but names and values, all the way to a reader."""

import pytest
import xlsxwriter
from test_load import GOOD, HEADING

from clientlib.errors import ClientlibError

STRANGE = [
    pytest.param("x'; drop table raw.orders; --", id="quote"),
    pytest.param('a"; drop table "orders"; --', id="double quote"),
    pytest.param("Šiaulių „žemė“ \u202e 数", id="other scripts"),
    pytest.param("$today {x} %s ? $1", id="marks of parameters"),
    pytest.param("a\\' or 1=1 /*", id="backslash and comment"),
]


@pytest.mark.parametrize("name", STRANGE)
def test_values_reach_a_reader_as_they_were(project, name):
    cell = '"' + name.replace('"', '""') + '"'
    project.write(HEADING + f"{cell};{cell};2025-06-01;open;\nO-2;{cell};soon;{cell};\n")
    (count,) = project.load()
    assert (count.new_count, count.quarantined_count) == (1, 1)
    project.build()
    with project.open() as warehouse:
        orders = warehouse.read("staging.orders")
    assert orders[["order_id", "client_id"]].to_numpy().tolist() == [[name, name]]
    (bad,) = project.raw_rows(
        "select source_text ->> 'State', reasons[-1].\"value\" from quarantine"
    )
    assert bad == (name, name)


@pytest.mark.parametrize("name", STRANGE)
def test_names_of_sources_and_files_reach_a_reader_as_they_were(project, name):
    file_name = f"orders {name.replace('/', '')}.csv"
    project.write(GOOD, file_name)
    project.file["file"] = "orders*"
    settings = project.settings()
    source = settings.sources["erp"]
    complete = source.files[0].tables[0].model_copy(update={"complete": True})
    files = [source.files[0].model_copy(update={"tables": [complete]})]
    named = {name: source.model_copy(update={"files": files})}
    project.settings = lambda: settings.model_copy(update={"sources": named})
    project.load()
    project.write(GOOD.replace("O-2", "O-3"), file_name)
    counts = project.load("2025-07-02")
    assert [count.vanished_count for count in counts] == [0, 1]
    stored = project.raw_rows("select distinct source, source_file from orders")
    assert stored == [(name, file_name)]


@pytest.mark.parametrize("name", STRANGE)
def test_sheets_are_found_by_any_name_that_a_workbook_allows(project, name):
    sheet = "".join(sign for sign in name if sign not in "[]:*?/\\")[:31].strip("'")
    project.file["sheet"] = sheet
    with xlsxwriter.Workbook(project.raw / "orders.xlsx") as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, ["No", "Client", "Date", "State", "Promised"])
        page.write_row(1, 0, ["O-1", "C-1", "2025-06-01", "open"])
    (count,) = project.load()
    assert count.new_count == 1


@pytest.mark.parametrize("name", STRANGE)
def test_tables_and_columns_that_a_reader_asks_for_are_names_only(project, name):
    project.write(GOOD)
    project.load()
    project.build()
    with project.open() as warehouse:
        with pytest.raises(ClientlibError):
            warehouse.read(name)
        with pytest.raises(ClientlibError):
            warehouse.read(f"staging.{name}")
        with pytest.raises(ClientlibError):
            warehouse.read("staging.orders", as_of=name)
        assert len(warehouse.read("staging.orders")) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "drop table staging.orders",
        "select 1; drop table staging.orders",
        "copy staging.orders to 'stolen.csv'",
        "select * from read_text('clientlib.toml')",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
    ],
)
def test_query_of_a_reader_cannot_write_or_read_files(project, statement):
    project.write(GOOD)
    project.load()
    project.build()
    with project.open() as warehouse:
        with pytest.raises(ClientlibError):
            warehouse.query(statement)
        assert len(warehouse.read("staging.orders")) == 2
    assert not (project.root / "stolen.csv").exists()
