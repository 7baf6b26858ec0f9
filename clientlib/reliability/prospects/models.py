"""Fitted models of prospects: one per event and depth of evidence, and their records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from clientlib.errors import InputError
from clientlib.reliability.learning import ReliabilityModel
from clientlib.reliability.learning.encoding import BASE
from clientlib.reliability.prospects.credibility import mix, weigh_record
from clientlib.reliability.prospects.depths import (
    DEALINGS,
    DEPTHS,
    OWN,
    PLACE,
    STATEMENTS,
    count_outcomes,
    find_evidence,
)
from clientlib.reliability.prospects.scorers import PlaceScorer, Record, Scorer
from clientlib.reliability.risks.places import PlacePrior
from clientlib.reliability.timing import TimingModel

FORMAT = 1
NEW, EVERYBODY, NOBODY = "new clients", "all clients", "nobody"
WITHOUT_HISTORY = (PLACE, STATEMENTS, DEALINGS)


@dataclass(frozen=True)
class DepthModel:
    """What one depth of evidence says of one event.

    Parameters
    ----------
    event : str
        One of `TARGETS`.
    depth : str
        One of `DEPTHS`.
    is_used : bool
        Whether it foretold better than the depth above it; place has none above it.
    note : str
        Why it is used or not, in a sentence that can be told again.
    scorer : Scorer or None
        None where there is not enough data.
    clients_count, events_count : int
        Clients that it was fitted on, and those of them with the event.
    prior_outcomes : float, in invoices
        k of own history; nan at other depths.
    taught_by, tried_on : str
        "new clients", "all clients" or "nobody": whose rows it was fitted on, and on whom it was
        tried at past month ends.
    tested : DataFrame, one row per client and month end of the past
        client_id (a number: who it was is not kept) and probability that this depth would have
        given then.
    """

    event: str
    depth: str
    is_used: bool
    note: str
    scorer: Scorer | None = None
    clients_count: int = 0
    events_count: int = 0
    prior_outcomes: float = float("nan")
    taught_by: str = NOBODY
    tried_on: str = NOBODY
    tested: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"client_id": [], "probability": []})
    )

    def to_record(self) -> Record:
        """Write the model down.

        Returns
        -------
        dict
            Texts, numbers, lists and dicts of them.
        """
        return {
            "format": FORMAT,
            "event": self.event,
            "depth": self.depth,
            "is_used": self.is_used,
            "note": str(self.note),
            "scorer": None if self.scorer is None else self.scorer.to_record(),
            "clients_count": self.clients_count,
            "events_count": self.events_count,
            "prior_outcomes": None if np.isnan(self.prior_outcomes) else self.prior_outcomes,
            "taught_by": self.taught_by,
            "tried_on": self.tried_on,
            "tested": [
                [int(client) for client in self.tested["client_id"]],
                [float(value) for value in self.tested["probability"]],
            ],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "DepthModel":
        """Read what `to_record` wrote.

        Parameters
        ----------
        record : mapping
            As written, also after a way through JSON.

        Returns
        -------
        DepthModel
            Gives the same scores, bit by bit.

        Raises
        ------
        InputError
            The record is of another format.
        """
        if record.get("format") != FORMAT or record.get("depth") not in DEPTHS:
            raise InputError(
                "the record of a prospect model has a format that is not known here",
                example=f"format {record.get('format')!r}, depth {record.get('depth')!r}",
                hint="replay it with the code version that the ledger names",
            )
        clients, probability = record["tested"]
        k = record["prior_outcomes"]
        return cls(
            record["event"],
            record["depth"],
            record["is_used"],
            record["note"],
            _restore(record["depth"], record["scorer"]),
            record["clients_count"],
            record["events_count"],
            float("nan") if k is None else k,
            record["taught_by"],
            record["tried_on"],
            pd.DataFrame({"client_id": clients, "probability": probability}),
        )


@dataclass(frozen=True)
class EventModels:
    """All depths of one event.

    Parameters
    ----------
    event : str
        One of `TARGETS`.
    by_depth : mapping of str to DepthModel
        All of `DEPTHS`, from the one that needs least evidence.
    """

    event: str
    by_depth: Mapping[str, DepthModel]

    @property
    def is_fitted(self) -> bool:
        """Whether prospects can be scored."""
        return self.by_depth[PLACE].scorer is not None

    def used(self, depth: str) -> bool:
        """Tell whether a depth is used.

        Parameters
        ----------
        depth : str
            One of `DEPTHS`.

        Returns
        -------
        bool
            False also where nothing was fitted.
        """
        model = self.by_depth[depth]
        return model.is_used and model.scorer is not None

    def reach(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Find the deepest used evidence of each row.

        Parameters
        ----------
        rows : DataFrame
            Signs, one row per prospect.

        Returns
        -------
        DataFrame, index as ``rows``
            before (depth without history), depth (with it), outcomes_count (judged invoices) and
            credibility (weight of the own record, 0 where it is not used).
        """
        evidence, counts = find_evidence(rows), count_outcomes(rows)
        before = pd.Series(PLACE, index=rows.index, dtype=object)
        for depth in (STATEMENTS, DEALINGS):
            if self.used(depth):
                before = before.mask(evidence[depth], depth)
        weight = pd.Series(0.0, index=rows.index)
        if self.used(OWN):
            weight = weigh_record(counts, self.by_depth[OWN].prior_outcomes)
        return pd.DataFrame(
            {
                "before": before,
                "depth": before.mask(weight > 0, OWN),
                "outcomes_count": counts,
                "credibility": weight,
            }
        )

    def log_odds(self, rows: pd.DataFrame) -> pd.Series:
        """Score rows by the deepest used evidence of each.

        Parameters
        ----------
        rows : DataFrame
            Signs, one row per prospect.

        Returns
        -------
        Series of float, index as ``rows``
            Log-odds of the event.

        Raises
        ------
        InputError
            Nothing was fitted.
        """
        reached = self.reach(rows)
        before = pd.Series(np.nan, index=rows.index)
        for depth, scorer in self._scorers(WITHOUT_HISTORY):
            if (taken := reached["before"] == depth).any():
                before[taken] = scorer.log_odds(rows[taken])
        own = before
        for _, scorer in self._scorers((OWN,)):
            own = scorer.log_odds(rows)
        return mix(before, own, reached["credibility"])

    def explain(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Split each score into a base and what every sign adds to it.

        Parameters
        ----------
        rows : DataFrame
            Signs, one row per prospect.

        Returns
        -------
        DataFrame of float, index as ``rows``
            ``base`` and a column per sign; each row adds up to `log_odds` within 1e-9.
        """
        reached = self.reach(rows)
        weight = reached["credibility"]
        rest = 1 - weight
        parts = [
            scorer.explain(rows[taken]).mul(rest[taken], axis=0)
            for depth, scorer in self._scorers(WITHOUT_HISTORY)
            if (taken := reached["before"] == depth).any()
        ]
        total = pd.concat(parts).reindex(rows.index).fillna(0.0)
        for _, scorer in self._scorers((OWN,)):
            own = scorer.explain(rows).mul(weight, axis=0)
            total = total.add(own, fill_value=0.0)
        names = [name for name in total.columns if name != BASE]
        return total[[BASE, *names]]

    def _scorers(self, depths: tuple[str, ...]) -> list[tuple[str, Scorer]]:
        if not self.is_fitted:
            raise InputError(
                f"nothing was fitted for the event {self.event!r}",
                example=str(self.by_depth[PLACE].note),
                hint="look at is_fitted first, and show the note instead",
            )
        models = [self.by_depth[depth] for depth in depths if self.used(depth)]
        return [(model.depth, model.scorer) for model in models if model.scorer is not None]


@dataclass(frozen=True)
class ProspectModels:
    """Models of all events, by depth of evidence.

    Parameters
    ----------
    as_of : Timestamp
        Nothing known later was used.
    horizon_months : int
        Length of the window.
    seed : int
        Of folds and bootstraps.
    events : mapping of str to EventModels
        By event.
    timing : TimingModel or None
        When invoices are paid, where it was given.
    """

    as_of: pd.Timestamp
    horizon_months: int
    seed: int
    events: Mapping[str, EventModels]
    timing: TimingModel | None = None


def _restore(depth: str, record: Record | None) -> Scorer | None:
    if record is None:
        return None
    if depth == PLACE:
        return PlaceScorer(PlacePrior.from_record(record))
    return ReliabilityModel.from_record(record)
