"""The accuracy mode: the mean of the log-odds of a glass box and of boosted trees."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clientlib.reliability.learning.boosting import BoostedTrees, fit_trees
from clientlib.reliability.learning.encoding import Record
from clientlib.reliability.learning.glassbox import fit_glassbox
from clientlib.reliability.learning.recipes import Recipe
from clientlib.reliability.learning.samples import Sample
from clientlib.reliability.learning.tables import AdditiveTables

Floats = npt.NDArray[np.float64]
Scored = AdditiveTables | BoostedTrees

RESTORERS: dict[str, Callable[[Record], Scored]] = {
    "tables": AdditiveTables.from_record,
    "trees": BoostedTrees.from_record,
}


@dataclass(frozen=True)
class Mixture:
    """Models whose log-odds are averaged, and whose reasons are averaged with them.

    Parameters
    ----------
    scorers : tuple of AdditiveTables or BoostedTrees
        Each counts the same.
    """

    scorers: tuple[Scored, ...]

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
        base = sum(base for base, _ in found) / len(found)
        return base, np.hstack([parts for _, parts in found]) / len(found)

    def log_odds(self, matrix: Floats) -> Floats:
        """Average the models.

        Parameters
        ----------
        matrix : array, shape (n_rows, n_features)
            As `Encoding.encode` gives it.

        Returns
        -------
        array, shape (n_rows,)
            Log-odds before calibration.
        """
        total = np.zeros(len(matrix))
        for scorer in self.scorers:
            total += scorer.log_odds(matrix)
        return total / len(self.scorers)

    def to_record(self) -> Record:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            form and scorers.
        """
        return {"form": "mixture", "scorers": [scorer.to_record() for scorer in self.scorers]}

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
        return cls(tuple(RESTORERS[part["form"]](part) for part in parts))


def fit_mixture(sample: Sample, recipe: Recipe) -> Mixture:
    """Fit the glass box and the boosted trees on the same rows.

    Parameters
    ----------
    sample : Sample
        Rows with both outcomes.
    recipe : Recipe
        Its monotone directions, number of pairs and seed are used.

    Returns
    -------
    Mixture
        Both, each with half of the say.
    """
    return Mixture((fit_glassbox(sample, recipe), fit_trees(sample, recipe)))


def restore_scorer(record: Record) -> Scored | Mixture:
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
