"""The periods that a review compares: month, year to date, twelve months, and the year before."""

from dataclasses import dataclass

import pandas as pd

from clientlib.errors import InputError
from clientlib.language import Sentence, show_month, show_short_month, tell, translate
from clientlib.panels import as_days

MONTH, YEAR_TO_DATE, TWELVE_MONTHS = "month", "year to date", "last 12 months"
WHOLE_MONTHS = "whole months"
ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days that are summed up together.

    Parameters
    ----------
    name : str
        month, year to date, last 12 months, or whole months.
    first_on, last_on : Timestamp
        Both belong to it.
    is_open : bool
        Whether its last month goes on after the last day.
    """

    name: str
    first_on: pd.Timestamp
    last_on: pd.Timestamp
    is_open: bool = False

    def year_before(self) -> "Period":
        """Give the like days of the year before: of a part of a month the same part.

        Returns
        -------
        Period
            A whole month is compared with a whole month, also in leap years.
        """
        first, last = (day - pd.DateOffset(years=1) for day in (self.first_on, self.last_on))
        if self.last_on.is_month_end and not self.is_open:
            last = last + pd.offsets.MonthEnd(0)
        return Period(self.name, first, last, self.is_open)

    def say(self) -> Sentence:
        """Write its days.

        Returns
        -------
        Sentence
            ``1 January 2025 to 31 December 2025``.
        """
        return tell("{first:day} to {last:day}", first=self.first_on, last=self.last_on)

    def name_month(self) -> str:
        """Name the month in which it ends, marked where the month goes on.

        Returns
        -------
        str
            ``June 2025``, or ``June 2025, to day 15``.
        """
        if not self.is_open:
            return show_month(self.last_on)
        return tell("{month:month}, to day {day:count}", month=self.last_on, day=self.last_on.day)


@dataclass(frozen=True)
class History:
    """How far the warehouse reaches, as far as it may be known on a day.

    Parameters
    ----------
    first_on, last_on : Timestamp
        First day of the first month, and the day of the analysis.
    is_open : bool
        Whether the last month goes on after the day of the analysis.
    """

    first_on: pd.Timestamp
    last_on: pd.Timestamp
    is_open: bool

    @property
    def last_closed_on(self) -> pd.Timestamp:
        """Last day of the last month that is over."""
        if not self.is_open:
            return self.last_on
        return self.last_on.replace(day=1) - ONE_DAY

    def covers(self, period: Period) -> bool:
        """Tell whether a period lies within it.

        Parameters
        ----------
        period : Period
            Any.

        Returns
        -------
        bool
            True where the history begins on its first day or before.
        """
        return period.first_on >= self.first_on and period.last_on <= self.last_on


def read_history(month_ends: pd.DataFrame, as_of: str | pd.Timestamp) -> History:
    """Read how far the warehouse reaches.

    Parameters
    ----------
    month_ends : DataFrame
        marts.month_ends: month_end and is_closed.
    as_of : str or Timestamp
        The day of the analysis; later months are not looked at.

    Returns
    -------
    History
        The first month counts as whole.

    Raises
    ------
    InputError
        No month lies on or before the day.
    """
    days = as_days(month_ends["month_end"])
    known = month_ends.assign(month_end=days)[days <= pd.Timestamp(as_of)]
    if known.empty:
        raise InputError(
            f"nothing had happened by {pd.Timestamp(as_of):%Y-%m-%d}",
            rows=f"{len(month_ends)} month ends are known",
            hint="clientlib status tells from when the history reaches",
        )
    last = known.sort_values("month_end").iloc[-1]
    first = known["month_end"].min().replace(day=1)
    is_whole = bool(last["is_closed"]) and last["month_end"].is_month_end
    return History(first, last["month_end"], not is_whole)


def list_periods(history: History, *, year_start_month: int = 1) -> list[Period]:
    """List the periods that end on the day of the analysis.

    Parameters
    ----------
    history : History
        Its last day ends all of them.
    year_start_month : int, 1..12
        First month of the financial year.

    Returns
    -------
    list of Period
        Month, year to date, last 12 months.
    """
    last, is_open = history.last_on, history.is_open
    year = last.year if last.month >= year_start_month else last.year - 1
    a_year_ago = last - pd.DateOffset(years=1)
    if last.is_month_end:
        a_year_ago = a_year_ago + pd.offsets.MonthEnd(0)
    firsts = {
        MONTH: last.replace(day=1),
        YEAR_TO_DATE: pd.Timestamp(year, year_start_month, 1),
        TWELVE_MONTHS: a_year_ago + ONE_DAY,
    }
    return [Period(name, first, last, is_open) for name, first in firsts.items()]


def list_months(history: History, count: int) -> list[Period]:
    """List the last months one by one, the open one last.

    Parameters
    ----------
    history : History
        Months before its first are left out.
    count : int
        How many at most.

    Returns
    -------
    list of Period
        Oldest first.
    """
    firsts = [
        history.last_on.replace(day=1) - pd.DateOffset(months=back)
        for back in range(count - 1, -1, -1)
    ]
    ends = [first + pd.offsets.MonthEnd(0) for first in firsts]
    ends[-1] = history.last_on
    months = [Period(MONTH, first, end) for first, end in zip(firsts, ends, strict=True)]
    months[-1] = Period(MONTH, firsts[-1], ends[-1], history.is_open)
    return [month for month in months if month.first_on >= history.first_on]


def mark_months(months: list[Period]) -> list[str]:
    """Mark months for an axis, short enough to stand side by side.

    Parameters
    ----------
    months : list of Period
        From ``list_months``.

    Returns
    -------
    list of str
        ``Nov 2025``, ``Dec``, ``Jan 2026``: the year at the first one and at each January. Where
        the month goes on, the days that are counted: ``Feb 1–15``.
    """
    marks = []
    for month in months:
        mark = show_short_month(month.last_on)
        if month.is_open:
            mark += f" 1–{month.last_on.day}"
        elif month is months[0] or month.last_on.month == 1:
            mark += f" {month.last_on.year}"
        marks.append(mark)
    return marks


def whole_months(history: History, count: int) -> Period:
    """Give the last whole months as one period.

    Parameters
    ----------
    history : History
        An open month is left out.
    count : int
        How many months.

    Returns
    -------
    Period
        It may begin before the history does.
    """
    last = history.last_closed_on
    first = last.replace(day=1) - pd.DateOffset(months=count - 1)
    return Period(WHOLE_MONTHS, first, last)


def name_period(name: str) -> str:
    """Name a period in the language that is spoken.

    Parameters
    ----------
    name : str
        As in ``Period.name``.

    Returns
    -------
    str
        Its name.
    """
    return translate(name)
