"""What the cells of a column look like: days, numbers, yes or no, keys, or just text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

ISO = "ISO"
DAY_FORMS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d",
             "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y",
             "%Y%m%d")  # fmt: skip
COMPACT, COMPACT_DIGITS = "%Y%m%d", 8
TIMES = ("", " %H:%M", " %H:%M:%S")
TESTED_CELLS = 1_000
REPEATS = 0.25  # of the rows of a file made for a table that may repeat its key; else it is folded
MOST = 0.9  # of the filled cells that must be of a kind
FIRST_YEAR, LAST_YEAR = 1950, 2100
YES_NO = {"yes", "no", "y", "n", "true", "false", "taip", "ne", "0", "1"}

_ISO_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[-+]\d{2}(:?\d{2})?)?)?"
)
_NUMBERS = {
    ".": re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?"),
    ",": re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?"),
}
_WHOLE = re.compile(r"[-+]?\d+([.,]0+)?")
_SPACES = re.compile("[ \u00a0\u202f]")


@dataclass(frozen=True)
class Profile:
    """What is known of one column of a sample.

    Attributes
    ----------
    heading : str
        Its heading.
    rows, filled, distinct : int
        Rows of the sample, cells that are not blank, and values among them.
    values : frozenset of str
        The values.
    days : dict of str to float
        By form of date, the share of values that it reads.
    numbers : dict of str to float
        By decimal sign, the share of values that are numbers with it.
    whole, yes_no : float
        Share of values that are whole numbers, or yes or no.
    """

    heading: str
    rows: int
    filled: int
    distinct: int
    values: frozenset[str]
    days: dict[str, float]
    numbers: dict[str, float]
    whole: float
    yes_no: float

    @property
    def is_key(self) -> bool:
        """Most rows have a value of their own; exports repeat some."""
        return self.rows > 0 and self.distinct >= (1 - REPEATS) * self.rows

    def share_of(self, kind: str) -> float:
        """Say which share of the values can be read as a canonical type.

        Parameters
        ----------
        kind : str
            Type of a canonical column.

        Returns
        -------
        float
            0 to 1; 1 for a column without any value, which proves nothing.
        """
        if not self.filled:
            return 1.0
        if kind == "date":
            return max(self.days.values(), default=0.0)
        if kind in ("money", "number", "share"):
            return max(self.numbers.values(), default=0.0)
        return {"count": self.whole, "flag": self.yes_no}.get(kind, 1.0)


def profile_column(heading: str, cells: "pd.Series[str]") -> Profile:
    """Look at the cells of a column.

    Parameters
    ----------
    heading : str
        Its heading.
    cells : Series of str
        Its cells, missing where blank.

    Returns
    -------
    Profile
        What they look like.
    """
    filled = cells.dropna()
    values = filled.drop_duplicates()
    step = max(1, len(filled) // TESTED_CELLS)
    tested = [str(value) for value in filled.iloc[::step]]
    compact = [_SPACES.sub("", value) for value in tested]
    return Profile(
        heading=heading,
        rows=len(cells),
        filled=len(filled),
        distinct=len(values),
        values=frozenset(map(str, values)),
        days=_day_forms(tested),
        numbers={
            sign: _share([bool(form.fullmatch(value)) for value in compact])
            for sign, form in _NUMBERS.items()
        },
        whole=_share([bool(_WHOLE.fullmatch(value)) for value in compact]),
        yes_no=_share([value.lower() in YES_NO for value in tested]),
    )


def decimal_sign(profiles: Sequence[Profile]) -> tuple[str, bool]:
    """Find the decimal sign that the numbers of a file have.

    Parameters
    ----------
    profiles : sequence of Profile
        Columns of a file that are to hold numbers.

    Returns
    -------
    (str, bool)
        The sign, and whether the cells prove it.
    """
    points = sum(profile.numbers["."] >= MOST > profile.numbers[","] for profile in profiles)
    commas = sum(profile.numbers[","] >= MOST > profile.numbers["."] for profile in profiles)
    unclear = any(
        min(profile.numbers.values()) >= MOST and profile.whole < MOST for profile in profiles
    )
    if points == commas:
        return ".", not unclear
    return ("." if points > commas else ","), not min(points, commas)


def has_thousands(profiles: Sequence[Profile], sign: str) -> bool:
    """Say whether numbers of a file are written with a sign between thousands.

    Parameters
    ----------
    profiles : sequence of Profile
        Columns of a file that are to hold numbers.
    sign : str
        Its decimal sign.

    Returns
    -------
    bool
        True where a number that it reads has the other sign.
    """
    other = "," if sign == "." else "."
    return any(
        other in value and bool(_NUMBERS[sign].fullmatch(_SPACES.sub("", value)))
        for profile in profiles
        for value in profile.values
    )


def day_form(profiles: Sequence[Profile]) -> tuple[str, list[str]]:
    """Find the one form of date that the columns of a file have.

    Parameters
    ----------
    profiles : sequence of Profile
        Columns of a file that are to hold days.

    Returns
    -------
    (str, list of str)
        The form, and other forms that read the same cells as well, to another day.
    """
    shares: dict[str, float] = {}
    for profile in profiles:
        for form, share in profile.days.items():
            shares[form] = shares.get(form, 0.0) + share
    if not shares:
        return ISO, []
    best = max(shares, key=lambda form: shares[form])
    rivals = [form for form, share in shares.items() if form != best and share == shares[best]]
    return best, rivals


def _day_forms(values: Sequence[str]) -> dict[str, float]:
    if not values:
        return {}
    iso = _share([bool(_ISO_DAY.fullmatch(value)) and _is_day(value[:10], "%Y-%m-%d")
                  for value in values])  # fmt: skip
    if iso >= MOST:
        return {ISO: iso}
    shares = {ISO: iso} if iso else {}
    digits = [value for value in values if any(letter.isdigit() for letter in value)]
    for form in (day + time for day in DAY_FORMS for time in TIMES):
        if any(_is_day(value, form) for value in digits[:20]):
            shares[form] = sum(_is_day(value, form) for value in digits) / len(values)
    return shares


def _is_day(value: str, form: str) -> bool:
    if form.startswith(COMPACT) and len(value.partition(" ")[0]) != COMPACT_DIGITS:
        return False  # 2012111 would do as well
    try:
        day = datetime.strptime(value, form)  # noqa: DTZ007  (only whether it is one)
    except ValueError:
        return False
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
