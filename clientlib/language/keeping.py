"""Sentences that are kept in English, and told to a reader in any language."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from clientlib.language.catalogue import list_templates, translate
from clientlib.language.numbers import HARD, MINUS, SHORT, THIN
from clientlib.language.speaking import LANGUAGES, speaking, spoken
from clientlib.language.telling import Kept, Sentence, read_places, show_value, tell

LEAST_WORDS = 8  # letters of its own that a template has at least, to be told from any other
_NUMBER = rf"{MINUS}?\d[\d{THIN}]*(?:\.\d+)?"
_WRITTEN = {
    "day": (r"\d{1,2} [A-Z][a-z]+ \d{4}", "%d %B %Y"),
    "month": (r"[A-Z][a-z]+ \d{4}", "%B %Y"),
    "iso": (r"\d{4}-\d\d-\d\d", "%Y-%m-%d"),
}
_TWO_NAMES = re.compile(r"\{\w+\}\W*\{\w+\}")  # where one ends and the other begins, none can tell
_DIVISORS = dict(zip(SHORT[LANGUAGES[0]], (1e3, 1e6), strict=True))


def jot(template: str, /, **values: Any) -> Kept:  # noqa: ANN401 - numbers, days and names
    """Write a sentence in English, for a table that is kept and shown in any language.

    What is issued to the ledger is the same whatever language its report speaks; ``retell``
    gives the sentence to a reader.

    Parameters
    ----------
    template : str
        As for ``tell``.
    **values : number, date or str
        Of its places.

    Returns
    -------
    Kept
        English text that knows its template and values.

    Raises
    ------
    InputError
        A place has no value, or is to be written in a way that there is not.
    """
    parts: list[str] = []
    used: dict[str, Any] = {}
    with speaking(LANGUAGES[0]):
        for words, place, way in read_places(template):
            parts.append(words)
            if place is not None:
                parts.append(show_value(template, values, place, way))
                used[place] = values[place]
    return Kept("".join(parts), template, used)


def retell(text: str) -> str:
    """Give a kept sentence, or a word of our own, in the language that is spoken.

    Parameters
    ----------
    text : str
        From ``jot``, also as a table of the ledger gives it back, without template and values; or
        a word that the catalogue knows, such as the name of a segment.

    Returns
    -------
    str
        The sentence told anew, or the word translated; what the catalogue lacks stays as it is.
    """
    if isinstance(text, Sentence):
        return text
    if isinstance(text, Kept):
        return tell(text.template, **text.values)
    if (said := translate(text)) != text:  # before any sentence that has the same words in it
        return said
    known = _recognise(text, spoken())
    return tell(known.template, **known.values) if known is not None else text


def _recognise(text: str, language: str) -> Kept | None:
    """Find the sentence that a text was made from: one that, with the values read, gives it."""
    for letters, words, template in _measure(list_templates(language)):
        if letters <= len(text) and words in text:
            found = _compile(template).fullmatch(text)
            values = _read_values(template, found) if found else None
            if values is None or not _suit(values, translate(template)):
                continue
            if (said := jot(template, **values)) == text:
                return said
    return None


@lru_cache(maxsize=8)
def _measure(templates: tuple[str, ...]) -> list[tuple[int, str, str]]:
    """List templates with the letters of their own and the longest words among them."""
    listed = []
    for template in templates:
        words = [words for words, _, _ in read_places(template)]
        if sum(map(len, words)) >= LEAST_WORDS and not _TWO_NAMES.search(template):
            listed.append((sum(map(len, words)), max(words, key=len), template))
    return sorted(listed, reverse=True)


@lru_cache(maxsize=1024)
def _compile(template: str) -> re.Pattern[str]:
    return re.compile("".join(_list_patterns(template)))


def _list_patterns(template: str) -> Iterator[str]:
    seen: set[str] = set()
    for words, place, way in read_places(template):
        yield re.escape(words)
        if place is not None:
            pattern = _match(way)
            is_read = "|" not in way and not way.startswith("~") and place not in seen
            yield f"(?P<{place}>{pattern})" if is_read else f"(?:{pattern})"
            seen |= {place} if is_read else set()


def _match(way: str) -> str:
    if "|" in way:
        return "|".join(map(re.escape, way.split("|")))
    if way.startswith("~"):
        return r"[a-z ]+?"
    if way in _WRITTEN:
        return _WRITTEN[way][0]
    if way.startswith("share"):
        return rf"[<>]?{_NUMBER}%"
    if way == "short":
        return rf"{_NUMBER}(?:{HARD}(?:{'|'.join(_DIVISORS)}))?"
    if way in {"count", "plain"} or way.startswith("number"):
        return _NUMBER
    return rf"{_NUMBER}{HARD}[a-z ]+?" if way else r".+?"


def _read_values(template: str, found: re.Match[str]) -> Mapping[str, Any] | None:
    ways: dict[str, str] = {}
    for _, place, way in read_places(template):
        if place is not None and place not in ways and "|" not in way and way[:1] != "~":
            ways[place] = way
    needed = {place for _, place, _ in read_places(template) if place is not None}
    if needed != set(ways):
        return None  # a number stands in the word alone that it chose
    try:
        return {place: _read_value(found[place], way) for place, way in ways.items()}
    except ValueError:
        return None


def _suit(values: Mapping[str, Any], translated: str) -> bool:
    """Tell whether the other language writes the values as what they were read."""
    for _, place, way in read_places(translated):
        value = values.get(place) if place else ""
        kind = datetime if way in _WRITTEN else float if way else str
        if not isinstance(value, kind):
            return False
    return True


def _read_value(shown: str, way: str) -> Any:  # noqa: ANN401 - a number, a day or a text
    if not way:
        return shown
    if way in _WRITTEN:
        return datetime.strptime(shown, _WRITTEN[way][1])  # noqa: DTZ007 - a day without a clock
    number, _, word = shown.partition(HARD)
    plain = number.replace(THIN, "").replace(MINUS, "-")
    if way.startswith("share"):
        least = 4 if plain[0] in "<>" else 1  # <1% stands for what is rounded to nothing
        return float(plain.lstrip("<>").removesuffix("%")) / 100 / least
    return float(plain) * _DIVISORS.get(word, 1.0)
