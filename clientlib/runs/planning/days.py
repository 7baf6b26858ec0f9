"""Days that a report can be asked for, by their date or by what they are."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from clientlib.errors import InputError, nearest
from clientlib.warehouse import Warehouse

MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])")
QUARTER = re.compile(r"(?P<year>\d{4})-[Qq](?P<quarter>[1-4])")
YEAR = re.compile(r"(?P<year>\d{4})")
LAST_CLOSED_MONTH = "last-closed-month"
RELATIVE: dict[str, int] = {  # months in what has closed
    LAST_CLOSED_MONTH: 1,
    "last-closed-quarter": 3,
    "last-closed-year": 12,
}
LAST_DAY = "last-day"


def choose_as_of(warehouse: Warehouse, asked: str = LAST_CLOSED_MONTH) -> date:
    """Choose the day that reports are made as of.

    Parameters
    ----------
    warehouse : Warehouse
        The snapshot that they will read.
    asked : str
        As of ``resolve_day``. Without any closed month ``last-closed-month`` is the last day of
        the data.

    Returns
    -------
    date
        A day that the snapshot knows.

    Raises
    ------
    InputError
        The snapshot has no dated rows, or the day is none of its month ends.
    """
    month_ends = warehouse.month_ends()
    is_open = not any(is_closed for _, is_closed in month_ends)
    return resolve_day(LAST_DAY if asked == LAST_CLOSED_MONTH and is_open else asked, month_ends)


def resolve_day(text: str, month_ends: list[tuple[date, bool]]) -> date:
    """Find the day that is asked for among those that there are.

    Parameters
    ----------
    text : str
        ``2025-06-30``; a period for its end: ``2025-06``, ``2025-Q2``, ``2025``; or
        ``last-closed-month``, ``last-closed-quarter``, ``last-closed-year``, ``last-day``.
    month_ends : list of (date, bool)
        The month ends that the data know, oldest first, and whether the month is closed; the
        last of them may be the last day of an open month.

    Returns
    -------
    date
        One of the month ends.

    Raises
    ------
    InputError
        The data know nothing, or not that day; the nearest that they know is offered.
    """
    if not month_ends:
        raise InputError("the snapshot holds nothing that happened", hint="clientlib load")
    asked = text.strip()
    if asked == LAST_DAY:
        return month_ends[-1][0]
    if asked in RELATIVE:
        return _last_closed(asked, month_ends)
    known = [day for day, _ in month_ends]
    wanted = _end_of_period(asked) or _day(asked)
    if wanted in known:
        return wanted
    raise _unknown(text, wanted, known)


def read_day(text: str) -> date:
    """Read a day by its date, or a period for its end, whatever the data know.

    Parameters
    ----------
    text : str
        ``2025-06-30``, ``2025-06``, ``2025-Q2`` or ``2025``.

    Returns
    -------
    date
        That day.

    Raises
    ------
    InputError
        It is none of these.
    """
    asked = text.strip()
    day = _end_of_period(asked) or _day(asked)
    if day is None:
        raise InputError(f"{text!r} is no day", hint="such as 2025-06-30, 2025-06 or 2025-Q2")
    return day


def _unknown(asked: str, wanted: date | None, known: list[date]) -> InputError:
    if wanted:
        offered: object = min(known, key=lambda day: (abs(day - wanted), day))
    else:
        offered = nearest(asked, (*RELATIVE, LAST_DAY))
    return InputError(
        f"{asked!r} is neither a month end nor the last day of the data",
        rows=f"{len(known)} days can be asked for, {known[0]} to {known[-1]}",
        hint=f"did you mean {offered}?" if offered else f"such as {known[-1]}",
    )


def _last_closed(asked: str, month_ends: list[tuple[date, bool]]) -> date:
    months = RELATIVE[asked]
    closed = [day for day, is_closed in month_ends if is_closed and day.month % months == 0]
    if closed:
        return closed[-1]
    first, last = month_ends[0][0], month_ends[-1][0]
    raise InputError(
        f"the data know no {asked.removeprefix('last-').replace('-', ' ')}",
        rows=f"{len(month_ends)} days can be asked for, {first} to {last}",
        hint=f"such as {last}",
    )


def _end_of_period(asked: str) -> date | None:
    """Find the last day of a month, quarter or year; None for what is none."""
    for rule, end in PERIODS:
        if found := rule.fullmatch(asked):
            try:
                return end({name: int(number) for name, number in found.groupdict().items()})
            except (ValueError, OverflowError):  # beyond the calendar
                return None
    return None


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


PERIODS: tuple[tuple[re.Pattern[str], Callable[[dict[str, int]], date]], ...] = (
    (MONTH, lambda said: _month_end(said["year"], said["month"])),
    (QUARTER, lambda said: _month_end(said["year"], 3 * said["quarter"])),
    (YEAR, lambda said: _month_end(said["year"], 12)),
)
