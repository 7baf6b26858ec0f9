"""Blend and accuracy mode: models' log-odds, weighed by what each adds to the others."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clientlib.reliability.learning.boosting import BoostedTrees, fit_trees
from clientlib.reliability.learning.encoding import Record
from clientlib.reliability.learning.glassbox import fit_glassbox
from clientlib.reliability.learning.recipes import Recipe
from clientlib.reliability.learning.samples import Sample
from clientlib.reliability.learning.scorecards import fit_scorecard
from clientlib.reliability.learning.tables import AdditiveTables
from clientlib.reliability.learning.weighing import fit_rising

Floats = npt.NDArray[np.float64]
Scored = AdditiveTables | BoostedTrees

CONTRASTED = 14
SHARE_RIDGE = 50.0

RESTORERS: dict[str, Callable[[Record], Scored]] = {
    "tables": AdditiveTables.from_record,
    "trees": BoostedTrees.from_record,
}


@dataclass(frozen=True)
class Mixture:
    """Models whose log-odds are weighed and added, and their reasons with them.

    Parameters
    ----------
    scorers : tuple of AdditiveTables or BoostedTrees
        The models.
    shares : tuple of float, from 0
        Weight of each.
    """

    scorers: tuple[Scored, ...]
    shares: tuple[float, ...]

    @property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """Features of each part, model after model."""
        return tuple(members for scorer in self.scorers for members in scorer.members)

    def split(self, matrix: Floats) -> tuple[float, Floats]:
        """Give what every part of every model adds to the log-odds of each row.

        Parameters
        ----------
        matrix : array, shape (n_rows, n_features)
            As `Encoding.encode` gives it.

        Returns
        -------
        (float, array of shape (n_rows, n_parts))
            The base, and the parts; with it each row adds up to the log-odds.
        """
        found = [scorer.split(matrix) for scorer in self.scorers]
        base = sum(share * own for share, (own, _) in zip(self.shares, found, strict=True))
        weighed = [share * own for share, (_, own) in zip(self.shares, found, strict=True)]
        return base, np.hstack(weighed)

    def hear(self, matrix: Floats) -> Floats:
        """Let every model speak for itself.

        Parameters
        ----------
        matrix : array, shape (n_rows, n_features)
            As `Encoding.encode` gives it.

        Returns
        -------
        array, shape (n_rows, n_models)
            Log-odds of each.
        """
        return np.column_stack([scorer.log_odds(matrix) for scorer in self.scorers])

    def log_odds(self, matrix: Floats) -> Floats:
        """Weigh and add the models.

        Parameters
        ----------
        matrix : array, shape (n_rows, n_features)
            As `Encoding.encode` gives it.

        Returns
        -------
        array, shape (n_rows,)
            Log-odds before calibration.
        """
        return add_weighed(self.hear(matrix), self.shares)

    def to_record(self) -> Record:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            form, scorers and shares.
        """
        scorers = [scorer.to_record() for scorer in self.scorers]
        return {"form": "mixture", "scorers": scorers, "shares": list(self.shares)}

    @classmethod
    def from_record(cls, record: Record) -> "Mixture":
        """Read what `to_record` wrote.

        Parameters
        ----------
        record : dict
            As written.

        Returns
        -------
        Mixture
            Gives the same scores, bit by bit.
        """
        parts = record["scorers"]
        scorers = tuple(RESTORERS[part["form"]](part) for part in parts)
        return cls(scorers, tuple(record["shares"]))


Scorer = AdditiveTables | BoostedTrees | Mixture


def fit_mixture(sample: Sample, recipe: Recipe) -> Mixture:
    """Fit a glass box, boosted trees and a scorecard on the same rows.

    The three err differently: bins of a feature at a time with a few pairs, deep
    interactions and contrasts of ranks, and a few steadied bins.

    Parameters
    ----------
    sample : Sample
        Rows with both outcomes.
    recipe : Recipe
        Its monotone directions, number of pairs, haste and seed are used.

    Returns
    -------
    Mixture
        Of equal shares.
    """
    trees = fit_trees(sample, recipe, contrasted=CONTRASTED)
    scorers = (fit_glassbox(sample, recipe), trees, fit_scorecard(sample, recipe))
    return Mixture(scorers, (1 / len(scorers),) * len(scorers))


def fit_blend(sample: Sample, recipe: Recipe) -> Mixture:
    """Fit a glass box and a scorecard on the same rows.

    The scorecard holds what few rows can teach, the glass box adds shapes and named pairs.

    Parameters
    ----------
    sample : Sample
        Rows with both outcomes.
    recipe : Recipe
        Its monotone directions, number of pairs, haste and seed are used.

    Returns
    -------
    Mixture
        Of equal shares.
    """
    return Mixture((fit_glassbox(sample, recipe), fit_scorecard(sample, recipe)), (0.5, 0.5))


def weigh_models(voices: Floats, happened: Floats, weights: Floats) -> tuple[float, ...]:
    """Weigh models by what each adds to the others, on scores given out of fold.

    Parameters
    ----------
    voices : array, shape (n_rows, n_models)
        Out-of-fold log-odds.
    happened, weights : array, shape (n_rows,)
        Outcomes, 0 or 1, and how much each counts.

    Returns
    -------
    tuple of float, from 0
        Shares, drawn towards equal ones.

    References
    ----------
    Breiman, Stacked regressions, Machine Learning 24, 1996.
    """
    equal = 1 / voices.shape[1]
    _, shares = fit_rising(voices, happened, weights, ridge=SHARE_RIDGE, toward=equal)
    return tuple(shares.tolist())


def hear_models(scorer: Scorer, matrix: Floats) -> Floats:
    """Give the log-odds of each model that a scorer consists of.

    Parameters
    ----------
    scorer : AdditiveTables, BoostedTrees or Mixture
        One model, or several.
    matrix : array, shape (n_rows, n_features)
        As `Encoding.encode` gives it.

    Returns
    -------
    array, shape (n_rows, n_models)
        Log-odds of each.
    """
    if isinstance(scorer, Mixture):
        return scorer.hear(matrix)
    return scorer.log_odds(matrix)[:, None]


def add_weighed(voices: Floats, shares: tuple[float, ...]) -> Floats:
    """Add up log-odds by their shares, one model after the other.

    Parameters
    ----------
    voices : array, shape (n_rows, n_models)
        Log-odds of each.
    shares : tuple of float
        Weight of each.

    Returns
    -------
    array, shape (n_rows,)
        Log-odds.
    """
    total = np.zeros(len(voices))
    for column, share in enumerate(shares):
        total += share * voices[:, column]
    return total


def restore_scorer(record: Record) -> Scorer:
    """Restore what gives log-odds from its part of a model's record.

    Parameters
    ----------
    record : dict
        As the scorer's `to_record` gave it.

    Returns
    -------
    AdditiveTables, BoostedTrees or Mixture
        Gives the same log-odds, bit by bit.
    """
    if record["form"] == "mixture":
        return Mixture.from_record(record)
    return RESTORERS[record["form"]](record)
