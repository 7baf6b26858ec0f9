"""What later windows teach: the level of the probabilities, and the width of the intervals.

The past is replayed: at three earlier days the engine learns from what was known then, and
foretells the invoices of the following window, none of which it has seen.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logit

from clientlib.reliability.model import fit_logistic
from clientlib.reliability.timing.conformal import Bounds, fit_bounds
from clientlib.reliability.timing.curves import Curves
from clientlib.reliability.timing.hazard import FIRST_DAY, LAST_DAY
from clientlib.reliability.timing.invoices import believed_on
from clientlib.reliability.timing.lumps import move_within_weeks
from clientlib.reliability.timing.pace import Pace, fit_pace

Floats = npt.NDArray[np.float64]

REPLAYED_FROM = (0.4, 0.6, 0.8)
FEWEST_LEARNT = 60
CALIBRATION_RIDGE = 10.0
LEVEL_DAYS = (0, 7, 14)
_FINITE = 1e-9


@dataclass(frozen=True)
class Calibration:
    """Corrections learnt from invoices that the engine had not seen.

    Parameters
    ----------
    shift, stretch : float
        Log-odds of being open become shift + stretch * log-odds; 0 and 1 change nothing.
    bounds : Bounds
        Ends of the intervals.
    invoices_count : int
        Invoices that were foretold.
    """

    shift: float
    stretch: float
    bounds: Bounds
    invoices_count: int

    def apply(self, log_open: Floats) -> Floats:
        """Correct curves; they stay falling, and 1 before the day of issue.

        Parameters
        ----------
        log_open : array of float, shape (n_invoices, n_days)
            Log-probabilities of being open.

        Returns
        -------
        array of float, shape (n_invoices, n_days)
            Corrected.
        """
        return recalibrate(log_open, self.shift, self.stretch)


def recalibrate(log_open: Floats, shift: float, stretch: float) -> Floats:
    """Move and stretch the log-odds of being open.

    Parameters
    ----------
    log_open : array of float
        Log-probabilities of being open, up to 0.
    shift, stretch : float
        As in `Calibration`; ``stretch`` is above 0.

    Returns
    -------
    array of float
        Log-probabilities; 0 stays 0.
    """
    with np.errstate(divide="ignore"):
        odds = log_open - np.log(-np.expm1(np.minimum(log_open, -1e-300)))
    moved = -np.logaddexp(0.0, -(shift + stretch * odds))
    return np.asarray(np.where(log_open >= -1e-15, 0.0, moved), dtype=np.float64)


def calibrate(rows: pd.DataFrame, *, level: float, seed: int) -> Calibration:
    """Replay the past, then fit the level (Platt) and the intervals on what was foretold.

    Parameters
    ----------
    rows : DataFrame
        Invoices as `join_outcomes` returns them for ``as_of``.
    level : float, 0..1
        Share of payments that the intervals are meant to hold.
    seed : int
        See `fit_pace`.

    Returns
    -------
    Calibration
        Of a book that is too small to be replayed: nothing is moved, and the intervals are those
        that the curves themselves give, pooled, or wider.

    References
    ----------
    Platt, Probabilistic outputs for support vector machines, 1999.
    """
    foretold, log_open, weights = _replay(rows, seed)
    shift, stretch = _fit_level(foretold, log_open)
    curves = Curves(move_within_weeks(recalibrate(log_open, shift, stretch), weights))
    paid = foretold["paid_days"].to_numpy(dtype=float)
    is_paid = ~np.isnan(paid) & (np.nan_to_num(paid) <= LAST_DAY)
    seen = np.where(is_paid, paid, np.minimum(foretold["open_days"], LAST_DAY)).astype(np.int64)
    seen = np.maximum(seen, np.maximum(-foretold["terms_days"].to_numpy(), FIRST_DAY))
    until, before = 1 - curves.open_after(seen), 1 - curves.open_after(seen - 1)
    bounds = fit_bounds(before, until, is_paid, curves.open_after(0), level=level)
    return Calibration(shift, stretch, bounds, len(foretold))


def _replay(rows: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, Floats, Floats]:
    """Foretell each window of issue days from what was known on the day before it."""
    cuts = [rows["issued_on"].iloc[int(part * (len(rows) - 1))] for part in REPLAYED_FROM]
    ends = [*cuts[1:], rows["issued_on"].iloc[-1] + pd.Timedelta(days=1)]
    parts, spoken = [], []
    for cut, end in zip(cuts, ends, strict=True):
        eve = cut - pd.Timedelta(days=1)
        then = believed_on(rows, eve)
        window = rows[(rows["issued_on"] >= cut) & (rows["issued_on"] < end)]
        if then["paid_days"].notna().sum() < FEWEST_LEARNT or window.empty:
            continue
        pace = fit_pace(then, eve, seed=seed)
        parts.append(window)
        spoken.append(_speak(pace, window))
    if not parts:
        pace = fit_pace(rows, rows["issued_on"].iloc[-1], seed=seed)
        return rows, *_speak(pace, rows)
    curves, weights = (np.vstack(tables) for tables in zip(*spoken, strict=True))
    return pd.concat(parts, ignore_index=True), curves, weights


def _speak(pace: Pace, rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Give smooth curves, and the weights of their days."""
    log_open = pace.hazard.log_open(pace.course(pace.standardise(rows), rows))
    return log_open, pace.lumps.weights(rows["due_on"].to_numpy(dtype="datetime64[D]"))


def _fit_level(foretold: pd.DataFrame, log_open: Floats) -> tuple[float, float]:
    """Platt on whether invoices were open some days after they were due, where that is known."""
    odds, outcomes = [], []
    curves = Curves(log_open)
    for days in LEVEL_DAYS:
        known = (foretold["open_days"] >= days).to_numpy(dtype=np.bool_)
        chance = np.clip(curves.open_after(days)[known], _FINITE, 1 - _FINITE)
        odds.append(logit(chance))
        paid = foretold["paid_days"].fillna(np.inf).to_numpy(dtype=np.float64)[known]
        outcomes.append((paid > days).astype(np.float64))
    predicted, late = np.concatenate(odds), np.concatenate(outcomes)
    design = np.column_stack([np.ones(len(predicted)), predicted])
    ridge = np.array([CALIBRATION_RIDGE, CALIBRATION_RIDGE])
    (shift, beyond), _ = fit_logistic(
        design, late, np.ones(len(late)), ridge=ridge, offset=predicted
    )
    return float(shift), float(max(1 + beyond, 0.1))
