"""The engine: expected day, spread and hazard of each invoice, before they are calibrated."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.reliability.timing.covariates import (
    DUE_DAY,
    EARLIEST_DAY,
    GROUPS,
    LATEST_HABIT,
    Priors,
    build_covariates,
    credibility,
    fit_priors,
)
from clientlib.reliability.timing.hazard import FIRST_DAY, Course, Hazard, fit_hazard
from clientlib.reliability.timing.lumps import Lumps, fit_lumps

Floats = npt.NDArray[np.float64]

HALF_LIFE_DAYS = 365.0
FOLLOWED_DAYS = 30
DAY_RIDGE = 20.0
DUE_DAY_DOUBT = 100.0
FURTHEST = 6.0
MOST_FOR_LUMPS = 5_000


@dataclass(frozen=True)
class Pace:
    """When invoices are paid, as learnt from those of the past.

    Parameters
    ----------
    priors : Priors
        What all clients have in common.
    centre, scale : array, shape (n_covariates,)
        Standardisation, from the training rows.
    day_effects : array, shape (1 + n_covariates,)
        Expected day since due: its mean and the effect of each standardised covariate.
    usual_terms : int, in days
        Median of the training rows.
    hazard : Hazard
        The chance of being paid on a day, in its week.
    lumps : Lumps
        On which days of a week payments come.
    """

    priors: Priors
    centre: Floats
    scale: Floats
    day_effects: Floats
    usual_terms: int
    hazard: Hazard
    lumps: Lumps

    def standardise(self, rows: pd.DataFrame) -> Floats:
        """Give the covariates of invoices, in spreads from the mean.

        Parameters
        ----------
        rows : DataFrame, shape (n_invoices, ...)
            As `join_outcomes` returns them.

        Returns
        -------
        array of float, shape (n_invoices, n_covariates)
            Cut at 6 spreads.
        """
        raw = np.ascontiguousarray(build_covariates(rows, self.priors), dtype=np.float64)
        return np.clip((raw - self.centre) / self.scale, -FURTHEST, FURTHEST)

    def course(self, covariates: Floats, rows: pd.DataFrame) -> Course:
        """Tell what invoices with these covariates are followed by.

        Parameters
        ----------
        covariates : array of float, shape (n_invoices, n_covariates)
            Standardised.
        rows : DataFrame, shape (n_invoices, ...)
            With ``terms_days`` and ``due_on``.

        Returns
        -------
        Course
            Expected day and spread follow from the covariates.
        """
        return Course(
            covariates=covariates,
            after_due=covariates,
            expected=self.day_effects[0] + (covariates * self.day_effects[1:]).sum(axis=1),
            spread=self._spread(covariates),
            start=np.maximum(-rows["terms_days"].to_numpy(dtype=np.int64), FIRST_DAY),
        )

    def _spread(self, covariates: Floats) -> Floats:
        """Spread of the client's own days, and of what is not known about a client yet."""
        raw = covariates * self.scale + self.centre
        names = self.priors.names
        own = np.exp(2 * raw[:, names.index("spread")])
        count = 1 / np.clip(raw[:, names.index("evidence")], 1e-6, 1.0) - 1
        unknown = 1 / (count + self.priors.weight)
        return np.asarray(self.priors.spread * np.sqrt(own + unknown), dtype=np.float64)


def fit_pace(rows: pd.DataFrame, as_of: pd.Timestamp, *, seed: int) -> Pace:
    """Learn from what was known on a day; what was open then counts as open until then.

    Newer invoices weigh more: those issued a year earlier count half.

    Parameters
    ----------
    rows : DataFrame
        Invoices as `join_outcomes` or `believed_on` return them for that day.
    as_of : Timestamp
        The day.
    seed : int
        See `fit_hazard`.

    Returns
    -------
    Pace
        Fitted.
    """
    priors = fit_priors(rows)
    raw = np.ascontiguousarray(build_covariates(rows, priors), dtype=np.float64)
    centre, scale = raw.mean(axis=0), raw.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    age = (as_of - rows["issued_on"]).dt.days.to_numpy(dtype=np.float64)
    weight = 0.5 ** (age / HALF_LIFE_DAYS)
    covariates = np.clip((raw - centre) / scale, -FURTHEST, FURTHEST)
    doubt = np.where([name in GROUPS[DUE_DAY] for name in priors.names], DUE_DAY_DOUBT, 1.0)
    effects = _fit_day(covariates, rows, weight, doubt)
    terms = int(rows["terms_days"].median())
    unlike = Lumps(np.ones(7), np.ones(7), np.ones(9))
    unfitted = Hazard(*(np.zeros(0) for _ in range(4)))
    pace = Pace(priors, centre, scale, effects, terms, unfitted, unlike)
    course = pace.course(covariates, rows)
    paid, open_days = (rows[name].to_numpy(dtype=float) for name in ("paid_days", "open_days"))
    hazard = fit_hazard(course, paid, open_days, weight, doubt, seed=seed)
    return replace(pace, hazard=hazard, lumps=_fit_lumps(hazard, course, rows, weight, seed))


def _fit_lumps(
    hazard: Hazard, course: Course, rows: pd.DataFrame, weight: Floats, seed: int
) -> Lumps:
    """Look at the paid invoices, at most `MOST_FOR_LUMPS` of them."""
    paid = np.flatnonzero(rows["paid_days"].notna())
    if len(paid) > MOST_FOR_LUMPS:
        random = np.random.default_rng(seed)
        paid = np.sort(random.choice(paid, MOST_FOR_LUMPS, replace=False))
    due_on = rows["due_on"].to_numpy(dtype="datetime64[D]")[paid]
    days = rows["paid_days"].to_numpy(dtype=np.float64)[paid]
    return fit_lumps(hazard.log_open(course.take(paid)), due_on, days, weight[paid])


def _fit_day(covariates: Floats, rows: pd.DataFrame, weight: Floats, doubt: Floats) -> Floats:
    """Regress the day of payment on the covariates, over invoices that were followed long enough.

    Of an invoice that is still open a month after it was due the days so far are taken.
    """
    followed = (rows["open_days"] >= FOLLOWED_DAYS).to_numpy(dtype=np.bool_)
    used = followed if followed.sum() >= len(rows) / 3 else np.ones(len(rows), dtype=np.bool_)
    days = rows["paid_days"].fillna(rows["open_days"]).clip(EARLIEST_DAY, LATEST_HABIT)
    design = np.column_stack([np.ones(used.sum()), covariates[used]])
    weighted = design * weight[used][:, None]
    ridge = np.diag([0.0, *(DAY_RIDGE * doubt)])
    target = weighted.T @ days.to_numpy(dtype=np.float64)[used]
    return np.asarray(np.linalg.solve(weighted.T @ design + ridge, target), dtype=np.float64)


def evidence_of(rows: pd.DataFrame, pace: Pace) -> pd.Series:
    """Give the part of each expectation that rests on the client's own past, 0..1."""
    return pd.Series(credibility(rows, pace.priors), index=rows.index, name="own_share")
