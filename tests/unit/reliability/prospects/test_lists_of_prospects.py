"""A list of prospects is used line by line, and nothing of it is guessed or lost."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.prospects import read_prospects
from clientlib.reliability.prospects.columns import LIST_COLUMNS
from clientlib.sources.listed import read_listed

AS_OF = "2025-12-31"
DOCS = Path(__file__).parents[4] / "docs/how-to"


@pytest.fixture
def read(tmp_path):
    """Write a list and read it."""

    def read(text, encoding="utf-8"):
        path = tmp_path / "prospects.csv"
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return read_prospects(read_listed(path), as_of=AS_OF)

    return read


def reasons(prospects):
    return [str(reason) for reason in prospects.quarantine["reason"]]


def test_without_a_list_there_is_nothing():
    assert read_prospects(None, as_of=AS_OF) is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("name,equity_amount\nUAB Ąžuolas,-1250.5\n", "utf-8", id="comma and point"),
        pytest.param("name;equity_amount\r\nUAB Ąžuolas;-1250,5\r\n", "utf-8-sig", id="semicolon, BOM"),
        pytest.param("Name\tEquity_Amount\nUAB Ąžuolas\t-1 250,5\n", "utf-16", id="tabs, UTF-16"),
        pytest.param('name,equity_amount\n"UAB Ąžuolas","-1.250,5"\n', "utf-8", id="quoted"),
    ],
)  # fmt: skip
def test_dialects_say_the_same(read, text, encoding):
    prospects = read(text, encoding)
    assert prospects.rows[["client_id", "name", "equity_amount"]].to_numpy().tolist() == [
        ["list 2", "UAB Ąžuolas", -1250.5]
    ]
    assert prospects.quarantine.empty


def test_what_is_not_given_is_not_known(read):
    row = read("name\nA\n").rows.iloc[0]
    assert row.drop(["client_id", "name"]).isna().all()
    assert set(row.index) == {"client_id", *(column.name for column in LIST_COLUMNS)}


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("equity_amount", "x", "equity_amount: x is no number"),
        ("equity_amount", "1.234", "equity_amount: 1.234 may mean thousands or decimals"),
        ("equity_amount", "1e5", "is no number"),
        ("equity_amount", "nan", "is no number"),
        ("sales_amount", "-5", "sales_amount: -5 is out of its range"),
        ("equity_amount", "99999999999999999", "is out of its range"),
        ("asked_payment_days", "30.5", "is out of its range"),
        ("asked_off_share", "105%", "is out of its range"),
        ("bureau_grade", "F", "the grade F is none of A to E"),
        ("year_ends_on", "31.12.2024", "is no day such as 2025-12-31"),
        ("year_ends_on", "2026-12-31", "its statement ends after 2025-12-31"),
    ],
)
def test_line_with_a_wrong_cell_is_set_aside_with_its_reason(read, column, cell, reason):
    prospects = read(f"name;{column}\nGood;\nBad;{cell}\n")
    assert prospects.rows["name"].tolist() == ["Good"]
    assert prospects.quarantine["line"].tolist() == [3]
    assert reason in reasons(prospects)[0]
    assert cell in prospects.quarantine["text"][0]


def test_every_reason_of_a_line_is_told(read):
    prospects = read("name;equity_amount;bureau_grade\n;x;Q\n")
    assert reasons(prospects) == [
        "name is missing",
        "the grade Q is none of A to E",
        "equity_amount: x is no number",
    ]


def test_repeated_names_are_found_whatever_their_letters_and_blanks(read):
    prospects = read("name\nUAB Beržas\nuab  BERŽAS\nUAB Uosis\n")
    assert prospects.rows["name"].tolist() == ["UAB Beržas", "UAB Uosis"]
    assert reasons(prospects) == ["the name stands in line 2 already"]


def test_parts_above_their_whole_are_refused(read):
    prospects = read("name,contacts_count,answered_count\nA,2,3\nB,3,2\n")
    assert prospects.rows["name"].tolist() == ["B"]
    assert reasons(prospects) == ["answered_count is above contacts_count"]


def test_lines_of_the_wrong_shape_are_kept_and_blank_ones_are_no_lines(read):
    prospects = read('name,country\nA,LT\n\nB\nC,LT,more\n"D\nE",LT\n')
    assert prospects.rows["name"].tolist() == ["A", "D\nE"]
    assert prospects.rows["client_id"].tolist() == ["list 2", "list 6"]
    assert prospects.quarantine[["line", "text"]].to_numpy().tolist() == [
        [4, "B"],
        [5, "C | LT | more"],
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("name,equty_amount\nA,1\n", "is it 'equity_amount'", id="unknown column"),
        pytest.param("country\nLT\n", "has no column 'name'", id="no names"),
        pytest.param("name,country,Country\nA,LT,LT\n", "stands twice", id="heading twice"),
        pytest.param("name,\nA,LT\n", "is blank or", id="blank heading"),
        pytest.param("", "is empty", id="empty"),
        pytest.param("\n\n", "has no headings", id="blank lines"),
        pytest.param('name\n"A\n', "cannot be parted into cells", id="open quotation"),
        pytest.param("name\nĄžuolas\n".encode("windows-1257"), "not written in UTF-8", id="encoding"),
        pytest.param(b"PK\x03\x04\x00\x00", "is no text", id="workbook"),
    ],
)  # fmt: skip
def test_list_that_is_wrong_as_a_whole_is_refused(read, text, said):
    with pytest.raises(InputError, match=said):
        read(text)


def test_list_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match=r"there is no file absent\.csv"):
        read_listed(tmp_path / "absent.csv")


def test_template_holds_all_columns_and_is_good():
    prospects = read_prospects(read_listed(DOCS / "prospects.csv"), as_of=AS_OF)
    headings = (DOCS / "prospects.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert headings == [column.name for column in LIST_COLUMNS]
    assert prospects.rows["name"].tolist() == ["Example Builders", "Only a Name"]
    assert prospects.rows["asked_off_share"][0] == 0.05
    assert prospects.quarantine.empty


def test_page_of_the_list_documents_every_column():
    page = (DOCS / "prospects.md").read_text(encoding="utf-8")
    lines = [f"| `{column.name}` | {column.kind} | {column.about} |" for column in LIST_COLUMNS]
    assert [line for line in lines if line not in page] == []


def test_signs_of_a_listed_prospect_by_hand(read):
    from clientlib.reliability.prospects.candidates import describe_listed

    rows = read(
        "name,equity_amount,total_assets_amount,current_assets_amount,short_liabilities_amount,"
        "total_liabilities_amount,sales_amount,gross_profit_amount,depreciation_amount,bureau_grade,"
        "contacts_count,answered_count\nA,50,200,80,40,150,730,20,10,C,4,1\n"
    ).rows
    usual = pd.Series({"answered_share": 0.5, "longer_terms_share": 0.1, "broken_share": 0.2})
    (signs,) = describe_listed(rows, usual, pd.Timestamp(AS_OF)).to_dict("records")
    assert signs["equity_to_assets"] == 0.25
    assert signs["current_ratio"] == 2.0
    assert signs["short_liability_days_of_sales"] == 20.0
    assert signs["cash_profit_to_liabilities"] == 0.2
    assert signs["bureau_grade"] == 3.0
    assert signs["answered_share"] == pytest.approx((1 + 4 * 0.5) / (4 + 4))
    assert signs["dealings_count"] == 4.0
    assert np.isnan(signs["net_profit_to_assets"])


def test_ratios_of_a_list_are_those_of_the_warehouse(small_company):
    from clientlib.reliability.prospects.candidates import describe_listed
    from clientlib.reliability.risks.panels import RATIOS
    from clientlib.warehouse import open_warehouse

    with open_warehouse(small_company.warehouse_folder) as warehouse:
        told = warehouse.read("staging.client_financials")
        tables = [warehouse.read(f"marts.client_{name}_ratios") for name in ("profit", "balance")]
    key = ["client_id", "ends_on", "version"]
    ratios = tables[0].merge(tables[1], on=[*key, "counted_on"])
    ratios = ratios.sort_values("version").drop_duplicates(["client_id", "ends_on"], keep="last")
    before = told.assign(ends_on=told["ends_on"] + pd.DateOffset(years=1))
    both = told.merge(before, on=["client_id", "ends_on"], suffixes=("", "_before"))
    both = both.merge(ratios, on=["client_id", "ends_on"])
    names = {"ends_on": "year_ends_on", "depreciation_cost": "depreciation_amount",
             "sales_amount_before": "previous_sales_amount"}  # fmt: skip
    listed = both.rename(columns=names).reindex(
        columns=["client_id", *(c.name for c in LIST_COLUMNS)]
    )
    numbers = [c.name for c in LIST_COLUMNS if c.kind in ("amount", "count", "share")]
    listed[numbers] = listed[numbers].astype(float)
    usual = pd.Series({"answered_share": 0.5, "longer_terms_share": 0.1, "broken_share": 0.2})
    found = describe_listed(listed, usual, pd.Timestamp(AS_OF))
    assert len(found) > 50
    for ratio in RATIOS:
        np.testing.assert_allclose(found[ratio], both[ratio].astype(float), rtol=1e-9)
