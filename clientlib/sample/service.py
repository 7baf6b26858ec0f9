"""Service: promised and true delivery days, cancellations, complaints and what they cause."""

import numpy as np
import pandas as pd

from clientlib.sample.plan import NEVER, Flags, Floats, Plan

CANCELLED_SHARE = 0.05
LATE_BASE, LATE_ABROAD, LATE_AUTUMN = 0.09, 0.08, 0.06
LATE_DAYS_ODDS = 0.3
COMPLAINT_PROBABILITY, COMPLAINT_FACTOR_LATE = 0.013, 4.0
LEAVE_PROBABILITY = 0.08
# Kind of complaint: share when delivered in time, share when late, unit that answers for it.
KINDS = {
    "late delivery": (0.0, 0.62, "transport"),
    "damaged": (0.3, 0.12, "transport"),
    "wrong goods": (0.28, 0.1, "warehouse"),
    "quality": (0.27, 0.1, "purchasing"),
    "invoice error": (0.15, 0.06, "accounting"),
}


def add_service(plan: Plan, clients: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Draw for each order when it is delivered and whether it ends in a complaint.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    clients : DataFrame
        From ``draw_clients``.
    orders : DataFrame
        From ``draw_orders``.

    Returns
    -------
    DataFrame
        With ``promised_on``, ``late_probability``, ``arrives_on`` (first delivery),
        ``cancels_on``, ``complains_on``, ``kind`` and ``drives_away_on``; days may lie after
        the end of the period.
    """
    draws, served = plan.draws("service"), orders.copy()
    ordered = orders["ordered_on"].to_numpy(dtype="datetime64[D]")
    lead = draws.integers(2, 6, size=len(orders)) + 2 * _is_abroad(clients, orders)
    served["promised_on"] = plan.after(ordered, lead)
    served["late_probability"] = late_probabilities(clients, orders)
    is_late = draws.random(len(orders)) < served["late_probability"].to_numpy()
    delay = draws.geometric(LATE_DAYS_ODDS, size=len(orders))
    ahead = draws.integers(0, 2, size=len(orders))
    arrives = plan.after(ordered, np.where(is_late, lead + delay, lead - ahead))
    cancels = plan.after(ordered, (draws.random(len(orders)) * lead).astype(np.int64))
    is_cancelled = draws.random(len(orders)) < CANCELLED_SHARE
    served["arrives_on"] = np.where(is_cancelled, NEVER, arrives)
    served["cancels_on"] = np.where(is_cancelled, cancels, NEVER)
    _draw_complaints(served, is_late, plan, draws)
    return served


def _is_abroad(clients: pd.DataFrame, orders: pd.DataFrame) -> Flags:
    is_abroad = (clients["country"] != "LT").to_numpy(dtype=np.bool_)
    return np.asarray(is_abroad[orders["client"].to_numpy()])


def late_probabilities(clients: pd.DataFrame, orders: pd.DataFrame) -> Floats:
    """Give the true chance that an order is delivered after the promised day.

    Parameters
    ----------
    clients, orders : DataFrame
        From ``draw_clients`` and ``draw_orders``.

    Returns
    -------
    array of float, shape (n_orders,)
        A base, more abroad, more for orders of October to December.
    """
    month = orders["ordered_on"].dt.month.to_numpy()
    return np.asarray(
        LATE_BASE + LATE_ABROAD * _is_abroad(clients, orders) + LATE_AUTUMN * (month >= 10)
    )


def _draw_complaints(
    orders: pd.DataFrame, is_late: Flags, plan: Plan, draws: np.random.Generator
) -> None:
    count = len(orders)
    arrives = orders["arrives_on"].to_numpy(dtype="datetime64[D]")
    odds = COMPLAINT_PROBABILITY * np.where(is_late, COMPLAINT_FACTOR_LATE, 1.0)
    complains = (draws.random(count) < odds) & ~np.isnat(arrives)
    told = plan.after(arrives, draws.integers(0, 9, size=count))
    orders["complains_on"] = np.where(complains, told, NEVER)
    steps = [np.cumsum([kind[n] for kind in KINDS.values()])[:-1] for n in (0, 1)]
    lots = draws.random(count)
    place = np.where(
        is_late, np.searchsorted(steps[1], lots), np.searchsorted(steps[0], lots, "right")
    )
    orders["kind"] = np.array(list(KINDS))[place]
    leaves = complains & (draws.random(count) < LEAVE_PROBABILITY)
    goes = told + draws.integers(5, 45, size=count).astype("timedelta64[D]")
    orders["drives_away_on"] = np.where(leaves, goes, NEVER)
