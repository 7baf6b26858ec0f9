"""The pipeline of two days, as it was believed then, and what led from the one to the other."""

from io import StringIO

import numpy as np
import pandas as pd
import pytest

from clientlib import deals
from clientlib.deals.pipeline import FLOWS
from clientlib.errors import InputError

DAYS = deals.PipelineDays(
    pd.Timestamp("2025-03-31"), pd.Timestamp("2025-06-30"), pd.Timestamp("2025-09-30")
)
HEAD = "deal_id version opened_on expected_close_on closed_on outcome amount known_on known_until"


def drawn(rows: str) -> pd.DataFrame:
    frame = pd.read_csv(StringIO(f"{HEAD}\n{rows.strip()}"), sep=r"\s+", na_values="-")
    days = [name for name in frame if name.endswith(("_on", "_until"))]
    return told(frame.assign(**{name: pd.to_datetime(frame[name]) for name in days}))


def told(versions: pd.DataFrame) -> pd.DataFrame:
    """Make states of versions, as marts.deal_states does."""
    heard = versions[["opened_on", "known_on"]].max(axis=1)
    ended = versions["outcome"] != "open"
    was_open = versions[~ended | (versions["closed_on"] > heard)]
    was_open = was_open.assign(
        told_on=heard,
        outcome="open",
        amount=was_open["amount"].astype(float).where(was_open["outcome"] == "open"),
    )
    decided = versions[ended].assign(
        told_on=versions[["opened_on", "closed_on", "known_on"]].max(axis=1)
    )
    states = pd.concat([was_open, decided], ignore_index=True)
    return states[~(states["told_on"] >= states["known_until"])]


def flows(found: deals.Pipeline) -> dict[str, float]:
    amounts = found.steps.set_index("step")["amount"]
    return {name: amount for name, amount in amounts.items() if amount}


KEPT = "D-0 1 2024-01-01 2024-02-01 - open 1 2024-01-01 2024-02-01\nD-0 2 2024-01-01 2024-02-01 2024-02-01 lost 1 2024-02-01 -\n"
OPEN = "D-1 1 2025-01-01 2025-08-31 - open 100 2025-01-01"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param("D-1 1 2025-05-01 2025-08-31 - open 100 2025-05-01 -",
                     {"new": 100, "closing": 100}, id="opened since"),
        pytest.param("D-1 1 2025-03-01 2025-08-31 - open 100 2025-05-01 -",
                     {"new": 100, "closing": 100}, id="opened before, but heard of since"),
        pytest.param("D-1 1 2025-05-01 2025-08-31 2025-06-01 won 100 2025-05-01 -",
                     {"new": 100, "won": -100}, id="opened and won since"),
        pytest.param(f"{OPEN} 2025-06-01\nD-1 2 2025-01-01 2025-08-31 2025-06-01 won 80 2025-06-01 -",
                     {"opening": 100, "shrunk": -20, "won": -80},
                     id="won at less: shrunk first, won at its last amount"),
        pytest.param(f"{OPEN} 2025-06-01\nD-1 2 2025-01-01 2025-08-31 2025-06-01 no_decision 100 2025-06-01 -",
                     {"opening": 100, "lost": -100}, id="dropped"),
        pytest.param(f"{OPEN} 2025-06-01\nD-1 2 2025-01-01 2025-12-31 - open 130 2025-06-01 -",
                     {"opening": 100, "grown": 30, "pushed": -130}, id="grown, and pushed out"),
        pytest.param("D-1 1 2025-01-01 2025-12-31 - open 100 2025-01-01 2025-06-01\n"
                     "D-1 2 2025-01-01 2025-08-31 - open 70 2025-06-01 -",
                     {"pulled_in": 100, "shrunk": -30, "closing": 70}, id="pulled in, and shrunk"),
        pytest.param("D-1 1 2025-01-01 2025-12-31 - open 100 2025-01-01 2025-06-01\n"
                     "D-1 2 2025-01-01 2025-12-31 2025-06-01 won 100 2025-06-01 -",
                     {"pulled_in": 100, "won": -100}, id="won before the day it was expected"),
        pytest.param(f"{OPEN} 2025-06-01", {"opening": 100, "lost": -100},
                     id="no longer in the source"),
        pytest.param(f"{OPEN} 2025-07-05\nD-1 2 2025-01-01 2025-08-31 2025-06-20 won 100 2025-07-05 -",
                     {"opening": 100, "closing": 100}, id="won before the closing day, known after it"),
        pytest.param("D-1 1 2025-01-01 2025-12-31 - open 100 2025-01-01 -", {},
                     id="beyond the pipeline on both days"),
        pytest.param("D-1 1 2025-01-01 2025-03-01 2025-02-20 won 100 2025-01-01 -", {},
                     id="decided before the opening day"),
    ],
)  # fmt: skip
def test_deal_goes_its_way_by_what_was_known(rows, expected):
    found = deals.bridge_pipeline(drawn(KEPT + rows), DAYS)
    assert flows(found) == expected if expected else found.steps.empty


@pytest.mark.parametrize("seed", range(40))
def test_flows_lead_from_opening_to_closing(seed):
    found = deals.bridge_pipeline(many_deals(seed), DAYS)
    amounts = found.steps["amount"].to_numpy()
    assert amounts[:-1].sum() == pytest.approx(amounts[-1])
    each = found.deals
    total = each["amount_opening"] + each[list(FLOWS)].sum(axis=1)
    assert np.allclose(total, each["amount_closing"])
    signs = {
        "new": 1,
        "pulled_in": 1,
        "grown": 1,
        "shrunk": -1,
        "pushed": -1,
        "lost": -1,
        "won": -1,
    }
    assert all((each[name] * sign >= 0).all() for name, sign in signs.items())


def test_random_deals_take_every_way():
    taken = {
        name for seed in range(40) for name in flows(deals.bridge_pipeline(many_deals(seed), DAYS))
    }
    assert taken == {"opening", "closing", *FLOWS}


def many_deals(seed: int) -> pd.DataFrame:
    """Draw deals with up to four versions each, of which the last may be a decision."""
    draws = np.random.default_rng(seed)
    rows = []
    for number in range(40):
        opened = pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(draws.integers(0, 200)))
        known = opened
        count = int(draws.integers(1, 5))
        for version in range(1, count + 1):
            until = known + pd.Timedelta(days=int(draws.integers(1, 60)))
            is_last = version == count
            outcome = draws.choice(["open", "won", "lost", "no_decision"]) if is_last else "open"
            expected = opened + pd.Timedelta(days=int(draws.integers(10, 400)))
            amount = float(draws.integers(0, 9)) * 10 if draws.random() < 0.9 else np.nan
            closed = known if outcome != "open" else pd.NaT
            is_gone = is_last and draws.random() < 0.1
            rows.append((f"D-{number}", version, opened, expected if draws.random() < 0.9 else pd.NaT,
                         closed, outcome, amount, known, pd.NaT if is_last and not is_gone else until))  # fmt: skip
            known = until
    return told(pd.DataFrame(rows, columns=HEAD.split()))


def test_without_any_recorded_change_the_steps_of_history_are_empty_and_said_so():
    rows = f"{OPEN} -\nD-2 1 2025-01-01 2025-03-31 2025-06-01 won 50 2025-01-01 -"
    found = deals.bridge_pipeline(drawn(rows), DAYS, currency="EUR")
    amounts = found.steps.set_index("step")["amount"]
    assert amounts[["pulled_in", "grown", "shrunk", "pushed"]].isna().all()
    assert (amounts["opening"], amounts["won"], amounts["closing"]) == (150, -50, 100)
    assert found.note.startswith("No change of a deal has been recorded")
    assert found.drawn_steps["step"].tolist() == ["opening", "new", "lost", "won", "closing"]
    assert found.title == "Open deals come to 100 EUR; 50 were won and 0 lost or given up"


def test_changes_recorded_only_lately_are_said_so():
    rows = f"{OPEN} 2025-06-10\nD-1 2 2025-01-01 2025-08-31 - open 120 2025-06-10 -"
    found = deals.bridge_pipeline(drawn(rows), DAYS)
    assert flows(found) == {"opening": 100, "grown": 20, "closing": 120}
    assert (
        found.note
        == "Changes of deals are recorded from 10 June 2025 on: what moved before is not seen."
    )


def test_without_a_day_to_close_by_none_is_pulled_in_or_pushed():
    days = deals.PipelineDays(DAYS.opening_on, DAYS.closing_on)
    rows = f"{OPEN} 2025-06-01\nD-1 2 2025-01-01 2027-12-31 - open 130 2025-06-01 -"
    amounts = deals.bridge_pipeline(drawn(rows), days).steps.set_index("step")["amount"]
    assert amounts[["pulled_in", "pushed"]].isna().all()
    assert (amounts["grown"], amounts["closing"]) == (30, 130)


def test_deal_that_slipped_twice_is_listed_and_one_that_slipped_once_is_not():
    rows = (
        "D-1 1 2025-01-01 2025-03-31 - open 9 2025-01-01 2025-03-30\n"
        "D-1 2 2025-01-01 2025-05-31 - open 9 2025-03-30 2025-05-30\n"
        "D-1 3 2025-01-01 2025-07-31 - open 9 2025-05-30 -\n"
        "D-2 1 2025-01-01 2025-03-31 - open 9 2025-01-01 2025-03-30\n"
        "D-2 2 2025-01-01 2025-02-28 - open 9 2025-03-30 2025-05-30\n"
        "D-2 3 2025-01-01 2025-07-31 - open 9 2025-05-30 -"
    )
    (slipped,) = deals.bridge_pipeline(drawn(rows), DAYS).slipped.itertuples()
    assert (slipped.deal_id, slipped.slips_count) == ("D-1", 2)
    assert slipped.first_expected_on == pd.Timestamp("2025-03-31")


def test_open_deals_past_their_day_are_listed_largest_first():
    rows = f"{OPEN} -\nD-2 1 2025-01-01 2025-06-20 - open 5 2025-01-01 -\nD-3 1 2025-01-01 2025-06-30 - open 7 2025-01-01 -"
    overdue = deals.bridge_pipeline(drawn(rows), DAYS).overdue
    assert overdue["deal_id"].tolist() == ["D-3", "D-2"]
    assert overdue["overdue_days"].tolist() == [0, 10]


def test_deals_without_amount_or_expected_day_are_counted():
    rows = f"{OPEN} -\nD-2 1 2025-01-01 2025-08-20 - open - 2025-01-01 -\nD-3 1 2025-01-01 - - open 7 2025-01-01 -"
    found = deals.bridge_pipeline(drawn(rows), DAYS)
    assert (found.unknown_count, found.closing_amount) == (2, 100)
    assert "2\u00a0deals are open without an amount" in found.note


def test_nothing_known_later_is_used():
    rows = KEPT + f"{OPEN} 2025-07-05\nD-1 2 2025-01-01 2025-12-31 - open 500 2025-07-05 -"
    later = deals.bridge_pipeline(drawn(rows), DAYS)
    earlier = deals.bridge_pipeline(drawn(KEPT + f"{OPEN} -"), DAYS)
    pd.testing.assert_frame_equal(later.steps, earlier.steps)


def test_no_deals_are_not_enough_data():
    found = deals.bridge_pipeline(drawn(KEPT), DAYS)
    assert found.missing == "Not enough data: no deal was open or decided in these days."


def test_days_look_as_far_ahead_as_back_from_month_end_to_month_end():
    days = deals.PipelineDays.around("2025-11-30", months=3)
    assert (days.opening_on, days.due_by) == (
        pd.Timestamp("2025-08-31"),
        pd.Timestamp("2026-02-28"),
    )


def test_table_without_a_column_is_refused():
    with pytest.raises(InputError, match="deal_states lacks columns"):
        deals.bridge_pipeline(pd.DataFrame({"deal_id": []}), DAYS)


def test_deal_expected_later_and_won_early_is_pulled_in_though_no_history_is_kept():
    row = "D-1 1 2025-01-01 2025-12-31 2025-06-01 won 80 2025-01-01 -"
    found = deals.bridge_pipeline(drawn(row), DAYS)
    assert not found.is_history_kept
    steps = found.drawn_steps.set_index("step")["amount"]
    assert {name: steps[name] for name in steps.index if steps[name]} == {
        "pulled_in": 80.0, "won": -80.0,
    }  # fmt: skip


def test_looking_back_counts_all_open_deals_whenever_they_are_to_close():
    days = deals.PipelineDays.back("2025-06-30", months=3)
    assert days == deals.PipelineDays(pd.Timestamp("2025-03-31"), pd.Timestamp("2025-06-30"))
