"""The chance of being paid today, given not yet: one curve of days, one of the client's own clock.

An invoice is followed from the day of issue until it is paid. On every day its log-odds of being
paid are the sum of a curve over the days since it was due, a curve over its own clock (days from
the day on which it is expected, in spreads of its client) and its covariates, each of which has
one effect until the due day and another after it. The product of the chances of not being paid
gives every horizon at once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIRST_DAY, LAST_DAY = -60, 120
GRID = np.arange(FIRST_DAY, LAST_DAY + 1)
DUE_KNOTS = np.array(
    [-60, -45, -30, -20, -14, -10, -7, -4, -2, 0, 1, 2, 4, 7, 10, 14, 21, 30, 45, 60, 90, 120.0]
)
CLOCK_KNOTS = np.array(
    [-6, -4, -3, -2.5, -2, -1.5, -1, -0.6, -0.3, 0, 0.3, 0.6, 1, 1.5, 2, 2.5, 3, 4, 6.0]
)
SMOOTHNESS, RIDGE, SLIGHT = 20.0, 60.0, 0.05
MOST_INVOICE_DAYS = 120_000
WARM_STEP = 10  # every tenth row leads near to the maximum, in a tenth of the time
LONGEST_STEP = 3.0


@dataclass(frozen=True)
class Course:
    """What a set of invoices is followed by.

    Parameters
    ----------
    covariates : array of float, shape (n_invoices, n_covariates)
        Standardised.
    after_due : array of float, shape (n_invoices, n_after_due)
        Covariates whose effect differs once the due day is over.
    expected : array of float, shape (n_invoices,), in days since due
        Where the own clock stands at 0.
    spread : array of float, shape (n_invoices,), in days
        One unit of the own clock.
    start : array of int, shape (n_invoices,), in days since due
        Day of issue, at the earliest `FIRST_DAY`.
    """

    covariates: Floats
    after_due: Floats
    expected: Floats
    spread: Floats
    start: Ints

    def __len__(self) -> int:
        return len(self.start)

    def take(self, places: Ints) -> "Course":
        """Give some of the invoices, by their places."""
        return Course(
            self.covariates[places],
            self.after_due[places],
            self.expected[places],
            self.spread[places],
            self.start[places],
        )


@dataclass(frozen=True)
class Hazard:
    """Fitted effects on the log-odds of being paid on a day.

    Parameters
    ----------
    due : array, shape (n_due_knots,)
        Heights of the curve over days since due.
    clock : array, shape (n_clock_knots,)
        Heights of the curve over the own clock.
    covariates, after_due : array
        Effects of the columns of a `Course`.
    """

    due: Floats
    clock: Floats
    covariates: Floats
    after_due: Floats

    def log_open(self, course: Course, *, until: int = LAST_DAY) -> Floats:
        """Give the log of the probability of not being paid by each day.

        Parameters
        ----------
        course : Course
            The invoices.
        until : int, in days since due
            Last day of the table.

        Returns
        -------
        array of float, shape (n_invoices, until - FIRST_DAY + 1)
            One column a day from `FIRST_DAY`; 0 before the day of issue, then falling.
        """
        grid = GRID[: until - FIRST_DAY + 1]
        odds = np.interp(grid, DUE_KNOTS, self.due)[None, :] + np.interp(
            (grid[None, :] - course.expected[:, None]) / course.spread[:, None],
            CLOCK_KNOTS,
            self.clock,
        )
        odds += _rowwise(course.covariates, self.covariates)[:, None]
        odds += _rowwise(course.after_due, self.after_due)[:, None] * (grid > 0)[None, :]
        open_log = -np.logaddexp(0.0, odds)
        open_log[grid[None, :] < course.start[:, None]] = 0.0
        return np.cumsum(open_log, axis=1)


def fit_hazard(
    course: Course,
    paid: Floats,
    open_until: Floats,
    weight: Floats,
    doubt: Floats,
    *,
    seed: int,
) -> Hazard:
    """Maximise the penalised likelihood of when invoices were paid, the open ones included.

    Parameters
    ----------
    course : Course
        The invoices.
    paid : array of float, shape (n_invoices,), in days since due
        Day of payment; nan while open.
    open_until : array of float, shape (n_invoices,), in days since due
        Last day on which an invoice that is not paid was seen open.
    weight : array of float, shape (n_invoices,)
        How much each invoice counts.
    doubt : array of float, shape (n_covariates,)
        How many times as strongly as others the effects of a covariate are drawn towards 0.
    seed : int
        Draws the days without payment that are looked at where there are more than
        `MOST_INVOICE_DAYS`; each then stands for several, so that nothing is biased.

    Returns
    -------
    Hazard
        Smooth curves (second differences penalised), effects drawn towards 0.

    References
    ----------
    Singer and Willett, It's about time, Journal of Educational Statistics 18, 1993;
    P-splines: Eilers and Marx, Statistical Science 11, 1996.
    """
    place, day, is_paid, stands_for = _follow(course, paid, open_until, seed)
    design = _design(course, place, day)
    weights = stands_for * weight[place]
    start = np.zeros(design.shape[1])
    share = float(np.average(is_paid, weights=weights))
    start[: len(DUE_KNOTS)] = logit(np.clip(share, 1e-4, 1 - 1e-4))
    penalty, tenth = _penalty(doubt), slice(None, None, WARM_STEP)
    near = _maximise(design[tenth], is_paid[tenth], weights[tenth] * WARM_STEP, penalty, start)
    effects = _maximise(design, is_paid, weights, penalty, near)
    ends = np.cumsum([len(DUE_KNOTS), len(CLOCK_KNOTS), course.covariates.shape[1]])
    return Hazard(*np.split(effects, ends))


def _follow(
    course: Course, paid: Floats, open_until: Floats, seed: int
) -> tuple[Ints, Ints, Floats, Floats]:
    """One row per invoice and day that it was open, its day of payment among them."""
    is_over = ~np.isnan(paid) & (np.nan_to_num(paid) <= LAST_DAY)
    last = np.where(np.isnan(paid), open_until, paid)
    end = np.clip(last, course.start - ~is_over, LAST_DAY).astype(np.int64)
    count = np.maximum(end - course.start + 1, 0)
    place = np.repeat(np.arange(len(course)), count)
    day = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + course.start[place]
    is_paid = is_over[place] & (day == end[place])
    share = min(1.0, MOST_INVOICE_DAYS / max(len(place), 1))
    random = np.random.default_rng(seed)
    kept = is_paid | (random.random(len(place)) < share)
    stands_for = np.where(is_paid, 1.0, 1.0 / share)[kept]
    return place[kept], day[kept], is_paid[kept].astype(np.float64), stands_for


def _design(course: Course, place: Ints, day: Ints) -> Floats:
    clock = (day - course.expected[place]) / course.spread[place]
    return np.hstack(
        [
            _hats(day.astype(np.float64), DUE_KNOTS),
            _hats(clock, CLOCK_KNOTS),
            course.covariates[place],
            course.after_due[place] * (day > 0)[:, None],
        ]
    )


def _penalty(doubt: Floats) -> Floats:
    curves = len(DUE_KNOTS) + len(CLOCK_KNOTS)
    penalty = np.diag(np.concatenate([np.zeros(curves), RIDGE * doubt, RIDGE * doubt]))
    due, clock = slice(0, len(DUE_KNOTS)), slice(len(DUE_KNOTS), curves)
    penalty[due, due] = _smooth(len(DUE_KNOTS)) + SLIGHT * np.eye(len(DUE_KNOTS))
    penalty[clock, clock] = _smooth(len(CLOCK_KNOTS)) + 10 * SLIGHT * np.eye(len(CLOCK_KNOTS))
    return penalty


def _smooth(knots: int) -> Floats:
    bends = np.diff(np.eye(knots), 2, axis=0)
    return np.asarray(SMOOTHNESS * bends.T @ bends, dtype=np.float64)


def _maximise(
    design: Floats, is_paid: Floats, weight: Floats, penalty: Floats, start: Floats
) -> Floats:
    """Newton's method for the penalised logistic likelihood."""
    effects = start
    for _ in range(40):
        share = expit(design @ effects)
        slope = design.T @ (weight * (is_paid - share)) - penalty @ effects
        curvature = (design * (weight * share * (1 - share))[:, None]).T @ design + penalty
        step = np.linalg.solve(curvature, slope)
        effects = effects + step / max(1.0, float(np.abs(step).max()) / LONGEST_STEP)
        if np.abs(step).max() < 1e-8:
            break
    return effects


def _hats(values: Floats, knots: Floats) -> Floats:
    """Piecewise linear basis: each row holds the two neighbouring knots' shares."""
    inside = np.clip(values, knots[0], knots[-1])
    left = np.clip(np.searchsorted(knots, inside, side="right") - 1, 0, len(knots) - 2)
    part = (inside - knots[left]) / (knots[left + 1] - knots[left])
    basis = np.zeros((len(values), len(knots)))
    rows = np.arange(len(values))
    basis[rows, left] = 1 - part
    basis[rows, left + 1] = part
    return basis


def _rowwise(columns: Floats, effects: Floats) -> Floats:
    """Products summed row by row, so that a row's sum does not depend on its neighbours."""
    return np.asarray((columns * effects).sum(axis=1), dtype=np.float64)
