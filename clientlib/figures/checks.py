"""What a chart or table asks of its frame before anything is drawn."""

from collections.abc import Iterable

import pandas as pd

from clientlib.errors import InputError, nearest


def check_columns(frame: object, columns: Iterable[str], *, drawn_by: str) -> None:
    """Refuse what is not a frame, or lacks a column.

    Parameters
    ----------
    frame : DataFrame
        What is to be drawn.
    columns : iterable of str
        The names that must be there, once each.
    drawn_by : str
        The function's name, for the message.

    Raises
    ------
    InputError
        A column is missing or stands twice; the nearest name is offered.
    """
    if not isinstance(frame, pd.DataFrame):
        raise InputError(
            f"{drawn_by} wants a DataFrame and was given a {type(frame).__name__}",
            hint="pass a table; .reset_index() or .to_frame() makes one of a Series",
        )
    known = [str(name) for name in frame.columns]
    for column in columns:
        if known.count(column) != 1:
            _refuse_column(column, known, drawn_by)


def check_numbers(frame: pd.DataFrame, columns: Iterable[str], *, drawn_by: str) -> None:
    """Refuse a column that should hold numbers and does not.

    Parameters
    ----------
    frame : DataFrame
        What is to be drawn.
    columns : iterable of str
        The columns that must be numeric; nulls are allowed.
    drawn_by : str
        The function's name, for the message.

    Raises
    ------
    InputError
        A column holds something other than numbers.
    """
    for column in columns:
        values = frame[column]
        if len(values) and not values.isna().all() and not _is_numeric(values):
            raise InputError(
                f"{drawn_by} wants numbers in the column '{column}'",
                example=f"{values.dropna().iloc[0]!r}",
                hint="cast the column, or name another",
            )


def check_ends(frame: pd.DataFrame, low: str, high: str, *, drawn_by: str) -> None:
    """Refuse an interval that ends before it begins.

    Parameters
    ----------
    frame : DataFrame
        What is to be drawn.
    low, high : str
        The columns of the lower and the upper end.
    drawn_by : str
        The function's name, for the message.

    Raises
    ------
    InputError
        Somewhere the lower end lies above the upper.
    """
    crossed = frame[frame[low] > frame[high]]
    if len(crossed):
        raise InputError(
            f"{drawn_by} was given intervals whose lower end lies above the upper",
            rows=f"{len(crossed):,} of {len(frame):,}",
            example=f"{low} {crossed[low].iloc[0]:g}, {high} {crossed[high].iloc[0]:g}",
            hint="the two columns may be swapped",
        )


def read_known(values: pd.Series) -> pd.Series:
    """Read numbers, infinite ones as missing: a share of nothing has no place on an axis.

    Parameters
    ----------
    values : Series
        A column that ``check_numbers`` has let pass.

    Returns
    -------
    Series of float
        With the same index.
    """
    read = values.astype("float64")
    return read.where(read.abs() < float("inf"))


def _is_numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _refuse_column(column: str, known: list[str], drawn_by: str) -> None:
    if column in known:
        raise InputError(
            f"{drawn_by} finds the column '{column}' twice",
            hint="rename one of them before drawing",
        )
    near = nearest(column, known)
    raise InputError(
        f"{drawn_by} finds no column '{column}'",
        example="the frame has " + ", ".join(known[:8]) + (" …" if len(known) > 8 else ""),
        hint=f"did you mean '{near}'?" if near else None,
    )
