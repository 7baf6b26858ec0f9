"""What clients are worth: ABC classes, and value tiers that do not flicker at their borders."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.panels import month_ends_of
from clientlib.segments.rules import LARGE, MIDDLE, NO_VALUE, SMALL, SegmentRules

MONTHS_OF_HISTORY = 12
_NAMES = np.array([NO_VALUE, SMALL, MIDDLE, LARGE], dtype=object)


@dataclass(frozen=True)
class ValueCuts:
    """Amounts that part the value tiers.

    Parameters
    ----------
    fitted_on : Timestamp
        The month end whose ABC classes they come from.
    large_from, middle_from : float, money of twelve months
        Smallest revenue of a client in class A, and in class B.
    clients_count : int
        Clients with revenue at that month end.
    """

    fitted_on: pd.Timestamp
    large_from: float
    middle_from: float
    clients_count: int


def classify_abc(revenue: pd.Series, *, cuts: tuple[float, float] = (0.80, 0.95)) -> pd.Series:
    """Part clients into A, B and C by their share of revenue, largest first.

    A client belongs to A while those before it hold less than 80 %: the client that crosses a
    cut still counts to the upper class.

    Parameters
    ----------
    revenue : Series of float, in money, shape (n_clients,)
        Revenue of twelve months, indexed by client.
    cuts : (float, float), 0..1
        Cumulative shares that close A and B.

    Returns
    -------
    Series of str, shape (n_clients,), index as ``revenue``
        "A", "B", "C", or "-" where the revenue is not above zero. Equal revenues get the
        better class of the two.

    References
    ----------
    ABC analysis: Dickie, Factory Management and Maintenance 109, 1951.
    """
    positive = revenue[revenue > 0].astype(float).sort_values(ascending=False, kind="stable")
    before = (positive.cumsum() - positive) / positive.sum()
    before = before.groupby(positive).transform("min")
    close_a, close_b = cuts
    # A hair below the cut is rounding, not revenue.
    grade = np.select([before < close_a - 1e-12, before < close_b - 1e-12], ["A", "B"], "C")
    return pd.Series(grade, index=positive.index, dtype=object).reindex(revenue.index).fillna("-")


def fit_value_cuts(
    revenue: pd.Series, fitted_on: pd.Timestamp, *, cuts: tuple[float, float] = (0.80, 0.95)
) -> ValueCuts:
    """Turn the ABC classes of one month end into amounts that can be frozen.

    Parameters
    ----------
    revenue : Series of float, in money, shape (n_clients,)
        Revenue of twelve months.
    fitted_on : Timestamp
        The month end.
    cuts : (float, float), 0..1
        As in `classify_abc`.

    Returns
    -------
    ValueCuts
        Infinite amounts where nobody has revenue.
    """
    classes = classify_abc(revenue, cuts=cuts)
    large = revenue[classes == "A"].min()
    middle = revenue[classes.isin(["A", "B"])].min()
    large, middle = (
        float("inf") if pd.isna(amount) else float(amount) for amount in (large, middle)
    )
    return ValueCuts(fitted_on, large, middle, int((revenue > 0).sum()))


def cut_days(ends: Sequence[pd.Timestamp], rules: SegmentRules) -> dict[pd.Timestamp, pd.Timestamp]:
    """Say for each month end at which month end its cuts are fitted.

    Parameters
    ----------
    ends : sequence of Timestamp
        Month ends of the panel, oldest first.
    rules : SegmentRules
        With the month that closes the year.

    Returns
    -------
    dict
        The last year end before, if twelve months of history lie behind it; else the month
        end itself, so that the cuts are not frozen yet.
    """
    if not ends:
        return {}
    ripe = ends[0] + pd.DateOffset(months=MONTHS_OF_HISTORY - 1)
    years = [end for end in ends if end.month == rules.year_end_month and end >= ripe]
    return {end: max((y for y in years if y < end), default=end) for end in ends}


def walk_tiers(
    orders: pd.DataFrame,
    rules: SegmentRules,
    *,
    silent: pd.Series | None = None,
    freeze_on: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Give every panel row its value tier, month by month, with hysteresis.

    A client enters by the cuts as they stand. From then on it rises only when its revenue is
    25 % above a cut and falls only when it is 25 % below, so that small changes move nobody.
    While it is silent it does not fall until the year's revenue is gone: a large client that
    was lost is a large loss.

    Parameters
    ----------
    orders : DataFrame
        Rows of marts.client_orders.
    rules : SegmentRules
        ABC cuts, margin, end of the year.
    silent : Series of bool, index as ``orders``, optional
        Rows whose client is silent for longer than its rhythm; nobody if left out.
    freeze_on : Timestamp, optional
        Month ends after it keep the cuts of this one, to see who would have moved anyway.

    Returns
    -------
    DataFrame
        client_id, month_end, value_tier ("large", "middle", "small", or "none" without
        revenue), one row per row of ``orders``.
    """
    if orders.empty:
        return orders[["client_id", "month_end"]].assign(value_tier=pd.Series(dtype=object))
    rows = orders.assign(silent=0.0 if silent is None else silent.astype(float))
    revenue = rows.pivot(index="month_end", columns="client_id", values="revenue_12m_amount")
    held = rows.pivot(index="month_end", columns="client_id", values="silent").to_numpy() == 1
    cuts = _cuts_by_month(revenue, rules, freeze_on)
    place = np.full(revenue.shape[1], -1)
    walked = []
    for month, end in enumerate(revenue.index):
        amounts = revenue.to_numpy(dtype=np.float64)[month]
        moved = _step(amounts, place, cuts[pd.Timestamp(end)], rules.tier_margin)
        place = np.where(held[month] & (amounts > 0), np.maximum(place, moved), moved)
        walked.append(place)
    names = _NAMES[np.array(walked) + 1]
    wide = pd.DataFrame(names, index=revenue.index, columns=revenue.columns)
    tiers = wide.reset_index().melt(id_vars="month_end", value_name="value_tier")
    return orders[["client_id", "month_end"]].merge(tiers, on=["client_id", "month_end"])


def _cuts_by_month(
    revenue: pd.DataFrame, rules: SegmentRules, freeze_on: pd.Timestamp | None
) -> dict[pd.Timestamp, ValueCuts]:
    days = cut_days([pd.Timestamp(end) for end in revenue.index], rules)
    if freeze_on is not None:
        days = {end: day if end <= freeze_on else days[freeze_on] for end, day in days.items()}
    fitted = {
        day: fit_value_cuts(revenue.T[day].dropna(), day, cuts=rules.abc_cuts)
        for day in sorted(set(days.values()))
    }
    return {end: fitted[day] for end, day in days.items()}


def _step(
    amounts: npt.NDArray[np.float64], place: npt.NDArray[np.int_], cuts: ValueCuts, margin: float
) -> npt.NDArray[np.int_]:
    """Move places (-1 none, 0 small, 1 middle, 2 large) by one month."""

    def above(factor: float) -> npt.NDArray[np.int_]:
        """Count the cuts, moved by a factor, that each amount has reached."""
        large, middle = factor * cuts.large_from, factor * cuts.middle_from
        return (amounts >= large).astype(np.int_) + (amounts >= middle).astype(np.int_)

    stayed = np.clip(place, above(1 + margin), above(1 - margin))
    moved = np.where(place < 0, above(1.0), stayed)
    return np.where(amounts > 0, moved, -1)


def last_cuts(orders: pd.DataFrame, rules: SegmentRules) -> ValueCuts:
    """Read the cuts that hold at the last month end of a panel.

    Parameters
    ----------
    orders : DataFrame
        Rows of marts.client_orders, at least one.
    rules : SegmentRules
        ABC cuts, end of the year.

    Returns
    -------
    ValueCuts
        Frozen where ``fitted_on`` is earlier than the last month end.
    """
    ends = month_ends_of(orders)
    day = cut_days(ends, rules)[ends[-1]]
    rows = orders[orders["month_end"] == day].set_index("client_id")
    return fit_value_cuts(rows["revenue_12m_amount"], day, cuts=rules.abc_cuts)
