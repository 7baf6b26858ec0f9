from datetime import datetime

import pytest
import xlsxwriter

from clientlib.errors import ClientlibError, ConfigError, InputError
from clientlib.warehouse import planned_loads

HEADING = "No;Client;Date;State;Promised\n"
GOOD = HEADING + "O-1;C-1;2025-06-01;delivered;2025-06-10\nO-2;C-2;2025-06-02;open;\n"


def reasons(project):
    return project.raw_rows(
        """select reason."rule", reason."column", reason."value"
        from (select unnest(reasons) as reason from quarantine where closed_load_id is null)"""
    )


def test_rows_read_are_all_accounted_for(project):
    project.write(GOOD + "O-3;C-3;2025-06-03;lost;\nO-1;C-1;2025-06-01;delivered;2025-06-10\n")
    (count,) = project.load()
    assert (count.read_count, count.new_count, count.same_count, count.quarantined_count) == (
        4,
        2,
        1,
        1,
    )


def test_loading_the_same_file_twice_changes_nothing(project):
    project.write(GOOD + "O-3;C-3;2025-06-03;lost;\n")
    project.load()
    before = project.raw_rows("select * from orders"), project.raw_rows("select * from quarantine")
    (count,) = project.load("2025-07-02")
    assert (count.loaded_count, count.same_count, count.quarantined_count) == (0, 2, 1)
    after = project.raw_rows("select * from orders"), project.raw_rows("select * from quarantine")
    assert after == before


def test_first_load_knows_a_row_since_it_happened_and_later_loads_since_they_loaded(project):
    project.write(GOOD)
    project.load("2025-07-01")
    project.write(GOOD + "O-3;C-3;2025-06-30;open;\n")
    project.load("2025-07-15")
    known = project.raw_rows("select order_id, known_on::varchar from orders order by order_id")
    assert known == [("O-1", "2025-06-01"), ("O-2", "2025-06-02"), ("O-3", "2025-07-15")]


def test_competitor_named_in_a_deal_is_known_since_it_was_named(project):
    columns = {"deal_id": "Deal", "competitor_id": "Rival", "named_on": "Named"}
    project.table = {"table": "deal_competitors", "columns": columns}
    project.write("Deal;Rival;Named\nD-1;X;2025-06-01\nD-1;Y;\n")
    project.load()
    known = project.raw_rows("select competitor_id, known_on::varchar from deal_competitors")
    assert sorted(known) == [("X", "2025-06-01"), ("Y", None)]


def test_recording_day_of_the_source_goes_before_the_day_of_loading(project):
    project.table["columns"]["known_on"] = "Entered"
    project.write("No;Client;Date;State;Promised;Entered\nO-1;C-1;2025-06-01;open;;2025-06-03\n")
    project.load()
    assert project.raw_rows("select known_on::varchar from orders") == [("2025-06-03",)]


def test_monthly_export_may_bring_what_the_company_had_recorded_in_time(project):
    project.source["recorded_within_days"] = 45
    project.write(GOOD)
    project.load("2025-07-01")
    late = "O-3;C-3;2025-06-30;open;\nO-4;C-3;2025-01-10;open;\n"
    project.write(GOOD.replace("O-2;C-2;2025-06-02;open", "O-2;C-9;2025-06-02;open") + late)
    project.load("2025-07-15")
    known = project.raw_rows(
        """select order_id, version, known_on::varchar, known_until::varchar
        from orders order by order_id, version"""
    )
    assert known == [
        ("O-1", 1, "2025-06-01", None),
        ("O-2", 1, "2025-06-02", "2025-06-02"),
        ("O-2", 2, "2025-06-02", None),
        ("O-3", 1, "2025-06-30", None),
        ("O-4", 1, "2025-05-31", None),
    ]


def test_changed_row_keeps_its_old_version_with_the_days_we_believed_it(project):
    project.write(GOOD)
    project.load("2025-07-01")
    project.write(GOOD.replace("O-2;C-2;2025-06-02;open", "O-2;C-2;2025-06-02;delivered"))
    (count,) = project.load("2025-07-15")
    assert (count.new_count, count.changed_count, count.same_count) == (0, 1, 1)
    versions = project.raw_rows(
        """select version, status, known_on::varchar, known_until::varchar
        from orders where order_id = 'O-2' order by version"""
    )
    assert versions == [
        (1, "open", "2025-06-02", "2025-07-15"),
        (2, "delivered", "2025-07-15", None),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param("O-9;C-1;soon;open;", ("unreadable", "ordered_on", "soon"), id="text for a day"),
        pytest.param("O-9;C-1;2999-01-01;open;", ("happened", "ordered_on", "2999-01-01"), id="2999"),
        pytest.param("O-9;C-1;1899-12-30;open;", ("happened", "ordered_on", "1899-12-30"), id="1899"),
        pytest.param("O-9;C-1;2025-02-30;open;", ("unreadable", "ordered_on", "2025-02-30"), id="30 Feb"),
        pytest.param("O-9;C-1;;open;", ("required", "ordered_on", None), id="no day"),
        pytest.param(";C-1;2025-06-01;open;", ("required", "order_id", None), id="no key"),
        pytest.param("O-9;C-1;2025-06-01;gone;", ("one_of", "status", "gone"), id="unknown state"),
        pytest.param("O-1;C-7;2025-06-01;open;", ("repeats_key", "order_id", "O-1"), id="repeated key"),
        pytest.param("O-9;C-1;2025-06-01", ("line_shape", None, None), id="too few fields"),
        pytest.param("O-9;C-1;2025-06-01;open;;x", ("line_shape", None, None), id="too many fields"),
    ],
)  # fmt: skip
def test_bad_row_goes_to_quarantine_with_its_reason_and_the_good_ones_load(project, row, expected):
    project.write(GOOD + row + "\n")
    (count,) = project.load()
    assert (count.read_count, count.new_count, count.quarantined_count) == (3, 2, 1)
    assert reasons(project) == [expected]


def test_row_is_kept_with_every_reason_and_as_the_source_has_it(project):
    project.write(GOOD + "O-9;C-1;never;gone;2999-01-01\n")
    project.load()
    assert [reason[:2] for reason in reasons(project)] == [
        ("unreadable", "ordered_on"),
        ("planned", "promised_on"),
        ("one_of", "status"),
    ]
    ((text,),) = project.raw_rows("select source_text from quarantine")
    assert '"Date":"never"' in text


def test_mended_row_leaves_the_quarantine(project):
    project.write(GOOD + "O-9;C-1;never;open;\n")
    project.load()
    project.write(GOOD + "O-9;C-1;2025-06-05;open;\n")
    project.load("2025-07-02")
    assert reasons(project) == []
    assert project.raw_rows("select count(*) from orders") == [(3,)]


def test_wrong_encoding_is_an_error_that_names_the_byte_and_the_line(project):
    project.write(GOOD + "O-9;Šiaulių;2025-06-05;open;\n", encoding="windows-1257")
    with pytest.raises(InputError, match=r"orders.csv is not written in utf-8[\s\S]*0xD0.*line 4"):
        project.load()


def test_stated_encoding_delimiter_decimal_and_dates_are_read(project):
    project.file |= {"encoding": "windows-1257", "date_format": "%d.%m.%Y"}
    project.write(HEADING + "O-1;Šiaulių;05.06.2025;open;\n", encoding="windows-1257")
    project.load()
    rows = project.raw_rows("select client_id, ordered_on::varchar from orders")
    assert rows == [("Šiaulių", "2025-06-05")]


def test_missing_column_is_an_error_that_names_it_and_what_there_is(project):
    project.write(GOOD.replace("Date", "Datum"))
    with pytest.raises(InputError, match=r"orders.csv lacks the column 'Date'[\s\S]*Datum"):
        project.load()


def test_missing_heading_of_two_words_is_named_whole(project):
    project.table["columns"]["client_id"] = "Client No"
    project.write(GOOD)
    with pytest.raises(InputError, match=r"lacks the column 'Client No'[\s\S]*is it 'Client' now"):
        project.load()


def test_empty_file_is_an_error(project):
    project.write("")
    with pytest.raises(InputError, match="orders.csv is empty"):
        project.load()


def test_file_with_a_heading_only_loads_no_rows(project):
    project.write(HEADING)
    (count,) = project.load()
    assert count.read_count == 0


def test_truncated_workbook_is_an_error(project):
    path = project.raw / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["No", "Client", "Date", "State", "Promised"])
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(InputError, match="orders.xlsx cannot be read as a workbook"):
        project.load()


def test_cut_off_parquet_is_an_error(project):
    (project.raw / "orders.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(InputError, match="orders.parquet is no whole Parquet file"):
        project.load()


def test_one_broken_file_keeps_the_whole_load_out(project):
    project.write(GOOD, "orders_1.csv")
    project.write("", "orders_2.csv")
    with pytest.raises(InputError, match="orders_2.csv is empty"):
        project.load()
    assert project.raw_rows("select count(*) from orders") == [(0,)]


def test_failed_load_and_build_leave_the_previous_snapshot_current(project):
    project.write(GOOD)
    project.load()
    first = project.build()
    project.write("")
    with pytest.raises(InputError):
        project.load("2025-07-02")
    with project.open() as warehouse:
        assert warehouse.about.build_id == first
        assert len(warehouse.read("staging.orders")) == 2


def test_workbook_cells_are_read_by_their_values(project):
    project.table["columns"]["promised_on"] = "Promised"
    with xlsxwriter.Workbook(
        project.raw / "orders.xlsx", {"default_date_format": "d.m.yy"}
    ) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["No", "Client", "Date", "State", "Promised"])
        sheet.write_row(1, 0, [17, "C-1"])
        sheet.write_datetime(1, 2, datetime(2025, 6, 5))
        sheet.write_row(1, 3, ["open", "2025-07-01"])
    project.load()
    rows = project.raw_rows(
        "select order_id, ordered_on::varchar, promised_on::varchar from orders"
    )
    assert rows == [("17", "2025-06-05", "2025-07-01")]


def test_mixed_line_ends_and_breaks_within_quotes_are_read(project):
    project.write(HEADING + 'O-1;"C\n1";2025-06-05;open;\r\nO-2;C-2;2025-06-05;open;\n')
    (count,) = project.load()
    assert (count.new_count, count.quarantined_count) == (2, 0)


def test_other_spellings_of_a_heading_are_accepted(project):
    project.file["headings"] = {"Date": ["Ordered", "Order date"]}
    project.write(GOOD.replace("Date", "Order date"))
    (count,) = project.load()
    assert count.new_count == 2


def test_expression_that_fails_for_a_row_quarantines_that_row_only(project):
    project.table["columns"]["client_id"] = "'C-' || cast(Client as integer)"
    project.write(HEADING + "O-1;1;2025-06-01;open;\nO-2;x;2025-06-02;open;\n")
    (count,) = project.load()
    assert (count.new_count, count.quarantined_count) == (1, 1)
    assert reasons(project) == [("unreadable", "client_id", "x")]


def test_decimal_comma_and_thousands_are_read_as_numbers(project):
    project.file |= {"decimal": ",", "thousands": "."}
    project.table |= {
        "table": "order_lines",
        "columns": {"order_id": "No", "quantity": "Qty", "unit_price": "Price", "product_id": "P"},
        "constants": {"line_no": 1},
    }
    project.write("No;P;Qty;Price\nO-1;P-1;1 000;1.234,56\nO-2;P-1;2,5;12.3x\n")
    project.load()
    rows = project.raw_rows("select quantity::varchar, unit_price::varchar from order_lines")
    assert rows == [("1000.0000", "1234.5600")]
    assert reasons(project) == [("unreadable", "unit_price", "12.3x")]


@pytest.mark.parametrize("price", ["500,00", "1,2345", "1234,5", "3,"])
def test_thousands_sign_anywhere_but_before_three_digits_makes_no_number(project, price):
    project.file |= {"decimal": ".", "thousands": ",", "delimiter": ";"}
    project.table |= {
        "table": "order_lines",
        "columns": {"order_id": "No", "unit_price": "Price"},
        "constants": {"line_no": 1, "quantity": 1, "product_id": "P-1"},
    }
    project.write(f"No;Price\nO-1;{price}\nO-2;1,234,567.5\n")
    project.load()
    assert project.raw_rows("select unit_price::varchar from order_lines") == [("1234567.5000",)]
    assert reasons(project) == [("unreadable", "unit_price", price)]


def test_rows_may_be_folded_into_one_per_key(project):
    project.table |= {
        "table": "clients",
        "columns": {"client_id": "Client", "name": "State"},
        "one_per_key": "last",
    }
    project.write(HEADING + "1;C-1;;a;\n2;C-1;;b;\n3;C-2;;c;\n")
    (count,) = project.load()
    assert (count.read_count, count.new_count, count.same_count) == (3, 2, 1)
    assert project.raw_rows("select name from clients order by 1") == [("b",), ("c",)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"table": "order"}, "did you mean 'orders'", id="table"),
        pytest.param({"columns": {"order_idd": "No"}}, "did you mean 'order_id'", id="column"),
        pytest.param({"columns": {"order_id": "No"}}, "orders.ordered_on must be mapped", id="gap"),
    ],
)
def test_wrong_mapping_is_an_error_with_the_nearest_name(project, change, message):
    project.table |= change
    project.write(GOOD)
    with pytest.raises(ClientlibError, match=message):
        project.load()


def test_source_without_files_names_what_it_looked_for(project):
    with pytest.raises(InputError, match=r"no file fits 'orders\*.\*'"):
        project.load()


def test_project_without_sources_says_so(project):
    empty = project.settings().model_copy(update={"sources": {}})
    with pytest.raises(ConfigError, match="no source is configured"):
        planned_loads(empty)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("x'; drop table orders; --", id="quote"),
        pytest.param('a"; drop table raw.orders; --', id="double quote"),
        pytest.param("Robert'); DROP TABLE orders;--", id="the classic"),
    ],
)
def test_names_and_values_from_sources_never_reach_sql_as_text(project, name):
    project.table["columns"]["client_id"] = name
    heading = HEADING.replace("Client", '"' + name.replace('"', '""') + '"')
    cell = '"' + name.replace('"', '""') + '"'
    project.write(heading + f"O-1;{cell};2025-06-01;open;\n", name="orders 'x'; --.csv")
    (count,) = project.load()
    assert count.new_count == 1
    assert project.raw_rows("select client_id, source_file from orders") == [
        (name, "orders 'x'; --.csv")
    ]


@pytest.mark.parametrize(
    ("date_format", "written"),
    [
        pytest.param("%d-%m-%y", "05-06-25", id="as stated, not year 5"),
        pytest.param("%d/%m/%Y", "05/06/2025", id="day first"),
        pytest.param("%d.%m.%Y", "2025-06-05", id="ISO in any case"),
        pytest.param("%y-%m-%d", "25-06-05", id="year of two digits first"),
    ],
)
def test_stated_form_of_dates_goes_before_any_other(project, date_format, written):
    project.file["date_format"] = date_format
    project.write(HEADING + f"O-1;C-1;{written};open;\n")
    project.load()
    assert project.raw_rows("select ordered_on::varchar from orders") == [("2025-06-05",)]


def test_row_known_only_after_it_was_loaded_goes_to_quarantine(project):
    project.table["columns"]["known_on"] = "Entered"
    project.write(
        "No;Client;Date;State;Promised;Entered\n"
        "O-1;C-1;2025-06-01;open;;2999-06-03\n"
        "O-2;C-1;2025-06-01;open;;1900-01-01\n"
    )
    project.load()
    assert reasons(project) == [("known_on", "known_on", "2999-06-03")]
    assert project.raw_rows("select order_id from orders") == [("O-2",)]


@pytest.mark.parametrize(
    ("starts_on", "known_on"),
    [
        pytest.param(
            "2025-01-01", "2025-01-01", id="a price that holds already: from its first day"
        ),
        pytest.param(
            "2026-01-01", "2025-07-01", id="a price of next year: from the day of loading"
        ),
    ],
)
def test_period_that_lies_ahead_is_known_when_it_is_loaded(project, starts_on, known_on):
    columns = {"product_id": "Item", "starts_on": "From", "list_price": "Price"}
    project.table = {"table": "price_list", "columns": columns}
    project.write(f"Item;From;Price\nP-1;{starts_on};9.5\n")
    project.load("2025-07-01")
    assert reasons(project) == []
    assert project.raw_rows("select known_on::varchar from price_list") == [(known_on,)]
