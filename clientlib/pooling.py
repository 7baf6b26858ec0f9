"""Many shares at once: each is steadied by all, as far as its own count is small.

Two models for shares of the form hits / trials, both beta-binomial: the share of a unit (a
client, a rival) is drawn from a beta distribution that all units have in common. The mean of
that distribution is the share of all together, its weight says how alike the units are: a
weight of 20 means that 20 trials of its own count as much for a unit as all the others do.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import betainc, betaincinv, betaln

from clientlib.errors import InputError

Floats = npt.NDArray[np.float64]

LIGHTEST_WEIGHT, HEAVIEST_WEIGHT = 0.5, 1000.0
_MEANS = np.linspace(0.02, 0.98, 49)
_WEIGHTS = np.geomspace(1.0, 300.0, 16)
_SHARES = np.linspace(0.0, 1.0, 401)
_GOLDEN, _NEAR_ENOUGH = (5**0.5 - 1) / 2, 1e-5


@dataclass(frozen=True)
class SharePrior:
    """What is expected of a unit before its own record is looked at.

    Parameters
    ----------
    share : float, 0..1
        Hits of all units over trials of all units.
    weight : float, in trials
        How many trials of a unit's own weigh as much as the others' experience.
    units_count, trials_count : int
        On how many units and trials the estimate rests.
    is_estimated : bool
        False where the weight was given.
    """

    share: float
    weight: float
    units_count: int
    trials_count: int
    is_estimated: bool

    def steady(self, hits: pd.Series, trials: pd.Series) -> pd.Series:
        """Draw raw shares towards the common share.

        Parameters
        ----------
        hits, trials : Series of numbers, shape (n_units,)
            Counts of each unit.

        Returns
        -------
        Series of float, shape (n_units,)
            Posterior means, 0..1: between the raw share and the common one.
        """
        return (hits + self.weight * self.share) / (trials + self.weight)


def check_counts(hits: pd.Series, trials: pd.Series) -> None:
    """Refuse counts that cannot be hits out of trials.

    Parameters
    ----------
    hits, trials : Series of numbers, shape (n_units,)
        Counts of each unit.

    Raises
    ------
    InputError
        A unit has more hits than trials or a negative count, or nobody has any trial.
    """
    wrong = trials[(hits > trials) | (hits < 0)]
    if len(wrong):
        unit = wrong.index[0]
        raise InputError(
            "a count of cases is larger than the count of trials, or negative",
            rows=f"{len(wrong)} of {len(trials)} units",
            example=f"{unit!r}: {hits.loc[unit]} of {trials.loc[unit]}",
            hint="the two counts must come from the same rows",
        )
    if not trials.sum() > 0:
        raise InputError(
            "no unit has had a single trial, so there is no common share",
            rows=f"{len(trials)} units",
            hint="look at an as-of date later than the first outcomes",
        )


def fit_share_prior(
    hits: pd.Series, trials: pd.Series, *, weight: float | None = None
) -> SharePrior:
    """Estimate how far units resemble each other, by beta-binomial maximum likelihood.

    The mean is the share of all trials together, so that a steadied share lies between a
    unit's own and everybody's; only the weight is searched, between 0.5 and 1,000 trials.

    Parameters
    ----------
    hits, trials : Series of numbers, shape (n_units,)
        Counts of each unit; units without trials say nothing and are left out.
    weight : float, in trials, above 0, optional
        Fixes the weight instead of estimating it.

    Returns
    -------
    SharePrior
        The common share and its weight.

    Raises
    ------
    InputError
        A unit has more hits than trials, or nobody has had a trial.

    References
    ----------
    Beta-binomial model: Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, chapter 5;
    empirical Bayes by maximum likelihood: Casella, The American Statistician 39, 1985.
    """
    check_counts(hits, trials)
    known = trials > 0
    own_hits, own_trials = _floats(hits[known]), _floats(trials[known])
    share = float(own_hits.sum() / own_trials.sum())
    found = weight if weight is not None else _likely_weight(own_hits, own_trials, share)
    return SharePrior(share, found, int(known.sum()), int(own_trials.sum()), weight is None)


def fit_prior_weights(hits: Floats, trials: Floats) -> Floats:
    """Estimate for many sets of units at once how far the units of each resemble each other.

    As `fit_share_prior` does for one set; the weights of all are searched side by side.

    Parameters
    ----------
    hits, trials : array, shape (n_sets, n_units)
        Counts, each hits from 0 to trials; a unit without trials says nothing, and a set
        without any gets the heaviest weight.

    Returns
    -------
    array, shape (n_sets,)
        In trials, from 0.5 to 1,000.
    """
    all_hits, all_trials = (counts.sum(axis=1, keepdims=True) for counts in (hits, trials))
    edge = 0.5 / (all_trials + 1)
    share = np.clip(all_hits / np.maximum(all_trials, 1e-9), edge, 1 - edge)

    def loss(log_weight: Floats) -> Floats:
        """Negative log-likelihood of a weight of each set."""
        likely = _log_likelihood(hits, trials, share, np.exp(log_weight)[:, None])
        return -np.asarray(likely.sum(axis=1))

    low, high = (np.full(len(hits), np.log(end)) for end in (LIGHTEST_WEIGHT, HEAVIEST_WEIGHT))
    return np.exp(_search_least(loss, low, high))


def _search_least(loss: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Narrow each range by the golden ratio to where its loss is least."""
    inner, outer = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_inner, at_outer = loss(inner), loss(outer)
    while (high - low).max(initial=0.0) > _NEAR_ENOUGH:
        falls = at_outer < at_inner  # towards the outer point
        low, high = np.where(falls, inner, low), np.where(falls, high, outer)
        kept, at_kept = np.where(falls, outer, inner), np.where(falls, at_outer, at_inner)
        fresh = low + high - kept
        at_fresh = loss(fresh)
        inner, outer = np.minimum(kept, fresh), np.maximum(kept, fresh)
        at_inner = np.where(kept < fresh, at_kept, at_fresh)
        at_outer = np.where(kept < fresh, at_fresh, at_kept)
    return (low + high) / 2


def interval_of_share(
    hits: npt.ArrayLike, trials: npt.ArrayLike, *, level: float = 0.90
) -> tuple[Floats, Floats]:
    """Give the interval of a share that few trials leave open.

    Parameters
    ----------
    hits, trials : array-like of numbers, shape (n,)
        Counts, or weights of cases, of each unit; hits from 0 to trials.
    level : float, 0..1
        Part of the intervals that hold the true share.

    Returns
    -------
    (array, array)
        Lower and upper ends, 0..1; without trials nearly the whole range.

    References
    ----------
    Jeffreys interval: Brown, Cai and DasGupta, Interval estimation for a binomial proportion,
    Statistical Science 16, 2001.
    """
    found = np.asarray(hits, dtype=np.float64) + 0.5
    missed = np.asarray(trials, dtype=np.float64) - found + 1.0
    low: Floats = betaincinv(found, missed, (1 - level) / 2)
    high: Floats = betaincinv(found, missed, (1 + level) / 2)
    return low, high


def pool_shares(
    hits: pd.Series, trials: pd.Series, *, below: float, level: float = 0.90
) -> pd.DataFrame:
    """Estimate the share of each unit with an interval that knows the prior is a guess too.

    Plain empirical Bayes treats the fitted common distribution as known, and its intervals
    are too narrow when there are few units. Here mean and weight are averaged over a grid by
    how well they explain all units (flat in the mean and in weight ** -0.5).

    Parameters
    ----------
    hits, trials : Series of numbers, shape (n_units,)
        Counts of each unit, same index; a unit without trials gets the common distribution.
    below : float, 0..1
        A share to compare with.
    level : float, 0..1
        Probability that the interval is meant to hold.

    Returns
    -------
    DataFrame, index as ``hits``
        share, share_low, share_high (0..1) and probability_below: that the unit's share is
        smaller than ``below``.

    Raises
    ------
    InputError
        A unit has more hits than trials, or nobody has had a trial.

    References
    ----------
    Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, section 5.3.
    """
    check_counts(hits, trials)
    means, weights, belief = _weigh_priors(_floats(hits), _floats(trials))
    rows = []
    for unit_hits, unit_trials in zip(_floats(hits), _floats(trials), strict=True):
        alpha = unit_hits + weights * means
        beta = unit_trials - unit_hits + weights * (1 - means)
        curve = belief @ betainc(alpha[:, None], beta[:, None], _SHARES[None, :])
        mean = float(belief @ (alpha / (alpha + beta)))
        tails = np.interp([(1 - level) / 2, (1 + level) / 2], curve, _SHARES)
        rows.append((mean, tails[0], tails[1], np.interp(below, _SHARES, curve)))
    columns = ["share", "share_low", "share_high", "probability_below"]
    return pd.DataFrame(rows, index=hits.index, columns=columns, dtype=float)


def _floats(values: pd.Series) -> Floats:
    return values.to_numpy(dtype=np.float64)


def _log_likelihood(hits: Floats, trials: Floats, share: Floats, weight: Floats) -> Floats:
    alpha, beta = weight * share, weight * (1 - share)
    likelihood: Floats = betaln(hits + alpha, trials - hits + beta) - betaln(alpha, beta)
    return likelihood


def _likely_weight(hits: Floats, trials: Floats, share: float) -> float:
    inside = np.clip(share, 0.5 / (trials.sum() + 1), 1 - 0.5 / (trials.sum() + 1))

    def loss(log_weight: float) -> float:
        """Negative log-likelihood of a weight."""
        weight = np.float64(np.exp(log_weight))
        return -float(_log_likelihood(hits, trials, np.asarray(inside), np.asarray(weight)).sum())

    bounds = (np.log(LIGHTEST_WEIGHT), np.log(HEAVIEST_WEIGHT))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def _weigh_priors(hits: Floats, trials: Floats) -> tuple[Floats, Floats, Floats]:
    """Give every (mean, weight) of the grid its posterior probability; drop the negligible."""
    means, weights = (grid.ravel() for grid in np.meshgrid(_MEANS, _WEIGHTS))
    fit = _log_likelihood(hits[:, None], trials[:, None], means[None, :], weights[None, :])
    belief = np.exp(fit.sum(axis=0) - fit.sum(axis=0).max()) * weights**-0.5
    kept = belief > belief.max() * 1e-3
    return means[kept], weights[kept], belief[kept] / belief[kept].sum()
