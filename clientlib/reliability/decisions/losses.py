"""What may be lost: with a client, and with each of its open orders."""

from dataclasses import dataclass

import pandas as pd
from scipy.special import betaincinv

from clientlib.reliability.decisions.policy import CreditPolicy

PRIOR_DEFAULTS = 10.0


@dataclass(frozen=True)
class LossShare:
    """Part of a defaulted exposure that is lost, and on what the figure rests.

    Parameters
    ----------
    share : float, 0..1
        Drawn from the company's own defaults towards the policy's.
    low, high : float, 0..1
        Its 90 % interval.
    defaults_count : int
        Defaults of the company's own behind it.
    """

    share: float
    low: float
    high: float
    defaults_count: int


def estimate_loss_share(recovered: pd.Series, policy: CreditPolicy) -> LossShare:
    """Estimate the loss share from defaults whose outcome is known.

    Parameters
    ----------
    recovered : Series of float, 0..1, shape (n_defaults,)
        Part of each defaulted exposure that was paid in the end.
    policy : CreditPolicy
        Its loss share counts as ten defaults.

    Returns
    -------
    LossShare
        With a beta interval of as many cases as there are defaults, the ten included.

    References
    ----------
    Beta posterior with a prior weight: Gelman et al., Bayesian Data Analysis, 3rd ed., 2013,
    chapter 2.
    """
    lost = (1 - recovered.dropna().astype(float)).clip(0.0, 1.0)
    weight = PRIOR_DEFAULTS + len(lost)
    share = float((lost.sum() + PRIOR_DEFAULTS * policy.loss_share) / weight)
    low, high = (
        float(betaincinv(weight * share, weight * (1 - share), tail)) for tail in (0.05, 0.95)
    )
    return LossShare(share, low, high, len(lost))


def expect_losses(clients: pd.DataFrame, loss: LossShare) -> pd.DataFrame:
    """Multiply exposure, loss share and probability.

    Parameters
    ----------
    clients : DataFrame
        exposure_amount, collateral_amount (money, null for none), and probability with
        probability_low and probability_high (of default within the horizon, 0..1).
    loss : LossShare
        Part that is lost.

    Returns
    -------
    DataFrame, index as ``clients``
        unsecured_amount (exposure without what is secured), expected_loss_amount with
        expected_loss_low and expected_loss_high: both ends at their 90 % bounds together, so
        that the interval is at least as wide as 90 %.
    """
    secured = clients["collateral_amount"].astype(float).fillna(0.0)
    bare = (clients["exposure_amount"].astype(float) - secured).clip(lower=0.0)
    return pd.DataFrame(
        {
            "unsecured_amount": bare,
            "expected_loss_amount": bare * loss.share * clients["probability"],
            "expected_loss_low": bare * loss.low * clients["probability_low"],
            "expected_loss_high": bare * loss.high * clients["probability_high"],
        }
    )


def weigh_orders(orders: pd.DataFrame, clients: pd.DataFrame, loss: LossShare) -> pd.DataFrame:
    """Set the expected loss of each open order against what it would bring.

    Parameters
    ----------
    orders : DataFrame, one row per open order
        order_id, client_id, ordered_on, amount, margin_amount (null where no cost is known).
    clients : DataFrame, index client_id
        probability of default within the horizon.
    loss : LossShare
        Part that is lost.

    Returns
    -------
    DataFrame
        The orders with probability, expected_loss_amount, net_amount (margin less expected
        loss) and is_worth (null where the margin or the probability is not known).
    """
    chance = orders["client_id"].map(clients["probability"]).astype(float)
    lost = orders["amount"].astype(float) * loss.share * chance
    net = orders["margin_amount"].astype(float) - lost
    worth = (net > 0).astype("boolean").mask(net.isna())
    return orders.assign(
        probability=chance, expected_loss_amount=lost, net_amount=net, is_worth=worth
    )
