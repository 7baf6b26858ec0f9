"""Rows to learn from, as numbers."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.errors import InputError
from clientlib.reliability.learning.encoding import Encoding, check_columns, learn_encoding
from clientlib.reliability.learning.recipes import Recipe

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Rows to learn from.

    Parameters
    ----------
    matrix : array, shape (n_rows, n_features)
        As ``encoding`` gives it.
    happened, weights : array, shape (n_rows,)
        Outcomes, 0 or 1, and how much each counts.
    encoding : Encoding
        What the columns of the matrix are.
    """

    matrix: Floats
    happened: Floats
    weights: Floats
    encoding: Encoding

    @property
    def common_log_odds(self) -> float:
        """Log-odds of the outcome among all rows, drawn off certainty by half an outcome."""
        events = float((self.weights * self.happened).sum())
        return float(np.log((events + 0.5) / (self.weights.sum() - events + 0.5)))

    def take(self, rows: npt.NDArray[np.bool_]) -> "Sample":
        """Keep some of the rows.

        Parameters
        ----------
        rows : array of bool, shape (n_rows,)
            True where a row is kept.

        Returns
        -------
        Sample
            Of these rows.
        """
        return Sample(self.matrix[rows], self.happened[rows], self.weights[rows], self.encoding)

    def keep(self, columns: list[int]) -> "Sample":
        """Keep some of the features.

        Parameters
        ----------
        columns : list of int
            Their places in the matrix.

        Returns
        -------
        Sample
            With a matrix and an encoding of these alone.
        """
        features = tuple(self.encoding.features[k] for k in columns)
        known = tuple(self.encoding.categories[k] for k in columns)
        return replace(self, matrix=self.matrix[:, columns], encoding=Encoding(features, known))

    def varying(self) -> list[int]:
        """List the features that take more than one value, a missing one counted as a value.

        Returns
        -------
        list of int
            Places in the matrix.
        """
        return [k for k in range(self.matrix.shape[1]) if _varies(self.matrix[:, k])]


def _varies(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    if not len(known):
        return False
    return len(known) < len(column) or bool((known != known[0]).any())


def build_sample(rows: pd.DataFrame, target: pd.Series, weights: pd.Series | None) -> Sample:
    """Check rows and outcomes, and turn them into numbers.

    Parameters
    ----------
    rows : DataFrame, shape (n_rows, n_features)
        The features alone.
    target : Series of 0 and 1, shape (n_rows,)
        Whether it happened.
    weights : Series of float, shape (n_rows,), optional
        How much each row counts; 1 if left out.

    Returns
    -------
    Sample
        The rows, with an encoding learnt from them.

    Raises
    ------
    InputError
        There are no rows or features, an outcome is not 0 or 1, lengths differ, or a weight
        is not positive.
    """
    if not len(rows):
        raise InputError("there are no rows to learn from", rows="0 rows")
    check_lengths(len(rows), target=target, weights=weights)
    happened = _outcomes(target)
    encoding = learn_encoding(rows)
    return Sample(encoding.encode(rows), happened, _weights(weights, len(rows)), encoding)


def check_lengths(rows: int, **columns: pd.Series | None) -> None:
    """Refuse columns of another length than the rows.

    Parameters
    ----------
    rows : int
        How many rows there are.
    **columns
        What must be as long, or None.

    Raises
    ------
    InputError
        One is shorter or longer.
    """
    for name, column in columns.items():
        if column is not None and len(column) != rows:
            raise InputError(
                f"{name} and rows are not of one length",
                rows=f"{len(column)} values for {rows} rows",
                hint="they are matched by position: filter both alike",
            )


def check_directions(sample: Sample, recipe: Recipe) -> None:
    """Refuse directions of features that there are not, or that have no order.

    Parameters
    ----------
    sample : Sample
        The rows.
    recipe : Recipe
        Its directions are looked at.

    Raises
    ------
    InputError
        A direction names no feature, or a category.
    """
    stated = tuple(name for name, way in recipe.monotone.items() if way)
    check_columns(pd.DataFrame(columns=list(sample.encoding.features)), stated)
    kinds = dict(zip(sample.encoding.features, sample.encoding.is_category, strict=True))
    unordered = [name for name in stated if kinds[name]]
    if unordered:
        raise InputError(
            f"the feature {unordered[0]!r} holds categories, so the risk cannot rise with it",
            hint="give it as a number, or leave its direction out",
        )


def check_outcomes(sample: Sample, kind: str) -> None:
    """Refuse one outcome alone, but for plain rules.

    Parameters
    ----------
    sample : Sample
        The rows.
    kind : str
        What shall be fitted.

    Raises
    ------
    InputError
        Nothing, or everything, is an event.
    """
    events = int(sample.happened.sum())
    if kind != "rules" and events in (0, len(sample.happened)):
        raise InputError(
            f"a model of kind {kind!r} cannot learn from one outcome alone",
            rows=f"{events} of {len(sample.happened)} rows are events",
            hint="take an earlier month end, whose outcomes are known, or kind 'rules'",
        )


def _outcomes(target: pd.Series) -> Floats:
    values = pd.to_numeric(target, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~np.isin(values, (0.0, 1.0))
    if wrong.any():
        raise InputError(
            "an outcome must be 0 or 1",
            rows=f"{int(wrong.sum())} of {len(values)} rows",
            example=repr(target.iloc[int(wrong.argmax())]),
            hint="leave out rows whose outcome is not yet known",
        )
    return values


def _weights(weights: pd.Series | None, rows: int) -> Floats:
    if weights is None:
        return np.ones(rows)
    values = weights.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        raise InputError(
            "the weight of a row must be above 0",
            rows=f"{int(wrong.sum())} of {rows} rows",
            example=repr(values[int(wrong.argmax())]),
        )
    return values
