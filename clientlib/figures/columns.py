"""What a column of a table is for its reader: label, kind, unit and decimals."""

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from clientlib.errors import InputError, nearest
from clientlib.figures.wording import humanise
from clientlib.language import translate

KINDS = ("text", "words", "count", "number", "money", "percent", "date")
_KIND_OF_SUFFIX = {"_share": "percent", "_amount": "money", "_price": "money", "_cost": "money"}


@dataclass(frozen=True)
class Column:
    """How one column is shown.

    Parameters
    ----------
    label : str
        The heading, as it is shown; the functions of this module translate theirs.
    kind : str
        text, words (of our own, which are translated), count, number, money, percent (of shares
        from 0 to 1) or date.
    unit : str
        Written after the heading, such as ``EUR`` or ``days``; empty for none.
    decimals : int, optional
        Decimals shown; without, chosen by the column's largest value.

    Raises
    ------
    InputError
        There is no such kind.
    """

    label: str
    kind: str = "text"
    unit: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            near = nearest(self.kind, KINDS)
            raise InputError(
                f"no column of a table is of the kind '{self.kind}'",
                hint=f"did you mean '{near}'?" if near else f"choose one of {', '.join(KINDS)}",
            )

    def as_json(self, name: str) -> dict[str, Any]:
        """Write the column for a notebook's output.

        Parameters
        ----------
        name : str
            The column's name in the frame.

        Returns
        -------
        dict
            name, label, kind, unit and decimals.
        """
        return {"name": name, **asdict(self)}


def text(label: str) -> Column:
    """Show a column as words.

    Parameters
    ----------
    label : str
        The heading.

    Returns
    -------
    Column
        Of kind text, aligned left.
    """
    return Column(translate(label), "text")


def words(label: str) -> Column:
    """Show a column of words or sentences of our own, in the language of the report.

    Names from data are no such words: they are shown as they are, by ``text``.

    Parameters
    ----------
    label : str
        The heading.

    Returns
    -------
    Column
        Of kind words; the table that is shown holds text.
    """
    return Column(translate(label), "words")


def count(label: str, unit: str = "") -> Column:
    """Show a column as whole numbers.

    Parameters
    ----------
    label : str
        The heading.
    unit : str
        What is counted, where the heading does not say it.

    Returns
    -------
    Column
        Of kind count.
    """
    return Column(translate(label), "count", unit, 0)


def number(label: str, unit: str = "", decimals: int | None = None) -> Column:
    """Show a column as measured numbers.

    Parameters
    ----------
    label : str
        The heading.
    unit : str
        Such as ``days``.
    decimals : int, optional
        Without, chosen by the largest value.

    Returns
    -------
    Column
        Of kind number.
    """
    return Column(translate(label), "number", unit, decimals)


def money(label: str, unit: str = "", decimals: int | None = None) -> Column:
    """Show a column as money.

    Parameters
    ----------
    label : str
        The heading.
    unit : str
        Currency code.
    decimals : int, optional
        Without, none from 1,000 on and two below.

    Returns
    -------
    Column
        Of kind money.
    """
    return Column(translate(label), "money", unit, decimals)


def percent(label: str, decimals: int | None = None) -> Column:
    """Show a column of shares as percentages.

    Parameters
    ----------
    label : str
        The heading.
    decimals : int, optional
        Without, none where the largest share is 10 % or more, else one.

    Returns
    -------
    Column
        Of kind percent; 0.342 is shown as 34%.
    """
    return Column(translate(label), "percent", "", decimals)


def date(label: str) -> Column:
    """Show a column as days, written year-month-day.

    Parameters
    ----------
    label : str
        The heading.

    Returns
    -------
    Column
        Of kind date.
    """
    return Column(translate(label), "date")


def infer_column(values: pd.Series, name: str, label: str | None = None) -> Column:
    """Tell from a column's name and type how to show it.

    Parameters
    ----------
    values : Series
        The column.
    name : str
        Its name by the house's rules: ``_share``, ``_amount``, ``_count``, ``_on``.
    label : str, optional
        The heading; without, made from the name.

    Returns
    -------
    Column
        The kind its suffix or, without one, its type asks for.
    """
    heading = humanise(name) if label is None else translate(label)
    return Column(heading, _infer_kind(values, name))


def _infer_kind(values: pd.Series, name: str) -> str:
    if pd.api.types.is_datetime64_any_dtype(values) or name.endswith("_on"):
        return "date"
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        return "text"
    for suffix, kind in _KIND_OF_SUFFIX.items():
        if name.endswith(suffix):
            return kind
    return "count" if pd.api.types.is_integer_dtype(values) else "number"
