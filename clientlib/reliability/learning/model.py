"""A fitted model of any kind: probabilities, reasons that add up to them, and its record."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.errors import InputError
from clientlib.reliability.learning.calibrators import Calibrator, probability_of
from clientlib.reliability.learning.encoding import BASE, PAIR_SIGN, Encoding
from clientlib.reliability.learning.mixtures import Scorer, restore_scorer

Floats = npt.NDArray[np.float64]
Record = dict[str, Any]

FORMAT = 1


@dataclass(frozen=True)
class ReliabilityModel:
    """A frozen model of one yes-or-no outcome.

    Parameters
    ----------
    kind : str
        "rules", "scorecard", "ebm", "blend", "boosted" or "accuracy".
    target : str
        The outcome that it foretells.
    as_of : Timestamp or None
        Last day that the training rows and their outcomes knew, where it was given.
    rows_count, events_count : int
        What it was trained on.
    seed : int
        Of folds and bags.
    note : str
        Why this kind, and what could not be done, in plain English.
    encoding : Encoding
        What the features are.
    scorer : AdditiveTables, BoostedTrees or Mixture
        Gives log-odds.
    calibrator : Calibrator
        Makes them right on average; of kind "none" where there were too few events.
    """

    kind: str
    target: str
    as_of: pd.Timestamp | None
    rows_count: int
    events_count: int
    seed: int
    note: str
    encoding: Encoding
    scorer: Scorer
    calibrator: Calibrator

    @property
    def features(self) -> tuple[str, ...]:
        """Columns that rows must have."""
        return self.encoding.features

    @property
    def pairs(self) -> tuple[str, ...]:
        """Named pairs of features that matter together, such as "limit × days late"."""
        named = (self._name(members) for members in self.scorer.members if len(members) > 1)
        return tuple(dict.fromkeys(named))

    def log_odds(self, rows: pd.DataFrame) -> pd.Series:
        """Score rows.

        Parameters
        ----------
        rows : DataFrame, shape (n_rows, ...)
            At least the columns of ``features``.

        Returns
        -------
        Series of float, shape (n_rows,), index as ``rows``
            Calibrated log-odds; larger means that the outcome is more likely.

        Raises
        ------
        InputError
            A feature is missing or of another type than in training.
        """
        raw = self.scorer.log_odds(self.encoding.encode(rows))
        return pd.Series(self.calibrator.apply(raw), index=rows.index, name="log_odds")

    def predict(self, rows: pd.DataFrame) -> pd.Series:
        """Give the calibrated probability of the outcome.

        Parameters
        ----------
        rows : DataFrame, shape (n_rows, ...)
            At least the columns of ``features``.

        Returns
        -------
        Series of float, shape (n_rows,), index as ``rows``
            Probabilities, 0..1.

        Raises
        ------
        InputError
            A feature is missing or of another type than in training.
        """
        values = probability_of(self.log_odds(rows).to_numpy())
        return pd.Series(values, index=rows.index, name="probability")

    def explain(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Split each log-odds into a base and what every feature and named pair adds to it.

        Parameters
        ----------
        rows : DataFrame, shape (n_rows, ...)
            At least the columns of ``features``.

        Returns
        -------
        DataFrame of float, shape (n_rows, 1 + n_features + n_pairs), index as ``rows``
            ``base``, a column per feature and one per pair, named "a × b"; each row adds up
            to `log_odds` within 1e-9.

        Raises
        ------
        InputError
            A feature is missing or of another type than in training.
        """
        matrix = self.encoding.encode(rows)
        base, parts = self.scorer.split(matrix)
        raw = self.scorer.log_odds(matrix) if self.calibrator.is_bent else np.empty(0)
        base, parts = self.calibrator.split(base, parts, raw)
        names = [self._name(members) for members in self.scorer.members]
        columns = [*self.features, *self.pairs]
        table = np.zeros((len(rows), 1 + len(columns)), order="F")
        table[:, 0] = base
        for column, name in enumerate(names):
            table[:, 1 + columns.index(name)] += parts[:, column]
        return pd.DataFrame(table, index=rows.index, columns=[BASE, *columns], copy=False)

    def to_record(self) -> Record:
        """Write the model down, so that the ledger can keep it and replay its scores.

        Returns
        -------
        dict
            Of texts, numbers, lists and dicts only.
        """
        return {
            "format": FORMAT,
            "kind": self.kind,
            "target": self.target,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "rows_count": self.rows_count,
            "events_count": self.events_count,
            "seed": self.seed,
            "note": self.note,
            "encoding": self.encoding.to_record(),
            "scorer": self.scorer.to_record(),
            "calibrator": self.calibrator.to_record(),
        }

    @classmethod
    def from_record(cls, record: Record) -> "ReliabilityModel":
        """Restore a model that was written down.

        Parameters
        ----------
        record : dict
            As `to_record` gave it, also after a way through JSON.

        Returns
        -------
        ReliabilityModel
            Gives the same scores, bit by bit.

        Raises
        ------
        InputError
            The record is of another format.
        """
        if record.get("format") != FORMAT:
            raise InputError(
                "the record of a model has a format that is not known here",
                example=repr(record.get("format")),
                hint="replay it with the code version that the ledger names",
            )
        day = record["as_of"]
        return cls(
            record["kind"],
            record["target"],
            None if day is None else pd.Timestamp(day),
            record["rows_count"],
            record["events_count"],
            record["seed"],
            record["note"],
            Encoding.from_record(record["encoding"]),
            restore_scorer(record["scorer"]),
            Calibrator.from_record(record["calibrator"]),
        )

    def _name(self, members: tuple[int, ...]) -> str:
        return PAIR_SIGN.join(self.features[member] for member in members)
