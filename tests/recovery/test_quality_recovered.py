"""The faults planted in the sample company, found by the report on the quality of the data."""

import pytest

from clientlib import quality

LAST_DAY = "2025-12-31"
# Planted blanks of columns that have no others, by canonical table and heading of the export.
BLANKS = {
    ("clients", "region"): "Region",
    ("clients", "size_band"): "Size",
    ("orders", "channel"): "Channel",
    ("orders", "manager_id"): "RepNo",
    ("complaints", "unit"): "Unit",
    ("contacts", "role"): "Role",
    ("interactions", "topic"): "Topic",
}


@pytest.fixture(scope="module")
def profile(recovered):
    return recovered.warehouse.profile(as_of=LAST_DAY)


@pytest.fixture(scope="module")
def loads(recovered):
    history = recovered.warehouse.read("marts.load_history")
    return quality.follow_loads(history, recovered.warehouse.quarantine_counts())


def test_planted_blanks_are_gaps_with_their_exact_counts(recovered, profile):
    found = quality.judge_completeness(profile.blanks).columns
    gaps = found[found["verdict"] == "gap"].set_index(["table_name", "column_name"])
    planted = {key: recovered.truth["mess"][key[0]]["blanks"][name] for key, name in BLANKS.items()}
    assert {key: gaps.loc[key, "blank_count"] for key in BLANKS} == planted


def test_planted_orphans_are_found_and_no_others(recovered, profile, loads):
    found = quality.judge_keys(profile.keys, profile.orphans, loads).orphans
    planted = {
        table: sum(mess["orphans"].values())
        for table, mess in recovered.truth["mess"].items()
        if mess["orphans"]
    }
    assert found.set_index("table_name")["orphans_count"].to_dict() == planted


def test_planted_bad_rows_wait_in_quarantine_by_table(recovered, loads):
    waiting = loads.tables[loads.tables["open_count"] > 0]
    planted = {
        table: mess["quarantined"]
        for table, mess in recovered.truth["mess"].items()
        if mess["quarantined"]
    }
    assert waiting.set_index("table_name")["open_count"].to_dict() == planted


def test_invoices_hold_the_planted_vat_and_every_order_balances(recovered):
    read = recovered.warehouse.read
    found = quality.judge_balances(
        read("marts.order_balances"), read("marts.invoice_balances"), as_of=LAST_DAY
    )
    assert found.ratios["ratio"].tolist() == [1.21]
    assert found.billed_count > 20_000
    assert found.documents.empty


def test_main_tables_of_a_company_that_works_every_day_are_fresh(profile):
    tables = quality.judge_freshness(profile.fact_days, as_of=LAST_DAY).tables
    verdicts = tables.set_index("table_name")["verdict"]
    assert set(verdicts[["orders", "deliveries", "invoices", "payments"]]) == {"fresh"}
