"""Curves of payment: the probability of being open after each day, and what is read off them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clientlib.reliability.timing.hazard import FIRST_DAY, GRID, LAST_DAY

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Curves:
    """Probability of being open at the end of each day.

    Parameters
    ----------
    log_open : array of float, shape (n_invoices, n_days)
        Its log, falling along the days from `FIRST_DAY` to `LAST_DAY` since due.
    """

    log_open: Floats

    def given_open(self, age: Ints) -> "Curves":
        """Look from a day on, at whose end the invoices were open.

        Parameters
        ----------
        age : array of int, shape (n_invoices,), in days since due
            That day; before `FIRST_DAY` it changes nothing.

        Returns
        -------
        Curves
            1 until that day; after `LAST_DAY` nothing more is foretold.
        """
        reached = self._log_at(age)[:, None]
        later = GRID[None, :] > age[:, None]
        return Curves(np.where(later, self.log_open - reached, 0.0))

    def open_after(self, days: int | Ints) -> Floats:
        """Give the probability of being open at the end of a day.

        Parameters
        ----------
        days : int or array of int, shape (n_invoices,), in days since due
            The day.

        Returns
        -------
        array of float, shape (n_invoices,)
            1 before the first day; as on the last day after it.
        """
        return np.exp(self._log_at(np.broadcast_to(days, len(self.log_open))))

    def _log_at(self, days: Ints) -> Floats:
        place = np.clip(days - FIRST_DAY, 0, len(GRID) - 1)
        found = self.log_open[np.arange(len(self.log_open)), place]
        return np.asarray(np.where(days < FIRST_DAY, 0.0, found), dtype=np.float64)

    def mean_day(self) -> Floats:
        """Give the expected day of payment, in days since due; what comes later counts as 120."""
        return np.asarray(FIRST_DAY + np.exp(self.log_open[:, :-1]).sum(axis=1), dtype=np.float64)

    def day_of(self, share: Floats) -> Floats:
        """Give the first day by whose end a share of like invoices is paid.

        Parameters
        ----------
        share : array of float, shape (n_invoices,)
            0..1.

        Returns
        -------
        array of float, shape (n_invoices,), in days since due
            `LAST_DAY` where it is not reached.
        """
        return self._first(1 - np.exp(self.log_open) >= share[:, None] - 1e-12)

    def first_day_above(self, share: Floats) -> Floats:
        """Give the first day by whose end more than a share of like invoices is paid."""
        return self._first(1 - np.exp(self.log_open) > share[:, None] + 1e-12)

    def _first(self, is_reached: npt.NDArray[np.bool_]) -> Floats:
        first = np.where(is_reached.any(axis=1), is_reached.argmax(axis=1), LAST_DAY - FIRST_DAY)
        return (first + FIRST_DAY).astype(np.float64)
