"""Why rows are in quarantine: words of the warehouse, to be told in any language."""

import re
from collections.abc import Iterator
from string import Formatter

from clientlib.language import jot

# The more special ones first: each text is told by the first that fits.
TEMPLATES = (
    "repeats a key with other contents",
    "line of the wrong shape",
    "{column} is missing",
    "{column} is not between {low} and {high}",
    "{column} is none of {values}",
    "{column} cannot be read as {type}",
    "{column} is no day from 1950 up to the day of loading",
    "{column} is no day from 1950 up to {years} years ahead",
    "{column} is after the day of loading",
    "{column} is after {other}",
    "{column} is above {other}",
    "{column} is the same as {other}",
    "{column} does not fit the outcome: a decided deal has a closing day, an open one has none",
)


def recall_reason(text: str) -> str:
    """Read a reason of the quarantine back, so that it can be told in any language.

    Parameters
    ----------
    text : str
        As the warehouse has written it: a column, and what is wrong with its value.

    Returns
    -------
    str
        The same words; those that are known can be told again by ``language.retell``.
    """
    for template, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            return jot(template, **found.groupdict())
    return text


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for template in TEMPLATES:
        parts = Formatter().parse(template)
        places = (
            re.escape(words) + (f"(?P<{place}>.+)" if place else "") for words, place, *_ in parts
        )
        yield template, re.compile("".join(places))


_PATTERNS = tuple(_patterns())
