import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.decisions import (
    CreditPolicy,
    LossShare,
    estimate_loss_share,
    expect_losses,
    to_classes,
    to_percentiles,
    to_points,
    weigh_orders,
)

POLICY = CreditPolicy()


def test_points_double_the_odds_every_twenty():
    chances = pd.Series(
        [1 / 51, 1 / 101, 1 / 26, 0.5, np.nan]
    )  # 50, 100, 25 good for one bad; evens
    assert to_points(chances, POLICY).tolist()[:4] == [600, 620, 580, 487]
    assert np.isnan(to_points(chances, POLICY).iloc[4])


@pytest.mark.parametrize(
    ("probability", "name"),
    [(0.0, "A"), (0.00499, "A"), (0.005, "B"), (0.02, "C"), (0.05, "D"), (0.15, "E"), (1.0, "E")],
)
def test_a_probability_on_a_bound_is_of_the_worse_class(probability, name):
    assert to_classes(pd.Series([probability]), POLICY).tolist() == [name]


def test_no_probability_has_no_class():
    assert to_classes(pd.Series([np.nan]), POLICY).tolist() == [None]


def test_percentile_is_the_part_that_is_at_least_as_risky():
    found = to_percentiles(pd.Series([0.4, 0.1, 0.2, np.nan, 0.2]))
    assert found.tolist()[:3] == [0.25, 1.0, 0.625]
    assert np.isnan(found.iloc[3])


def test_loss_share_starts_from_the_policy_and_moves_with_own_defaults():
    none = estimate_loss_share(pd.Series([], dtype=float), POLICY)
    assert (none.share, none.defaults_count) == (0.45, 0)
    total = estimate_loss_share(pd.Series([0.0] * 10), POLICY)
    assert total.share == pytest.approx((10 + 4.5) / 20)
    assert none.low < none.share < none.high
    assert total.high - total.low < none.high - none.low


def test_expected_loss_is_of_what_is_not_secured():
    clients = pd.DataFrame(
        {
            "exposure_amount": [1000.0, 1000.0, 100.0],
            "collateral_amount": [None, 400.0, 500.0],
            "probability": 0.1,
            "probability_low": 0.05,
            "probability_high": 0.2,
        }
    )
    losses = expect_losses(clients, LossShare(0.5, 0.4, 0.6, 3))
    assert losses["expected_loss_amount"].tolist() == pytest.approx([50, 30, 0])
    assert losses["expected_loss_low"].tolist() == pytest.approx([20, 12, 0])
    assert losses["expected_loss_high"].tolist() == pytest.approx([120, 72, 0])


def test_an_order_is_worth_it_while_its_margin_exceeds_what_may_be_lost():
    orders = pd.DataFrame(
        {
            "order_id": ["O-1", "O-2", "O-3", "O-4"],
            "client_id": ["C-1", "C-2", "C-1", "C-9"],
            "ordered_on": pd.Timestamp("2025-01-01"),
            "amount": 1000.0,
            "margin_amount": [60.0, 60.0, None, 60.0],
        }
    )
    clients = pd.DataFrame({"probability": [0.1, 0.2]}, index=["C-1", "C-2"])
    weighed = weigh_orders(orders, clients, LossShare(0.5, 0.4, 0.6, 3))
    assert weighed["net_amount"].tolist()[:2] == pytest.approx([10, -40])
    assert weighed["is_worth"].tolist() == [True, False, pd.NA, pd.NA]


@pytest.mark.parametrize(
    "wrong",
    [
        {"class_bounds": (0.1, 0.05, 0.2, 0.3)},
        {"class_bounds": (0.1, 0.1, 0.2, 0.3)},
        {"loss_share": 1.2},
        {"months_valid": {"A": 12}},
    ],
)
def test_a_policy_that_cannot_be_is_refused(wrong):
    with pytest.raises(InputError, match="credit policy"):
        CreditPolicy(**wrong)
