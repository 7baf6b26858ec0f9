"""How far a client is judged by its own record: n / (n + k), with k from the data."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import log_expit

Floats = npt.NDArray[np.float64]

USUAL_OUTCOMES = 3.0  # k where nothing else is known: three invoices weigh as much as the rest
DOUBT = 1.0  # standard deviation of log(k) around it, before data
LIGHTEST, HEAVIEST = 0.05, 200.0


def weigh_record(outcomes: pd.Series, prior_outcomes: float) -> pd.Series:
    """Give the weight of each client's own record.

    Parameters
    ----------
    outcomes : Series of float, 0 and more
        Judged invoices, n.
    prior_outcomes : float, in invoices, above 0
        k: with so many the own record counts for half.

    Returns
    -------
    Series of float, index as ``outcomes``
        n / (n + k): 0 without outcomes, towards 1 with many.

    References
    ----------
    Buehlmann, Experience rating and credibility, ASTIN Bulletin 4, 1967.
    """
    count = outcomes.astype(float)
    return (count / (count + prior_outcomes)).rename("credibility")


def mix(before: pd.Series, own: pd.Series, weight: pd.Series) -> pd.Series:
    """Draw a score without history towards that of the own record, in log-odds.

    Parameters
    ----------
    before, own : Series of float, log-odds
        Without history, and by the own record alone.
    weight : Series of float, 0..1
        From `weigh_record`.

    Returns
    -------
    Series of float, index as ``before``
        (1 - weight) x before + weight x own; ``before`` where the weight is 0, whatever ``own``.
    """
    known = own.where(weight > 0, before)
    return (1 - weight) * before + weight * known


def fit_prior_outcomes(
    before: pd.Series,
    own: pd.Series,
    outcomes: pd.Series,
    happened: pd.Series,
    *,
    weights: pd.Series | None = None,
) -> float:
    """Estimate k: the number of own outcomes that weigh as much as all that is known besides.

    It is the k that makes what came most likely, drawn towards 3 invoices as far as there are few
    cases (log(k) has a standard deviation of 1 before data). Scores that were given before the
    outcomes were known are needed: those of training would trust whatever was fitted most.

    Parameters
    ----------
    before, own : Series of float, log-odds, shape (n_rows,)
        Scores without history, and by the own record alone, given out of time.
    outcomes : Series of float, shape (n_rows,)
        Judged invoices when the scores were given; rows without any say nothing.
    happened : Series of 0 and 1, shape (n_rows,)
        Whether the event came.
    weights : Series of float, shape (n_rows,), optional
        What each row counts for; less than 1 where a client stands in several.

    Returns
    -------
    float, in invoices
        0.05 to 200.
    """
    known = (outcomes > 0) & own.notna() & before.notna()
    counts = pd.Series(1.0, index=outcomes.index) if weights is None else weights
    scores = [series[known].to_numpy(np.float64) for series in (before, own, outcomes)]
    signs = 2.0 * happened[known].to_numpy(np.float64) - 1.0
    trust = counts[known].to_numpy(np.float64)

    def loss(log_k: float) -> float:
        """Negative log-likelihood of k, and its distance from what is usual."""
        weight = scores[2] / (scores[2] + np.exp(log_k))
        mixed = (1 - weight) * scores[0] + weight * scores[1]
        doubt = (log_k - np.log(USUAL_OUTCOMES)) ** 2 / (2 * DOUBT**2)
        return float(doubt - (trust * log_expit(signs * mixed)).sum())

    bounds = (float(np.log(LIGHTEST)), float(np.log(HEAVIEST)))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))
