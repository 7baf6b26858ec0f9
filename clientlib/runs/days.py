"""The day that reports are made as of, as people ask for it."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from clientlib.errors import InputError
from clientlib.warehouse import Warehouse

LAST_CLOSED_MONTH = "last-closed-month"
LAST_DAY = "last-day"
MONTH, QUARTER, YEAR = 1, 3, 12
LAST_CLOSED = {LAST_CLOSED_MONTH: MONTH, "last-closed-quarter": QUARTER, "last-closed-year": YEAR}
MonthEnds = Sequence[tuple[date, bool]]

_PERIODS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date]], ...] = (
    (re.compile(r"(\d{4})-(\d\d)"), lambda found: _end_of(int(found[1]), int(found[2]))),
    (re.compile(r"(\d{4})-[Qq]([1-4])"), lambda found: _end_of(int(found[1]), int(found[2]) * 3)),
    (re.compile(r"(\d{4})"), lambda found: _end_of(int(found[1]), 12)),
)


def choose_as_of(warehouse: Warehouse, asked: str = LAST_CLOSED_MONTH) -> date:
    """Choose the day that reports are made as of.

    Parameters
    ----------
    warehouse : Warehouse
        The snapshot that they will read.
    asked : str
        ``2025-06-30``, ``2025-06``, ``2025-Q2``, ``2025``, ``last-closed-month``,
        ``last-closed-quarter``, ``last-closed-year`` or ``last-day``. Without any closed month
        ``last-closed-month`` is the last day of the data.

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
    if not month_ends:
        raise InputError("the snapshot holds nothing that happened", hint="clientlib load")
    if asked == LAST_CLOSED_MONTH and not any(is_closed for _, is_closed in month_ends):
        return month_ends[-1][0]
    return resolve_day(asked, month_ends)


def resolve_day(asked: str, month_ends: MonthEnds) -> date:
    """Find the day that is asked for.

    Parameters
    ----------
    asked : str
        As in ``choose_as_of``.
    month_ends : sequence of (date, bool)
        The days that can be asked for, oldest first, and whether each month is closed.

    Returns
    -------
    date
        One of them.

    Raises
    ------
    InputError
        It is none of them; the nearest is named.
    """
    known = [day for day, _ in month_ends]
    if asked == LAST_DAY:
        return known[-1]
    if asked in LAST_CLOSED:
        return _last_closed(asked, month_ends)
    wanted = _as_day(asked)
    if wanted in known:
        return wanted
    raise InputError(
        f"{asked!r} is neither a month end nor the last day of the data",
        rows=f"{len(known)} days can be asked for, {known[0]} to {known[-1]}",
        hint=f"did you mean {_nearest(wanted, known)}?" if wanted else f"such as {known[-1]}",
    )


def _last_closed(asked: str, month_ends: MonthEnds) -> date:
    length = LAST_CLOSED[asked]
    closed = [day for day, is_closed in month_ends if is_closed and day.month % length == 0]
    if not closed:
        period = asked.rpartition("-")[2]
        raise InputError(
            f"no {period} of the data is closed yet",
            rows=f"the data go to {month_ends[-1][0]}",
            hint=f"--as-of {LAST_DAY} takes the last day of the data",
        )
    return closed[-1]


def _as_day(asked: str) -> date | None:
    """Read a day or the last day of a period; None for what is neither."""
    try:
        for pattern, read in _PERIODS:
            if found := pattern.fullmatch(asked):
                return read(found)
        return date.fromisoformat(asked)
    except ValueError:
        return None


def _end_of(year: int, month: int) -> date:
    date(year, month, 1)  # refuses a 13th month
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _nearest(wanted: date, days: list[date]) -> date:
    """Name the day nearest in time, the earlier of two."""
    return min(days, key=lambda day: (abs(day - wanted), day))
