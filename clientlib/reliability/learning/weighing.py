"""Logistic regression whose weights cannot turn a feature's meaning round."""

import numpy as np
import numpy.typing as npt

from clientlib.reliability.model import fit_logistic

Floats = npt.NDArray[np.float64]

_FREE = 1e-6


def fit_rising(
    columns: Floats, happened: Floats, counts: Floats, *, ridge: float, toward: float = 0.0
) -> tuple[float, Floats]:
    """Weigh columns that each speak for the outcome; none gets a weight below 0.

    Columns whose weight would be negative are left out one round after the other.

    Parameters
    ----------
    columns : array, shape (n_rows, n_columns)
        Each in log-odds, and larger where the outcome is more likely.
    happened, counts : array, shape (n_rows,)
        Outcomes, 0 or 1, and how much each counts.
    ridge : float, from 0
        Penalty on the squared distance of each weight from ``toward``.
    toward : float
        What is believed of a weight before the rows are looked at.

    Returns
    -------
    (float, array of shape (n_columns,))
        Intercept and weights, from 0.
    """
    weights = np.zeros(columns.shape[1])
    kept = np.arange(columns.shape[1])
    while True:
        design = np.column_stack([np.ones(len(columns)), columns[:, kept]])
        offset = toward * columns[:, kept].sum(axis=1)
        penalty = np.array([_FREE] + [ridge] * len(kept))
        beyond, _ = fit_logistic(design, counts * happened, counts, ridge=penalty, offset=offset)
        found = beyond[1:] + toward
        if (found >= 0).all():
            weights[kept] = found
            return float(beyond[0]), weights
        kept = kept[found >= 0]
