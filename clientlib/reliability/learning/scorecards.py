"""Models for reading: a scorecard of weights of evidence, and rules plainer still."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import log_expit

from clientlib.reliability.learning.binning import (
    Evidence,
    cut_number,
    take_categories,
    weigh_bins,
)
from clientlib.reliability.learning.folds import assign_folds, fold_count
from clientlib.reliability.learning.ranking import Ranks, rank_columns
from clientlib.reliability.learning.recipes import Recipe
from clientlib.reliability.learning.samples import Sample
from clientlib.reliability.learning.tables import AdditiveTables, Term
from clientlib.reliability.learning.weighing import fit_rising

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

CARD_BINS, RULE_BINS = 20, 4
RIDGES = (3.0, 10.0, 30.0, 100.0, 300.0)
COMMON_RIDGE = 1.0
FEWEST_RULE_EVENTS = 5


def fit_scorecard(sample: Sample, recipe: Recipe) -> AdditiveTables:
    """Weigh the evidence of every feature by a penalised logistic regression.

    The regression learns from evidence that each row's own outcome had no part in, so that a
    feature with many small bins earns no weight by repeating what it was told. Weights are drawn
    towards the one that all features would have in common; none is negative: a bin that speaks
    for the outcome alone does not speak against it in company.

    Parameters
    ----------
    sample : Sample
        Rows with both outcomes.
    recipe : Recipe
        Its monotone directions and seed are used.

    Returns
    -------
    AdditiveTables
        One table a feature: weight times weight of evidence.
    """
    columns = sample.varying()
    if not columns:
        return AdditiveTables(sample.common_log_odds, ())
    folds, book = _deal(sample, recipe), _open(sample, recipe, columns, CARD_BINS)
    fair = book.foretell(folds)
    _, common = _weigh_total(fair, sample)
    ridge = _choose_ridge(fair, sample, folds, common)
    shift, weights = fit_rising(fair, sample.happened, sample.weights, ridge=ridge, toward=common)
    return _tables(book.weigh(), shift, columns, weights)


def fit_rules(sample: Sample, recipe: Recipe) -> AdditiveTables:
    """Add up the steadied evidence of few bins a feature, all under one common weight.

    The weight says how much of the evidence is said twice; it is learnt from evidence that
    each row's own outcome had no part in. With fewer than 5 events, or 5 others, there is
    nothing to weigh, and every row gets the steadied rate of all.

    Parameters
    ----------
    sample : Sample
        Rows, also of one outcome alone.
    recipe : Recipe
        Its monotone directions and seed are used.

    Returns
    -------
    AdditiveTables
        One table a feature, or none.
    """
    events, rows = float(sample.happened.sum()), len(sample.happened)
    if min(events, rows - events) < FEWEST_RULE_EVENTS:
        return AdditiveTables(sample.common_log_odds, ())
    columns = sample.varying()
    folds, book = _deal(sample, recipe), _open(sample, recipe, columns, RULE_BINS)
    fair = book.foretell(folds)
    shift, common = _weigh_total(fair, sample)
    weights = np.repeat(common, len(columns))
    return _tables(book.weigh(), shift, columns, weights)


def _deal(sample: Sample, recipe: Recipe) -> Places:
    folds = max(fold_count(sample.happened, None), 2)
    return assign_folds(sample.happened, None, folds=folds, seed=recipe.seed)


@dataclass(frozen=True)
class _Book:
    """Rows to be cut into bins and weighed, again and again."""

    ranks: Ranks
    happened: Floats
    counts: Floats
    directions: tuple[int, ...]
    is_category: tuple[bool, ...]
    most_bins: int

    def take(self, rows: Flags) -> "_Book":
        """Keep some of the rows."""
        happened, counts = self.happened[rows], self.counts[rows]
        return replace(self, ranks=self.ranks.take(rows), happened=happened, counts=counts)

    def weigh(self) -> list[Evidence]:
        """Cut every feature, and say what its bins are worth."""
        tallies = self.ranks.tally(self.happened, self.counts)
        return weigh_bins(
            [
                take_categories(tally)
                if is_category
                else cut_number(tally, direction=way, most_bins=self.most_bins)
                for tally, way, is_category in zip(
                    tallies, self.directions, self.is_category, strict=True
                )
            ]
        )

    def foretell(self, folds: Places) -> Floats:
        """Give each row the evidence that the other folds have of its bins."""
        fair = np.zeros((len(folds), len(self.directions)))
        for out in _each(folds):
            fair[out] = self.take(out).ranks.read(self.take(~out).weigh())
        return fair


def _open(sample: Sample, recipe: Recipe, columns: list[int], most_bins: int) -> _Book:
    names = [sample.encoding.features[column] for column in columns]
    return _Book(
        rank_columns(sample, columns),
        sample.happened,
        sample.weights,
        tuple(recipe.direction(name) for name in names),
        tuple(sample.encoding.is_category[column] for column in columns),
        most_bins,
    )


def _weigh_total(fair: Floats, sample: Sample) -> tuple[float, float]:
    """Give the evidence of all features one weight: below 1, as they repeat each other."""
    total = fair.sum(axis=1, keepdims=True)
    shift, weight = fit_rising(total, sample.happened, sample.weights, ridge=COMMON_RIDGE)
    return shift, float(weight[0])


def _choose_ridge(fair: Floats, sample: Sample, folds: Places, toward: float) -> float:
    """Take the penalty under which the outcomes of unseen folds are most likely."""
    likely = sum(_foretell(fair, sample, out, toward) for out in _each(folds))
    return RIDGES[int(np.argmax(likely))]


def _foretell(fair: Floats, sample: Sample, out: Flags, toward: float) -> Floats:
    """Log-likelihood of one fold by weights that the others gave, under each penalty."""
    learnt, happened, counts = fair[~out], sample.happened[~out], sample.weights[~out]
    sign = np.where(sample.happened[out] > 0, 1.0, -1.0)
    likely, found = [], None
    for ridge in RIDGES:
        found = fit_rising(learnt, happened, counts, ridge=ridge, toward=toward, start=found)
        scores = found[0] + fair[out] @ found[1]
        likely.append(float((sample.weights[out] * log_expit(sign * scores)).sum()))
    return np.array(likely)


def _each(folds: Places) -> Iterator[Flags]:
    return (folds == number for number in np.unique(folds))


def _tables(
    evidence: list[Evidence], shift: float, columns: list[int], weights: Floats
) -> AdditiveTables:
    terms = (
        Term((column,), (said.cuts,), weight * said.scores)
        for column, said, weight in zip(columns, evidence, weights.tolist(), strict=True)
        if weight > 0
    )
    return AdditiveTables(shift, tuple(terms))
