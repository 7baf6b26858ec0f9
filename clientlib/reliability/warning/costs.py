"""What alerts cost and save: the threshold that pays best, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.reliability.warning.counting import FEWEST_CLIENTS, best_scores

Floats = npt.NDArray[np.float64]

POINTS = 50
REPEATS = 500


@dataclass(frozen=True)
class CallCosts:
    """What a company assumes of calls; nothing here is learnt from data.

    Parameters
    ----------
    call_amount : float, in money
        Cost of acting on one alert.
    saved_share : float, 0..1
        Of clients that would be lost, the part that a call in time keeps for a year.
    margin_share : float, 0..1
        Margin on a kept client's revenue.
    """

    call_amount: float = 40.0
    saved_share: float = 0.10
    margin_share: float = 0.25


@dataclass(frozen=True)
class CostCurve:
    """Gain of alerting at each threshold, on clients whose fate is known.

    Parameters
    ----------
    status : str
        "ok", or "not enough data" below 30 lost or 30 healthy clients.
    curve : DataFrame, one row per threshold, falling
        threshold, called_share (of all clients), flagged_share (of the lost), cost_amount,
        saved_amount and gain_amount.
    best_threshold, best_low, best_high : float
        Where the gain is largest, and between which it is in 90 % of bootstrap samples of
        clients.
    best_gain_amount : float, in money
        At that threshold; never below 0: to call nobody costs nothing.
    """

    status: str
    curve: pd.DataFrame
    best_threshold: float
    best_low: float
    best_high: float
    best_gain_amount: float


def weigh_costs(
    rows: pd.DataFrame, score: pd.Series, costs: CallCosts | None = None, *, seed: int = 0
) -> CostCurve:
    """Set the cost of calls against the margin that they keep, threshold by threshold.

    A client is called once. A call to a client that would be lost keeps ``saved_share`` of its
    yearly margin, by its largest revenue of 365 days in ``rows``; any other call only costs.

    Parameters
    ----------
    rows : DataFrame
        From `usable_rows`, with revenue_365d_amount.
    score : Series of float, index as ``rows``
        Larger means that a loss is nearer.
    costs : CallCosts, optional
        The assumptions.
    seed : int
        Of the bootstrap.

    Returns
    -------
    CostCurve
        The largest gain is that of the clients it was found on, and so a little flattered; its
        interval says how far the threshold could lie elsewhere.
    """
    assumed = costs or CallCosts()
    best = best_scores(rows, score)
    revenue = rows["revenue_365d_amount"].clip(lower=0.0).groupby(rows["client_id"]).max()
    kept = revenue.reindex(best.index) * assumed.margin_share * assumed.saved_share
    is_lost = best["is_lost"].to_numpy() == 1
    saved = np.where(is_lost, kept.to_numpy(), 0.0)
    if min(is_lost.sum(), (~is_lost).sum()) < FEWEST_CLIENTS:
        nan = float("nan")
        return CostCurve("not enough data", pd.DataFrame(), nan, nan, nan, nan)
    thresholds = np.unique(np.quantile(best["best_score"], np.linspace(0, 1, POINTS)))[::-1]
    called = best["best_score"].to_numpy()[:, None] > thresholds
    gain = called * (saved - assumed.call_amount)[:, None]
    ways = _best_places(gain, seed)
    curve = pd.DataFrame(
        {
            "threshold": thresholds,
            "called_share": called.mean(axis=0),
            "flagged_share": called[is_lost].mean(axis=0),
            "cost_amount": called.sum(axis=0) * assumed.call_amount,
            "saved_amount": (called * saved[:, None]).sum(axis=0),
            "gain_amount": gain.sum(axis=0),
        }
    )
    low, high = np.quantile(thresholds[ways], [0.05, 0.95])
    top = curve.loc[curve["gain_amount"].idxmax()]
    return CostCurve(
        "ok", curve, float(top["threshold"]), float(low), float(high), float(top["gain_amount"])
    )


def _best_places(gain: Floats, seed: int) -> npt.NDArray[np.int64]:
    """Find the best threshold of each bootstrap sample of clients."""
    count = len(gain)
    random = np.random.default_rng(seed)
    draws = random.multinomial(count, np.full(count, 1 / count), REPEATS)
    places: npt.NDArray[np.int64] = (draws @ gain).argmax(axis=1)
    return places
