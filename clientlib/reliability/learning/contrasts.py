"""Differences of ranks: where a row stands in one feature, less where it stands in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from clientlib.reliability.learning.encoding import Record

Floats = npt.NDArray[np.float64]

GRID_POINTS = 500


@dataclass(frozen=True)
class Contrasts:
    """Pairs of features that are compared on one scale, the rank among training rows.

    A tree that cuts one feature at a time needs many cuts to say that profit is high for so
    much debt; the difference of two ranks says it in one, whatever the units and outliers.

    Parameters
    ----------
    features : tuple of int
        Places of the features in the matrix.
    grids : tuple of array
        Of each the rising quantiles of its training values.
    """

    features: tuple[int, ...] = ()
    grids: tuple[Floats, ...] = ()

    @property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """Features of each difference."""
        return tuple(combinations(self.features, 2))

    def widen(self, matrix: Floats) -> Floats:
        """Add a column for each pair.

        Parameters
        ----------
        matrix : array, shape (n_rows, n_features)
            As `Encoding.encode` gives it.

        Returns
        -------
        array, shape (n_rows, n_features + n_pairs)
            Differences from -1 to 1; nan where either feature is missing.
        """
        if not self.members:
            return matrix
        ranks = {
            feature: _rank(matrix[:, feature], grid)
            for feature, grid in zip(self.features, self.grids, strict=True)
        }
        return np.column_stack([matrix, *(ranks[a] - ranks[b] for a, b in self.members)])

    def to_record(self) -> Record:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            features and grids.
        """
        return {"features": list(self.features), "grids": [grid.tolist() for grid in self.grids]}

    @classmethod
    def from_record(cls, record: Record) -> "Contrasts":
        """Read what `to_record` wrote.

        Parameters
        ----------
        record : dict
            As written.

        Returns
        -------
        Contrasts
            Equal to those that were written.
        """
        grids = tuple(np.asarray(grid, dtype=np.float64) for grid in record["grids"])
        return cls(tuple(record["features"]), grids)


def learn_contrasts(matrix: Floats, features: Sequence[int]) -> Contrasts:
    """Learn the ranks of some features; the outcome is not looked at.

    Parameters
    ----------
    matrix : array, shape (n_rows, n_features)
        Training rows.
    features : sequence of int
        Places of features that each take more than one known value.

    Returns
    -------
    Contrasts
        Of all pairs of them.
    """
    points = np.linspace(0.0, 1.0, GRID_POINTS)
    own = tuple(sorted(features))
    grids = (np.quantile(_known(matrix[:, k]), points, method="nearest") for k in own)
    return Contrasts(own, tuple(grids))


def _known(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def _rank(values: Floats, grid: Floats) -> Floats:
    rank: Floats = np.searchsorted(grid, values, side="left") / len(grid)
    return np.where(np.isnan(values), np.nan, rank)
