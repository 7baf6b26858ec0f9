"""The timing model: calibrated curves of payment, and what they say of each invoice."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.reliability.timing.calibrating import Calibration, calibrate
from clientlib.reliability.timing.curves import Curves
from clientlib.reliability.timing.hazard import FIRST_DAY
from clientlib.reliability.timing.pace import Pace, evidence_of, fit_pace

Floats = npt.NDArray[np.float64]

LATE_DAYS = (0, 7, 14, 30, 60, 90)
FEWEST_PAID, FEWEST_CLIENTS = 100, 10
LEVEL = 0.90
AT_ONCE = 20_000


@dataclass(frozen=True)
class TimingModel:
    """When each invoice will be paid, learnt from what was known on a day.

    Parameters
    ----------
    as_of : Timestamp
        Nothing known later was used.
    invoices_count, paid_count, clients_count : int
        What it was trained on.
    seed : int
        Of the days that were looked at, where there were many.
    pace : Pace
        The engine.
    calibration : Calibration
        What later windows have taught about its level and its intervals.
    """

    as_of: pd.Timestamp
    invoices_count: int
    paid_count: int
    clients_count: int
    seed: int
    pace: Pace
    calibration: Calibration

    def curves(self, rows: pd.DataFrame, *, open_on: pd.Timestamp | None = None) -> Curves:
        """Give the calibrated probability of being open after each day.

        Parameters
        ----------
        rows : DataFrame, shape (n_invoices, ...)
            As `join_outcomes` returns them.
        open_on : Timestamp, optional
            Day at whose end the invoices were open; without it as on the day of issue.

        Returns
        -------
        Curves
            One row per invoice.
        """
        covariates = self.pace.standardise(rows)
        log_open = self.pace.hazard.log_open(self.pace.course(covariates, rows))
        due_on = rows["due_on"].to_numpy(dtype="datetime64[D]")
        curves = Curves(self.pace.lumps.apply(self.calibration.apply(log_open), due_on))
        if open_on is None:
            return curves
        age = (open_on - rows["due_on"]).dt.days.to_numpy(dtype=np.int64)
        return curves.given_open(np.maximum(age, FIRST_DAY - 1))

    def predict(self, rows: pd.DataFrame, *, open_on: pd.Timestamp | None = None) -> pd.DataFrame:
        """Say of each invoice how likely it is late, and when it will be paid.

        Parameters
        ----------
        rows : DataFrame, shape (n_invoices, ...)
            As `join_outcomes` returns them.
        open_on : Timestamp, optional
            As in `curves`.

        Returns
        -------
        DataFrame, shape (n_invoices, ...), index as ``rows``
            late_0, late_7, ... late_90: probability that it is not paid within so many days
            after it was due, 0..1, falling; expected_days, median_days, low_days, high_days:
            days from due day to payment, the mean cut at 120 days, low and high the ends of the
            interval; expected_on, median_on, low_on, high_on: the same as dates; own_share: part
            of the expectation that rests on the client's own past. An upper end at 120 days says
            that it may never be paid.
        """
        parts = [rows.iloc[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)] or [rows]
        return pd.concat([self._predict(part, open_on) for part in parts])

    def _predict(self, rows: pd.DataFrame, open_on: pd.Timestamp | None) -> pd.DataFrame:
        at_issue = self.curves(rows)
        curves = at_issue if open_on is None else self.curves(rows, open_on=open_on)
        bounds = self.calibration.bounds
        third = bounds.third(at_issue.open_after(0))
        late = {f"late_{days}": curves.open_after(days) for days in LATE_DAYS}
        days = {
            "expected": curves.mean_day(),
            "median": curves.day_of(np.full(len(rows), 0.5)),
            "low": curves.first_day_above(bounds.low[third]),
            "high": curves.day_of(bounds.high[third]),
        }
        found = late | {f"{name}_days": values for name, values in days.items()}
        dates = {
            f"{name}_on": rows["due_on"] + pd.to_timedelta(np.rint(values), unit="D")
            for name, values in days.items()
        }
        return pd.DataFrame(found, index=rows.index).assign(
            **dates, own_share=evidence_of(rows, self.pace)
        )

    def paid_within(self, rows: pd.DataFrame, days: int, *, from_day: pd.Timestamp) -> pd.Series:
        """Give the probability that open invoices are paid in the days after a day.

        Parameters
        ----------
        rows : DataFrame, shape (n_invoices, ...)
            Invoices open at the end of ``from_day``.
        days : int, in days
            Length of the window.
        from_day : Timestamp
            The window begins on the day after it.

        Returns
        -------
        Series of float, shape (n_invoices,), index as ``rows``
            0..1, rising in ``days``; of days later than 120 after the due day nothing is said.
        """
        age = (from_day - rows["due_on"]).dt.days.to_numpy(dtype=np.int64)
        still_open = self.curves(rows, open_on=from_day).open_after(age + days)
        return pd.Series(1 - still_open, index=rows.index, name=f"paid_within_{days}")


def fit_timing(
    rows: pd.DataFrame, as_of: str | pd.Timestamp, *, seed: int = 0
) -> TimingModel | None:
    """Fit the timing model on what was known on a day.

    Parameters
    ----------
    rows : DataFrame
        Invoices as `join_outcomes` returns them for ``as_of``.
    as_of : str or Timestamp
        The day.
    seed : int
        Draws the days that are looked at where there are many.

    Returns
    -------
    TimingModel or None
        None, "not enough data", below 100 paid invoices or 10 clients that paid one.
    """
    day = pd.Timestamp(as_of)
    if not has_enough(rows):
        return None
    return TimingModel(
        as_of=day,
        invoices_count=len(rows),
        paid_count=int(rows["paid_days"].notna().sum()),
        clients_count=int(rows["client_id"].nunique()),
        seed=seed,
        pace=fit_pace(rows, day, seed=seed),
        calibration=calibrate(rows, level=LEVEL, seed=seed),
    )


def has_enough(rows: pd.DataFrame) -> bool:
    """Tell whether anything can be learnt: 100 paid invoices of 10 clients.

    Parameters
    ----------
    rows : DataFrame
        Invoices as `join_outcomes` returns them.

    Returns
    -------
    bool
        False below the minimum.
    """
    paid = rows[rows["paid_days"].notna()]
    return len(paid) >= FEWEST_PAID and paid["client_id"].nunique() >= FEWEST_CLIENTS
