"""Columns of any type as one matrix of numbers, the same for training and for scoring."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.errors import InputError, nearest

Floats = npt.NDArray[np.float64]
Record = dict[str, Any]

MOST_CATEGORIES, FEWEST_OF_CATEGORY = 50, 3
PAIR_SIGN = " × "
BASE = "base"


@dataclass(frozen=True)
class Encoding:
    """How columns become numbers.

    Numbers stay as they are; yes and no become 1 and 0; a category becomes its place in
    the list, and one that the list lacks the place after the last. What is missing, or
    infinite, is nan.

    Parameters
    ----------
    features : tuple of str
        Columns, in the order of the matrix.
    categories : tuple of (tuple of str, or None)
        Of each column its known categories, by alphabet; None for a column of numbers.
    """

    features: tuple[str, ...]
    categories: tuple[tuple[str, ...] | None, ...]

    @property
    def is_category(self) -> tuple[bool, ...]:
        """Which columns hold categories."""
        return tuple(known is not None for known in self.categories)

    def encode(self, rows: pd.DataFrame) -> Floats:
        """Turn rows into a matrix.

        Parameters
        ----------
        rows : DataFrame, shape (n_rows, ...)
            At least the columns of ``features``, in any order.

        Returns
        -------
        array, shape (n_rows, n_features)
            Column after column in memory; nan where a value is missing.

        Raises
        ------
        InputError
            A column is missing, or holds text where numbers were learnt.
        """
        check_columns(rows, self.features)
        matrix = np.empty((len(rows), len(self.features)), order="F")
        for place, (name, known) in enumerate(zip(self.features, self.categories, strict=True)):
            column = rows[name]
            matrix[:, place] = _numbers(column) if known is None else _codes(column, known)
        return matrix

    def to_record(self) -> Record:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            features and categories.
        """
        known = [None if names is None else list(names) for names in self.categories]
        return {"features": list(self.features), "categories": known}

    @classmethod
    def from_record(cls, record: Record) -> "Encoding":
        """Read what `to_record` wrote.

        Parameters
        ----------
        record : dict
            As written.

        Returns
        -------
        Encoding
            Equal to the one that was written.
        """
        known = (None if names is None else tuple(names) for names in record["categories"])
        return cls(tuple(record["features"]), tuple(known))


def learn_encoding(rows: pd.DataFrame) -> Encoding:
    """Learn the types and categories of training rows; the outcome is not looked at.

    Of a column of text the 50 most frequent categories are known; the rest, and those of fewer
    than 3 rows (such as keys), count as others.

    Parameters
    ----------
    rows : DataFrame, shape (n_rows, n_features)
        Features alone: no key, no date, no outcome.

    Returns
    -------
    Encoding
        For all columns of ``rows``.

    Raises
    ------
    InputError
        There is no column; two have one name; one holds dates or bears a name that the
        explanations need.
    """
    names = [str(name) for name in rows.columns]
    _check_names(names)
    for name in names:
        if _is_date(rows[name]):
            raise InputError(
                f"the feature {name} holds dates",
                hint="give the days from it to the as-of date",
            )
    return Encoding(tuple(names), tuple(_categories_of(rows[name]) for name in names))


def check_columns(rows: pd.DataFrame, names: tuple[str, ...]) -> None:
    """Refuse rows that lack a column.

    Parameters
    ----------
    rows : DataFrame
        The rows.
    names : tuple of str
        Columns that must be there.

    Raises
    ------
    InputError
        One is not.
    """
    missing = [name for name in names if name not in rows.columns]
    if missing:
        near = nearest(missing[0], map(str, rows.columns))
        raise InputError(
            f"the rows lack the feature {missing[0]!r}",
            rows=f"{len(missing)} of {len(names)} features are missing",
            hint=f"is it {near!r}?" if near else "give the columns that the model was fitted on",
        )


def _check_names(names: list[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    reserved = [name for name in names if name == BASE or PAIR_SIGN in name]
    if not names or doubled or reserved:
        raise InputError(
            "the features of a model need names of their own, at least one",
            rows=f"{len(names)} features",
            example=repr((doubled + reserved)[0]) if doubled or reserved else None,
            hint=f"name each once, none {BASE!r} and none with {PAIR_SIGN!r} in it",
        )


def _is_date(column: pd.Series) -> bool:
    return bool(
        pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_timedelta64_dtype(column)
    )


def _categories_of(column: pd.Series) -> tuple[str, ...] | None:
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return None
    known = column.dropna()
    if len(known) and known.map(type).isin([bool, int, float]).all():
        return None
    counts = known.astype(str).value_counts()
    counts = counts[counts >= FEWEST_OF_CATEGORY]
    frequent = sorted(counts.index, key=lambda name: (-counts[name], name))[:MOST_CATEGORIES]
    return tuple(sorted(frequent))


def _numbers(column: pd.Series) -> Floats:
    try:
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"the feature {column.name} was learnt as a number and holds something else",
            example=str(error),
            hint="give it the type that it had in training",
        ) from error
    if not np.isinf(values).any():
        return values
    return np.where(np.isinf(values), np.nan, values)


def _codes(column: pd.Series, known: tuple[str, ...]) -> Floats:
    """Look up each distinct value once, and then each row by its value."""
    places = {name: float(place) for place, name in enumerate(known)}
    numbers, values = pd.factorize(column, use_na_sentinel=True)
    codes = np.array([*(places.get(str(value), len(known)) for value in values), np.nan])
    found: Floats = codes.take(numbers)
    return found
