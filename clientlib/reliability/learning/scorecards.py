"""Models for reading: a scorecard of weights of evidence, and rules plainer still."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.special import log_expit

from clientlib.reliability.learning.binning import Evidence, weigh_category, weigh_number
from clientlib.reliability.learning.folds import assign_folds, fold_count
from clientlib.reliability.learning.recipes import Recipe
from clientlib.reliability.learning.samples import Sample
from clientlib.reliability.learning.tables import AdditiveTables, Term
from clientlib.reliability.learning.weighing import fit_rising

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

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
    folds = _deal(sample, recipe)
    fair = _fair_evidence(sample, recipe, columns, folds)
    _, common = _weigh_total(fair, sample)
    ridge = _choose_ridge(fair, sample, folds, common)
    shift, weights = fit_rising(fair, sample.happened, sample.weights, ridge=ridge, toward=common)
    return _tables(_evidence(sample, recipe, columns, CARD_BINS), shift, columns, weights)


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
    folds = _deal(sample, recipe)
    fair = _fair_evidence(sample, recipe, columns, folds, most_bins=RULE_BINS)
    shift, common = _weigh_total(fair, sample)
    weights = np.repeat(common, len(columns))
    return _tables(_evidence(sample, recipe, columns, RULE_BINS), shift, columns, weights)


def _deal(sample: Sample, recipe: Recipe) -> Places:
    folds = max(fold_count(sample.happened, None), 2)
    return assign_folds(sample.happened, None, folds=folds, seed=recipe.seed)


def _evidence(sample: Sample, recipe: Recipe, columns: list[int], most_bins: int) -> list[Evidence]:
    happened, weights, found = sample.happened, sample.weights, []
    for column in columns:
        values, known = sample.matrix[:, column], sample.encoding.categories[column]
        if known is not None:
            found.append(weigh_category(values, happened, weights, known=len(known)))
            continue
        way = recipe.direction(sample.encoding.features[column])
        found.append(weigh_number(values, happened, weights, direction=way, most_bins=most_bins))
    return found


def _fair_evidence(
    sample: Sample,
    recipe: Recipe,
    columns: list[int],
    folds: Places,
    most_bins: int = CARD_BINS,
) -> Floats:
    """Give each row the evidence that the other folds have of its bins."""
    fair = np.zeros((len(folds), len(columns)))
    for out in _each(folds):
        others = _evidence(sample.take(~out), recipe, columns, most_bins)
        for place, (column, evidence) in enumerate(zip(columns, others, strict=True)):
            fair[out, place] = evidence.read(sample.matrix[out, column])
    return fair


def _weigh_total(fair: Floats, sample: Sample) -> tuple[float, float]:
    """Give the evidence of all features one weight: below 1, as they repeat each other."""
    total = fair.sum(axis=1, keepdims=True)
    shift, weight = fit_rising(total, sample.happened, sample.weights, ridge=COMMON_RIDGE)
    return shift, float(weight[0])


def _choose_ridge(fair: Floats, sample: Sample, folds: Places, toward: float) -> float:
    """Take the penalty under which the outcomes of unseen folds are most likely."""

    def likely(ridge: float) -> float:
        """Log-likelihood of each fold by weights that the others gave."""
        total = 0.0
        for out in _each(folds):
            happened, counts = sample.happened[~out], sample.weights[~out]
            shift, weights = fit_rising(fair[~out], happened, counts, ridge=ridge, toward=toward)
            sign = np.where(sample.happened[out] > 0, 1.0, -1.0)
            scores = shift + fair[out] @ weights
            total += float((sample.weights[out] * log_expit(sign * scores)).sum())
        return total

    return max(RIDGES, key=likely)


def _each(folds: Places) -> Iterator[npt.NDArray[np.bool_]]:
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
