"""The review of lost clients, by hand: signs, alerts, contacts and what follows from them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from clientlib.reliability.events import LossRules
from clientlib.reliability.portfolio.departures import (
    CALLED,
    LEFT_OPEN,
    LOSS_COLUMNS,
    NO_SIGN,
    NOT_CALLED,
    SIGN_COLUMNS,
    UNKNOWN,
    describe_losses,
    review_losses,
    say_losses,
    tell_signs,
)
from clientlib.reliability.portfolio.traces import read_traces
from clientlib.reliability.warning import WatchList, WatchRule, read_book

AS_OF = pd.Timestamp("2025-06-30")
DAY = pd.Timestamp
EMPTY = {
    "staging.interactions": [
        "client_id", "happened_on", "known_on", "is_inbound", "replied_on"],
    "staging.complaints": ["client_id", "opened_on", "closed_on", "known_on"],
    "staging.obligations": ["client_id", "owed_by", "agreed_on", "due_on", "done_on", "known_on"],
    "staging.assignments": ["client_id", "starts_on", "manager_id", "known_on"],
    "marts.client_ids": ["source_client_id", "client_id"],
    "marts.delivery_judgements": ["client_id", "judged_on", "is_late"],
}  # fmt: skip


def reader(**rows):
    """A warehouse of the given rows; tables that are not given are empty."""
    tables = {name: pd.DataFrame(columns=columns) for name, columns in EMPTY.items()}
    for short, given in rows.items():
        name = next(name for name in EMPTY if name.endswith(short))
        tables[name] = pd.DataFrame(given, columns=EMPTY[name])
    return lambda name, **_: tables[name]


def lost(client_id="A", alert=None, last="2024-10-01", declared="2025-03-30", revenue=1000.0):
    return pd.DataFrame(
        {
            "client_id": [client_id],
            "ordered_last_on": [DAY(last)],
            "declared_on": [DAY(declared)],
            "revenue_365d_amount": [revenue],
            "first_alert_on": pd.to_datetime([alert]),
        }
    )


CALL = ("B", "2025-01-10", "2025-01-10", False, None)


def described(losses, **rows):
    traces = read_traces(reader(**{"interactions": [CALL], **rows}), as_of=AS_OF)
    table = describe_losses(losses, traces)
    assert tuple(table.columns) == LOSS_COLUMNS
    return table.iloc[0]


@pytest.mark.parametrize(
    ("alert", "rows", "finding"),
    [
        (None, {}, NO_SIGN),
        ("2025-01-31", {}, NOT_CALLED),
        (None, {"delivery_judgements": [("A", "2024-09-20", True)]}, NOT_CALLED),
        ("2025-01-31", {"interactions": [("A", "2025-02-03", "2025-02-03", False, None)]}, CALLED),
        # Before the alert, or by the client itself, is no answer to it.
        (
            "2025-01-31",
            {"interactions": [("A", "2025-01-20", "2025-01-20", False, None)]},
            NOT_CALLED,
        ),
        (
            "2025-01-31",
            {"interactions": [CALL, ("A", "2025-02-03", "2025-02-03", True, "2025-02-04")]},
            NOT_CALLED,
        ),
        (
            "2025-01-31",
            {
                "interactions": [("A", "2025-02-03", "2025-02-03", False, None)],
                "complaints": [("A", "2024-09-20", "2025-04-02", "2024-09-20")],
            },
            LEFT_OPEN,
        ),
        (None, {"interactions": []}, UNKNOWN),
    ],
)
def test_a_finding_follows_from_signs_alert_and_contacts(alert, rows, finding):
    assert described(lost(alert=alert), **rows)["finding"] == finding


def test_signs_are_counted_around_the_last_order_as_far_as_known():
    row = described(
        lost(),
        complaints=[
            ("A", "2024-09-20", "2024-09-25", "2024-09-20"),
            ("A", "2024-11-20", None, "2024-11-20"),
            ("A", "2024-02-01", None, "2024-02-01"),  # too long before
            ("A", "2025-01-15", None, "2025-01-15"),  # too long after
            ("A", "2024-10-05", None, "2025-07-01"),  # known later
            (None, "2024-10-05", None, "2024-10-05"),
        ],
        delivery_judgements=[
            ("A", "2024-09-02", True),
            ("A", "2024-09-03", False),
            ("A", "2024-09-04", None),
        ],
        interactions=[
            CALL,
            ("A", "2024-09-01", "2024-09-01", True, None),
            ("A", "2024-09-01", "2024-09-01", True, "2024-09-20"),
            ("A", "2024-09-01", "2024-09-01", True, "2024-09-10"),
            ("B", "2024-09-01", "2024-09-01", True, None),
        ],
        obligations=[
            ("A", "us", "2024-08-01", "2024-09-10", "2024-09-11", "2024-08-01"),
            ("A", "us", "2024-08-01", "2024-09-10", "2024-09-10", "2024-08-01"),
            ("A", "client", "2024-08-01", "2024-09-10", None, "2024-08-01"),
        ],
        assignments=[
            ("A", "2020-01-01", "M-1", "2020-01-01"),
            ("A", "2024-08-15", "M-2", "2024-08-15"),
            ("A", "2024-08-20", "M-2", "2024-08-20"),  # the same manager goes on
        ],
    )
    assert (row["complaints_count"], row["open_complaints_count"]) == (2, 1)
    assert (row["late_deliveries_count"], row["unanswered_count"]) == (1, 2)
    assert (row["broken_count"], row["handed_count"]) == (1, 1)
    assert row["first_sign_on"] == DAY("2024-08-15")
    said = tell_signs(pd.DataFrame([row])).iloc[0]
    assert said == (
        "2 complaints, 1 of them left open, 1 late delivery, 2 contacts without reply, "
        "1 broken promise of ours, a new manager"
    )


def test_signs_and_contacts_of_a_further_entry_are_those_of_its_client():
    row = described(
        lost(alert="2025-01-31"),
        client_ids=[("A-2", "A")],
        complaints=[("A-2", "2024-09-20", "2024-09-25", "2024-09-20")],
        interactions=[("A-2", "2025-02-03", "2025-02-03", False, None)],
    )
    assert (row["complaints_count"], row["contacts_count"], row["finding"]) == (1, 1, CALLED)


def test_replies_that_no_source_records_are_not_missed():
    row = described(lost(), interactions=[("A", "2024-09-01", "2024-09-01", True, None), CALL])
    assert row["unanswered_count"] == 0


def test_the_headline_counts_the_losses_that_may_have_been_avoided():
    parts = [lost("A", "2025-01-31", revenue=3000.0), lost("B", None, revenue=2000.0)]
    traces = read_traces(reader(interactions=[("C", *CALL[1:])]), as_of=AS_OF)
    table = describe_losses(pd.concat(parts, ignore_index=True), traces)
    assert table["client_id"].tolist() == ["A", "B"]
    said = say_losses(table, "EUR")
    assert [(told.name, told.value) for told in said.told] == [
        ("lost", 2),
        ("revenue", 5000.0),
        ("missed", 1),
        ("missed_revenue", 3000.0),
    ]
    assert say_losses(table.head(0), "EUR") == ""


def orders(client_id, first, last, every):
    days = pd.date_range(first, last, freq=f"{every}D")
    return pd.DataFrame(
        {
            "client_id": client_id,
            "ordered_on": days,
            "counted_on": days,
            "kind": "ordered",
            "revenue_amount": 100.0,
            "family": "valves",
        }
    )


@pytest.fixture(scope="module")
def company():
    """Six clients that left in October, four that stayed, and one that came back in May."""
    parts = [orders(f"L{k}", "2023-01-02", f"2024-10-{10 + k}", 30) for k in range(6)]
    parts += [orders(f"K{k}", "2023-01-02", "2025-06-20", 30) for k in range(4)]
    parts += [
        orders("R", "2023-01-02", "2024-09-01", 30),
        orders("R", "2025-05-05", "2025-05-05", 1),
    ]
    return pd.concat(parts, ignore_index=True)


def reviewed(company, **rows):
    table = reader(**rows)
    book = read_book(company, as_of=AS_OF)
    assessment = SimpleNamespace(as_of=AS_OF, rules=LossRules())
    changes = pd.DataFrame(
        [
            ("L0", DAY("2025-03-31"), "lost", DAY("2024-12-31")),
            ("L1", DAY("2024-06-30"), "lost", DAY("2024-03-31")),  # of an earlier loss
            ("L2", DAY("2025-03-31"), "left", DAY("2024-12-31")),  # not on the list when lost
        ],
        columns=["client_id", "month_end", "change", "first_alert_on"],
    )
    clients = pd.DataFrame({"client_id": ["K0"], "first_alert_on": [DAY("2025-05-31")]})
    watched = WatchList(AS_OF, WatchRule(0.5, 0.4), clients, changes)
    return review_losses(
        lambda name, **_: company if name == "marts.line_facts" else table(name),
        book,
        assessment,
        SimpleNamespace(watched=watched),
    )


def test_clients_that_came_back_or_stayed_are_not_reviewed(company):
    losses, _ = reviewed(company)
    assert sorted(losses["client_id"]) == [f"L{k}" for k in range(6)]
    assert (losses["declared_on"] > losses["ordered_last_on"] + pd.Timedelta(days=179)).all()
    own = company[company["client_id"] == "L0"]
    year = own[own["ordered_on"] > own["ordered_on"].max() - pd.Timedelta(days=365)]
    amount = losses.set_index("client_id").loc["L0", "revenue_365d_amount"]
    assert amount == pytest.approx(year["revenue_amount"].sum())


def test_an_alert_counts_where_it_stood_until_the_loss(company):
    losses, _ = reviewed(company)
    alerts = losses.set_index("client_id")["first_alert_on"]
    assert alerts["L0"] == DAY("2024-12-31")
    assert alerts.drop("L0").isna().all()


def test_signs_of_lost_clients_stand_beside_those_of_clients_that_stayed(company):
    complaints = [(f"L{k}", "2024-09-20", "2024-09-25", "2024-09-20") for k in range(3)]
    complaints += [
        ("K0", "2024-09-20", "2024-09-25", "2024-09-20"),
        ("K1", "2023-01-05", None, None),
    ]
    _, signs = reviewed(company, complaints=complaints)
    assert tuple(signs.columns) == SIGN_COLUMNS
    assert signs["sign"].tolist() == ["complaint"]  # nothing is said of what nobody records
    row = signs.iloc[0]
    assert (row["lost_count"], row["lost_share"]) == (3, 0.5)
    assert row["lost_low"] < 0.5 < row["lost_high"]
    assert (row["kept_count"], row["kept_share"]) == (1, pytest.approx(0.2))  # R stayed too


def test_few_losses_say_nothing_of_how_usual_signs_are(company):
    few = company[~company["client_id"].isin(["L0", "L1"])]
    losses, signs = reviewed(few, complaints=[("L3", "2024-09-20", None, "2024-09-20")])
    assert len(losses) == 4
    assert signs.empty


def test_a_company_without_losses_gets_empty_tables(company):
    losses, signs = reviewed(company[company["client_id"].str.startswith("K")])
    assert losses.empty
    assert tuple(losses.columns) == LOSS_COLUMNS
    assert signs.empty
    assert tell_signs(losses).empty


def test_what_is_known_later_changes_nothing(company):
    rows = {
        "complaints": [("L0", "2024-09-20", "2024-12-01", "2024-09-20")],
        "interactions": [CALL],
    }
    later = {
        "complaints": [*rows["complaints"], ("L1", "2024-09-21", None, "2025-07-02")],
        "interactions": [CALL, ("L0", "2025-02-01", "2025-07-01", False, None)],
    }
    tomorrow = company.head(3).assign(client_id="L1", counted_on=DAY("2025-07-01"))
    before, after = reviewed(company, **rows), reviewed(pd.concat([company, tomorrow]), **later)
    for one, other in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert np.isfinite(before[0]["revenue_365d_amount"]).all()
