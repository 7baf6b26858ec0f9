"""The best that could be known of each client's habit: by its true form, from the same invoices."""

import numpy as np
import pandas as pd
from scipy.special import logsumexp
from scipy.stats import betabinom, gamma, rankdata

from clientlib.sample.habits import (
    CONCENTRATION,
    HABITS,
    LATE_DAYS_SHAPE,
    LATE_PROBABILITY_AFTER,
)

SPREADS = np.linspace(-2, 2, 9)  # of the client's own mean days late, in its standard deviations
TURNS = 12  # moments tried at which a client may have turned


def probability_of_poor(paid: pd.DataFrame) -> pd.Series:
    """Chance that each client has a poor habit, by Bayes with the planted shares and forms."""
    poor = np.array([habit.is_poor for habit in HABITS.values()])
    prior = np.log([habit.share for habit in HABITS.values()])
    found = {}
    for client_id, rows in paid.sort_values("issued_on").groupby("client_id"):
        fits = prior + [_fit_of(name, rows["paid_days"].to_numpy()) for name in HABITS]
        found[client_id] = np.exp(fits - logsumexp(fits))[poor].sum()
    return pd.Series(found)


def is_poor(truth: pd.DataFrame, day: str) -> pd.Series:
    """Tell who has a poor habit on a day; one that worsens only from its turn on."""
    turned = pd.to_datetime(truth["worsens_on"]) <= pd.Timestamp(day)
    poor = truth["habit"].map({name: habit.is_poor for name, habit in HABITS.items()})
    return poor.astype(bool) & ((truth["habit"] != "worsening") | turned)


def auc(score: pd.Series, flags: pd.Series) -> float:
    """Chance that a flagged client has the higher score."""
    places, count = rankdata(score), int(flags.sum())
    above = places[flags.to_numpy()].sum() - count * (count + 1) / 2
    return float(above / (count * (len(flags) - count)))


def _fit_of(name: str, days: np.ndarray) -> float:
    habit = HABITS[name]
    if name != "worsening":
        return _log_fit(days, habit.late_probability, habit.late_days_mean)
    turns = range(0, len(days) + 1, max(1, len(days) // TURNS))
    fits = [
        _log_fit(days[:turn], habit.late_probability, habit.late_days_mean)
        + _log_fit(days[turn:], LATE_PROBABILITY_AFTER, habit.late_days_mean)
        for turn in turns
    ]
    return float(logsumexp(fits) - np.log(len(fits)))


def _log_fit(days: np.ndarray, late: float, mean: float) -> float:
    """Log likelihood of one client's delays: whether late, and by how many days if so."""
    over = days[days > 0]
    counts = (late * CONCENTRATION, (1 - late) * CONCENTRATION)
    fit = float(betabinom.logpmf(len(over), len(days), *counts)) if len(days) else 0.0
    if not len(over):
        return fit
    scales = mean * np.exp(0.2 * SPREADS) / LATE_DAYS_SHAPE
    parts = gamma.cdf(over, LATE_DAYS_SHAPE, scale=scales[:, None])
    parts -= gamma.cdf(over - 1, LATE_DAYS_SHAPE, scale=scales[:, None])
    weight = np.exp(-SPREADS * SPREADS / 2)
    each = np.log(np.maximum(parts, 1e-9)).sum(axis=1) + np.log(weight / weight.sum())
    return fit + float(logsumexp(each))
