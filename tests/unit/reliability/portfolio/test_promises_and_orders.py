"""Promises both ways, terms beside payments, open orders and what came of defaults, by hand."""

import pandas as pd
import pytest

from clientlib.reliability.events import LossRules
from clientlib.reliability.portfolio import benchmark_terms, judge_promises
from clientlib.reliability.portfolio.orders import list_open_orders
from clientlib.reliability.portfolio.recoveries import find_recoveries

DAY = "2025-06-30"
OBLIGATIONS = pd.DataFrame(
    [
        ("client", None, "2025-05-01", "2025-05-01", "2025-05-20", "2025-05-19"),  # kept
        ("client", None, "2025-05-01", "2025-05-01", "2025-05-20", "2025-05-21"),  # late
        ("client", None, "2025-05-01", "2025-05-01", "2025-06-30", None),  # due today: near
        ("us", "accounting", "2025-05-01", "2025-05-01", "2025-06-29", None),  # overdue
        ("us", "accounting", "2025-05-01", "2025-05-01", "2025-06-01", "2025-07-05"),  # open then
        ("us", "sales", "2025-05-01", "2025-07-02", "2025-06-01", None),  # known later
        ("partner", None, "2025-05-01", "2025-05-01", "2025-05-20", None),
    ],
    columns=["owed_by", "unit", "agreed_on", "known_on", "due_on", "done_on"],
)


def test_promises_of_both_sides_are_judged_from_the_day_after_they_were_due():
    table = judge_promises(OBLIGATIONS, as_of=DAY).set_index("who")
    client, ours = table.loc["clients"], table.loc["accounting"]
    assert (client["due_count"], client["late_count"], client["overdue_count"]) == (2, 1, 0)
    assert (client["near_count"], client["late_share"]) == (1, 0.5)
    assert (ours["due_count"], ours["late_count"], ours["overdue_count"]) == (2, 2, 2)
    assert set(table.index) == {"clients", "accounting"}
    assert client["share_low"] < 0.5 < client["share_high"]


def test_no_promise_gives_no_row():
    assert judge_promises(OBLIGATIONS.head(0), as_of=DAY).empty


def test_terms_are_compared_with_each_client_counted_alike():
    standing = pd.DataFrame({"client_id": ["A", "B"], "payment_days": [14, 14]})
    punctuality = pd.DataFrame(
        {
            "client_id": ["A", "B", "C", "D"],
            "due_count": [100, 10, 4, 0],
            "late_count": [10, 5, 1, 0],
            "disputed_count": [11, 0, None, 0],
        }
    )
    table = benchmark_terms(standing, punctuality).set_index("terms")
    assert list(table.index) == ["14", "no contract"]
    assert table.loc["14", "late_share"] == pytest.approx((0.1 + 0.5) / 2)
    assert table.loc["14", "disputed_share"] == pytest.approx(0.1)
    assert (table.loc["no contract", "clients_count"], table.loc["no contract", "late_share"]) == (
        1,
        0.25,
    )


LINES = pd.DataFrame(
    [
        ("O-1", "A", "2025-06-20", "2025-06-20", 100.0, 60.0, False),
        ("O-1", "A", "2025-06-20", "2025-06-20", 50.0, None, False),  # cost of a line not known
        ("O-2", "A", "2025-06-20", "2025-06-20", 80.0, 50.0, False),  # delivered by the day
        ("O-3", "B", "2025-06-25", "2025-06-25", 40.0, 30.0, False),  # delivered later
        ("O-4", "B", "2024-11-01", "2024-11-01", 70.0, 30.0, False),  # too old to come
        ("O-5", "B", "2025-06-28", "2025-07-03", 90.0, 30.0, False),  # known later
        ("O-6", "B", "2025-06-28", "2025-06-28", 20.0, 10.0, False),
        ("O-6", "B", "2025-06-28", "2025-06-29", -20.0, -10.0, False),  # cancelled
    ],
    columns=["order_id", "client_id", "ordered_on", "counted_on", "revenue_amount", "cost_amount",
             "is_credit"],
)  # fmt: skip
CLOSINGS = pd.DataFrame({"order_id": ["O-2", "O-3"], "closed_on": ["2025-06-29", "2025-07-04"]})


def test_orders_are_open_until_the_delivery_that_was_known():
    table = list_open_orders(LINES, CLOSINGS, as_of=DAY).set_index("order_id")
    assert set(table.index) == {"O-1", "O-3"}
    assert table.loc["O-3", "margin_amount"] == 10.0
    assert table.loc["O-1", "amount"] == 150.0
    assert pd.isna(table.loc["O-1", "margin_amount"])


def test_without_any_delivery_nobody_knows_which_orders_are_open():
    assert list_open_orders(LINES, CLOSINGS.head(0), as_of=DAY).empty


def test_recovered_is_what_was_paid_within_a_year_of_the_default():
    ends = pd.date_range("2024-01-31", periods=18, freq="ME")
    overdue = [0.0, 0.0, 300.0, 300.0, *[0.0] * 14]
    panel = pd.DataFrame(
        {"client_id": "A", "month_end": ends, "overdue_60_amount": overdue, "open_amount": 400.0,
         "open_orders_amount": 0.0}
    )  # fmt: skip
    invoices = pd.DataFrame(
        {
            "client_id": "A",
            "due_on": pd.to_datetime(["2023-12-01", "2023-12-15", "2024-03-30", "2023-11-01"]),
            "amount": [200.0, 100.0, 500.0, 50.0],
            "heard_on": pd.to_datetime(["2024-06-01", "2025-05-01", None, "2024-01-15"]),
        }
    )
    (row,) = find_recoveries(invoices, panel, LossRules()).to_dict("records")
    assert row["defaulted_on"] == pd.Timestamp("2024-03-31")
    assert row["overdue_amount"] == 300.0  # paid before, and not yet due for so long, left out
    assert row["recovered_share"] == pytest.approx(200 / 300)  # the other came after a year


def test_a_default_that_is_not_a_year_old_is_not_judged():
    ends = pd.date_range("2024-01-31", periods=10, freq="ME")
    panel = pd.DataFrame(
        {"client_id": "A", "month_end": ends, "overdue_60_amount": [0.0, 0.0, 300.0, *[0.0] * 7],
         "open_amount": 400.0, "open_orders_amount": 0.0}
    )  # fmt: skip
    invoices = pd.DataFrame(
        {"client_id": ["A"], "due_on": pd.to_datetime(["2023-12-01"]), "amount": [300.0],
         "heard_on": pd.to_datetime(["2024-04-05"])}
    )  # fmt: skip
    assert find_recoveries(invoices, panel, LossRules()).empty
