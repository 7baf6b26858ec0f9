"""Why an invoice is thought likely, or unlikely, to be late: shares that add up to its log-odds."""

from itertools import combinations
from math import factorial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from clientlib.reliability.timing.hazard import Course
from clientlib.reliability.timing.model import TimingModel

Floats = npt.NDArray[np.float64]

INVOICE = "the invoice"


def explain_late(model: TimingModel, rows: pd.DataFrame) -> pd.DataFrame:
    """Split the log-odds of being late into a base and what every reason adds.

    The base is an invoice whose covariates are those of the mean training invoice. A reason's
    share is its Shapley value: the mean of what it adds, over all orders in which the reasons
    can be taken in.

    Parameters
    ----------
    model : TimingModel
        Fitted.
    rows : DataFrame, shape (n_invoices, ...)
        As `join_outcomes` returns them.

    Returns
    -------
    DataFrame of float, shape (n_invoices, 1 + n_reasons), index as ``rows``
        ``base`` and one column a reason, in log-odds; each row adds up to the log-odds of
        ``late_0`` of `TimingModel.predict`.

    References
    ----------
    Shapley, A value for n-person games, 1953.
    """
    names = reason_names(model)
    covariates = model.pace.standardise(rows)
    worth = {
        taken: _log_odds(model, rows, covariates, taken)
        for size in range(len(names) + 1)
        for taken in combinations(names, size)
    }
    found = {"base": worth[()]} | {name: _shapley(worth, names, name) for name in names}
    return pd.DataFrame(found, index=rows.index)


def reason_names(model: TimingModel) -> tuple[str, ...]:
    """List the reasons that a model tells apart.

    Parameters
    ----------
    model : TimingModel
        Fitted.

    Returns
    -------
    tuple of str
        Groups of covariates.
    """
    return tuple(model.pace.priors.groups)


def _shapley(worth: dict[tuple[str, ...], Floats], names: tuple[str, ...], name: str) -> Floats:
    others = [other for other in names if other != name]
    share = np.zeros_like(worth[()])
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(len(others) - size) / factorial(len(names))
        for taken in combinations(others, size):
            with_it = tuple(other for other in names if other in taken or other == name)
            share += weight * (worth[with_it] - worth[taken])
    return share


def _log_odds(
    model: TimingModel, rows: pd.DataFrame, covariates: Floats, taken: tuple[str, ...]
) -> Floats:
    """Log-odds of being late where only the taken reasons are as they are."""
    priors = model.pace.priors
    known = {name for reason in taken for name in priors.groups.get(reason, ())}
    kept = np.array([name in known for name in priors.names])
    terms = rows["terms_days"] if INVOICE in taken else model.pace.usual_terms
    course: Course = model.pace.course(
        np.where(kept, covariates, 0.0), rows.assign(terms_days=terms)
    )
    log_open = model.pace.hazard.log_open(course, until=0)
    corrected = np.minimum(model.calibration.apply(log_open)[:, -1], -1e-15)
    return np.asarray(corrected - np.log(-np.expm1(corrected)), dtype=np.float64)


def probability_of(reasons: pd.DataFrame) -> pd.Series:
    """Add reasons up to the probability of being late.

    Parameters
    ----------
    reasons : DataFrame
        From `explain_late`.

    Returns
    -------
    Series of float, index as ``reasons``
        0..1.
    """
    return pd.Series(expit(reasons.sum(axis=1)), index=reasons.index, name="late_0")
