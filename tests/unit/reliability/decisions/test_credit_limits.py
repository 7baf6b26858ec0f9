import numpy as np
import pandas as pd
import pytest

from clientlib.reliability.decisions import (
    CreditPolicy,
    LossShare,
    advise_limits,
    cap_by_authority,
    find_smallest_change,
    limits_on,
    say_change,
)

SETTINGS = {"as_of": "2025-06-30", "loss": LossShare(0.5, 0.4, 0.6, 0), "policy": CreditPolicy()}


def client(**fields):
    plain = {
        "probability": 0.01,
        "probability_high": 0.02,
        "month_amount": 1000.0,
        "pay_days": 30.4375,
        "margin_amount": 2000.0,
        "equity_amount": np.nan,
        "collateral_amount": np.nan,
        "payment_days": 30.0,
    }
    return pd.DataFrame([plain | fields], index=["C-1"])


def advice(**fields):
    return advise_limits(client(**fields), **SETTINGS).iloc[0]


@pytest.mark.parametrize(
    ("fields", "limit", "bound"),
    [
        pytest.param({}, 1200, "need", id="a month of invoicing and a quarter, rounded down"),
        pytest.param({"pay_days": 61}, 2500, "need", id="who pays later needs more"),
        pytest.param(
            {"probability_high": 0.8}, 1000, "budget", id="a fifth of 2,000 / (0.5 x 0.8)"
        ),
        pytest.param({"equity_amount": 5000.0}, 500, "capacity", id="a tenth of its equity"),
        pytest.param({"equity_amount": -100.0}, 0, "capacity", id="no equity, no credit"),
        pytest.param(
            {"probability_high": 0.8, "collateral_amount": 150.0}, 1100, "budget",
            id="security comes on top",
        ),
        pytest.param({"probability": 0.3, "probability_high": 0.4}, 0, "class", id="class E"),
        pytest.param({"margin_amount": -5.0}, 0, "budget", id="brings nothing, may lose nothing"),
    ],
)  # fmt: skip
def test_limit_is_the_least_of_need_budget_and_capacity(fields, limit, bound):
    found = advice(**fields)
    assert (found["limit_amount"], found["limit_bound_by"]) == (limit, bound)


def test_unknown_margin_leaves_need_and_capacity():
    assert advice(margin_amount=np.nan)["limit_bound_by"] == "need"


def test_no_probability_gives_no_limit_and_says_so():
    found = advice(probability=np.nan, probability_high=np.nan)
    assert np.isnan(found["limit_amount"])
    assert found["limit_bound_by"] == "unknown"
    assert pd.isna(found["valid_until"])


@pytest.mark.parametrize(
    ("probability", "days", "deposit", "until"),
    [
        (0.001, 30, 0.0, "2026-06-30"),
        (0.03, 30, 0.0, "2025-12-30"),
        (0.10, 14, 0.3, "2025-09-30"),
        (0.30, 0, 1.0, "2025-07-30"),
    ],
)
def test_terms_and_validity_go_by_class_and_never_beyond_what_was_agreed(
    probability, days, deposit, until
):
    found = advice(probability=probability, probability_high=probability)
    assert (found["advised_payment_days"], found["deposit_share"]) == (days, deposit)
    assert found["valid_until"] == pd.Timestamp(until)


def test_first_change_that_raises_the_limit_is_named():
    now = client(probability=0.10, probability_high=0.8)
    same, better = client(probability=0.10, probability_high=0.8), client()
    found = find_smallest_change(now, {"overdue": same, "statement": better}, **SETTINGS).iloc[0]
    assert (found["raise_by"], found["raised_limit_amount"]) == ("statement", 1200)
    assert found["raise_deposit_amount"] == 300  # 1,250 less 1,000, rounded up


def test_security_is_named_where_no_change_helps():
    now = client(probability=0.10, probability_high=0.8)
    found = find_smallest_change(now, {"overdue": now}, **SETTINGS).iloc[0]
    assert (found["raise_by"], found["raised_limit_amount"]) == ("deposit", 1200)
    assert say_change("deposit", found["raise_deposit_amount"]) == "gives security of 300"


def test_nothing_is_asked_of_a_client_whose_limit_meets_its_need():
    found = find_smallest_change(client(), {"overdue": client()}, **SETTINGS).iloc[0]
    assert found["raise_by"] == ""
    assert say_change(found["raise_by"], np.nan) == ""


LIMITS = pd.DataFrame(
    [
        ("M-1", "credit", "2024-01-01", "2024-12-31", 500.0, "2023-12-01"),
        ("M-1", "credit", "2025-01-01", None, 1000.0, "2024-12-01"),
        ("M-1", "credit", "2025-01-01", None, 9000.0, "2026-03-01"),  # told of too late
        ("M-1", "payment_days", "2024-01-01", None, 45.0, "2023-12-01"),
        ("M-2", "payment_days", "2024-01-01", None, 60.0, "2023-12-01"),
    ],
    columns=["manager_id", "kind", "starts_on", "ends_on", "limit_value", "known_on"],
)


@pytest.mark.parametrize(("day", "limit"), [("2024-12-31", 500.0), ("2025-01-01", 1000.0)])
def test_authority_is_that_of_the_day(day, limit):
    assert limits_on(LIMITS, day).loc["M-1", "credit"] == limit


def test_advice_is_cut_to_what_the_manager_may_grant():
    wanted = pd.DataFrame(
        {
            "manager_id": ["M-1", "M-1", "M-2", None],
            "limit_amount": [900.0, 1500.0, 300.0, 100.0],
            "advised_payment_days": [30.0, 60.0, 60.0, 0.0],
        }
    )
    found = cap_by_authority(wanted, limits_on(LIMITS, "2025-06-30"))
    assert found["granted_limit_amount"].tolist() == [900, 1000, 0, 0]
    assert found["granted_payment_days"].tolist() == [30, 45, 60, 0]
    assert found["approval_of"].tolist() == [
        "",
        "credit limit, days to pay",
        "credit limit",
        "credit limit",
    ]


def test_nothing_is_cut_where_no_limits_are_brought():
    wanted = pd.DataFrame(
        {"manager_id": ["M-1"], "limit_amount": [9e6], "advised_payment_days": [60.0]}
    )
    found = cap_by_authority(wanted, limits_on(LIMITS.head(0), "2025-06-30")).iloc[0]
    assert found["granted_limit_amount"] == 9e6
    assert not found["needs_approval"]
