"""Actions are chosen by stated rules within stated hours, and judged by what the data show."""

import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.language import retell, speaking
from clientlib.results import (
    ask_complaints,
    ask_deals,
    ask_money,
    ask_silent,
    judge_actions,
    name_deals,
    plan_actions,
    say_outcomes,
)

DAY = "2025-12-31"
SEGMENTS = pd.DataFrame(
    {"client_id": ["C-1", "C-2"], "name": ["UAB A", "UAB B"], "revenue_12m_amount": [500.0, 50.0]}
)
ATTENTION = pd.DataFrame(
    [("C-1", "UAB A", "at risk", 90.0, 500.0, 800.0), ("C-2", "UAB B", "grown", 3.0, 50.0, 10.0)],
    columns=["client_id", "name", "why", "silence_days", "revenue_12m_amount",
             "revenue_previous_12m_amount"],
)  # fmt: skip
SCORES = pd.DataFrame(
    [("C-1", "UAB A", "worse than average", 70.0), ("C-2", "UAB B", "about average", 90.0)],
    columns=["client_id", "name", "grade", "overdue_amount"],
)
OVERDUE = pd.DataFrame({"deal_id": ["D-1", "D-2"], "amount": [300.0, None]})
STATES = pd.DataFrame(
    [("D-1", "C-2", "open", "2025-12-01"), ("D-2", "C-2", "open", "2025-12-02")],
    columns=["deal_id", "client_id", "outcome", "expected_close_on"],
)
COMPLAINTS = pd.DataFrame(
    [("K-1", "C-2", 20), ("K-2", "C-2", 5), ("K-3", "C-9", 99)],
    columns=["complaint_id", "client_id", "open_days"],
)


def asked():
    return (
        ask_silent(ATTENTION), ask_money(SCORES),
        ask_deals(OVERDUE, STATES, SEGMENTS), ask_complaints(COMPLAINTS, SEGMENTS, open_days=14),
    )  # fmt: skip


def test_rules_ask_where_they_fire_and_most_money_at_stake_stands_first():
    agenda = plan_actions(*asked(), as_of=DAY, capacity_hours=10, currency="EUR")
    assert list(zip(agenda.actions["kind"], agenda.actions["amount"], strict=True)) == [
        ("silent client", 800.0), ("deal", 300.0), ("overdue money", 70.0), ("complaint", 50.0),
    ]  # fmt: skip
    assert agenda.actions["action"].tolist() == [
        "Speak with UAB A, silent for too long",
        "Agree a new day for deal D-1 with UAB B, or close it",
        "Settle what is overdue with UAB A",
        "Bring complaint K-1 of UAB B to an end",
    ]
    assert agenda.actions["by_on"].iloc[0] == pd.Timestamp("2026-01-14")
    assert "(800 EUR at stake)" in agenda.ask


@pytest.mark.parametrize(("hours", "kept"), [(0, 0), (1, 1), (1.4, 1), (1.5, 2), (3, 4)])
def test_actions_stop_where_the_hours_end(hours, kept):
    agenda = plan_actions(*asked(), as_of=DAY, capacity_hours=hours)
    assert (len(agenda.actions), agenda.left_count) == (kept, 4 - kept)
    assert agenda.actions["hours"].sum() <= hours


def test_without_rules_that_fire_nothing_is_asked():
    agenda = plan_actions(ask_money(pd.DataFrame()), as_of=DAY, capacity_hours=5)
    assert agenda.actions.empty
    assert agenda.ask == "No rule asks for an action next month."
    with pytest.raises(InputError):
        plan_actions(as_of=DAY, capacity_hours=-1)


def judged(kind, subject="C-1", by_on="2025-12-14", **found):
    earlier = pd.DataFrame(
        [("C-1", "UAB A", kind, subject, "do it", by_on, "2025-11-30")],
        columns=["client_id", "name", "kind", "subject_id", "action", "by_on", "as_of"],
    )
    empty = {
        "interactions": pd.DataFrame(columns=["client_id", "happened_on"]),
        "order_days": pd.DataFrame(columns=["client_id", "ordered_on"]),
        "deal_states": STATES,
        "complaints": pd.DataFrame(columns=["complaint_id", "closed_on"]),
        "scores": pd.DataFrame(),
    }
    row = judge_actions(earlier, as_of=DAY, **{**empty, **found}).iloc[0]
    return row["state"], row["evidence_on"]


def days(column, *rows):
    return pd.DataFrame(rows, columns=["client_id", column])


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param({"interactions": days("happened_on", ("C-1", "2025-12-05"))},
                     ("done", "2025-12-05"), id="a contact after the run"),
        pytest.param({"order_days": days("ordered_on", ("C-1", "2025-12-03"))},
                     ("done", "2025-12-03"), id="an order after the run"),
        pytest.param({"order_days": days("ordered_on", ("C-1", "2025-11-30"))},
                     ("open past its day", None), id="an order of the day of the run"),
        pytest.param({"interactions": days("happened_on", ("C-2", "2025-12-05"))},
                     ("open past its day", None), id="a contact with another client"),
    ],
)  # fmt: skip
def test_silent_client_is_done_with_a_contact_or_an_order(found, expected):
    state, on = judged("silent client", **found)
    assert (state, None if pd.isna(on) else str(on.date())) == expected


def test_deal_is_done_when_decided_or_moved_ahead():
    assert judged("deal", "D-1")[0] == "open past its day"
    assert judged("deal", "D-1", by_on="2026-01-10")[0] == "open"
    moved = STATES.assign(expected_close_on="2026-02-01")
    assert judged("deal", "D-1", deal_states=moved)[0] == "done"
    assert judged("deal", "D-1", deal_states=STATES.assign(outcome="lost"))[0] == "done"


def test_complaint_is_done_when_closed_and_money_when_none_is_left():
    closed = pd.DataFrame({"complaint_id": ["K-1"], "closed_on": ["2025-12-20"]})
    assert judged("complaint", "K-1", complaints=closed)[0] == "done"
    assert judged("complaint", "K-2", complaints=closed)[0] == "open past its day"
    assert judged("overdue money", scores=SCORES)[0] == "open past its day"
    assert judged("overdue money", scores=SCORES.assign(overdue_amount=0.0))[0] == "done"
    assert judged("overdue money")[0] == "cannot be seen"


def test_an_issued_action_is_told_again_in_the_language_that_is_spoken():
    row = plan_actions(*asked(), as_of=DAY, capacity_hours=1).actions.assign(as_of="2025-11-30")
    issued = row.assign(action=[str(text) for text in row["action"]])
    nothing = pd.DataFrame(columns=["client_id", "happened_on", "ordered_on"])
    table = judge_actions(
        issued, as_of=DAY, interactions=nothing, order_days=nothing, deal_states=STATES,
        complaints=pd.DataFrame(columns=["complaint_id", "closed_on"]), scores=pd.DataFrame(),
    )  # fmt: skip
    with speaking("lt"):
        assert retell(table["action"].iloc[0]) == "Pasikalbėti: UAB A (tyli per ilgai)"


def test_outcomes_are_counted_and_nothing_earlier_gives_none():
    table = pd.DataFrame({"state": ["done", "done", "open past its day", "open"]})
    assert say_outcomes(table).startswith("Of 4 actions of the run before, the data show 2 as done")
    nothing = judge_actions(
        pd.DataFrame(), as_of=DAY, interactions=pd.DataFrame(), order_days=pd.DataFrame(),
        deal_states=pd.DataFrame(), complaints=pd.DataFrame(), scores=pd.DataFrame(),
    )  # fmt: skip
    assert nothing.empty


def test_deals_are_named_by_their_clients():
    rows = pd.DataFrame({"deal_id": [*STATES["deal_id"].unique()[:1], "D-none"]})
    named = name_deals(rows, STATES, SEGMENTS)
    assert named["name"].iloc[0] in set(SEGMENTS["name"])
    assert named["name"].isna().tolist() == [False, True]


def test_actions_that_no_hour_is_left_for_are_not_called_none():
    agenda = plan_actions(*asked(), as_of=DAY, capacity_hours=0)
    assert agenda.left_count == 4
    assert agenda.ask == (
        "None of 4 actions that rules ask for fits into the 0.0 hours that are stated."
    )
