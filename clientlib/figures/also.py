"""Columns of a chart's table that are not drawn: the figures that its title names."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from clientlib.errors import InputError
from clientlib.figures.checks import check_columns
from clientlib.figures.columns import Column

TAKEN = ("label", "value", "low", "high", "series", "x", "y")


@dataclass(frozen=True)
class Also:
    """Columns beside those that are drawn.

    Parameters
    ----------
    columns : mapping of str to Column
        How they are shown.
    values : DataFrame
        Their cells, in the order of the chart's rows.
    """

    columns: Mapping[str, Column] = field(default_factory=dict)
    values: pd.DataFrame = field(default_factory=pd.DataFrame)


def read_also(frame: pd.DataFrame, also: Mapping[str, Column], most: int, *, drawn_by: str) -> Also:
    """Read the columns that a chart's table shows beside what is drawn.

    Parameters
    ----------
    frame : DataFrame
        The chart's rows.
    also : mapping of str to Column
        Columns of the frame.
    most : int
        How many rows are kept.
    drawn_by : str
        The function's name, for messages.

    Returns
    -------
    Also
        Empty where none are asked for.

    Raises
    ------
    InputError
        A column is missing, or has a name that the chart's own columns have.
    """
    check_columns(frame, also, drawn_by=drawn_by)
    for name in also:
        if name in TAKEN:
            raise InputError(
                f"{drawn_by} has a column '{name}' of its own in its table",
                hint="rename the column that it shall also show",
            )
    return Also(dict(also), frame[list(also)].head(most).reset_index(drop=True))
