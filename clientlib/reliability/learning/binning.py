"""Bins of one feature, and what each says about the outcome: its weight of evidence."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logit

from clientlib.pooling import fit_share_prior
from clientlib.reliability.learning.locating import Places, find_bins
from clientlib.reliability.learning.shaping import find_shape, pool_rising

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """What the bins of one feature say.

    Parameters
    ----------
    cuts : array, shape (n_cuts,)
        Rising values at which a new bin begins.
    scores : array, shape (2 + n_cuts,)
        Weight of evidence: log-odds in the bin less those of all rows, steadied; the place 0
        is that of missing values. 0 where no row was seen.
    """

    cuts: Floats
    scores: Floats

    def read(self, values: Floats) -> Floats:
        """Look up what the values of a feature say.

        Parameters
        ----------
        values : array, shape (n_rows,)
            Values of the feature.

        Returns
        -------
        array, shape (n_rows,)
            Weights of evidence.
        """
        read: Floats = self.scores[find_bins(values, self.cuts)]
        return read


@dataclass(frozen=True)
class Counted:
    """Rows and events of each bin of a feature, the bin of missing values first."""

    cuts: Floats
    events: Floats
    sizes: Floats

    @property
    def share(self) -> float:
        """Share of events among all rows."""
        return float(self.events.sum() / self.sizes.sum())

    @property
    def prior_weight(self) -> float:
        """How many rows of its own weigh as much for a bin as all the others do."""
        hits, trials = pd.Series(self.events), pd.Series(self.sizes)
        return fit_share_prior(hits, trials).weight


def weigh_number(
    values: Floats, happened: Floats, weights: Floats, *, direction: int, most_bins: int
) -> Evidence:
    """Cut a feature of numbers into bins whose evidence rises, falls, or turns once.

    Fine bins of equally many rows are joined until the shares of events follow the shape:
    the stated direction, or else whichever of rising, falling, a valley and a peak tells
    most for its number of bins.

    Parameters
    ----------
    values, happened, weights : array, shape (n_rows,)
        Values (nan where missing), outcomes and how much each row counts.
    direction : int
        +1 or -1 holds the evidence to rise or fall; 0 leaves it free.
    most_bins : int
        Fine bins to begin with.

    Returns
    -------
    Evidence
        Without cuts where the feature does not vary.

    References
    ----------
    Weight of evidence: Siddiqi, Credit Risk Scorecards, 2006; pooling of adjacent violators:
    Barlow et al., Statistical Inference under Order Restrictions, 1972.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return Evidence(np.empty(0), np.zeros(2))
    steps = np.quantile(known, np.arange(1, most_bins) / most_bins, method="higher")
    cuts = np.unique(steps[steps > known.min()])
    counted = _count(values, happened, weights, cuts)
    joined = _join(counted, find_shape(counted.events[1:], counted.sizes[1:], direction))
    scores = _steady(joined, counted.prior_weight)
    if direction:  # a small bin is drawn further than a large one, which may turn their order
        scores[1:] = direction * pool_rising(direction * scores[1:], joined.sizes[1:])
    return Evidence(joined.cuts, scores)


def weigh_category(values: Floats, happened: Floats, weights: Floats, *, known: int) -> Evidence:
    """Weigh each category by itself; all are steadied by how alike they are.

    Parameters
    ----------
    values, happened, weights : array, shape (n_rows,)
        Codes of categories (nan where missing), outcomes and how much each row counts.
    known : int
        Number of known categories; the code ``known`` stands for all others.

    Returns
    -------
    Evidence
        A bin for each category.
    """
    halfway: Floats = np.arange(known, dtype=np.float64) + 0.5
    counted = _count(values, happened, weights, halfway)
    return Evidence(halfway, _steady(counted, counted.prior_weight))


def _count(values: Floats, happened: Floats, weights: Floats, cuts: Floats) -> Counted:
    places, length = find_bins(values, cuts), len(cuts) + 2
    return Counted(cuts, _sum(places, weights * happened, length), _sum(places, weights, length))


def _join(counted: Counted, shape: Floats) -> Counted:
    """Join neighbours among the bins of known values whose shape is level."""
    steps = np.diff(shape) != 0
    blocks = np.concatenate([[0, 1], 1 + np.cumsum(steps)]).astype(np.intp)
    length = int(blocks[-1]) + 1
    events, sizes = (_sum(blocks, counts, length) for counts in (counted.events, counted.sizes))
    return Counted(counted.cuts[steps], events, sizes)


def _sum(places: Places, values: Floats, length: int) -> Floats:
    return np.bincount(places, weights=values, minlength=length).astype(np.float64)


def _steady(counted: Counted, prior_weight: float) -> Floats:
    expected = prior_weight * counted.share
    share = (counted.events + expected) / (counted.sizes + prior_weight)
    scores: Floats = logit(share) - logit(counted.share)
    return np.where(counted.sizes > 0, scores, 0.0)
