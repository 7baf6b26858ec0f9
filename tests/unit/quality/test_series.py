"""Freshness and volume: each table against its own past."""

import numpy as np
import pandas as pd
import pytest

from clientlib.quality import judge_freshness, judge_volume


def every(days, *, count=12, last="2025-06-30", rows=1):
    ends = pd.date_range(end=last, periods=count, freq=f"{days}D")
    return pd.DataFrame({"table_name": "orders", "happened_on": ends, "rows_count": rows})


@pytest.mark.parametrize(
    ("as_of", "verdict"),
    [
        pytest.param("2025-07-07", "fresh", id="silent for one usual gap"),
        pytest.param("2025-07-14", "fresh", id="silent for two: not longer than twice"),
        pytest.param("2025-07-15", "overdue", id="silent for a day more"),
    ],
)
def test_table_is_overdue_when_silent_for_more_than_twice_its_long_gap(as_of, verdict):
    found = judge_freshness(every(7), as_of=as_of)
    assert found.tables["verdict"].tolist() == [verdict]
    assert found.tables["usual_gap_days"].tolist() == [7.0]
    assert found.overdue_count == len(found.issues) == (verdict == "overdue")


def test_silence_that_was_there_before_is_no_fault():
    holiday = pd.concat([every(1, count=40, last="2025-01-01"), every(1, count=40)])
    found = judge_freshness(holiday, as_of="2025-08-01")
    assert found.overdue_count == 0
    assert found.tables["longest_gap_days"].item() > found.tables["silent_days"].item()


def test_later_days_are_not_known():
    found = judge_freshness(every(7), as_of="2025-06-16")
    assert found.tables["silent_days"].tolist() == [0]


def test_few_gaps_are_not_enough():
    found = judge_freshness(every(7, count=10), as_of="2026-01-01")
    assert found.tables["verdict"].tolist() == ["not enough data"]
    assert found.judged_count == 0


def months_of(*counts, last="2025-06-30"):
    ends = pd.date_range(end=last, periods=len(counts), freq="ME")
    rows = pd.DataFrame({"table_name": "orders", "happened_on": ends, "rows_count": counts})
    return rows[rows["rows_count"] > 0]


@pytest.mark.parametrize(
    ("count", "verdict"),
    [
        pytest.param(100, "usual", id="as ever"),
        pytest.param(70, "usual", id="three roots of the median below: on the edge"),
        pytest.param(69, "below", id="one row less"),
        pytest.param(131, "above", id="one row too many"),
        pytest.param(0, "below", id="a month without rows counts as none"),
    ],
)
def test_month_is_judged_by_the_twelve_before_it(count, verdict):
    found = judge_volume(months_of(*[100] * 12, count), as_of="2025-06-30")
    last = found.months.iloc[-1]
    assert (last["expected_count"], last["low_count"], last["high_count"]) == (100, 70, 130)
    assert last["verdict"] == verdict
    assert len(found.issues) == (verdict != "usual")


def test_one_odd_month_does_not_move_the_band():
    found = judge_volume(months_of(*[100] * 6, 5000, *[100] * 6), as_of="2025-06-30")
    assert found.months.iloc[-1]["high_count"] == 130


def test_scattered_past_widens_the_band():
    found = judge_volume(months_of(*[60, 140] * 6, 100), as_of="2025-06-30")
    last = found.months.iloc[-1]
    assert last["high_count"] == pytest.approx(100 + 3 * 1.4826 * 40)


def test_eleven_months_before_are_not_enough():
    found = judge_volume(months_of(*[100] * 12), as_of="2025-06-30")
    assert set(found.months["verdict"]) == {"not enough data"}
    assert "Not enough data" in found.note


@pytest.mark.parametrize(
    "past",
    [
        pytest.param([100, 0, 0] * 4, id="comes by the quarter"),
        pytest.param([9] * 12, id="usually fewer than ten rows"),
    ],
)
def test_month_of_a_table_that_comes_seldom_is_not_judged(past):
    found = judge_volume(months_of(*past, 500), as_of="2025-06-30")
    assert found.months.iloc[-1]["verdict"] == "too few rows"
    assert found.outside.empty


def test_open_month_is_left_out():
    days = months_of(*[100] * 13)
    found = judge_volume(days, as_of="2025-06-29")
    assert found.months["month_end"].max() == pd.Timestamp("2025-05-31")


def test_no_facts_say_not_enough_data():
    found = judge_volume(every(7).head(0), as_of="2025-06-30")
    assert (found.tables_count, len(found.months)) == (0, 0)
    assert judge_freshness(every(7).head(0), as_of="2025-06-30").tables.empty


def test_months_that_come_at_random_seldom_lie_outside():
    random = np.random.default_rng(5)
    found = judge_volume(months_of(*random.poisson(200, 120)), as_of="2025-06-30")
    judged = found.months[found.months["expected_count"].notna()]
    assert len(judged) == 108
    assert len(found.outside) <= 3


def test_chart_has_rows_and_both_ends_of_the_band():
    found = judge_volume(months_of(*[100] * 13), as_of="2025-06-30")
    lines = found.lines("orders")
    assert set(lines["line"]) == {"orders", "expected from", "expected to"}
    assert found.lines("nothing").empty
