from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from clientlib.config import Settings, SourceSettings
from clientlib.errors import ConfigError
from clientlib.sources import list_presets, read_preset
from clientlib.warehouse import LoadCount, load_sources
from clientlib.warehouse.contracts import canonical

TABLES = [
    pytest.param(table, id=f"{preset}, {file.name}, {table.table} {number}")
    for preset in list_presets()
    for file in read_preset(preset).files
    for number, table in enumerate(file.tables)
]

NOW = datetime(2026, 1, 5, tzinfo=UTC)
RETAIL = {
    "of 2019": "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n",
    "of 2015": "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n",
}
RETAIL_ROWS = (
    "489434,85048,GLASS BALL,12,{day},6.95,13085.0,United Kingdom\n"
    "489434,m,Manual,1,{day},2.10,13085.0,United Kingdom\n"
    "C489449,85048,GLASS BALL,-2,{day},6.95,13085.0,United Kingdom\n"
    "489450,85048,GLASS BALL,3,{day},6.95,,United Kingdom\n"
    "A506401,B,Adjust bad debt,1,{day},-53594.36,,United Kingdom\n"
)


def load(root: Path, preset: str) -> dict[str, LoadCount]:
    source = SourceSettings(path=Path("raw"), preset=preset)
    settings = Settings(root=root, sources={preset: source})
    return {count.table: count for count in load_sources(settings, now=NOW)}


def read(root: Path, query: str) -> list[tuple]:
    with duckdb.connect(root / "data/warehouse/raw.duckdb") as connection:
        return connection.execute(query).fetchall()


def write(root: Path, name: str, text: str) -> None:
    (root / "raw").mkdir(exist_ok=True)
    (root / "raw" / name).write_text(text, encoding="utf-8")


def test_there_are_presets_for_known_exports():
    assert list_presets() == [
        "cfpb_complaints",
        "hubspot",
        "ibm_receivables",
        "maven_crm",
        "online_retail",
        "pipedrive",
        "retail_price",
        "sample_company",
        "scms_delivery",
    ]


@pytest.mark.parametrize("table", TABLES)
def test_preset_maps_only_columns_that_the_table_has(table):
    known = {*canonical(table.table).column_names, "known_on"}
    assert {*table.columns, *table.constants} <= known
    assert not set(table.columns) & set(table.constants)


@pytest.mark.parametrize("table", TABLES)
def test_preset_maps_every_required_column(table):
    required = {c.name for c in canonical(table.table).columns if c.is_required}
    assert required <= {*table.columns, *table.constants}


def test_misspelt_preset_offers_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'online_retail'"):
        read_preset("online_retial")


@pytest.mark.parametrize("day", ["12/1/2009 8:26", "2009-12-01 08:26:00", "2009-12-01"])
@pytest.mark.parametrize("spelling", list(RETAIL))
def test_online_retail_is_read_in_both_spellings_and_date_forms(tmp_path, spelling, day):
    write(tmp_path, "online_retail.csv", RETAIL[spelling] + RETAIL_ROWS.format(day=day))
    counts = load(tmp_path, "online_retail")
    orders = read(tmp_path, "select order_id, ordered_on, is_credit from orders order by 1")
    day = date(2009, 12, 1)
    assert orders == [
        ("489434", day, False),
        ("489450", day, False),
        ("A506401", day, False),
        ("C489449", day, True),
    ]
    assert read(tmp_path, "select client_id from clients") == [("13085",)]
    assert read(tmp_path, "select product_id, line_no from order_lines order by all") == [
        ("85048", 1),
        ("85048", 1),
        ("85048", 1),
        ("M", 2),
    ]
    assert counts["order_lines"].quarantined_count == 1


def test_bad_debt_of_online_retail_is_no_order_line(tmp_path):
    write(tmp_path, "Online Retail.csv", RETAIL["of 2015"] + RETAIL_ROWS.format(day="2009-12-01"))
    load(tmp_path, "online_retail")
    bad = read(tmp_path, """select table_name, reasons[1]."column" from quarantine""")
    assert bad == [("order_lines", "unit_price")]


def test_ibm_receivables_become_invoices_settled_on_their_day(tmp_path):
    write(
        tmp_path,
        "WA_Fn-UseC_-Accounts-Receivable.csv",
        "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,"
        "Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate\n"
        "391,0379-NEVHP,4/6/2013,611365,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0\n",
    )
    load(tmp_path, "ibm_receivables")
    (invoice,) = read(
        tmp_path,
        "select client_id, amount::double, issued_on, due_on, paid_on, sent_by from invoices",
    )
    days = (date(2013, 1, 2), date(2013, 2, 1), date(2013, 1, 15))
    assert invoice == ("0379-NEVHP", 55.94, *days, "Paper")


def test_maven_deals_without_an_opening_day_go_to_quarantine(tmp_path):
    write(tmp_path, "accounts.csv", "account,sector,year_established,revenue,employees,"
          "office_location,subsidiary_of\nAcme,technolgy,1996,1100.04,2822,Philipines,\n")  # fmt: skip
    write(tmp_path, "sales_teams.csv", "sales_agent,manager,regional_office\nAnna,Dustin,Central\n")
    write(tmp_path, "products.csv", "product,series,sales_price\nGTX Pro,GTX,4821\n")
    write(
        tmp_path,
        "sales_pipeline.csv",
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "D1,Anna,GTXPro,Acme,Won,2016-10-20,2017-03-01,1054\n"
        "D2,Anna,GTXPro,Acme,Engaging,2016-10-25,,\n"
        "D3,Anna,GTXPro,Acme,Prospecting,,,\n",
    )
    counts = load(tmp_path, "maven_crm")
    deals = read(tmp_path, "select deal_id, outcome, product_id from deals order by 1")
    assert deals == [("D1", "won", "GTX Pro"), ("D2", "open", "GTX Pro")]
    assert counts["deals"].quarantined_count == 1
    clients = read(tmp_path, "select country, industry from clients")
    assert clients == [("Philippines", "technology")]


def test_prices_that_equal_our_own_are_no_observation(tmp_path):
    write(
        tmp_path,
        "retail_price.csv",
        "product_id,product_category_name,month_year,qty,unit_price,comp_1,comp_2,comp_3\n"
        "bed1,bed_bath_table,01-05-2017,1,45.95,89.9,45.95,45.95\n"
        "bed1,bed_bath_table,01-06-2017,3,45.95,45.95,44.15,45.95\n",
    )
    load(tmp_path, "retail_price")
    seen = read(tmp_path, "select competitor_id, price::double from competitor_prices order by 1")
    assert seen == [("bed_bath_table:1", 89.9), ("bed_bath_table:2", 44.15)]


def test_company_of_a_complaint_is_the_client_and_knew_of_it_when_it_was_sent_on(tmp_path):
    write(
        tmp_path,
        "Consumer_Complaints.csv",
        "Complaint ID,Product,Sub-product,Issue,Sub-issue,State,ZIP code,Submitted via,Date received,"
        "Date sent to company,Company,Company response,Timely response?,Consumer disputed?\n"
        '7,Mortgage,,Fees,,FL,01234,Web,11/03/2014,11/05/2014,"Acme, Inc.",In progress,Yes,\n'
        "8,Mortgage,,Fees,,FL,01234,Web,11/03/2014,11/05/2014,Acme,In progress,Yes\n",
    )
    counts = load(tmp_path, "cfpb_complaints")
    complaint = read(tmp_path, "select client_id, opened_on, closed_on, known_on from complaints")
    assert complaint == [("Acme, Inc.", date(2014, 11, 3), None, date(2014, 11, 5))]
    assert counts["complaints"].quarantined_count == 1


@pytest.mark.parametrize(
    ("quoted_on", "sent_on", "ordered_on"),
    [
        pytest.param("5/1/06", "5/9/06", date(2006, 5, 9), id="sent to the vendor"),
        pytest.param("5/1/06", "N/A - From RDC", date(2006, 5, 1), id="price quote"),
        pytest.param("Pre-PQ Process", "Date Not Captured", date(2006, 6, 2), id="scheduled"),
    ],
)
def test_scms_order_counts_from_the_first_day_that_the_export_knows(
    tmp_path, quoted_on, sent_on, ordered_on
):
    write(
        tmp_path,
        "SCMS_Delivery_History_Dataset.csv",
        "ID,Project Code,PO / SO #,Country,Managed By,Fulfill Via,PQ First Sent to Client Date,"
        "PO Sent to Vendor Date,Scheduled Delivery Date,Delivered to Client Date,"
        "Delivery Recorded Date,Product Group,Sub Classification,Item Description,"
        "Unit of Measure (Per Pack),Line Item Quantity,Line Item Value\n"
        f"31,100-CI-T01,SCMS-4,Togo,PMO - US,Direct Drop,{quoted_on},{sent_on},2-Jun-06,3-Jun-06,"
        "4-Jun-06,HRDT,HIV test,Reveal,30,19,551\n",
    )
    load(tmp_path, "scms_delivery")
    assert read(tmp_path, "select ordered_on from orders") == [(ordered_on,)]
    assert read(tmp_path, "select line_no, unit_price::double from order_lines") == [(31, 29.0)]
    assert read(tmp_path, "select name from clients") == [("Togo, 100-CI-T01",)]
