"""Tables on a page: searched as one types, and taken away as CSV and as Excel files."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import fastexcel
import pandas as pd
import pytest

from clientlib import figures

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

NAMES = [
    "</script><script>document.title='taken'</script><img src=x onerror=alert(2)>",
    "=cmd|' /C calc'!A0",
    "+1",
    "-2",
    "@SUM(A1)",
    "\tTab first",
    "\u202eReversed",
    '🦄 Unicorn & "Sons", <b>bold</b>',
    "Long " * 1000,
    "Two\nlines",
    "Bell\x07 and \x0b and \ud800 half",
    "UAB „Šermukšnis“",
    "_x0041_",
]
SHOWN = {
    "Two\nlines": "Two lines",
    "\u202eReversed": "Reversed",
    "Bell\x07 and \x0b and \ud800 half": "Bell and and half",
}
CAPTION = "../..\\Kas skolingi? \u202e[ąžuolas]: CON <b>"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def list_rows(count):
    clients = [NAMES[k] if k < len(NAMES) else f"Client-{k}" for k in range(count)]
    return pd.DataFrame(
        {
            "client": clients,
            "late_share": [None if k == 3 else k / count for k in range(count)],
            "overdue_amount": [k * 1234.5 - 100 for k in range(count)],
            "order_count": range(count),
            "last_on": pd.to_datetime([None if k == 4 else "2025-06-30" for k in range(count)]),
        }
    )


@pytest.fixture(scope="module")
def page(write_shown):
    columns = {
        "client": "Client",
        "late_share": figures.percent("Late", decimals=1),
        "overdue_amount": figures.money("Overdue", "EUR", decimals=2),
        "order_count": figures.count("Orders"),
        "last_on": figures.date("Last order"),
    }
    shown = [
        figures.show_table(list_rows(200), columns=columns, caption=CAPTION),
        figures.show_table(list_rows(10), columns=columns, caption="Few rows"),
        figures.show_table(list_rows(11), columns=columns, caption="nul"),
    ]
    return write_shown(shown)


@pytest.fixture
def tab(page, visit):
    seen = visit(page)
    yield seen.tab
    assert seen.faults == []


def block(tab, place):
    return tab.locator(".table-block").nth(place)


def take(tab, place, button):
    with tab.expect_download() as waiting:
        block(tab, place).get_by_role("button", name=button).click()
    return waiting.value


def read_csv(download):
    return list(csv.reader(io.StringIO(download.path().read_bytes().decode("utf-8"), newline="")))


def shown_name(name):
    return SHOWN.get(name, name).strip()


def test_csv_begins_with_the_mark_of_utf8_and_ends_its_lines_by_rfc_4180(tab):
    content = take(tab, 0, "Download as CSV").path().read_bytes()
    assert content.startswith("\ufeffClient,Late,".encode())
    assert content.count(b"\r\n") == content.count(b"\n") == 201


def test_csv_guards_formulas_and_leaves_numbers_alone(tab):
    rows = read_csv(take(tab, 0, "Download as CSV"))
    assert [row[0] for row in rows[2:6]] == ["'=cmd|' /C calc'!A0", "'+1", "'-2", "'@SUM(A1)"]
    assert rows[1][1:] == ["0", "-100", "0", "2025-06-30"]
    assert rows[4][1] == rows[5][4] == ""
    assert rows[8][0] == '🦄 Unicorn & "Sons", <b>bold</b>'
    assert not any(row[0].startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows)


def test_excel_file_holds_every_row_with_its_kind(tab):
    path = take(tab, 0, "Download as Excel").path()
    sheet = fastexcel.read_excel(path.read_bytes()).load_sheet(0).to_pandas()
    assert list(sheet.columns) == ["Client", "Late", "Overdue, EUR", "Orders", "Last order"]
    assert len(sheet) == 200
    assert sheet["Late"].dtype == sheet["Overdue, EUR"].dtype == float
    assert sheet["Late"][100] == 0.5
    assert sheet["Overdue, EUR"][0] == -100
    assert sheet["Late"].isna().tolist().index(True) == 3
    assert sheet["Last order"][0] == pd.Timestamp("2025-06-30")
    assert pd.isna(sheet["Last order"][4])


def test_excel_file_holds_hostile_names_as_plain_text(tab):
    archive = zipfile.ZipFile(take(tab, 0, "Download as Excel").path())
    assert archive.testzip() is None  # every checksum is right
    tree = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert list(tree.iter(f"{SHEET}f")) == []
    cells = [cell for cell in tree.iter(f"{SHEET}c") if cell.get("r").startswith("A")]
    assert {cell.get("t") for cell in cells} == {"inlineStr"}
    texts = ["".join(cell.itertext()) for cell in cells[1:]]
    assert texts[: len(NAMES) - 1] == [shown_name(name) for name in NAMES[:-1]]
    assert texts[len(NAMES) - 1] == "_x005F_x0041_"  # else Excel would read an A


def test_excel_file_writes_shares_money_and_days_in_their_formats(tab):
    archive = zipfile.ZipFile(take(tab, 0, "Download as Excel").path())
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    codes = [code.get("formatCode") for code in styles.iter(f"{SHEET}numFmt")]
    assert codes == ["General", "0.0%", "#,##0.00", "#,##0", r"yyyy\-mm\-dd"]
    row = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml")).find(
        f".//{SHEET}row[@r='2']"
    )
    assert [cell.get("s") for cell in row] == ["0", "3", "4", "5", "6"]


def test_same_table_gives_the_same_excel_bytes(tab):
    first, second = (take(tab, 1, "Download as Excel").path().read_bytes() for _ in range(2))
    assert first == second


def test_names_of_files_and_sheets_are_safe_and_keep_lithuanian_letters(tab):
    download = take(tab, 0, "Download as Excel")
    assert download.suggested_filename == "kas-skolingi-ąžuolas-con-b.xlsx"
    sheet = fastexcel.read_excel(download.path().read_bytes()).sheet_names
    assert sheet == [".. .. Kas skolingi ąžuolas CON"]
    assert take(tab, 2, "Download as CSV").suggested_filename == "table-nul.csv"


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        pytest.param("x" * 300, "x" * 76 + ".csv", id="at most 80 characters"),
        pytest.param("🦄", "table.csv", id="nothing is left"),
        pytest.param("COM1", "table-com1.csv", id="a device of Windows"),
        pytest.param("a\u202eb\u0000c/../d", "a-b-c-d.csv", id="marks and path parts"),
        pytest.param("Šiauliai, I-asis ketv.", "šiauliai-i-asis-ketv.csv", id="Lithuanian"),
    ],
)
def test_name_of_a_file(tab, caption, name):
    assert tab.evaluate("caption => Files.name(caption, 'csv')", caption) == name


def test_search_shows_the_rows_that_fit_and_says_how_many(tab):
    table = block(tab, 0)
    table.get_by_role("searchbox", name="Search in this table").fill("sermuksnis")
    expect(table.get_by_role("status")).to_have_text("1 of 200 rows")
    assert table.locator("tbody tr:visible").count() == 1
    table.get_by_role("searchbox").fill("client-15")
    expect(table.get_by_role("status")).to_have_text("11 of 200 rows")
    assert table.locator("tbody tr:visible").count() == 11


def test_search_finds_numbers_with_and_without_their_spaces(tab):
    table = block(tab, 0)
    for typed in ("12\u202f245.00", "12245", "12 245.00"):
        table.get_by_role("searchbox").fill(typed)
        expect(table.get_by_role("status")).to_have_text("1 of 200 rows")


def test_escape_clears_the_search_and_folds_the_table_again(tab):
    table = block(tab, 0)
    table.get_by_role("searchbox").fill("nobody at all")
    expect(table.get_by_role("status")).to_have_text("0 of 200 rows")
    tab.keyboard.press("Escape")
    expect(table.get_by_role("status")).to_have_text("")
    assert table.get_by_role("searchbox").input_value() == ""
    assert table.locator("tbody tr:visible").count() == 25


def test_search_is_reached_by_the_keyboard_before_its_table(tab):
    block(tab, 0).get_by_role("searchbox").focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('th')?.textContent") == "Client"


def test_search_survives_a_sort(tab):
    table = block(tab, 0)
    table.get_by_role("searchbox").fill("client-15")
    table.get_by_role("columnheader", name="Orders").get_by_role("button").click()
    assert table.locator("tbody tr:visible").count() == 11
    assert table.locator("tbody tr:visible").first.locator("th").inner_text() == "Client-159"


def test_table_of_few_rows_has_no_search(tab):
    assert block(tab, 1).get_by_role("searchbox").count() == 0
    assert block(tab, 2).get_by_role("searchbox").count() == 1


def test_what_is_searched_or_folded_does_not_shorten_the_file(tab):
    block(tab, 0).get_by_role("searchbox").fill("nobody at all")
    assert len(read_csv(take(tab, 0, "Download as CSV"))) == 201
