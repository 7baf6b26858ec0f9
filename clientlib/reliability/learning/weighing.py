"""Logistic regression whose weights cannot turn a feature's meaning round."""

import numpy as np
import numpy.typing as npt

from clientlib.reliability.model import fit_logistic

Floats = npt.NDArray[np.float64]

_FREE = 1e-6
_LAST_STEP = 1e-6


def fit_rising(
    columns: Floats,
    happened: Floats,
    counts: Floats,
    *,
    ridge: float,
    toward: float = 0.0,
    start: tuple[float, Floats] | None = None,
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
    start : (float, array of shape (n_columns,)), optional
        Where the search begins, such as what a like penalty gave; found is the same.

    Returns
    -------
    (float, array of shape (n_columns,))
        Intercept and weights, from 0.
    """
    shift, weights = start or (0.0, np.full(columns.shape[1], toward))
    design = np.column_stack([np.ones(len(columns)), columns])
    kept = np.arange(columns.shape[1])
    while True:
        own = design if len(kept) == columns.shape[1] else design[:, np.append(0, 1 + kept)]
        beyond, _ = fit_logistic(
            own,
            counts * happened,
            counts,
            ridge=np.append(_FREE, np.full(len(kept), ridge)),
            offset=toward * own[:, 1:].sum(axis=1),
            start=np.append(shift, weights[kept] - toward),
            last_step=_LAST_STEP,
        )
        shift, found = float(beyond[0]), beyond[1:] + toward
        weights = np.zeros(columns.shape[1])
        weights[kept] = np.maximum(found, 0.0)
        if (found >= 0).all():
            return shift, weights
        kept = kept[found >= 0]
