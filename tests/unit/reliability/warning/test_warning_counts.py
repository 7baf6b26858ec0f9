from io import StringIO

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.warning import (
    CallCosts,
    WatchRule,
    count_alerts,
    set_threshold,
    usable_rows,
    watch_clients,
    weigh_costs,
)
from clientlib.reliability.warning.counting import flagged_of

# L was declared lost on 2024-07-29; H ordered again; E had an alarm in an earlier silence.
FOLLOWED = """
    client_id  month_end   declared_on  lead_days  is_lost  is_over  score  revenue_365d_amount
    L          2024-03-31  2024-07-29   120        1        True     0.2    300
    L          2024-04-30  2024-07-29   90         1        True     0.6    300
    L          2024-05-31  2024-07-29   59         1        True     0.9    300
    M          2024-03-31  2024-07-29   120        1        True     0.3    100
    M          2024-04-30  2024-07-29   90         1        True     0.1    100
    H          2024-03-31  2024-08-29   151        0        True     0.7    100
    H          2024-04-30  2024-08-29   121        0        True     0.1    100
    G          2024-03-31  2024-08-29   151        0        True     0.1    100
    E          2024-03-31  2024-06-29   90         0        True     0.8    100
    E          2024-04-30  2024-09-29   152        1        True     0.4    100
    O          2024-04-30  2025-09-29   517        0        False    0.9    100
"""


@pytest.fixture
def rows():
    table = pd.read_csv(StringIO(FOLLOWED), sep=r"\s+")
    days = ["month_end", "declared_on"]
    return usable_rows(table.assign(**{name: pd.to_datetime(table[name]) for name in days}))


def test_rows_too_late_to_act_and_rows_of_open_windows_raise_no_alert(rows):
    assert len(rows) == 9
    assert "O" not in rows["client_id"].tolist()
    assert rows["lead_days"].min() == 90


def test_clients_are_counted_not_rows(rows):
    count = count_alerts(rows, rows["score"], 0.5, managers_count=2)
    assert (count.lost_count, count.healthy_count) == (3, 2)
    assert count.flagged_share == pytest.approx(1 / 3)  # L; E's alarm belonged to another silence
    assert count.false_alarm_share == pytest.approx(1 / 2)  # H
    assert count.flagged_money_share == pytest.approx(300 / 500)
    assert count.precision == pytest.approx(1 / 2)
    lost = count.clients.set_index("client_id").loc["L"]
    assert lost["first_alert_on"] == pd.Timestamp("2024-04-30")
    assert lost["lead_days"] == 90
    assert count.clients.set_index("client_id").loc["H", "standing_share"] == pytest.approx(0.5)


def test_alerts_per_year_and_per_manager_week(rows):
    count = count_alerts(rows, rows["score"], 0.5, managers_count=2)
    # Three alerts begin (L, H, E) in two panels a month of 30 days apart; H and G were looked
    # at in three rows.
    assert count.alerts_per_manager_week == pytest.approx(3 / (60 / 7) / 2)
    assert count.alerts_per_healthy_year == pytest.approx(1 / (3 * 30 / 365.25))


def test_threshold_keeps_to_the_allowed_false_alarms(rows):
    assert set_threshold(rows, rows["score"], false_alarm_share=0.5) == pytest.approx(0.1)
    assert set_threshold(rows, rows["score"], false_alarm_share=0.1) == pytest.approx(0.7)
    lost_only = rows[rows["client_id"] == "L"]
    with pytest.raises(InputError, match="not lost"):
        set_threshold(lost_only, lost_only["score"])


def test_flagged_share_by_hand_with_a_tie():
    best = np.array([5.0, 4.0, 4.0, 1.0, 4.0, 3.0])
    is_lost = np.array([True, True, True, True, False, False])
    shares = flagged_of(best, is_lost, np.array([0.0, 0.25, 0.5]))
    # The healthy 4 may pass not at all, half, or wholly; the lost fours go with it.
    assert shares.tolist() == pytest.approx([1 / 4, 2 / 4, 3 / 4])


def test_best_threshold_pays_for_its_calls():
    random = np.random.default_rng(5)
    is_lost = np.repeat([1.0, 0.0], 60)
    table = pd.DataFrame(
        {
            "client_id": [f"C-{number}" for number in range(120)],
            "month_end": pd.Timestamp("2024-01-31"),
            "declared_on": pd.Timestamp("2024-06-30"),
            "lead_days": 151.0,
            "is_over": True,
            "is_lost": is_lost,
            "revenue_365d_amount": 4000.0,
        }
    )
    score = pd.Series(is_lost + random.uniform(0, 0.9, 120))
    costs = CallCosts(call_amount=40.0, saved_share=0.1, margin_share=0.25)
    found = weigh_costs(table, score, costs)
    # A call keeps 100 and costs 40: the 60 lost are called, for 60 each, and nobody else.
    assert found.best_gain_amount == pytest.approx(60 * 60.0, rel=0.05)
    assert found.best_low <= found.best_threshold <= found.best_high
    assert found.curve["cost_amount"].is_monotonic_increasing
    assert weigh_costs(table.head(50), score.head(50), costs).status == "not enough data"
    dear = weigh_costs(table, score, CallCosts(call_amount=1e6))
    assert dear.best_gain_amount == 0.0


SCORES = """
    client_id  01   02   03   04   05
    A          0.1  0.6  0.4  0.4  0.4
    B          0.7  0.2  0.2  0.2  0.8
    C          0.7  0.2  0.6  0.2  0.3
    D          0.9  0.9  -    -    -
    E          0.5  0.5  0.5  0.5  0.5
"""
RULE = WatchRule(enter_above=0.5, leave_below=0.3)


def watch(decisions=None, as_of="2024-05-31"):
    wide = pd.read_csv(StringIO(SCORES), sep=r"\s+", na_values="-").set_index("client_id")
    wide.columns = pd.to_datetime("2024-" + wide.columns) + pd.offsets.MonthEnd(0)
    long = wide.rename_axis(columns="month_end").stack().rename("score").reset_index()
    return watch_clients(long, RULE, as_of=as_of, decisions=decisions)


def test_client_enters_above_one_score_and_leaves_after_two_calm_panels_below_another():
    listed = watch().clients.set_index("client_id")
    since = listed["first_alert_on"].dt.month.to_dict()
    # A trembles between both and stays; B left in March and is back; C was never calm twice.
    assert since == {"B": 5, "A": 2, "C": 1}
    assert listed["panels_count"].to_dict() == {"B": 1, "A": 4, "C": 5}
    changes = watch().changes
    told = [
        (client, end.month, change)
        for client, end, change in changes[["client_id", "month_end", "change"]].itertuples(
            index=False
        )
    ]
    assert ("B", 3, "left") in told
    assert ("D", 3, "lost") in told
    assert not any(client == "E" for client, _, _ in told)


def test_later_panels_do_not_change_an_earlier_list():
    assert watch(as_of="2024-02-29").clients["client_id"].tolist() == ["D", "A", "B", "C"]


def test_decisions_give_an_owner_and_silence_for_a_time():
    decisions = pd.DataFrame(
        {
            "client_id": ["A", "A", "B", "C"],
            "decided_on": pd.to_datetime(["2024-03-01", "2024-04-01", "2024-05-02", "2024-06-10"]),
            "owner_id": ["M-1", "M-2", None, "M-9"],
            "snoozed_until": pd.to_datetime(["2024-03-31", None, "2024-06-30", "2024-12-31"]),
        }
    )
    listed = watch(decisions).clients.set_index("client_id")
    assert listed.loc["A", ["status", "owner_id"]].tolist() == ["watched", "M-2"]
    assert listed.loc["B", "status"] == "snoozed"
    assert listed.loc["B", "snoozed_until"] == pd.Timestamp("2024-06-30")
    assert listed.loc["C", "status"] == "watched"  # decided after the day of the list
    assert pd.isna(listed.loc["C", "owner_id"])


def test_a_rule_without_hysteresis_upside_down_is_refused():
    scores = pd.DataFrame(
        {"client_id": ["A"], "month_end": [pd.Timestamp("2024-01-31")], "score": 1.0}
    )
    with pytest.raises(InputError, match="enter_above"):
        watch_clients(scores, WatchRule(0.3, 0.5), as_of="2024-01-31")


def test_no_rows_make_an_empty_list():
    scores = pd.DataFrame({"client_id": [], "month_end": pd.to_datetime([]), "score": []})
    assert watch_clients(scores, RULE, as_of="2024-01-31").clients.empty
