"""Where a client stands in its life with us, by its own rhythm."""

import numpy as np
import pandas as pd

from clientlib.panels import as_days
from clientlib.segments.rules import (
    ACTIVE,
    AT_RISK,
    LOST,
    NEW,
    RETURNED,
    SLOWING,
    SegmentRules,
)

LIFE_COLUMNS = (
    "silence_days",
    "has_own_rhythm",
    "gap_used_days",
    "life_state",
)


def judge_life_states(orders: pd.DataFrame, rules: SegmentRules) -> pd.DataFrame:
    """Give every panel row its life state, each by what was known at its month end.

    Silence is compared with the client's typical gap between order days; a client with too
    few order days has no rhythm yet and is judged by the portfolio's median gap.

    Parameters
    ----------
    orders : DataFrame
        Rows of marts.client_orders.
    rules : SegmentRules
        Thresholds.

    Returns
    -------
    DataFrame, index as ``orders``
        silence_days (since the last order day), has_own_rhythm, gap_used_days (own typical
        gap or the portfolio's), life_state (null for a client that never ordered).

    References
    ----------
    Comparing silence with the usual gap is the oldest rule of direct marketing; what it is
    worth beside a model: Wuebben and von Wangenheim, Journal of Marketing 72, 2008.
    """
    ends, last = as_days(orders["month_end"]), as_days(orders["last_ordered_on"])
    silence = (ends - last).dt.days.astype(float)
    has_own = (orders["order_days_count"] >= rules.min_order_days) & (
        orders["typical_gap_days"].notna()
    )
    gap = _gap_used(orders, has_own, rules)
    lost = silence > np.maximum(rules.lost_after * gap, rules.lost_days)
    age = (ends - as_days(orders["first_ordered_on"])).dt.days
    state = np.select(
        [
            lost,
            silence > rules.at_risk_after * gap,
            silence > rules.slowing_after * gap,
            _has_returned(orders, lost, rules.returned_months),
            age <= rules.new_days,
        ],
        [LOST, AT_RISK, SLOWING, RETURNED, NEW],
        ACTIVE,
    )
    states = pd.Series(state, index=orders.index, dtype=object).where(last.notna())
    columns = [silence, has_own, gap, states]
    return pd.DataFrame(dict(zip(LIFE_COLUMNS, columns, strict=True)), index=orders.index)


def _gap_used(orders: pd.DataFrame, has_own: pd.Series, rules: SegmentRules) -> pd.Series:
    """Take the own gap, else the month's median over clients with a rhythm."""
    own = orders["typical_gap_days"].astype(float).clip(lower=rules.shortest_gap_days)
    own = own.where(has_own)
    portfolio = own.groupby(orders["month_end"]).transform("median")
    return own.fillna(portfolio).fillna(rules.lost_days / rules.lost_after)


def _has_returned(orders: pd.DataFrame, lost: pd.Series, months: int) -> pd.Series:
    """Tell who was lost at one of the last month ends and has ordered since."""
    ordered = orders.assign(lost=lost.astype(float)).sort_values(["client_id", "month_end"])
    by_client = ordered.groupby("client_id")["lost"]
    was_lost = sum((by_client.shift(back).fillna(0.0) for back in range(1, months + 1)), 0.0)
    return pd.Series(was_lost, index=ordered.index).reindex(orders.index) > 0
