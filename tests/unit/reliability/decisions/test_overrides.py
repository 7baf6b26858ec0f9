import numpy as np
import pandas as pd
import pytest

from clientlib.reliability.decisions import judge_overrides

DECISIONS = pd.DataFrame(
    [
        ("C-1", "limit", 900.0, 500.0, "2025-01-10"),
        ("C-2", "limit", 900.0, 500.0, "2025-01-10"),
        ("C-3", "limit", 500.0, 500.0, "2025-01-10"),
        ("C-4", "limit", 900.0, np.nan, "2025-01-10"),
        ("C-5", "payment_days", 60.0, 30.0, "2025-01-10"),
        ("C-6", "limit", 900.0, 500.0, "2025-10-10"),
    ],
    columns=["client_id", "kind", "value", "advised", "decided_on"],
).assign(decided_on=lambda rows: pd.to_datetime(rows["decided_on"]))


def judge(*defaults):
    rows = pd.DataFrame([*defaults], columns=["client_id", "month_end"])
    rows["month_end"] = pd.to_datetime(rows["month_end"])
    found = judge_overrides(DECISIONS, rows, as_of="2025-12-31", horizon_months=6)
    return found.set_index("departure")


def test_decisions_are_parted_by_how_they_depart_from_the_advice():
    found = judge()
    assert found["decisions_count"].to_dict() == {"as advised": 1, "more than advised": 3}
    assert found["judged_count"].to_dict() == {"as advised": 1, "more than advised": 2}


@pytest.mark.parametrize(
    ("day", "count"),
    [
        pytest.param("2024-12-31", 0, id="before the decision"),
        pytest.param("2025-01-31", 1, id="after it"),
        pytest.param("2025-06-30", 1, id="within the horizon"),
        pytest.param("2025-07-31", 0, id="after the horizon"),
    ],
)
def test_a_default_counts_within_the_horizon_alone(day, count):
    assert judge(("C-1", day)).loc["more than advised", "defaults_count"] == count


def test_share_has_the_interval_of_few_cases():
    row = judge(("C-1", "2025-03-31")).loc["more than advised"]
    assert row["default_share"] == 0.5
    assert row["share_low"] < 0.15
    assert row["share_high"] > 0.85


def test_no_decision_gives_an_empty_table():
    nothing = judge_overrides(
        DECISIONS.head(0), pd.DataFrame({"client_id": [], "month_end": pd.to_datetime([])}),
        as_of="2025-12-31", horizon_months=6,
    )  # fmt: skip
    assert nothing.empty
