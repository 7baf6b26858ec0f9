"""Numbers and days as the readers of a language write them."""

import math
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from clientlib.language.speaking import spoken

THIN = "\u202f"
HARD = "\u00a0"
MINUS = "\u2212"
UNKNOWN = "–"
DECIMAL_SIGN = {"en": ".", "lt": ","}
BEFORE_PERCENT = {"en": "", "lt": HARD}  # CLDR 46, percent formats
SHORT = {"en": ("thousand", "million"), "lt": ("tūkst.", "mln.")}


def show_number(value: float | None, decimals: int = 0) -> str:
    """Write a number with thin spaces between thousands and a true minus.

    Parameters
    ----------
    value : float or None
        The number.
    decimals : int
        How many decimals are written.

    Returns
    -------
    str
        ``−1 234.5``, in Lithuanian ``−1 234,5``; an en dash where the number is missing.
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    rounded = round(float(value), decimals) + 0.0
    whole, _, rest = f"{rounded:,.{decimals}f}".partition(".")
    whole = whole.replace(",", THIN).replace("-", MINUS)
    return f"{whole}{DECIMAL_SIGN[spoken()]}{rest}" if rest else whole


def show_plain(value: float | None) -> str:
    """Write a number with the decimals that it has, at most four.

    Parameters
    ----------
    value : float or None
        The number.

    Returns
    -------
    str
        ``2``, ``2.5``, ``1.21``; an en dash where the number is missing.
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    exact = (places for places in range(4) if abs(round(value, places) - value) < 1e-9)
    return show_number(value, next(exact, 4))


def show_share(value: float | None, decimals: int = 0) -> str:
    """Write a share as a percentage.

    Parameters
    ----------
    value : float or None
        From 0 to 1; changes of shares may be negative.
    decimals : int
        How many decimals are written.

    Returns
    -------
    str
        ``34%``, in Lithuanian ``34 %``; ``<1%`` where rounding would claim a zero.
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    smallest = 10.0**-decimals
    scaled = value * 100
    if 0 < abs(scaled) < smallest / 2:
        less = "<" if scaled > 0 else f">{MINUS}"
        return f"{less}{show_number(smallest, decimals)}{percent_sign()}"
    return f"{show_number(scaled, decimals)}{percent_sign()}"


def percent_sign() -> str:
    """Give the sign of percentages with the space that stands before it.

    Returns
    -------
    str
        ``%``, in Lithuanian after an unbreakable space.
    """
    return f"{BEFORE_PERCENT[spoken()]}%"


def show_short(value: float | None) -> str:
    """Write an amount in thousands or millions, with three digits at least.

    Parameters
    ----------
    value : float or None
        The amount.

    Returns
    -------
    str
        ``3.14 million``, ``26.4 thousand``, ``812``; an en dash where the amount is missing.
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    size = abs(value)
    if size < 9_999.5:
        return show_number(value)
    divisor, word = (1e3, 0) if size < 999_500 else (1e6, 1)
    scaled = value / divisor
    decimals = next(places for bar, places in ((100, 0), (10, 1), (0, 2)) if abs(scaled) >= bar)
    return f"{show_number(scaled, decimals)}{HARD}{SHORT[spoken()][word]}"


def show_day(day: date) -> str:
    """Write a day in words.

    Parameters
    ----------
    day : date
        The day.

    Returns
    -------
    str
        ``30 June 2025``, in Lithuanian ``2025 m. birželio 30 d.``.
    """
    pattern = "d MMMM y" if spoken() == "en" else "long"
    return str(format_date(day, pattern, locale=spoken()))


def show_month(day: date) -> str:
    """Write the month of a day in words.

    Parameters
    ----------
    day : date
        Any day of the month.

    Returns
    -------
    str
        ``June 2025``, in Lithuanian ``2025 m. birželis``.
    """
    pattern = "MMMM y" if spoken() == "en" else "y 'm'. LLLL"
    return str(format_date(day, pattern, locale=spoken()))


def show_short_month(day: date) -> str:
    """Write the month of a day without its year, short enough for an axis.

    Parameters
    ----------
    day : date
        Any day of the month.

    Returns
    -------
    str
        ``Jun``, in Lithuanian ``birž.``.
    """
    return str(format_date(day, "LLL", locale=spoken()))


def plural_form(value: float) -> str:
    """Tell which form of a noun goes with a number.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
        ``one``, ``few``, ``many`` or ``other``, as CLDR names them.
    """
    number = int(value) if float(value).is_integer() else value
    return str(_locale(spoken()).plural_form(number))


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(language)
