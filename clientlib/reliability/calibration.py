"""Judging probabilities by what happened: ranking, error, level, and the reliability curve."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import betaln, logit
from scipy.stats import rankdata

from clientlib.errors import InputError
from clientlib.reliability.model import fit_logistic

Floats = npt.NDArray[np.float64]

CURVE_BINS = 10
FEWEST_IN_BIN = 20
MOST_REPEATS, FEWEST_REPEATS, DRAWS = 1000, 200, 5_000_000
_FINITE = 1e-6


def judge_probabilities(
    probability: pd.Series, late: pd.Series, due: pd.Series
) -> dict[str, float]:
    """Score probabilities against counts; every invoice weighs the same.

    Parameters
    ----------
    probability : Series of float, shape (n_rows,)
        Predicted late share of each row's invoices, 0..1.
    late, due : Series of numbers, shape (n_rows,)
        Of ``due`` invoices, ``late`` were paid late.

    Returns
    -------
    dict of float
        auc (0.5 = no ranking, 1 = perfect; nan where only one outcome occurred), brier and
        log_loss (per invoice, small is good), bias (predicted less observed late share).

    References
    ----------
    Brier, Monthly Weather Review 78, 1950. AUC as the probability that a late invoice was
    given the higher probability: Hanley and McNeil, Radiology 143, 1982.
    """
    p, hits, trials = (np.asarray(values, dtype=np.float64) for values in (probability, late, due))
    inside = np.clip(p, _FINITE, 1 - _FINITE)
    count = trials.sum()
    loss = -(hits * np.log(inside) + (trials - hits) * np.log(1 - inside)).sum() / count
    return {
        "auc": weigh_auc(p, hits, trials - hits),
        "brier": float((hits * (1 - p) ** 2 + (trials - hits) * p**2).sum() / count),
        "log_loss": float(loss),
        "bias": float(((trials * p).sum() - hits.sum()) / count),
    }


def fit_calibration_line(
    probability: pd.Series, late: pd.Series, due: pd.Series
) -> tuple[float, float]:
    """Fit log-odds observed = intercept + slope * log-odds predicted.

    Parameters
    ----------
    probability, late, due : Series, shape (n_rows,)
        As in `judge_probabilities`.

    Returns
    -------
    (float, float)
        Intercept and slope; 0 and 1 are perfect. A slope under 1 says that the probabilities
        are spread too far.

    References
    ----------
    Cox, Two further applications of a model for binary regression, Biometrika 45, 1958.
    """
    log_odds = logit(np.clip(np.asarray(probability, dtype=np.float64), _FINITE, 1 - _FINITE))
    design = np.column_stack([np.ones(len(log_odds)), log_odds])
    hits, trials = np.asarray(late, dtype=np.float64), np.asarray(due, dtype=np.float64)
    (intercept, slope), _ = fit_logistic(design, hits, trials, ridge=np.zeros(2))
    return float(intercept), float(slope)


def find_recall(probability: pd.Series, happened: pd.Series, *, false_alarms: float) -> float:
    """Tell how many events are flagged when a given share of the others is flagged too.

    The alarm is set so low that no more than the share is flagged; where rows with the same
    probability cross it, they count by the part that can be flagged.

    Parameters
    ----------
    probability : Series of float, shape (n_rows,)
        Any score that is larger where the event is more likely.
    happened : Series of 0 and 1, shape (n_rows,)
        Outcomes.
    false_alarms : float, 0..1
        Share of rows without the event that may be flagged.

    Returns
    -------
    float, 0..1
        Recall; nan where only one outcome occurred.
    """
    score, is_event = np.asarray(probability, dtype=np.float64), np.asarray(happened) > 0
    if is_event.all() or not is_event.any():
        return float("nan")
    levels = np.unique(score)[::-1]
    flagged = [
        np.concatenate([[0.0], np.searchsorted(np.sort(-score[part]), -levels, side="right")])
        / part.sum()
        for part in (~is_event, is_event)
    ]
    return float(np.interp(false_alarms, *flagged))


def fit_evidence_worth(
    probability: pd.Series, late: pd.Series, due: pd.Series, evidence: pd.Series
) -> float:
    """Estimate how much one unit of evidence was worth when it came to the test.

    A client's late share in the window is taken as beta-distributed around its predicted
    probability with weight worth * evidence. Habits change and models err, so the worth is
    mostly below 1; it sets the width of the clients' intervals.

    Parameters
    ----------
    probability, late, due : Series, shape (n_rows,)
        As in `judge_probabilities`.
    evidence : Series of float, shape (n_rows,)
        Judged invoices behind each probability, those of the prior included.

    Returns
    -------
    float, 0.01..1
        The most likely worth, by beta-binomial maximum likelihood.
    """
    p = np.clip(np.asarray(probability, dtype=np.float64), 1e-3, 1 - 1e-3)
    hits, trials = np.asarray(late, dtype=np.float64), np.asarray(due, dtype=np.float64)
    known = np.asarray(evidence, dtype=np.float64)

    def loss(log_worth: float) -> float:
        """Negative log-likelihood of a worth."""
        alpha, beta = np.exp(log_worth) * known * p, np.exp(log_worth) * known * (1 - p)
        return -float((betaln(hits + alpha, trials - hits + beta) - betaln(alpha, beta)).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.01), 0.0), method="bounded").x))


def draw_curve(predictions: pd.DataFrame, *, seed: int, level: float = 0.95) -> pd.DataFrame:
    """Build the reliability curve, with the band that a perfect model would stay in.

    Rows are cut into at most 10 bins of equally many invoices by predicted probability. For
    the band the outcomes are simulated as if every prediction were right and each client's
    true share lay around it as far as the evidence allows (beta-binomial).

    Parameters
    ----------
    predictions : DataFrame, one row per client and origin
        Columns probability (0..1), late, due (counts) and weight (evidence times its worth,
        in invoices).
    seed : int
        Of the simulation.
    level : float, 0..1
        Share of the simulated curves inside the band, bin by bin.

    Returns
    -------
    DataFrame, one row per bin, by rising prediction
        predicted_share, observed_share, band_low, band_high (0..1) and count (invoices).

    References
    ----------
    Broecker and Smith, Increasing the reliability of reliability diagrams, Weather and
    Forecasting 22, 2007.
    """
    columns = ["predicted_share", "observed_share", "band_low", "band_high", "count"]
    if predictions.empty:
        return pd.DataFrame(columns=columns, dtype=float)
    rows = predictions.sort_values("probability", kind="stable", ignore_index=True)
    bins = _bins(rows)
    due = _by_bin(rows["due"].to_numpy(dtype=np.float64), bins)
    expected = _by_bin((rows["probability"] * rows["due"]).to_numpy(dtype=np.float64), bins)
    simulated = _simulate(rows, bins, np.random.default_rng(seed)) / due
    low, high = np.quantile(simulated, [(1 - level) / 2, (1 + level) / 2], axis=0)
    observed = _by_bin(rows["late"].to_numpy(dtype=np.float64), bins) / due
    curve = pd.DataFrame(np.column_stack([expected / due, observed, low, high, due]))
    return curve.set_axis(columns, axis=1).astype({"count": "int64"})


@dataclass(frozen=True)
class Level:
    """Whether probabilities are as right as perfect ones would look.

    Parameters
    ----------
    error : float
        Mean distance of observed from predicted shares over 10 bins of equally many rows,
        each weighed by its rows (expected calibration error).
    high : float
        What a perfect model stays below in 95 % of simulations.
    """

    error: float
    high: float

    @property
    def is_inside(self) -> bool:
        """Whether a perfect model could well have shown this error."""
        return self.error <= self.high


def judge_level(
    probability: pd.Series, happened: pd.Series, *, seed: int, level: float = 0.95
) -> Level:
    """Hold the calibration error against its noise floor, simulated from the scores themselves.

    Parameters
    ----------
    probability : Series of float, shape (n_rows,)
        Predicted, 0..1.
    happened : Series of 0 and 1, shape (n_rows,)
        Outcomes.
    seed : int
        Of the simulation.
    level : float, 0..1
        Share of the simulations inside the band.

    Returns
    -------
    Level
        The error, and the band of a perfect model.

    Raises
    ------
    InputError
        There are no rows.

    References
    ----------
    Broecker and Smith, Increasing the reliability of reliability diagrams, Weather and
    Forecasting 22, 2007.
    """
    if not len(probability):
        raise InputError("there is no prediction to judge", rows="0 rows")
    rows = pd.DataFrame({"probability": np.asarray(probability), "late": np.asarray(happened)})
    rows = rows.assign(due=1, weight=1.0).sort_values("probability", kind="stable")
    bins = _bins(rows.reset_index(drop=True))
    expected = _by_bin(rows["probability"].to_numpy(dtype=np.float64), bins)
    simulated = _simulate(rows, bins, np.random.default_rng(seed))
    observed = _by_bin(rows["late"].to_numpy(dtype=np.float64), bins)
    errors = np.abs(simulated - expected).sum(axis=1) / len(rows)
    error = float(np.abs(observed - expected).sum() / len(rows))
    return Level(error, float(np.quantile(errors, level)))


def weigh_auc(score: Floats, positives: Floats, negatives: Floats) -> float:
    """Give the chance that a case scores above a non-case; ties count half.

    Parameters
    ----------
    score : array of float, shape (n_rows,)
        Larger means that the case is likelier.
    positives, negatives : array of float, shape (n_rows,)
        How many cases and non-cases, or how much weight of each, a row holds.

    Returns
    -------
    float, 0..1
        0.5 is no ranking; nan without cases or without non-cases.
    """
    if positives.sum() == 0 or negatives.sum() == 0:
        return float("nan")
    place = rankdata(score, method="dense").astype(np.int64) - 1
    up, down = np.bincount(place, weights=positives), np.bincount(place, weights=negatives)
    below = np.cumsum(down) - down
    return float((up * (below + 0.5 * down)).sum() / (positives.sum() * negatives.sum()))


def _bins(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Assign bins of equally many invoices; rows with the same prediction stay together."""
    due = rows["due"].to_numpy(dtype=np.float64)
    wanted = int(np.clip(due.sum() // FEWEST_IN_BIN, 1, CURVE_BINS))
    middle = pd.Series(due.cumsum() - due / 2).groupby(rows["probability"]).transform("mean")
    raw = np.floor(middle.to_numpy() / due.sum() * wanted).astype(np.int64)
    return np.unique(raw, return_inverse=True)[1].astype(np.int64)


def _by_bin(values: Floats, bins: npt.NDArray[np.int64]) -> Floats:
    return np.bincount(bins, weights=values).astype(np.float64)


def _simulate(
    rows: pd.DataFrame, bins: npt.NDArray[np.int64], random: np.random.Generator
) -> Floats:
    p = rows["probability"].to_numpy(dtype=np.float64).clip(1e-4, 1 - 1e-4)
    weight = rows["weight"].to_numpy(dtype=np.float64)
    due = rows["due"].to_numpy(dtype=np.int64)
    simulated = []
    for _ in range(int(np.clip(DRAWS // len(rows), FEWEST_REPEATS, MOST_REPEATS))):
        true_share = random.beta(weight * p, weight * (1 - p))
        simulated.append(_by_bin(random.binomial(due, true_share).astype(np.float64), bins))
    return np.array(simulated)
