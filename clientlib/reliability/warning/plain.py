"""The plain rules that a model of early warning must beat, on the same clients and days."""

import numpy as np
import pandas as pd

PLAIN_RULES = {
    "silence": "days since the last order",
    "gap_ratio": "days since the last order over the usual gap",
    "recency_rank": "RFM: rank of the last order day among all clients",
    "falling_revenue": "fall of revenue, three months against the three before",
}
# Rules that are not usual, but simple, and hard to beat.
STRICT_RULES = {
    "longest_gap": "days since the last order over the longest gap so far",
    "few_orders": "RFM: few order days, the more silent first",
}


def score_plain_rules(panel: pd.DataFrame) -> pd.DataFrame:
    """Score every row by each plain rule; larger means that a loss is nearer.

    Parameters
    ----------
    panel : DataFrame
        From `build_panel`.

    Returns
    -------
    DataFrame of float, index as ``panel``
        A column for each of `PLAIN_RULES` and `STRICT_RULES`.
    """
    now, before = (
        panel[name].clip(lower=0.0)
        for name in ("revenue_90d_amount", "revenue_previous_90d_amount")
    )
    scores = {
        "silence": panel["silence_days"],
        "gap_ratio": panel["silence_ratio"],
        "recency_rank": panel.groupby("month_end")["silence_days"].rank(pct=True),
        "falling_revenue": (before - now) / (before + now + 1.0),
        "longest_gap": panel["log_longest_ratio"],
        "few_orders": -panel["order_days_count"] - 1 / (2.0 + panel["silence_days"]),
    }
    return pd.DataFrame(scores, index=panel.index).astype(np.float64)
