"""One probability in four forms: points, class, percentile, and odds."""

import numpy as np
import pandas as pd
from scipy.special import logit
from scipy.stats import rankdata

from clientlib.reliability.decisions.policy import CLASSES, CreditPolicy

_FINITE = 1e-9


def to_points(probability: pd.Series, policy: CreditPolicy) -> pd.Series:
    """Put probabilities of default onto the points scale: more points are better.

    Parameters
    ----------
    probability : Series of float, 0..1
        Of default within the horizon.
    policy : CreditPolicy
        The scale.

    Returns
    -------
    Series of float
        Whole points; null where the probability is.

    References
    ----------
    Siddiqi, Credit Risk Scorecards, 2006, chapter 6: points = offset + factor x ln(good odds).
    """
    inside = probability.astype(float).clip(_FINITE, 1 - _FINITE)
    return policy.scale.to_points(pd.Series(logit(inside), index=probability.index)).round()


def to_classes(probability: pd.Series, policy: CreditPolicy) -> pd.Series:
    """Sort probabilities of default into the classes A to E.

    Parameters
    ----------
    probability : Series of float, 0..1
        Of default within the horizon.
    policy : CreditPolicy
        The bounds; a probability on a bound is of the worse class.

    Returns
    -------
    Series of str
        Null where the probability is.
    """
    place = np.searchsorted(policy.class_bounds, probability.to_numpy(float), side="right")
    names = np.array([*CLASSES, None], dtype=object)
    place = np.where(probability.isna(), len(CLASSES), place)
    return pd.Series(names[place], index=probability.index, name="risk_class")


def to_percentiles(probability: pd.Series) -> pd.Series:
    """Tell what part of the clients is at least as risky; 1 for the safest.

    Parameters
    ----------
    probability : Series of float, 0..1
        Of default, of all clients that are compared.

    Returns
    -------
    Series of float, 0..1
        Clients of one probability share the mean of their places; null where it is.
    """
    known = probability.dropna()
    place = rankdata(-known.to_numpy(float), method="average") / max(len(known), 1)
    return pd.Series(place, index=known.index, name="percentile").reindex(probability.index)
