"""Bins of one feature, and what each says about the outcome: its weight of evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logit

from clientlib.pooling import fit_prior_weights
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
class Tally:
    """What is counted of the distinct values of one feature; what is missing comes first.

    Parameters
    ----------
    values : array, shape (n_values,)
        Distinct values, rising; some may have no row.
    rows, sizes, events : array, shape (1 + n_values,)
        Rows, how much they count together, and how much those with the event do.
    """

    values: Floats
    rows: Floats
    sizes: Floats
    events: Floats


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


@dataclass(frozen=True)
class Cutting:
    """Bins of a feature.

    Parameters
    ----------
    fine : Counted
        Bins of equally many rows, or categories: they say how alike bins are.
    joined : Counted
        Those that are weighed.
    direction : int
        +1 or -1 where the evidence must rise or fall.
    """

    fine: Counted
    joined: Counted
    direction: int = 0


def cut_number(tally: Tally, *, direction: int, most_bins: int) -> Cutting:
    """Cut a feature of numbers into bins whose share of events rises, falls, or turns once.

    Fine bins of equally many rows are joined until the shares of events follow the shape:
    the stated direction, or else whichever of rising, falling, a valley and a peak tells
    most for its number of bins.

    Parameters
    ----------
    tally : Tally
        Of the feature.
    direction : int
        +1 or -1 holds the shares to rise or fall; 0 leaves them free.
    most_bins : int
        Fine bins to begin with.

    Returns
    -------
    Cutting
        Without cuts where the feature does not vary.

    References
    ----------
    Weight of evidence: Siddiqi, Credit Risk Scorecards, 2006; pooling of adjacent violators:
    Barlow et al., Statistical Inference under Order Restrictions, 1972.
    """
    below = np.cumsum(tally.rows[1:])
    if not below[-1:].any():
        return _take_whole(tally)
    steps = np.ceil((below[-1] - 1) * (np.arange(1, most_bins) / most_bins))
    first, *places = np.searchsorted(below, [0.0, *steps], side="right")
    begins = np.unique([place for place in places if place > first]).astype(np.intp)
    events, sizes = _gather(tally.events, begins), _gather(tally.sizes, begins)
    shape = find_shape(events[1:], sizes[1:], direction)
    fine = Counted(tally.values[begins], events, sizes)
    return Cutting(fine, _join(fine, shape), direction)


def take_categories(tally: Tally) -> Cutting:
    """Take each category of a feature as a bin of its own.

    Parameters
    ----------
    tally : Tally
        Whose values are the codes of categories, from 0.

    Returns
    -------
    Cutting
        A bin for each category.
    """
    bins = Counted(tally.values[1:] - 0.5, tally.events, tally.sizes)
    return Cutting(bins, bins)


def weigh_bins(cuttings: Sequence[Cutting]) -> list[Evidence]:
    """Give bins their weight of evidence, steadied by how alike the bins of a feature are.

    Parameters
    ----------
    cuttings : sequence of Cutting
        One a feature.

    Returns
    -------
    list of Evidence
        One a feature; that of one with a stated direction rises, or falls, with it.
    """
    width = max((len(cutting.fine.sizes) for cutting in cuttings), default=0)
    hits, trials = np.zeros((2, len(cuttings), width))
    for line, cutting in enumerate(cuttings):
        hits[line, : len(cutting.fine.events)] = cutting.fine.events
        trials[line, : len(cutting.fine.sizes)] = cutting.fine.sizes
    priors = fit_prior_weights(hits, trials).tolist()
    return [_weigh(cutting, prior) for cutting, prior in zip(cuttings, priors, strict=True)]


def _weigh(cutting: Cutting, prior_weight: float) -> Evidence:
    joined, way = cutting.joined, cutting.direction
    scores = _steady(joined, prior_weight)
    if way:  # a small bin is drawn further than a large one, which may turn their order
        scores[1:] = way * pool_rising(way * scores[1:], joined.sizes[1:])
    return Evidence(joined.cuts, scores)


def _take_whole(tally: Tally) -> Cutting:
    """Make one bin of a feature of which nothing is known."""
    bins = Counted(np.empty(0), np.append(tally.events[0], 0.0), np.append(tally.sizes[0], 0.0))
    return Cutting(bins, bins)


def _gather(counts: Floats, begins: Places) -> Floats:
    """Add up the counts of bins, of which all but the first begin at these distinct values."""
    return np.concatenate([counts[:1], np.add.reduceat(counts[1:], np.append(0, begins))])


def _join(counted: Counted, shape: Floats) -> Counted:
    """Join neighbours among the bins of known values whose shape is level."""
    steps = np.diff(shape) != 0
    begins = np.flatnonzero(steps) + 1
    events, sizes = (_gather(counts, begins) for counts in (counted.events, counted.sizes))
    return Counted(counted.cuts[steps], events, sizes)


def _steady(counted: Counted, prior_weight: float) -> Floats:
    expected = prior_weight * counted.share
    share = (counted.events + expected) / (counted.sizes + prior_weight)
    scores: Floats = logit(share) - logit(counted.share)
    return np.where(counted.sizes > 0, scores, 0.0)
