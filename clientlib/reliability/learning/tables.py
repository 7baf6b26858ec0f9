"""A model as tables: a score for every bin of a feature, and of a named pair of features."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from clientlib.reliability.learning.locating import (
    MANY_ROWS,
    Locator,
    build_locator,
    find_bins,
)

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Record = dict[str, Any]

CHUNK_ROWS = 16_384


@dataclass(frozen=True)
class Term:
    """What one feature, or one pair of features, adds to the log-odds.

    Parameters
    ----------
    features : tuple of int
        Places of the features in the matrix: one, or two.
    cuts : tuple of array
        Of each feature the rising values at which a new bin begins.
    scores : array, shape (2 + n_cuts,) or (2 + n_cuts of the first, 2 + n_cuts of the second)
        In log-odds; the place 0 is that of missing values.
    """

    features: tuple[int, ...]
    cuts: tuple[Floats, ...]
    scores: Floats

    def to_record(self) -> Record:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            features, cuts and scores.
        """
        cuts = [values.tolist() for values in self.cuts]
        return {"features": list(self.features), "cuts": cuts, "scores": self.scores.tolist()}

    @classmethod
    def from_record(cls, record: Record) -> "Term":
        """Read what `to_record` wrote.

        Parameters
        ----------
        record : dict
            As written.

        Returns
        -------
        Term
            Equal to the one that was written.
        """
        cuts = tuple(np.asarray(values, dtype=np.float64) for values in record["cuts"])
        scores = np.asarray(record["scores"], dtype=np.float64)
        return cls(tuple(record["features"]), cuts, scores)


@dataclass(frozen=True)
class AdditiveTables:
    """A base and what every term adds to it: scores and reasons are the same numbers.

    Parameters
    ----------
    base : float
        Log-odds where every term adds nothing.
    terms : tuple of Term
        Features first, then pairs.
    """

    base: float
    terms: tuple[Term, ...]

    @property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """Features of each term, by their places in the matrix."""
        return tuple(term.features for term in self.terms)

    def split(self, matrix: Floats) -> tuple[float, Floats]:
        """Give what every term adds to the log-odds of each row.

        Parameters
        ----------
        matrix : array, shape (n_rows, n_features)
            As `Encoding.encode` gives it.

        Returns
        -------
        (float, array of shape (n_rows, n_terms))
            The base, and the parts; with it each row adds up to the log-odds.
        """
        parts = np.empty((len(matrix), len(self.terms)), order="F")
        locators = self._locators if len(matrix) >= MANY_ROWS else None
        for start in range(0, len(matrix), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            self._fill(matrix[rows], parts[rows], locators)
        return self.base, parts

    @cached_property
    def _cuttings(self) -> tuple[tuple[tuple[int, Floats], ...], tuple[tuple[int, ...], ...]]:
        """List every feature and its cuts once, and which of the list each term needs."""
        known: dict[tuple[int, bytes], int] = {}
        cuttings: list[tuple[int, Floats]] = []
        needs = []
        for term in self.terms:
            own = []
            for feature, cuts in zip(term.features, term.cuts, strict=True):
                key = (feature, cuts.tobytes())
                if key not in known:
                    known[key] = len(cuttings)
                    cuttings.append((feature, cuts))
                own.append(known[key])
            needs.append(tuple(own))
        return tuple(cuttings), tuple(needs)

    @cached_property
    def _locators(self) -> tuple[Locator, ...]:
        return tuple(build_locator(cuts) for _, cuts in self._cuttings[0])

    def log_odds(self, matrix: Floats) -> Floats:
        """Add up the parts.

        Parameters
        ----------
        matrix : array, shape (n_rows, n_features)
            As `Encoding.encode` gives it.

        Returns
        -------
        array, shape (n_rows,)
            Log-odds before calibration.
        """
        base, parts = self.split(matrix)
        return add_parts(base, parts)

    def _fill(self, matrix: Floats, parts: Floats, locators: tuple[Locator, ...] | None) -> None:
        """Look up the rows of a chunk; a feature that several terms cut alike is cut once."""
        cuttings, needs = self._cuttings
        places = [
            find_bins(matrix[:, feature], cuts)
            if locators is None
            else locators[number].find(matrix[:, feature])
            for number, (feature, cuts) in enumerate(cuttings)
        ]
        for column, (term, own) in enumerate(zip(self.terms, needs, strict=True)):
            parts[:, column] = _look_up(term.scores, [places[number] for number in own])

    def to_record(self) -> Record:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            form, base and terms.
        """
        terms = [term.to_record() for term in self.terms]
        return {"form": "tables", "base": self.base, "terms": terms}

    @classmethod
    def from_record(cls, record: Record) -> "AdditiveTables":
        """Read what `to_record` wrote.

        Parameters
        ----------
        record : dict
            As written.

        Returns
        -------
        AdditiveTables
            Gives the same scores, bit by bit.
        """
        return cls(record["base"], tuple(map(Term.from_record, record["terms"])))


def add_parts(base: float, parts: Floats) -> Floats:
    """Add columns one after the other, so that the sum rises with every part of it.

    Parameters
    ----------
    base : float
        What the sum begins with.
    parts : array, shape (n_rows, n_parts)
        What is added.

    Returns
    -------
    array, shape (n_rows,)
        The sums.
    """
    total = np.full(len(parts), base)
    for column in range(parts.shape[1]):
        total += parts[:, column]
    return total


def _look_up(scores: Floats, places: Sequence[Places]) -> Floats:
    if len(places) == 1:
        return scores.take(places[0])
    flat: Floats = scores.ravel().take(places[0] * scores.shape[1] + places[1])
    return flat
