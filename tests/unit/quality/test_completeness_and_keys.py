"""Blanks, keys and loads: which are faults, and how many rows they are."""

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.quality import follow_loads, judge_completeness, judge_keys


def profile_of(rows_count, blank_count, may_come_later=False):
    return pd.DataFrame(
        {
            "table_name": ["orders"],
            "column_name": ["channel"],
            "may_come_later": [may_come_later],
            "rows_count": [rows_count],
            "blank_count": [blank_count],
            "blank_amount": [50.0],
        }
    )


@pytest.mark.parametrize(
    ("blank_count", "may_come_later", "verdict"),
    [
        pytest.param(1, False, "gap", id="one blank of ten: a value is usual"),
        pytest.param(2, False, "gap", id="four fifths are filled: still usual"),
        pytest.param(3, False, "often blank", id="fewer are filled: blank by nature"),
        pytest.param(10, False, "never brought", id="no value at all"),
        pytest.param(1, True, "may come later", id="the day has not come yet"),
        pytest.param(10, True, "never brought", id="not even one day came"),
    ],
)
def test_blank_is_a_gap_only_where_a_value_is_usual(blank_count, may_come_later, verdict):
    found = judge_completeness(profile_of(10, blank_count, may_come_later))
    assert found.columns["verdict"].tolist() == [verdict]
    assert found.gaps_count == len(found.issues) == (verdict == "gap")


def test_gap_is_an_issue_with_its_rows_and_money():
    (issue,) = judge_completeness(profile_of(10, 2)).issues.to_dict("records")
    assert (issue["issue"], issue["rows_count"], issue["amount"]) == ("channel is blank", 2, 50.0)


def test_column_without_blanks_is_not_listed():
    found = judge_completeness(profile_of(10, 0))
    assert (len(found.columns), found.columns_count) == (0, 1)


def test_worst_gap_stands_first_and_all_gaps_before_what_is_blank_by_nature():
    profile = pd.concat([profile_of(10, 9), profile_of(10, 1), profile_of(10, 2)])
    profile = profile.assign(column_name=["a", "b", "c"]).reset_index(drop=True)
    assert judge_completeness(profile).columns["column_name"].tolist() == ["c", "b", "a"]


def test_profile_of_another_version_is_refused():
    with pytest.raises(InputError, match="the profile of blanks lacks columns"):
        judge_completeness(profile_of(10, 1).drop(columns="may_come_later"))


def history_of(*rows):
    names = ["load_id", "table_name", "read_count", "quarantined_count", "entered_count",
             "released_count", "open_count", "same_count"]  # fmt: skip
    history = pd.DataFrame(list(rows), columns=names)
    return history.assign(loaded_on=pd.Timestamp("2025-01-31"), is_release=False)


TWO_LOADS = history_of(
    (1, "clients", 10, 0, 0, 0, 0, 0),
    (1, "orders", 100, 2, 2, 0, 2, 0),
    (2, "orders", 150, 6, 5, 1, 6, 90),
)
REASONS = [
    {"table": "orders", "reason": "repeats a key with other contents", "rows": 4},
    {"table": "orders", "reason": "status is none of open, delivered", "rows": 2},
]


def test_each_load_sums_its_tables_and_carries_the_open_rows_on():
    loads = follow_loads(TWO_LOADS, REASONS).loads
    assert loads["read_count"].tolist() == [110, 150]
    assert loads["open_count"].tolist() == [2, 6]
    assert loads["quarantined_share"].tolist() == pytest.approx([2 / 110, 6 / 150])


def test_last_load_of_a_table_is_compared_with_the_one_before():
    (row,) = follow_loads(TWO_LOADS, REASONS).trend.to_dict("records")
    assert row["table_name"] == "orders"
    assert row["read_change_share"] == pytest.approx(0.5)
    assert (row["previous_quarantined_share"], row["quarantined_share"]) == (0.02, 0.04)


def test_release_from_quarantine_moves_the_open_rows_and_is_no_load_to_compare_with():
    release = history_of((3, "orders", 6, 2, 0, 4, 2, 0)).assign(is_release=True)
    found = follow_loads(pd.concat([TWO_LOADS, release], ignore_index=True), REASONS)
    assert found.loads["open_count"].tolist() == [2, 6, 2]
    assert found.trend["read_count"].tolist() == [150]
    assert "in quarantine after 2 loads" in found.note


def test_one_load_is_not_enough_for_a_trend():
    found = follow_loads(TWO_LOADS.head(2), [])
    assert found.trend.empty
    assert "Not enough data for a trend" in found.note


def test_rows_in_quarantine_are_an_issue_whose_money_is_not_known():
    (issue,) = follow_loads(TWO_LOADS, REASONS).issues.to_dict("records")
    assert (issue["table_name"], issue["rows_count"]) == ("orders", 6)
    assert np.isnan(issue["amount"])


KEYS = pd.DataFrame(
    {
        "table_name": ["clients", "orders"],
        "keys": ["client_id", "order_id"],
        "rows_count": [10, 140],
        "repeated_count": [0, 2],
    }
)
ORPHANS = pd.DataFrame(
    {
        "table_name": ["orders", "payments"],
        "column_name": ["client_id", "invoice_id"],
        "refers_to": ["clients", "invoices"],
        "rows_count": [100, 40],
        "orphans_count": [0, 3],
        "amount": [None, 75.5],
        "example": [None, "I-9"],
    }
)


def test_repeats_stand_beside_those_set_aside_and_those_that_are_harmless():
    found = judge_keys(KEYS, ORPHANS, follow_loads(TWO_LOADS, REASONS))
    orders = found.repeats.iloc[0]
    assert orders["table_name"] == "orders"
    assert (orders["repeated_count"], orders["set_aside_count"], orders["same_count"]) == (2, 4, 90)


def test_orphans_are_counted_with_share_and_money():
    found = judge_keys(KEYS, ORPHANS, follow_loads(TWO_LOADS, []))
    (orphan,) = found.orphans.to_dict("records")
    assert (orphan["orphans_count"], orphan["orphan_share"], orphan["amount"]) == (3, 0.075, 75.5)
    assert set(found.issues["issue"]) == {
        "invoice_id names no row of invoices",
        "rows share the key order_id",
    }
