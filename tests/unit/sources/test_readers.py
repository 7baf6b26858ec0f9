from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from clientlib.config import FileMapping, TableMapping
from clientlib.errors import InputError
from clientlib.sources import find_files, open_reading


def mapping(**file) -> FileMapping:
    return FileMapping(
        **{"name": "orders", "file": "orders*", "tables": [TableMapping(table="orders")], **file}
    )


def rows(path: Path, **file) -> tuple[list[str], list[tuple]]:
    reading = open_reading(path, mapping(**file), path.parent)
    with duckdb.connect() as connection:
        for name, frame in reading.frames.items():
            connection.register(name, frame)
        answer = connection.execute(f"select * from {reading.relation}", reading.parameters)
        return [column[0] for column in answer.description], answer.fetchall()


@pytest.fixture
def export(tmp_path) -> Path:
    return tmp_path / "orders.csv"


@pytest.fixture
def workbook(tmp_path) -> Path:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Orders", "Returns"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["No", "Qty"])
            sheet.write_row(1, 0, [f"{name[0]}-1", 2.5])
        book.add_worksheet("Notes")
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_guessed_from_the_heading(export, delimiter):
    export.write_text(f"No{delimiter}Client\nO-1{delimiter}C-1\n")
    assert rows(export) == (["No", "Client"], [("O-1", "C-1")])


def test_delimiters_within_quoted_headings_do_not_count(export):
    export.write_text('"Price, net, EUR";Qty\n1,5;2\n')
    assert rows(export) == (["Price, net, EUR", "Qty"], [("1,5", "2")])


def test_stated_delimiter_goes_before_the_guess(export):
    export.write_text("a;b,c;d\n1;2,3;4\n")
    assert rows(export, delimiter=",") == (["a;b", "c;d"], [("1;2", "3;4")])


def test_file_of_one_column_needs_no_delimiter(export):
    export.write_text("No\nO-1\n")
    assert rows(export) == (["No"], [("O-1",)])


def test_repeated_headings_are_told_apart_by_their_place(export):
    export.write_text("No;Name;name;No\n1;2;3;4\n")
    assert rows(export) == (["No", "Name", "name (3)", "No (4)"], [("1", "2", "3", "4")])


def test_heading_that_looks_like_a_given_one_hides_no_column(export):
    export.write_text("a;a (3);a;;column 4\n1;2;3;4;5\n")
    assert rows(export) == (
        ["a", "a (3)", "a (3) (3)", "column 4", "column 4 (5)"],
        [("1", "2", "3", "4", "5")],
    )


def test_column_without_a_heading_is_named_by_its_place(export):
    export.write_text("No;;Qty;\n1;2;3;\n")
    assert rows(export) == (["No", "column 2", "Qty", "column 4"], [("1", "2", "3", None)])


def test_blanks_around_headings_do_not_count(export):
    export.write_text('" Order No ";Qty\t\n1;2\n')
    assert rows(export)[0] == ["Order No", "Qty"]


def test_heading_may_hold_a_line_end_within_quotes(export):
    export.write_text('"Order\nno";Client\nO-1;C-1\n')
    assert rows(export) == (["Order\nno", "Client"], [("O-1", "C-1")])


def test_mark_before_the_first_heading_does_not_count(export):
    export.write_bytes("No;Client\r\nO-1;Šiauliai\r\n".encode("utf-8-sig"))
    assert rows(export) == (["No", "Client"], [("O-1", "Šiauliai")])


def test_lines_may_end_in_a_carriage_return(export):
    export.write_bytes(b"No;Client\rO-1;C-1\rO-2;C-2\r")
    assert rows(export)[1] == [("O-1", "C-1"), ("O-2", "C-2")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "orders.csv is empty", id="no byte"),
        pytest.param(b"\n\nNo;Client\n", "orders.csv has no headings", id="blank first line"),
        pytest.param(b"\xef\xbb\xbf", "orders.csv has no headings", id="a mark only"),
        pytest.param(b"x" * 200_000, "orders.csv has no headings that can be read", id="no CSV"),
    ],
)
def test_file_without_headings_is_an_error(export, content, message):
    export.write_bytes(content)
    with pytest.raises(InputError, match=message):
        open_reading(export, mapping(), export.parent)


def test_file_of_an_unknown_suffix_needs_its_format_stated(tmp_path):
    path = tmp_path / "orders.dat"
    path.write_text("No;Client\nO-1;C-1\n")
    with pytest.raises(InputError, match="orders.dat is of no known format"):
        open_reading(path, mapping(), tmp_path)
    assert rows(path, format="csv")[1] == [("O-1", "C-1")]


@pytest.mark.parametrize(
    ("sheet", "number"),
    [pytest.param("Returns", "R-1", id="by name"), pytest.param(0, "O-1", id="by number from 0")],
)
def test_sheet_of_a_workbook_is_chosen(workbook, sheet, number):
    assert rows(workbook, sheet=sheet) == (["No", "Qty"], [(number, "2.5")])


@pytest.mark.parametrize("sheet", ["Order", 3])
def test_missing_sheet_is_an_error_that_names_those_there_are(workbook, sheet):
    with pytest.raises(InputError, match=rf"no sheet {sheet!r}[\s\S]*Orders, Returns, Notes"):
        open_reading(workbook, mapping(sheet=sheet), workbook.parent)


def test_sheet_with_nothing_in_it_is_an_error(workbook):
    with pytest.raises(InputError, match="orders.xlsx has nothing in its sheet 'Notes'"):
        open_reading(workbook, mapping(sheet="Notes"), workbook.parent)


def test_files_of_a_mapping_come_in_the_order_of_their_names(tmp_path):
    for name in ("orders_2.csv", "orders_1.csv", "clients.csv"):
        (tmp_path / name).touch()
    (tmp_path / "orders_3").mkdir()
    found = find_files(tmp_path, mapping())
    assert [path.name for path in found] == ["orders_1.csv", "orders_2.csv"]


def test_missing_files_are_an_error_unless_they_are_optional(tmp_path):
    (tmp_path / "clients.csv").touch()
    with pytest.raises(InputError, match=r"no file fits 'orders\*'[\s\S]*example: clients.csv"):
        find_files(tmp_path, mapping())
    assert find_files(tmp_path / "nowhere", mapping(optional=True)) == []


def test_source_may_be_one_file(export):
    export.touch()
    assert [file.path for file in find_files(export, mapping(file="other*"))] == [export]
