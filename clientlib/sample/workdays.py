"""Working days in Lithuania, by rule: no week-ends, no public holidays."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.datetime64]

FIXED_HOLIDAYS = (
    (1, 1),
    (2, 16),
    (3, 11),
    (5, 1),
    (6, 24),
    (7, 6),
    (8, 15),
    (11, 1),
    (11, 2),
    (12, 24),
    (12, 25),
    (12, 26),
)


def easter_sunday(year: int) -> date:
    """Find Easter Sunday of a year of the Gregorian calendar.

    Parameters
    ----------
    year : int
        From 1583 on.

    Returns
    -------
    date
        The Sunday after the first ecclesiastical full moon of spring.

    References
    ----------
    Gauss's rule of 1800, with Lichtenberg's formula for its two exceptions (Historia
    Mathematica 24, 1997).
    """
    century = year // 100
    moon_shift = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun_shift = 2 - (3 * century + 3) // 4
    moon_cycle = year % 19
    moon_seed = (19 * moon_cycle + moon_shift) % 30
    correction = (moon_seed + moon_cycle // 11) // 29
    full_moon = 21 + moon_seed - correction
    first_sunday = 7 - (year + year // 4 + sun_shift) % 7
    distance = 7 - (full_moon - first_sunday) % 7
    return date(year, 3, 1) + timedelta(days=full_moon + distance - 1)


def public_holidays(year: int) -> list[date]:
    """List the public holidays of Lithuania that can fall on a weekday.

    Parameters
    ----------
    year : int
        Rules as of 2020, when All Souls' Day was added.

    Returns
    -------
    list of date
        In calendar order; Mother's and Father's Day, always Sundays, are left out.
    """
    easter = easter_sunday(year)
    fixed = [date(year, month, day) for month, day in FIXED_HOLIDAYS]
    return sorted([*fixed, easter, easter + timedelta(days=1)])


def working_calendar(first_year: int, last_year: int) -> np.busdaycalendar:
    """Build numpy's calendar of working days for a span of years.

    Parameters
    ----------
    first_year, last_year : int
        Both included.

    Returns
    -------
    numpy.busdaycalendar
        Monday to Friday without public holidays.
    """
    holidays = [day for year in range(first_year, last_year + 1) for day in public_holidays(year)]
    return np.busdaycalendar(holidays=np.array(holidays, dtype="datetime64[D]"))


def shift_days(
    days: Days, counts: npt.NDArray[np.int64] | int, calendar: np.busdaycalendar
) -> Days:
    """Move days by a number of working days.

    Parameters
    ----------
    days : array of datetime64[D], shape (n,)
        A day off counts as the next working day.
    counts : array of int, shape (n,), or int
        Working days to move by; 0 only leaves days off.
    calendar : numpy.busdaycalendar
        What counts as a working day.

    Returns
    -------
    array of datetime64[D], shape (n,)
        Working days.
    """
    return np.asarray(
        np.busday_offset(days, counts, roll="forward", busdaycal=calendar), dtype="datetime64[D]"
    )


def last_working_days(days: Days, calendar: np.busdaycalendar) -> Days:
    """Move each day off back to the working day before it.

    Parameters
    ----------
    days : array of datetime64[D], shape (n,)
        Any days.
    calendar : numpy.busdaycalendar
        What counts as a working day.

    Returns
    -------
    array of datetime64[D], shape (n,)
        Working days, none later than the day given.
    """
    moved = np.busday_offset(days, 0, roll="backward", busdaycal=calendar)
    return np.asarray(moved, dtype="datetime64[D]")
