"""Fit a model of any kind, cross-fitted: calibrated on scores of rows that it had not seen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.errors import InputError
from clientlib.reliability.learning.boosting import fit_trees
from clientlib.reliability.learning.calibrators import Calibrator, fit_calibrator
from clientlib.reliability.learning.folds import assign_folds, fold_count
from clientlib.reliability.learning.glassbox import fit_glassbox
from clientlib.reliability.learning.mixtures import (
    Mixture,
    Scorer,
    add_weighed,
    fit_blend,
    fit_mixture,
    hear_models,
    weigh_models,
)
from clientlib.reliability.learning.model import ReliabilityModel
from clientlib.reliability.learning.recipes import GLASS_BOX_ROWS, Choices, Recipe, choose_kind
from clientlib.reliability.learning.samples import (
    Sample,
    build_sample,
    check_directions,
    check_lengths,
    check_outcomes,
)
from clientlib.reliability.learning.scorecards import fit_rules, fit_scorecard

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

MOST_FOLDS, FEWEST_FOLDS = 5, 3  # for calibration: of large tables, two thirds teach as much
HASTY_KINDS = ("ebm", "blend", "accuracy")  # those with a glass box
UNCALIBRATED = "Too few events to calibrate on rows that it had not seen."
Fitter = Callable[[Sample, Recipe], Scorer]
FITTERS: dict[str, Fitter] = {
    "rules": fit_rules,
    "scorecard": fit_scorecard,
    "ebm": fit_glassbox,
    "blend": fit_blend,
    "boosted": fit_trees,
    "accuracy": fit_mixture,
}


@dataclass(frozen=True)
class CrossFit:
    """What models said of rows that they had not seen.

    Parameters
    ----------
    probability : Series of float, index as the rows
        Calibrated probabilities.
    folds : Series of int, index as the rows
        The fold of each row.
    """

    probability: pd.Series
    folds: pd.Series


def fit_model(
    rows: pd.DataFrame,
    target: pd.Series,
    *,
    groups: pd.Series | None = None,
    weights: pd.Series | None = None,
    as_of: str | pd.Timestamp | None = None,
    **choices: Unpack[Choices],
) -> ReliabilityModel:
    """Fit a model of a yes-or-no outcome, and calibrate it on scores given out of fold.

    Parameters
    ----------
    rows : DataFrame, shape (n_rows, n_features)
        The features alone, as known on the day: numbers, yes and no, or categories.
    target : Series of 0 and 1, shape (n_rows,)
        Whether it happened; its name becomes the model's target. Matched by position.
    groups : Series, shape (n_rows,), optional
        Rows of one group (a client) never stand on both sides of a fold.
    weights : Series of float, shape (n_rows,), optional
        How much each row counts, above 0.
    as_of : str or Timestamp, optional
        Last day that rows and outcomes knew; kept with the model.
    **choices
        kind, monotone, pairs, seed, haste: see `Choices`.

    Returns
    -------
    ReliabilityModel
        Without calibration, and saying so, where two folds with events cannot be made.

    Raises
    ------
    InputError
        There are no rows or features, an outcome is not 0 or 1, lengths differ, a weight is
        not positive, a direction names a category or no feature, or only one outcome
        occurred and a kind was asked for that cannot learn from it.
    """
    recipe = Recipe(**choices)
    sample = build_sample(rows, target, weights)
    check_directions(sample, recipe)
    kind, note = choose_kind(recipe, *_counts(sample))
    check_outcomes(sample, kind)
    most = _most_folds(len(rows), kind, recipe)
    folds = _deal(sample, groups, most, recipe.seed)
    scorer, calibrator = FITTERS[kind](sample, recipe), Calibrator("none")
    if folds is None:
        note = f"{note} {UNCALIBRATED}"
    else:
        scores = _cross_score(sample, FITTERS[kind], recipe, folds)
        scorer, calibrator = _calibrate(sample, scorer, scores, folds)
    return ReliabilityModel(
        kind=kind,
        target="event" if target.name is None else str(target.name),
        as_of=None if as_of is None else pd.Timestamp(as_of),
        rows_count=len(rows),
        events_count=int(sample.happened.sum()),
        seed=recipe.seed,
        note=note,
        encoding=sample.encoding,
        scorer=scorer,
        calibrator=calibrator,
    )


def cross_fit(
    rows: pd.DataFrame,
    target: pd.Series,
    *,
    groups: pd.Series | None = None,
    weights: pd.Series | None = None,
    folds: int = 5,
    **choices: Unpack[Choices],
) -> CrossFit:
    """Foretell each fold by a model, and a calibration, that were fitted on the other folds.

    Every fold's model is calibrated by folds of its own, so that the figures drawn from
    ``probability`` are of rows that neither model nor calibration has seen.

    Parameters
    ----------
    rows, target, groups, weights, **choices
        As in `fit_model`.
    folds : int, from 2
        How many.

    Returns
    -------
    CrossFit
        A probability for every row.

    Raises
    ------
    InputError
        As in `fit_model`; or not even two folds with both outcomes can be made.
    """
    happened = build_sample(rows, target, weights).happened
    possible = fold_count(happened, groups, most=folds)
    if not possible:
        raise InputError(
            "there are too few events, or groups with events, to hold some of them back",
            rows=f"{int(happened.sum())} events in {len(rows)} rows",
            hint="two groups with events and two without are the least",
        )
    fold = assign_folds(happened, groups, folds=possible, seed=choices.get("seed", 0))
    probability = pd.Series(np.nan, index=rows.index, name="probability")
    for out in (fold == number for number in range(possible)):
        kept = [None if some is None else some[~out] for some in (groups, weights)]
        model = fit_model(rows[~out], target[~out], groups=kept[0], weights=kept[1], **choices)
        probability[out] = model.predict(rows[out]).to_numpy()
    return CrossFit(probability, pd.Series(fold, index=rows.index, name="fold"))


def _counts(sample: Sample) -> tuple[int, int, int]:
    events = int(sample.happened.sum())
    return len(sample.happened), events, len(sample.happened) - events


def _most_folds(rows: int, kind: str, recipe: Recipe) -> int:
    is_hasty = recipe.haste and kind in HASTY_KINDS
    return FEWEST_FOLDS if is_hasty or rows >= GLASS_BOX_ROWS else MOST_FOLDS


def _deal(sample: Sample, groups: pd.Series | None, most: int, seed: int) -> Places | None:
    """Deal the rows to folds for calibration; None where each fold cannot have both outcomes."""
    check_lengths(len(sample.happened), groups=groups)
    folds = fold_count(sample.happened, groups, most=most)
    return assign_folds(sample.happened, groups, folds=folds, seed=seed) if folds else None


def _cross_score(sample: Sample, fit: Fitter, recipe: Recipe, folds: Places) -> Floats:
    """Let each fold be scored by what was fitted on the others: a column for each model."""
    scores: Floats | None = None
    for out in (folds == number for number in np.unique(folds)):
        own = hear_models(fit(sample.take(~out), recipe), sample.matrix[out])
        scores = np.empty((len(folds), own.shape[1])) if scores is None else scores
        scores[out] = own
    return np.empty((0, 0)) if scores is None else scores


def _calibrate(
    sample: Sample, scorer: Scorer, scores: Floats, folds: Places
) -> tuple[Scorer, Calibrator]:
    """Weigh the models of a mixture, and calibrate, by scores that were given out of fold."""
    happened, weights = sample.happened, sample.weights
    total = scores[:, 0]
    if isinstance(scorer, Mixture):
        scorer = replace(scorer, shares=weigh_models(scores, happened, weights))
        total = add_weighed(scores, scorer.shares)
    return scorer, fit_calibrator(total, happened, weights=weights, folds=folds)
