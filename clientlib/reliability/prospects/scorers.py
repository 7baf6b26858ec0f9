"""What gives the log-odds of one depth of evidence, and splits them; place has one of its own."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from clientlib.reliability.learning.encoding import BASE
from clientlib.reliability.risks.places import PlacePrior

Record = dict[str, Any]
_FINITE = 1e-6


class Scorer(Protocol):
    """What gives log-odds, and splits them into parts."""

    def log_odds(self, rows: pd.DataFrame) -> pd.Series:
        """Score rows."""

    def explain(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Split each score into a base and what every sign adds."""

    def to_record(self) -> Record:
        """Write down what JSON can hold."""


@dataclass(frozen=True)
class PlaceScorer:
    """The shrunken share of events among clients of the same place, as log-odds.

    Parameters
    ----------
    prior : PlacePrior
        Shares by industry, region within it, and size within both.
    """

    prior: PlacePrior

    def log_odds(self, rows: pd.DataFrame) -> pd.Series:
        """Score rows.

        Parameters
        ----------
        rows : DataFrame
            With the levels of the prior.

        Returns
        -------
        Series of float, index as ``rows``
            Log-odds, finite.
        """
        share = self.prior.predict(rows)["probability"]
        return pd.Series(_log_odds(share.to_numpy(float)), index=rows.index)

    def explain(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Split each score into that of all clients and what each level adds.

        Parameters
        ----------
        rows : DataFrame
            With the levels of the prior.

        Returns
        -------
        DataFrame of float, index as ``rows``
            ``base`` and a column per level; they add up to `log_odds`.
        """
        levels = self.prior.levels
        everybody = _log_odds(np.full(len(rows), self.prior.share))
        below = [PlaceScorer(self._cut(depth)) for depth in range(1, len(levels) + 1)]
        steps = [pd.Series(everybody, index=rows.index), *(cut.log_odds(rows) for cut in below)]
        added = {name: steps[k + 1] - steps[k] for k, name in enumerate(levels)}
        return pd.DataFrame({BASE: steps[0], **added}, index=rows.index)

    def _cut(self, depth: int) -> PlacePrior:
        prior = self.prior
        return PlacePrior(prior.levels[:depth], prior.share, prior.weights[:depth], prior.cells)

    def to_record(self) -> Record:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            As `PlacePrior.to_record`.
        """
        return self.prior.to_record()


def probability_of(log_odds: pd.Series) -> pd.Series:
    """Turn log-odds into probabilities.

    Parameters
    ----------
    log_odds : Series of float
        Of an event.

    Returns
    -------
    Series of float, 0..1, index as ``log_odds``
        The probability.
    """
    return pd.Series(expit(log_odds.to_numpy(float)), index=log_odds.index, name="probability")


def _log_odds(share: np.ndarray) -> np.ndarray:
    return np.asarray(logit(np.clip(share, _FINITE, 1 - _FINITE)))
