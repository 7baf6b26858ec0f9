"""Columns as places among their own distinct values, so that bins are counted by look-ups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from clientlib.reliability.learning.binning import Evidence, Tally
from clientlib.reliability.learning.locating import find_bins
from clientlib.reliability.learning.samples import Sample

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Ranks:
    """Columns sorted once, and counted for any rows of theirs without another search.

    Parameters
    ----------
    places : array of int, shape (n_columns, n_rows)
        Where each value stands in one long list: column after column, of each first what is
        missing and then the distinct values, rising.
    distinct : tuple of array
        Of each column the values in the list. A column of categories has all its codes, also
        those that no row holds.
    """

    places: Places
    distinct: tuple[Floats, ...]

    @property
    def ends(self) -> Places:
        """Where each column's part of the list begins, and where the last one ends."""
        return np.cumsum([0, *(1 + len(values) for values in self.distinct)])

    def take(self, rows: npt.NDArray[np.bool_]) -> "Ranks":
        """Keep some of the rows.

        Parameters
        ----------
        rows : array of bool, shape (n_rows,)
            True where a row is kept.

        Returns
        -------
        Ranks
            Of these rows, with the same list.
        """
        return replace(self, places=self.places[:, rows])

    def tally(self, happened: Floats, weights: Floats) -> list[Tally]:
        """Count rows and events of every distinct value.

        Parameters
        ----------
        happened, weights : array, shape (n_rows,)
            Outcomes and how much each row counts.

        Returns
        -------
        list of Tally
            One a column.
        """
        flat, length = self.places.ravel(), int(self.ends[-1])
        rows, sizes, events = (
            np.bincount(flat, np.tile(counts, len(self.places)), length).astype(np.float64)
            for counts in (np.ones(len(weights)), weights, weights * happened)
        )
        return [
            Tally(values, rows[first:last], sizes[first:last], events[first:last])
            for values, (first, last) in zip(self.distinct, pairwise(self.ends), strict=True)
        ]

    def read(self, evidence: Sequence[Evidence]) -> Floats:
        """Look up what the values of all columns say.

        Parameters
        ----------
        evidence : sequence of Evidence
            One a column.

        Returns
        -------
        array, shape (n_rows, n_columns)
            Weights of evidence.
        """
        scores = [
            said.scores[np.append(0, find_bins(values, said.cuts))]
            for said, values in zip(evidence, self.distinct, strict=True)
        ]
        return np.concatenate([np.empty(0), *scores]).take(self.places).T


def rank_columns(sample: Sample, columns: Sequence[int]) -> Ranks:
    """Sort columns, and give each value its place.

    Parameters
    ----------
    sample : Sample
        The rows; outcomes are not looked at.
    columns : sequence of int
        Places of the columns in its matrix.

    Returns
    -------
    Ranks
        In the order of ``columns``.
    """
    places = np.empty((len(columns), len(sample.matrix)), dtype=np.intp)
    distinct, first = [], 0
    for line, column in enumerate(columns):
        values, known = sample.matrix[:, column], sample.encoding.categories[column]
        ranks, own = _rank(values) if known is None else _list_codes(values, len(known))
        places[line] = first + ranks
        distinct.append(own)
        first += 1 + len(own)
    return Ranks(places, tuple(distinct))


def _rank(values: Floats) -> tuple[Places, Floats]:
    """Give each known value its rank from 1 among the distinct ones, and 0 what is missing."""
    order = np.argsort(values, kind="stable")[: int((~np.isnan(values)).sum())]
    rising = values[order]
    is_new = np.diff(rising, prepend=-np.inf) > 0
    ranks = np.zeros(len(values), dtype=np.intp)
    ranks[order] = np.cumsum(is_new)
    return ranks, rising[is_new]


def _list_codes(values: Floats, known: int) -> tuple[Places, Floats]:
    ranks = np.where(np.isnan(values), 0, values + 1).astype(np.intp)
    return ranks, np.arange(known + 1, dtype=np.float64)
