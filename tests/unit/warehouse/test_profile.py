"""What a snapshot's tables look like, counted from a few rows of an export."""

import pandas as pd
import pytest

from clientlib.warehouse import open_warehouse


@pytest.fixture(scope="module")
def profile(small_company):
    with open_warehouse(small_company.warehouse_folder) as warehouse:
        yield warehouse.profile(as_of="2025-06-30"), warehouse


def test_blanks_are_those_that_a_plain_count_finds(profile):
    counted, warehouse = profile
    blanks = counted.blanks.set_index(["table_name", "column_name"])
    lines = warehouse.read("staging.order_lines")
    row = blanks.loc[("order_lines", "unit_cost")]
    assert (row["rows_count"], row["blank_count"]) == (len(lines), lines["unit_cost"].isna().sum())
    blank = lines[lines["unit_cost"].isna()]
    worth = blank["quantity"] * blank["unit_price"] * (1 - blank["discount_share"].fillna(0))
    assert row["blank_amount"] == pytest.approx(worth.sum())
    assert blanks.loc[("order_lines", "order_id"), "blank_count"] == 0


def test_only_dates_that_need_not_have_come_may_come_later(profile):
    blanks = profile[0].blanks.set_index(["table_name", "column_name"])["may_come_later"]
    assert blanks[("orders", "cancelled_on")]
    assert not blanks[("orders", "ordered_on")]
    assert not blanks[("contracts", "signed_on")], "the day that dates the row itself"


def test_keys_of_staging_are_unique(profile):
    keys = profile[0].keys
    assert len(keys) > 30
    assert keys["repeated_count"].sum() == 0


def test_facts_by_day_are_those_known_on_the_day(profile):
    counted, warehouse = profile
    days = counted.fact_days
    orders = days[days["table_name"] == "orders"]
    assert days["happened_on"].max() <= pd.Timestamp("2025-06-30")
    known = warehouse.read("staging.orders")
    known = known[(known["known_on"] <= "2025-06-30") & (known["ordered_on"] <= "2025-06-30")]
    assert orders["rows_count"].sum() == len(known) > 0
