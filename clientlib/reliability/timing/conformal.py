"""Intervals that held in the past: how far into its own curve a payment came, in like risks.

Of every past invoice that was foretold without having been learnt from, the place of its payment
in its own foretold distribution is kept: 0.5 at its median. An interval reaches from the place
that 5 % of them stayed below to the place that 5 % went above, so that it holds whatever the
shape of the curves. Invoices that are still open are known to come after a place only; the
product-limit estimator uses them as that, and no more.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEWEST_IN_THIRD = 60


@dataclass(frozen=True)
class Bounds:
    """Between which places of their curves payments come, by third of risk.

    Parameters
    ----------
    level : float, 0..1
        Part of the payments that is meant to lie within.
    cuts : array of float, shape (2,)
        P(late) that parts the thirds.
    low, high : array of float, shape (3,)
        Places, 0..1; the same in all thirds where there were too few to tell them apart.
    counts : array of int, shape (3,)
        Past invoices that they rest on.
    """

    level: float
    cuts: Floats
    low: Floats
    high: Floats
    counts: npt.NDArray[np.int64]

    def third(self, probability_late: Floats) -> npt.NDArray[np.int64]:
        """Tell in which third of risk invoices lie, 0 to 2."""
        return np.asarray(np.searchsorted(self.cuts, probability_late, side="right"))


def fit_bounds(
    before: Floats, until: Floats, is_paid: Flags, risk: Floats, *, level: float
) -> Bounds:
    """Find the places that hold a share of the payments, in each third of risk.

    Parameters
    ----------
    before, until : array of float, shape (n_invoices,)
        Foretold probability of being paid before the day of payment, and by its end; of an open
        invoice before, and by the end of, the last day on which it was seen open.
    is_paid : array of bool, shape (n_invoices,)
        False while open.
    risk : array of float, shape (n_invoices,)
        Foretold probability of being late.
    level : float, 0..1
        Share that is meant to lie within.

    Returns
    -------
    Bounds
        With the finite-sample correction (n + 1); thirds of fewer than 60 invoices share one.

    References
    ----------
    Chernozhukov, Wuethrich, Zhu, Distributional conformal prediction, PNAS 118, 2021; Vovk et
    al., Mondrian confidence machine, 2003; Kaplan and Meier, JASA 53, 1958.
    """
    cuts = np.quantile(risk, [1 / 3, 2 / 3])
    third = np.searchsorted(cuts, risk, side="right")
    sizes = np.bincount(third, minlength=3)
    alike = [np.ones(len(risk), dtype=np.bool_)] * 3
    if sizes.min() >= FEWEST_IN_THIRD:
        alike = [third == number for number in range(3)]
    tail = (1 - level) / 2
    low = [_low_place(until[rows], is_paid[rows], tail) for rows in alike]
    high = [_high_place(before[rows], is_paid[rows], tail) for rows in alike]
    counts = np.array([int(rows.sum()) for rows in alike], dtype=np.int64)
    return Bounds(level, cuts, np.array(low), np.array(high), counts)


def _low_place(place: Floats, is_paid: Flags, tail: float) -> float:
    """Find the largest place below which at most the tail has come, one more invoice counted."""
    places, below = _share_by(place, is_paid)
    allowed = tail * (len(place) + 1) / max(len(place), 1) - 1 / max(len(place), 1)
    reached = places[below <= allowed + 1e-12]
    return float(reached[-1]) if len(reached) else 0.0


def _high_place(place: Floats, is_paid: Flags, tail: float) -> float:
    """Find the smallest place above which at most the tail will come, one more invoice counted."""
    places, below = _share_by(place, is_paid)
    needed = (1 - tail) * (len(place) + 1) / max(len(place), 1)
    reached = places[below >= needed - 1e-12]
    return float(reached[0]) if len(reached) else 1.0


def _share_by(place: Floats, is_paid: Flags) -> tuple[Floats, Floats]:
    """Product-limit share of payments by each place at which one came."""
    places, index = np.unique(place, return_inverse=True)
    paid = np.bincount(index, weights=is_paid.astype(np.float64), minlength=len(places))
    leaving = np.bincount(index, minlength=len(places))
    at_risk = len(place) - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    below = 1 - np.cumprod(1 - paid / at_risk)
    return places[paid > 0], below[paid > 0]
