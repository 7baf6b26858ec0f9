"""Payments come in lumps: on working days, on days of pay-runs. Within a week, never across it.

The smooth curve says in which week, counted from the due day, a payment comes; the habits of all
clients say on which of its days. What a curve gives to a week stays in it, so that being more
than 0, 7 or 14 days late is as likely as before.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clientlib.reliability.timing.hazard import FIRST_DAY, GRID

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]

MONTH_PARTS = np.array([1, 5, 10, 14, 15, 20, 25])
LAST_PART = len(MONTH_PARTS) + 1
PRIOR_PAYMENTS = 10.0
ROUNDS = 3
LEAST_OPEN = 1e-12
WEEKS = -((-GRID) // 7)
WEEK_STARTS = np.flatnonzero(np.diff(WEEKS, prepend=WEEKS[0] - 1))


def weekday_of(dates: Days) -> Ints:
    """Give the number of each weekday from Monday, 0 to 6."""
    return (dates.astype("datetime64[D]").astype(np.int64) + 3) % 7


def month_part_of(dates: Days) -> Ints:
    """Give the part of the month, 0 to 8: bounds where pay-runs are usual, the last day last."""
    first = dates.astype("datetime64[M]").astype("datetime64[D]")
    part = np.digitize((dates - first).astype(np.int64), MONTH_PARTS)
    is_last = (dates + 1).astype("datetime64[M]") != dates.astype("datetime64[M]")
    return np.asarray(np.where(is_last, LAST_PART, part), dtype=np.int64)


@dataclass(frozen=True)
class Lumps:
    """How many times as often as a smooth curve says payments come on a day.

    Parameters
    ----------
    in_time, late : array of float, shape (7,)
        By weekday from Monday, of payments until the due day and after it.
    month_part : array of float, shape (9,)
        By part of the month.
    """

    in_time: Floats
    late: Floats
    month_part: Floats

    def apply(self, log_open: Floats, due_on: Days) -> Floats:
        """Move payments within their week.

        Parameters
        ----------
        log_open : array of float, shape (n_invoices, n_days)
            Log-probabilities of being open after each day.
        due_on : array of datetime64[D], shape (n_invoices,)
            Due days.

        Returns
        -------
        array of float, shape (n_invoices, n_days)
            The same on the last day of each week.
        """
        return move_within_weeks(log_open, self.weights(due_on))

    def weights(self, due_on: Days) -> Floats:
        """Give each day of each invoice its weight.

        Parameters
        ----------
        due_on : array of datetime64[D], shape (n_invoices,)
            Due days.

        Returns
        -------
        array of float, shape (n_invoices, n_days)
            1 where a day is like any other.
        """
        dates = due_on[:, None] + GRID[None, :]
        weekday = weekday_of(dates)
        of_day = np.where(GRID[None, :] > 0, self.late[weekday], self.in_time[weekday])
        return np.asarray(of_day * self.month_part[month_part_of(dates)], dtype=np.float64)


def move_within_weeks(log_open: Floats, weights: Floats) -> Floats:
    """Give days of a week more of its payments, and others less.

    Parameters
    ----------
    log_open : array of float, shape (n_invoices, n_days)
        Log-probabilities of being open after each day.
    weights : array of float, shape (n_invoices, n_days)
        How many times as often payments come on a day.

    Returns
    -------
    array of float, shape (n_invoices, n_days)
        The same on the last day of each week, counted from the due day.
    """
    paid = _paid_by_day(log_open)
    moved = paid * weights
    before, after = _by_week(paid), _by_week(moved)
    kept = np.divide(before, after, out=np.ones_like(before), where=after > 0)
    still_open = 1 - np.cumsum(moved * kept[:, _week_place()], axis=1)
    return np.log(np.clip(still_open, LEAST_OPEN, 1.0))


def fit_lumps(log_open: Floats, due_on: Days, paid: Floats, weight: Floats) -> Lumps:
    """Compare the days on which payments came with those that the curves gave them in that week.

    Parameters
    ----------
    log_open : array of float, shape (n_invoices, n_days)
        Smooth curves of invoices that have been paid.
    due_on : array of datetime64[D], shape (n_invoices,)
        Their due days.
    paid : array of float, shape (n_invoices,), in days since due
        Days of payment; those outside of the curves are left out.
    weight : array of float, shape (n_invoices,)
        How much each invoice counts.

    Returns
    -------
    Lumps
        Drawn towards 1, as if 10 payments more had come on each kind of day as expected.

    References
    ----------
    Iterative proportional fitting: Deming and Stephan, Annals of Mathematical Statistics 11, 1940.
    """
    inside = (paid >= np.maximum(GRID[0], FIRST_DAY)) & (paid <= GRID[-1])
    place = (paid[inside] - FIRST_DAY).astype(np.int64)
    week = WEEKS[place]
    in_week = _paid_by_day(log_open[inside]) * (WEEKS[None, :] == week[:, None])
    dates = due_on[inside][:, None] + GRID[None, :]
    kinds = weekday_of(dates) + 7 * (GRID[None, :] > 0), month_part_of(dates)
    found = [np.ones(14), np.ones(LAST_PART + 1)]
    for _ in range(ROUNDS):
        for number, kind in enumerate(kinds):
            found[number] = _ratio(in_week, kinds, found, kind, place, weight[inside])
    return Lumps(found[0][:7], found[0][7:], found[1])


def _ratio(
    in_week: Floats,
    kinds: tuple[Ints, Ints],
    found: list[Floats],
    kind: Ints,
    place: Ints,
    weight: Floats,
) -> Floats:
    """Correct the weights of one kind of day by what came over what was expected."""
    number = 0 if kind is kinds[0] else 1
    share = in_week * found[0][kinds[0]] * found[1][kinds[1]]
    total = share.sum(axis=1, keepdims=True)
    share = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    size = len(found[number])
    expected = np.bincount(kind.ravel(), (share * weight[:, None]).ravel(), minlength=size)
    came = kind[np.arange(len(place)), place]
    observed = np.bincount(came, weight * (total[:, 0] > 0), minlength=size)
    ratio = (observed + PRIOR_PAYMENTS) / (expected + PRIOR_PAYMENTS)
    return np.asarray(found[number] * ratio, dtype=np.float64)


def _paid_by_day(log_open: Floats) -> Floats:
    still_open = np.exp(log_open)
    return np.maximum(-np.diff(still_open, axis=1, prepend=1.0), 0.0)


def _by_week(paid: Floats) -> Floats:
    return np.asarray(np.add.reduceat(paid, WEEK_STARTS, axis=1), dtype=np.float64)


def _week_place() -> Ints:
    return np.asarray(WEEKS - WEEKS[0], dtype=np.int64)
