"""The day on which a row was typed in: some days after it happened, never before its parent row."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.sample.plan import Plan
from clientlib.sample.workdays import Days


@dataclass(frozen=True)
class Entry:
    """How the recording date of a table follows from a day and from the row it belongs to.

    Parameters
    ----------
    day : str
        Column of the day from which the row could be typed in.
    parent, key : str, optional
        Table of the row it belongs to, and the column that holds its key in both.
    """

    day: str
    parent: str | None = None
    key: str | None = None


def entered_on(
    plan: Plan,
    tables: dict[str, pd.DataFrame],
    rows: pd.DataFrame,
    entry: Entry,
    draws: np.random.Generator,
) -> Days:
    """Draw the recording date of each row of a table.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    tables : dict of str to DataFrame
        Holds the parent with its ``known_on``.
    rows : DataFrame
        The table.
    entry : Entry
        What its recording dates follow from.
    draws : numpy.random.Generator
        Stream to draw from.

    Returns
    -------
    array of datetime64[D], shape (n_rows,)
        Not before the parent was known; a row without one follows its own day alone.
    """
    entered = plan.entered(rows[entry.day].to_numpy(dtype="datetime64[D]"), draws)
    if entry.parent is None or entry.key is None:
        return entered
    known = known_on(tables[entry.parent], entry.key, rows[entry.key])
    return np.asarray(np.fmax(entered, known), dtype="datetime64[D]")


def known_on(parents: pd.DataFrame, key: str, ids: pd.Series) -> Days:
    """Look up the recording dates of rows by their keys; NaT where there is no such row."""
    known = parents.set_index(key)["known_on"].reindex(ids)
    return known.to_numpy(dtype="datetime64[D]")
