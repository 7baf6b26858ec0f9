"""Recency, frequency, monetary: the traditional scores, with cuts that can be frozen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.language import tell, together

QUINTILES = (0.2, 0.4, 0.6, 0.8)
SMALLEST_BOOK = 25
SCORES = ("recency_score", "frequency_score", "monetary_score")


@dataclass(frozen=True)
class RfmCuts:
    """Quintile cuts of the three measures.

    Parameters
    ----------
    fitted_on : Timestamp
        The month end that they come from.
    clients_count : int
        Clients that had ordered by then.
    recency : tuple of float, in days of silence
    frequency : tuple of float, in orders of twelve months
    monetary : tuple of float, in money of twelve months
        Four rising cuts each; ties make some of them equal.
    """

    fitted_on: pd.Timestamp
    clients_count: int
    recency: tuple[float, ...]
    frequency: tuple[float, ...]
    monetary: tuple[float, ...]

    @property
    def note(self) -> str:
        """Say where the cuts are weak: a small book, or ties that leave scores empty."""
        said = []
        if self.clients_count < SMALLEST_BOOK:
            said.append(
                tell("RFM quintiles rest on {count:count} clients only.", count=self.clients_count)
            )
        for name, template in _TIES.items():
            scores = len(set(getattr(self, name))) + 1
            if scores <= len(QUINTILES):
                said.append(tell(template, scores=scores))
        return together(*said)


_TIES = {
    "recency": "So many clients share a recency that it has {scores:count} scores, not 5.",
    "frequency": "So many clients share a frequency that it has {scores:count} scores, not 5.",
    "monetary": "So many clients share a monetary that it has {scores:count} scores, not 5.",
}


def fit_rfm_cuts(rows: pd.DataFrame, fitted_on: pd.Timestamp) -> RfmCuts:
    """Find the quintile cuts of clients that have ordered.

    Parameters
    ----------
    rows : DataFrame, one row per client
        With silence_days, orders_12m_count, revenue_12m_amount.
    fitted_on : Timestamp
        The month end of the rows.

    Returns
    -------
    RfmCuts
        Cuts that can score any month end.
    """
    known = rows[rows["silence_days"].notna()]
    return RfmCuts(
        fitted_on,
        len(known),
        *(
            _cuts(known[name])
            for name in ("silence_days", "orders_12m_count", "revenue_12m_amount")
        ),
    )


def score_rfm(rows: pd.DataFrame, cuts: RfmCuts) -> pd.DataFrame:
    """Score clients 1 (poor) to 5 (good) by frozen cuts; equal clients get equal scores.

    Parameters
    ----------
    rows : DataFrame, one row per client
        With silence_days, orders_12m_count, revenue_12m_amount.
    cuts : RfmCuts
        From any month end.

    Returns
    -------
    DataFrame, index as ``rows``
        recency_score, frequency_score, monetary_score (1..5), rfm_total (3..15) and
        rfm_code such as "5-4-4"; null for a client that never ordered.

    References
    ----------
    Hughes, Strategic Database Marketing, 1994; on ties and cells: Fader, Hardie and Lee,
    Journal of Marketing Research 42, 2005.
    """
    frame = pd.DataFrame(
        {
            "recency_score": 6 - _score(rows["silence_days"], cuts.recency),
            "frequency_score": _score(rows["orders_12m_count"], cuts.frequency),
            "monetary_score": _score(rows["revenue_12m_amount"], cuts.monetary),
        },
        index=rows.index,
    )
    never = rows["silence_days"].isna()
    code = frame.astype(str).agg("-".join, axis=1) if len(frame) else pd.Series(dtype=object)
    total = frame.sum(axis=1)
    scored = frame.assign(rfm_total=total).astype("Int64").mask(never)
    return scored.assign(rfm_code=code.astype(object).mask(never))


def _cuts(values: pd.Series) -> tuple[float, ...]:
    if values.empty:
        return (float("inf"),) * len(QUINTILES)
    found: Sequence[float] = np.quantile(values.to_numpy(dtype=np.float64), QUINTILES).tolist()
    return tuple(found)


def _score(values: pd.Series, cuts: tuple[float, ...]) -> pd.Series:
    """Count the cuts that a value has passed; a value on a cut has not passed it."""
    passed = np.searchsorted(np.array(cuts), values.to_numpy(dtype=np.float64), side="left")
    return pd.Series(1 + passed, index=values.index).clip(1, 5)
