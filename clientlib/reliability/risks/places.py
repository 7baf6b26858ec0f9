"""What is known of a client before anything else: its line of business, region and size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clientlib.panels import check_columns
from clientlib.pooling import SharePrior, fit_share_prior

LEVELS = ("industry", "region", "size_band")
UNKNOWN = "unknown"
Key = tuple[str, ...]


@dataclass(frozen=True)
class PlacePrior:
    """The share of events by industry, region within it, and size within both, each steadied.

    A cell of few clients is drawn towards the cell that holds it: industry x region x size
    towards industry x region, that towards industry, and that towards all clients together.

    Parameters
    ----------
    levels : tuple of str
        Columns, from the widest to the narrowest.
    share : float, 0..1
        Of all clients together.
    weights : tuple of float, in clients
        How far each level is drawn to the one above it.
    cells : mapping of tuple of str to (float, float)
        By values of the levels, from one to all of them: clients and events.
    """

    levels: tuple[str, ...]
    share: float
    weights: tuple[float, ...]
    cells: Mapping[Key, tuple[float, float]]

    def predict(self, clients: pd.DataFrame) -> pd.DataFrame:
        """Give the share of events among clients of the same place.

        Parameters
        ----------
        clients : DataFrame, one row per client
            The columns of ``levels``; a value that is missing or was never seen counts as such.

        Returns
        -------
        DataFrame, index as ``clients``
            probability (0..1), cell_count (clients of the narrowest known cell), weight (in
            clients: what stands behind the probability, the cell and its prior together).
        """
        keys = _keys(clients, self.levels)
        found = [self._descend(key) for key in keys]
        return pd.DataFrame(
            found, columns=["probability", "cell_count", "weight"], index=clients.index
        )

    def _descend(self, key: Key) -> tuple[float, float, float]:
        share, count, behind = self.share, self.cells[()][0], self.cells[()][0]
        for depth, weight in enumerate(self.weights, start=1):
            trials, hits = self.cells.get(key[:depth], (0.0, 0.0))
            share = (hits + weight * share) / (trials + weight)
            behind = trials + weight
            count = trials if trials else count
        return share, count, behind

    def to_record(self) -> dict[str, Any]:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            levels, share, weights and cells.
        """
        cells = [[list(key), *counts] for key, counts in self.cells.items()]
        return {
            "levels": list(self.levels),
            "share": self.share,
            "weights": list(self.weights),
            "cells": cells,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "PlacePrior":
        """Read what `to_record` wrote.

        Parameters
        ----------
        record : mapping
            As written.

        Returns
        -------
        PlacePrior
            Gives the same shares, bit by bit.
        """
        cells = {tuple(key): (trials, hits) for key, trials, hits in record["cells"]}
        return cls(tuple(record["levels"]), record["share"], tuple(record["weights"]), cells)


def fit_place_prior(
    clients: pd.DataFrame,
    happened: pd.Series,
    *,
    levels: Sequence[str] = LEVELS,
    weights: pd.Series | None = None,
) -> PlacePrior:
    """Estimate the share of events by place, from the widest level to the narrowest.

    How far a level is drawn to the one above it comes from the data: beta-binomial maximum
    likelihood over the cells of that level. Where cells are alike they are drawn together.

    Parameters
    ----------
    clients : DataFrame, one row per client
        The columns of ``levels``; missing values are a value of their own.
    happened : Series of 0 and 1, matched by position
        Whether the event came.
    levels : sequence of str
        Columns, from the widest to the narrowest.
    weights : Series of float, matched by position, optional
        What each row counts for, in clients: less than 1 where a client stands in several rows.

    Returns
    -------
    PlacePrior
        Of all places that were seen.

    Raises
    ------
    InputError
        A column is missing, or there are no clients.

    References
    ----------
    Nested credibility: Jewell, The use of collateral data in credibility theory, Giornale
    dell'Istituto Italiano degli Attuari 38, 1975; beta-binomial weights as in `pooling`.
    """
    check_columns(clients, tuple(levels), name="the list of clients")
    keys = _keys(clients, levels)
    counts = [1.0] * len(keys) if weights is None else [float(value) for value in weights]
    hits = [float(value) for value in happened]
    cells: dict[Key, tuple[float, float]] = {}
    for key, hit, count in zip(keys, hits, counts, strict=True):
        for depth in range(len(levels) + 1):
            trials, sum_of = cells.get(key[:depth], (0.0, 0.0))
            cells[key[:depth]] = (trials + count, sum_of + count * hit)
    priors = [_prior_of(cells, depth) for depth in range(1, len(levels) + 1)]
    drawn = tuple(prior.weight for prior in priors)
    return PlacePrior(tuple(levels), priors[0].share, drawn, cells)


def _prior_of(cells: Mapping[Key, tuple[float, float]], depth: int) -> SharePrior:
    counts = pd.DataFrame(
        [counts for key, counts in cells.items() if len(key) == depth], columns=["trials", "hits"]
    )
    return fit_share_prior(counts["hits"], counts["trials"])


def _keys(clients: pd.DataFrame, levels: Sequence[str]) -> list[Key]:
    named = clients[list(levels)].astype(object).where(clients[list(levels)].notna(), UNKNOWN)
    return [tuple(map(str, row)) for row in named.itertuples(index=False)]
