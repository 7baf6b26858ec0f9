import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientlib.segments import (
    SegmentRules,
    classify_abc,
    fit_rfm_cuts,
    fit_value_cuts,
    score_rfm,
)
from clientlib.segments.life import judge_life_states
from clientlib.segments.value import cut_days, walk_tiers

AMOUNTS = st.lists(st.integers(-50, 10_000), min_size=1, max_size=40)


def test_the_client_that_crosses_a_cut_counts_to_the_upper_class():
    revenue = pd.Series({"C-1": 500, "C-2": 250, "C-3": 150, "C-4": 60, "C-5": 40, "C-6": 0})
    # before each: 0, 50, 75, 90, 96 % of 1,000
    assert classify_abc(revenue).to_dict() == {
        "C-1": "A",
        "C-2": "A",
        "C-3": "A",
        "C-4": "B",
        "C-5": "C",
        "C-6": "-",
    }


@given(AMOUNTS)
def test_a_larger_client_is_never_in_a_lower_class_and_equals_are_together(amounts):
    revenue = pd.Series(amounts, dtype=float)
    rank = classify_abc(revenue).map({"A": 0, "B": 1, "C": 2, "-": 3})
    by_amount = rank.groupby(revenue)
    assert (by_amount.nunique() == 1).all()
    assert by_amount.first().sort_index().is_monotonic_decreasing


def test_value_cuts_are_the_smallest_amounts_of_class_a_and_b():
    revenue = pd.Series({"C-1": 500, "C-2": 250, "C-3": 150, "C-4": 60, "C-5": 40, "C-6": 0})
    cuts = fit_value_cuts(revenue, pd.Timestamp("2024-12-31"))
    assert (cuts.large_from, cuts.middle_from, cuts.clients_count) == (150.0, 60.0, 5)


def test_cuts_stay_for_a_year_once_a_year_end_has_a_year_behind_it():
    ends = list(pd.date_range("2023-01-31", periods=26, freq="ME"))
    days = cut_days(ends, SegmentRules())
    assert days[pd.Timestamp("2023-11-30")] == pd.Timestamp("2023-11-30")
    assert days[pd.Timestamp("2023-12-31")] == pd.Timestamp("2023-12-31")
    assert days[pd.Timestamp("2024-01-31")] == pd.Timestamp("2023-12-31")
    assert days[pd.Timestamp("2024-12-31")] == pd.Timestamp("2023-12-31")
    assert days[pd.Timestamp("2025-01-31")] == pd.Timestamp("2024-12-31")


def revenue_panel(histories):
    ends = pd.date_range("2023-12-31", periods=len(next(iter(histories.values()))), freq="ME")
    return pd.concat(
        pd.DataFrame({"client_id": key, "month_end": ends, "revenue_12m_amount": amounts})
        for key, amounts in histories.items()
    )


@pytest.mark.parametrize(
    ("amounts", "tiers"),
    [
        pytest.param([100, 80, 76, 74], ["large"] * 3 + ["middle"], id="falls below 75 %"),
        pytest.param([60, 110, 124, 126], ["middle"] * 3 + ["large"], id="rises above 125 %"),
        pytest.param([100, 46, 100, 130], ["large", "middle", "middle", "large"], id="comes back"),
        pytest.param([100, 0, 90, 90], ["large", "none", "middle", "middle"], id="starts anew"),
    ],
)
def test_a_client_leaves_its_tier_only_past_the_margin(amounts, tiers):
    # With C-1 at 100 or 60 the classes are A: 800 and 100, B: 60, C: 40. Cuts: 100 and 60.
    steady = {"big": [800] * 4, "edge": [100] * 4, "b": [60] * 4, "c": [40] * 4}
    panel = revenue_panel({**steady, "C-1": amounts})
    rules = SegmentRules(abc_cuts=(0.81, 0.95))
    walked = walk_tiers(panel, rules, freeze_on=pd.Timestamp("2023-12-31"))
    found = walked[walked["client_id"] == "C-1"]["value_tier"].tolist()
    assert found == tiers


def test_a_silent_client_keeps_its_tier_until_the_years_revenue_is_gone():
    steady = {"big": [800] * 4, "edge": [100] * 4, "b": [60] * 4, "c": [40] * 4}
    panel = revenue_panel({**steady, "C-1": [100, 30, 5, 0]}).reset_index(drop=True)
    silent = (panel["client_id"] == "C-1") & (panel["month_end"] > "2023-12-31")
    rules = SegmentRules(abc_cuts=(0.81, 0.95))
    walked = walk_tiers(panel, rules, silent=silent, freeze_on=pd.Timestamp("2023-12-31"))
    found = walked[walked["client_id"] == "C-1"]["value_tier"].tolist()
    assert found == ["large", "large", "large", "none"]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        pytest.param({}, "active", id="ordered ten days ago, every 30 days"),
        pytest.param({"last_ordered_on": "2025-05-01"}, "active", id="60 days are 2 gaps"),
        pytest.param({"last_ordered_on": "2025-04-30"}, "slowing", id="past 2 gaps"),
        pytest.param({"last_ordered_on": "2025-03-31"}, "at risk", id="past 3 gaps"),
        pytest.param({"last_ordered_on": "2025-01-01"}, "at risk", id="180 days: not lost yet"),
        pytest.param({"last_ordered_on": "2024-12-31"}, "lost", id="past 180 days and 4 gaps"),
        pytest.param(
            {"last_ordered_on": "2024-12-31", "typical_gap_days": 90.0},
            "slowing",
            id="181 days of silence are not lost where the gap is 90",
        ),
        pytest.param({"first_ordered_on": "2025-02-01"}, "new", id="first order in 180 days"),
        pytest.param(
            {"typical_gap_days": 1.0, "last_ordered_on": "2025-06-20"},
            "active",
            id="gaps under a week count as a week",
        ),
    ],
)
def test_life_state_follows_the_own_rhythm(one_client, changes, state):
    found = judge_life_states(one_client(**changes), SegmentRules())
    assert found["life_state"].tolist() == [state]


def test_a_client_with_few_order_days_is_judged_by_the_portfolios_gap(one_client):
    others = [one_client(client_id=f"C-{n}", typical_gap_days=gap) for n, gap in ((2, 20), (3, 40))]
    young = one_client(order_days_count=2, typical_gap_days=3.0, last_ordered_on="2025-04-20")
    rows = pd.concat([young, *others], ignore_index=True)
    found = judge_life_states(rows, SegmentRules()).iloc[0]
    assert (found["has_own_rhythm"], found["gap_used_days"]) == (False, 30.0)
    assert found["life_state"] == "slowing"


def test_a_client_that_never_ordered_has_no_state(one_client):
    found = judge_life_states(
        one_client(last_ordered_on=None, first_ordered_on=None, order_days_count=0),
        SegmentRules(),
    )
    assert found["life_state"].isna().all()


def test_a_lost_client_that_orders_again_has_returned_for_half_a_year(one_client):
    ends = pd.date_range("2024-10-31", periods=9, freq="ME")
    rows = [
        one_client(
            month_end=end,
            last_ordered_on="2024-01-10" if end < pd.Timestamp("2024-12-01") else end,
        )
        for end in ends
    ]
    states = judge_life_states(pd.concat(rows, ignore_index=True), SegmentRules())["life_state"]
    assert states.tolist() == ["lost"] * 2 + ["returned"] * 6 + ["active"]


def rfm_rows(**columns):
    base = {"silence_days": 10.0, "orders_12m_count": 5, "revenue_12m_amount": 100.0}
    return pd.DataFrame({**base, **columns})


def test_quintiles_score_from_one_to_five_and_silence_counts_backwards():
    values = list(range(1, 101))
    rows = rfm_rows(silence_days=values, orders_12m_count=values, revenue_12m_amount=values)
    scored = score_rfm(rows, fit_rfm_cuts(rows, pd.Timestamp("2025-06-30")))
    assert scored["frequency_score"].value_counts().to_dict() == dict.fromkeys(range(1, 6), 20)
    assert scored.iloc[0][["recency_score", "monetary_score"]].tolist() == [5, 1]
    assert scored.iloc[99]["rfm_code"] == "1-5-5"


def test_equal_clients_get_equal_scores_and_ties_are_said():
    rows = rfm_rows(orders_12m_count=[1] * 60 + [2] * 20 + [3] * 20)
    cuts = fit_rfm_cuts(rows, pd.Timestamp("2025-06-30"))
    scored = score_rfm(rows, cuts)
    assert scored.groupby(rows["orders_12m_count"])["frequency_score"].nunique().eq(1).all()
    assert "share a frequency that it has" in cuts.note


def test_frozen_cuts_do_not_move_a_client_when_others_grow():
    rows = rfm_rows(revenue_12m_amount=[float(n) for n in range(1, 51)])
    cuts = fit_rfm_cuts(rows, pd.Timestamp("2024-12-31"))
    grown = rows.assign(revenue_12m_amount=rows["revenue_12m_amount"].where(rows.index < 1, 9e6))
    before, after = score_rfm(rows, cuts), score_rfm(grown, cuts)
    assert before.iloc[0]["monetary_score"] == after.iloc[0]["monetary_score"] == 1


def test_a_small_book_is_said_beside_the_scores():
    rows = rfm_rows(revenue_12m_amount=[float(n) for n in range(10)])
    note = fit_rfm_cuts(rows, pd.Timestamp("2025-06-30")).note
    assert note.startswith("RFM quintiles rest on 10 clients only.")
