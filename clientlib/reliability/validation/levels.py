"""Are the probabilities right: Brier with its noise floor, calibration line, Jeffreys by class."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import beta

from clientlib.errors import InputError
from clientlib.reliability.calibration import draw_curve, judge_probabilities
from clientlib.reliability.model import fit_logistic
from clientlib.reliability.validation.measured import (
    NOT_ENOUGH,
    OK,
    Measured,
    bootstrap_clients,
    design_effect,
    is_enough,
    measured,
    middle,
    normal_width,
    read_judged,
    sum_by_client,
)

Floats = npt.NDArray[np.float64]

BRIER = "Brier, Monthly Weather Review 78, 1950; interval by bootstrap of clients"
COX = "Cox, Biometrika 45, 1958; interval robust to rows of one client: Liang and Zeger, 1986"
FEWEST_IN_CLASS = 30
ALARM = 0.05


@dataclass(frozen=True)
class BrierJudged:
    """The mean squared error of probabilities, and what a perfect model would have shown.

    Parameters
    ----------
    brier : Measured
        Mean squared error.
    perfect, perfect_low, perfect_high : float
        The error that is expected if every probability is right, and the band that holds it
        in 95 % of simulations.
    base_rate : float
        Error of saying the share of events to everybody.
    is_inside : bool
        Whether the error lies inside the band; False without enough data.
    """

    brier: Measured
    perfect: float
    perfect_low: float
    perfect_high: float
    base_rate: float
    is_inside: bool


def judge_brier(judged: pd.DataFrame, *, seed: int = 0) -> BrierJudged:
    """Hold the Brier score against its noise floor, since even a perfect model has an error.

    Parameters
    ----------
    judged : DataFrame
        client_id, probability and happened.
    seed : int
        Of bootstrap and simulation.

    Returns
    -------
    BrierJudged
        The band is as much wider as outcomes of one client are alike (`design_effect`).

    Raises
    ------
    InputError
        As in `read_judged`.
    """
    rows = read_judged(judged)
    if not is_enough(rows):
        empty = measured("brier", rows, np.nan, (np.nan, np.nan), BRIER)
        return BrierJudged(empty, np.nan, np.nan, np.nan, np.nan, False)
    p, happened = (rows[name].to_numpy(dtype=np.float64) for name in ("probability", "happened"))
    loss, share = (happened - p) ** 2, happened.mean()
    figures = bootstrap_clients(rows, lambda weight: float(weight @ loss / weight.sum()), seed=seed)
    random = np.random.default_rng(seed)
    # A row's error is p ** 2, or (1 - p) ** 2 where the event happens.
    simulated = [
        float((p**2 + (random.random(len(p)) < p) * (1 - 2 * p)).mean())
        for _ in range(len(figures))
    ]
    floor = float((p * (1 - p)).mean())
    wider = np.sqrt(design_effect(rows, 1 - 2 * p))
    low, high = floor + (np.quantile(simulated, [0.025, 0.975]) - floor) * wider
    brier = measured("brier", rows, float(loss.mean()), middle(figures), BRIER)
    inside = bool(low <= brier.value <= high)
    return BrierJudged(brier, floor, float(low), float(high), float(share * (1 - share)), inside)


def measure_line(judged: pd.DataFrame) -> tuple[Measured, Measured]:
    """Measure intercept and slope of observed on predicted log-odds.

    Parameters
    ----------
    judged : DataFrame
        client_id, probability and happened.

    Returns
    -------
    (Measured, Measured)
        Intercept (0 is right) and slope (1 is right; below, probabilities are spread too far);
        "not enough data" too where all probabilities are the same.

    Raises
    ------
    InputError
        As in `read_judged`.
    """
    rows = read_judged(judged)
    if not is_enough(rows) or rows["probability"].nunique() < 2:  # no line through one point
        nothing = measured("intercept", rows, np.nan, (np.nan, np.nan), COX)
        nothing = replace(nothing, status=NOT_ENOUGH)
        return nothing, replace(nothing, name="slope")
    p = np.clip(rows["probability"].to_numpy(dtype=np.float64), 1e-6, 1 - 1e-6)
    happened = rows["happened"].to_numpy(dtype=np.float64)
    design = np.column_stack([np.ones(len(p)), logit(p)])
    weights, inverse = fit_logistic(design, happened, np.ones(len(p)), ridge=np.zeros(2))
    residual = happened - expit(design @ weights)
    scores = sum_by_client(design * residual[:, None], rows["client_id"])
    errors = np.sqrt(np.diag(inverse @ (scores.T @ scores) @ inverse)) * normal_width()
    intercept, slope = (
        measured(name, rows, float(w), (float(w - error), float(w + error)), COX)
        for name, w, error in zip(("intercept", "slope"), weights, errors, strict=True)
    )
    return intercept, slope


def draw_reliability(judged: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """Build the reliability curve of single outcomes, with the band of a perfect model.

    Parameters
    ----------
    judged : DataFrame
        client_id, probability and happened.
    seed : int
        Of the simulation.

    Returns
    -------
    DataFrame, one row per bin
        As `draw_curve`, which it calls with one outcome a row; the band is as much wider as
        outcomes of one client are alike (`design_effect`).

    Raises
    ------
    InputError
        As in `read_judged`.
    """
    rows = read_judged(judged)
    # A beta-binomial of one trial is a plain coin, whatever its weight.
    table = rows.assign(late=rows["happened"], due=1, weight=1.0)
    curve = draw_curve(table[["probability", "late", "due", "weight"]], seed=seed)
    wider = np.sqrt(design_effect(rows))
    middle_of = curve["predicted_share"]
    ends = {
        name: (middle_of + (curve[name] - middle_of) * wider).clip(0.0, 1.0)
        for name in ("band_low", "band_high")
    }
    return curve.assign(**ends)


def judge_classes(judged: pd.DataFrame, bounds: Sequence[float]) -> pd.DataFrame:
    """Test class by class whether the probability given was too low.

    Parameters
    ----------
    judged : DataFrame
        client_id, probability and happened.
    bounds : sequence of float, rising
        Probabilities that separate the classes, without 0 and 1.

    Returns
    -------
    DataFrame, one row per class and one of all
        class_low, class_high, count, events_count, predicted_share, observed_share,
        design_effect (so many rows count as one, since those of one client are alike), p_value
        (small: the probability was too low), is_too_low (below 5 %), is_too_high (above 95 %)
        and status: "not enough data" below the worth of 30 rows.

    Raises
    ------
    InputError
        As in `read_judged`, or the bounds do not rise between 0 and 1.

    References
    ----------
    Jeffreys test: ECB, Instructions for reporting the validation results of internal models,
    2019: the value at the predicted share of the beta distribution with
    parameters events + 1/2 and others + 1/2. Counts divided by the design effect: Rao and
    Scott, Biometrics 48, 1992.
    """
    edges = np.array([0.0, *bounds, 1.0])
    if (np.diff(edges) <= 0).any():
        raise InputError(
            "bounds of classes must rise between 0 and 1",
            example=", ".join(f"{bound:g}" for bound in bounds),
        )
    rows = read_judged(judged)
    places = np.clip(np.searchsorted(edges, rows["probability"], side="right") - 1, 0, len(bounds))
    parts = [(low, high, rows[places == k]) for k, (low, high) in enumerate(_pairs(edges))]
    table = [_test_class(*part) for part in [*parts, (0.0, 1.0, rows)]]
    return pd.DataFrame(table)


def jeffreys_p_value(probability: float, events: float, count: float) -> float:
    """Give the posterior chance that the true share is below the one that was given.

    Parameters
    ----------
    probability : float, 0..1
        The share that was predicted.
    events, count : float
        What happened, out of how many.

    Returns
    -------
    float, 0..1
        Small values say that the probability was too low.
    """
    return float(beta.cdf(probability, events + 0.5, count - events + 0.5))


def _pairs(edges: Floats) -> list[tuple[float, float]]:
    return [(float(low), float(high)) for low, high in pairwise(edges)]


def _test_class(low: float, high: float, rows: pd.DataFrame) -> dict[str, object]:
    count, events = len(rows), int(rows["happened"].sum())
    alike = design_effect(rows)
    enough = count / alike >= FEWEST_IN_CLASS
    predicted = float(rows["probability"].mean()) if count else float("nan")
    counts = events / alike, count / alike
    p_value = jeffreys_p_value(predicted, *counts) if enough else float("nan")
    return {
        "class_low": low,
        "class_high": high,
        "count": count,
        "events_count": events,
        "predicted_share": predicted,
        "observed_share": events / count if count else float("nan"),
        "design_effect": alike,
        "p_value": p_value,
        "is_too_low": p_value < ALARM,
        "is_too_high": p_value > 1 - ALARM,
        "status": OK if enough else NOT_ENOUGH,
    }


def measure_bias(judged: pd.DataFrame) -> float:
    """Give the predicted less the observed share of all rows.

    Parameters
    ----------
    judged : DataFrame
        client_id, probability and happened.

    Returns
    -------
    float
        Above 0: too many events were predicted.
    """
    rows = read_judged(judged)
    ones = pd.Series(1, index=rows.index)
    return judge_probabilities(rows["probability"], rows["happened"], ones)["bias"]
