"""Cells of a table as a reader sees them: values, intervals, headings, and where bars stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from clientlib.figures.columns import Column
from clientlib.language import show_number, show_share, tell
from clientlib.language.numbers import UNKNOWN, percent_sign

NUMERIC_KINDS = ("count", "number", "money", "percent")
LEAST_BAR = 0.2  # shares that are all smaller would give specks, not bars

Value = str | int | float | None


@dataclass(frozen=True)
class Cell:
    """A cell as a reader sees it, and what stands behind it.

    Parameters
    ----------
    value : str, int, float or None
        The raw value.
    text : str
        As it is read, with its interval.
    low, high : float or None
        The raw ends of its interval.
    """

    value: Value
    text: str
    low: Value = None
    high: Value = None


def make_cell(value: Value, column: Column, low: Value = None, high: Value = None) -> Cell:
    """Write a value, and the interval around it where both ends are known.

    Parameters
    ----------
    value : str, int, float or None
        The raw value.
    column : Column
        Its kind and decimals.
    low, high : float, optional
        The ends of its interval.

    Returns
    -------
    Cell
        ``34% (30–39%)``; the value alone where it or an end is missing.
    """
    text = show_cell(value, column)
    if isinstance(value, int | float) and _is_number(low) and _is_number(high):
        text = f"{text} ({_show_interval(float(low), float(high), column)})"  # type: ignore[arg-type]
    return Cell(value, text, low, high)


def show_cell(value: Value, column: Column) -> str:
    """Write one raw value as a reader sees it.

    Parameters
    ----------
    value : str, int, float or None
        The raw value.
    column : Column
        Its kind and decimals.

    Returns
    -------
    str
        An en dash for a missing value, ``<1%`` where rounding would claim a zero. A unit stands
        in the heading: of shares that differ, ``pp`` in place of the sign.
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return value
    if column.kind == "percent":
        shown = show_share(value, column.decimals or 0)
        return shown.removesuffix(percent_sign()) if column.unit else shown
    return _show_digits(value, column)


def show_heading(column: Column) -> str:
    """Write a column's heading with its unit.

    Parameters
    ----------
    column : Column
        The column.

    Returns
    -------
    str
        ``Revenue, EUR``.
    """
    return f"{column.label}, {column.unit}" if column.unit else column.label


def suit_bars(column: Column, values: Iterable[Value]) -> bool:
    """Tell whether bars in a column's cells would say what its numbers say.

    Parameters
    ----------
    column : Column
        Its kind.
    values : iterable of raw values
        All of its cells.

    Returns
    -------
    bool
        True for shares that all lie from 0 to 1, the largest of them 0.2 or more.
    """
    if column.kind != "percent":
        return False
    known = [value for value in values if value is not None]
    if not all(isinstance(value, int | float) and 0 <= value <= 1 for value in known):
        return False
    return max((float(value) for value in known), default=0.0) >= LEAST_BAR


def _show_interval(low: float, high: float, column: Column) -> str:
    ends = [_show_digits(end, column) for end in (low, high)]
    if low < 0:  # a dash between two minus signs would be misread
        return tell("{low} to {high}", low=ends[0], high=ends[1]) + _sign(column)
    return f"{ends[0]}–{ends[1]}{_sign(column)}"


def _show_digits(value: float, column: Column) -> str:
    scale = 100 if column.kind == "percent" else 1
    return show_number(value * scale, column.decimals or 0)


def _sign(column: Column) -> str:
    return percent_sign() if column.kind == "percent" else ""


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float)
