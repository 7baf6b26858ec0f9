"""Scores made into probabilities, by what came of rows that the score had not learnt from."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_expit, logit

from clientlib.reliability.learning.weighing import fit_rising

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Record = dict[str, Any]

ISOTONIC_EVENTS = 10_000
RIDGE = 1.0  # as many information units as say that the score is right as it is
CLEARLY = 2.0  # gain in log-likelihood that a further parameter must bring, out of fold
MOST_KNOTS = 200
FURTHEST = 30.0
_NEAR = 1e-9


@dataclass(frozen=True)
class Calibrator:
    """A rising map from the log-odds of a model to calibrated log-odds.

    Parameters
    ----------
    kind : str
        "none", "platt" (a straight line), "beta" (bent at both ends) or "isotonic".
    values : tuple of float
        none: nothing. platt: shift and stretch. beta: shift, and the weights of -log(1 + e^-x)
        and of log(1 + e^x). isotonic: nothing.
    knots : tuple of (float, float)
        isotonic: log-odds before and after; straight between them, with slope 1 beyond.
    """

    kind: str
    values: tuple[float, ...] = ()
    knots: tuple[tuple[float, float], ...] = ()

    @property
    def is_bent(self) -> bool:
        """Whether it is more than a straight line."""
        return self.kind not in ("none", "platt")

    def apply(self, log_odds: Floats) -> Floats:
        """Calibrate log-odds.

        Parameters
        ----------
        log_odds : array, shape (n_rows,)
            Of the model.

        Returns
        -------
        array, shape (n_rows,)
            Calibrated; never falling where the model's rise.
        """
        if self.kind == "none":
            return log_odds
        if self.kind == "isotonic":
            return _through_knots(log_odds, np.array(self.knots))
        shift, *weights = self.values
        calibrated = np.full(len(log_odds), shift)
        for weight, bend in zip(weights, _bends(self.kind, log_odds), strict=True):
            calibrated += weight * bend
        return calibrated

    def split(self, base: float, parts: Floats, log_odds: Floats) -> tuple[float, Floats]:
        """Share out calibrated log-odds in proportion to the parts before calibration.

        A straight line stretches all parts alike. A bent one is followed from the base to the
        row's own log-odds, and its mean slope on that way stretches the row's parts.

        Parameters
        ----------
        base : float
            Log-odds of the model where nothing adds to it.
        parts : array, shape (n_rows, n_parts)
            What is added to it.
        log_odds : array, shape (n_rows,)
            Base and parts together.

        Returns
        -------
        (float, array of shape (n_rows, n_parts))
            Calibrated; each row adds up to the calibrated log-odds, within rounding.
        """
        start = float(self.apply(np.array([base]))[0])
        if not self.is_bent:
            return start, parts if self.kind == "none" else _stretch(parts, self.values[1])
        way = log_odds - base
        is_short = np.abs(way) < _NEAR
        rise = self.apply(log_odds) - start
        slope = np.where(is_short, 1.0, rise / np.where(is_short, 1.0, way))
        return start, _stretch(parts, slope)

    def to_record(self) -> Record:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            kind, values and knots.
        """
        knots = [list(knot) for knot in self.knots]
        return {"kind": self.kind, "values": list(self.values), "knots": knots}

    @classmethod
    def from_record(cls, record: Record) -> "Calibrator":
        """Read what `to_record` wrote.

        Parameters
        ----------
        record : dict
            As written.

        Returns
        -------
        Calibrator
            Equal to the one that was written.
        """
        knots = tuple((before, after) for before, after in record["knots"])
        return cls(record["kind"], tuple(record["values"]), knots)


def fit_calibrator(
    log_odds: Floats, happened: Floats, *, weights: Floats, folds: Places
) -> Calibrator:
    """Choose and fit the calibration on scores that were given out of fold.

    Platt's line is taken, unless beta calibration makes the outcomes of folds that it has not
    seen clearly more likely; isotonic regression is a candidate above 10,000 events.

    Parameters
    ----------
    log_odds : array, shape (n_rows,)
        Out-of-fold scores.
    happened, weights : array, shape (n_rows,)
        Outcomes, 0 or 1, and how much each counts.
    folds : array of int, shape (n_rows,)
        The fold of each row: each is foretold by a calibration fitted on the others.

    Returns
    -------
    Calibrator
        Fitted on all rows.

    References
    ----------
    Platt, Probabilistic outputs for support vector machines, 1999. Kull, Silva Filho and
    Flach, Beta calibration, AISTATS 2017. Niculescu-Mizil and Caruana, Predicting good
    probabilities with supervised learning, ICML 2005.
    """
    score = np.clip(log_odds, -FURTHEST, FURTHEST)
    kinds = ["platt", "beta"]
    events = min(float(happened.sum()), float(len(happened) - happened.sum()))
    if events > ISOTONIC_EVENTS:
        kinds.append("isotonic")
    likely = {kind: _foretold(kind, score, happened, weights, folds) for kind in kinds}
    best = max(kinds, key=lambda kind: likely[kind] - CLEARLY * kinds.index(kind))
    return _fit(best, score, happened, weights)


def _foretold(kind: str, score: Floats, happened: Floats, weights: Floats, folds: Places) -> float:
    """Log-likelihood of each fold's outcomes by a calibration of the others."""
    total = 0.0
    for fold in np.unique(folds):
        out = folds == fold
        fitted = _fit(kind, score[~out], happened[~out], weights[~out]).apply(score[out])
        sign = np.where(happened[out] > 0, 1.0, -1.0)
        total += float((weights[out] * log_expit(sign * fitted)).sum())
    return total


def _fit(kind: str, score: Floats, happened: Floats, weights: Floats) -> Calibrator:
    if kind == "isotonic":
        return _fit_isotonic(score, happened, weights)
    bends = np.column_stack(_bends(kind, score))
    shift, stretch = fit_rising(bends, happened, weights, ridge=RIDGE, toward=1.0)
    return Calibrator(kind, (shift, *stretch.tolist()))


def _stretch(parts: Floats, slope: Floats | float) -> Floats:
    """Stretch column after column, as they lie in memory."""
    stretched = np.empty_like(parts)
    for column in range(parts.shape[1]):
        np.multiply(parts[:, column], slope, out=stretched[:, column])
    return stretched


def _bends(kind: str, log_odds: Floats) -> tuple[Floats, ...]:
    """Give the rising functions that a calibration weighs; unweighed they add up to the score."""
    if kind == "platt":
        return (log_odds,)
    return log_expit(log_odds), -log_expit(-log_odds)


def _fit_isotonic(score: Floats, happened: Floats, weights: Floats) -> Calibrator:
    """Put a knot into the middle of each step, drawn inwards by half an outcome."""
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression().fit_transform(score, happened, sample_weight=weights)
    _, step = np.unique(fitted, return_inverse=True)
    size = np.bincount(step, weights=weights)
    middle = np.bincount(step, weights=weights * score) / size
    share = (np.bincount(step, weights=weights * happened) + 0.5) / (size + 1.0)
    after = np.maximum.accumulate(logit(share))
    return Calibrator("isotonic", knots=tuple(_thin(middle, after)))


def _thin(before: Floats, after: Floats) -> list[tuple[float, float]]:
    places = np.unique(np.linspace(0, len(before) - 1, min(MOST_KNOTS, len(before))).round())
    kept = places.astype(np.intp)
    return list(zip(before[kept].tolist(), after[kept].tolist(), strict=True))


def _through_knots(log_odds: Floats, knots: Floats) -> Floats:
    before, after = knots[:, 0], knots[:, 1]
    inside = np.interp(log_odds, before, after)
    below = np.minimum(log_odds - before[0], 0.0)
    above = np.maximum(log_odds - before[-1], 0.0)
    calibrated: Floats = inside + below + above
    return calibrated


def probability_of(log_odds: Floats) -> Floats:
    """Turn log-odds into probabilities.

    Parameters
    ----------
    log_odds : array, shape (n_rows,)
        Log-odds.

    Returns
    -------
    array, shape (n_rows,)
        Probabilities, 0..1.
    """
    probability: Floats = expit(log_odds)
    return probability
