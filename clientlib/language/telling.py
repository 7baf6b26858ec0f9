"""Sentences built from data: one template a sentence, translated whole, with its numbers kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from numbers import Real
from string import Formatter
from typing import Any, Self, TypeGuard

from clientlib.errors import InputError
from clientlib.language.catalogue import translate
from clientlib.language.claims import Claim
from clientlib.language.nouns import NOUNS, inflect
from clientlib.language.numbers import (
    HARD,
    plural_form,
    show_day,
    show_month,
    show_number,
    show_plain,
    show_share,
    show_short,
)


@dataclass(frozen=True)
class Told:
    """A number in a sentence.

    Parameters
    ----------
    name : str
        Its place in the template.
    value : float
        The number itself.
    shown : str
        As the sentence writes it.
    """

    name: str
    value: float
    shown: str


class Sentence(str):
    """A sentence that knows the numbers in it.

    Attributes
    ----------
    template : str
        The English sentence that it was made from.
    told : tuple of Told
        Its numbers, in the order of their places.
    claims : tuple of Claim
        What its words for a direction rest on, one for each of them, in their order.
    """

    template: str
    told: tuple[Told, ...]
    claims: tuple[Claim, ...]

    def __new__(
        cls, text: str, template: str, told: tuple[Told, ...], claims: tuple[Claim, ...] = ()
    ) -> Self:
        """Make a sentence of its text, template, numbers and claims."""
        made = super().__new__(cls, text)
        made.template, made.told, made.claims = template, told, claims
        return made

    def __getnewargs__(  # type: ignore[override]
        self,
    ) -> tuple[str, str, tuple[Told, ...], tuple[Claim, ...]]:
        return str(self), self.template, self.told, self.claims

    def resting_on(self, *claims: Claim) -> Self:
        """Give the sentence what its words for a direction rest on.

        Parameters
        ----------
        *claims : Claim
            One for each word such as ``rose`` or ``cheaper``, in the order of the English
            template; the linter of reports holds the words against their intervals.

        Returns
        -------
        Sentence
            The same words.
        """
        return type(self)(str(self), self.template, self.told, claims)


class Kept(str):
    """A sentence in English, for a table that is kept, which can be told again in any language.

    Attributes
    ----------
    template : str
        The sentence that it was made from.
    values : mapping
        Of its places.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, Any]

    def __new__(cls, text: str, template: str, values: Mapping[str, Any]) -> Self:
        """Make it of its text, template and values."""
        made = super().__new__(cls, text)
        made.template, made.values = template, values
        return made

    def __getnewargs__(  # type: ignore[override]
        self,
    ) -> tuple[str, str, Mapping[str, Any]]:
        return str(self), self.template, self.values


def tell(template: str, /, **values: Any) -> Sentence:  # noqa: ANN401 - numbers, days and names
    """Write a sentence in the language that is spoken.

    A place in the template says how its value is written:

    ==================== =============================================== ==================
    ``{name}``           as it is                                        UAB Šermukšnis
    ``{x:count}``        a whole number                                  4 182
    ``{x:number1}``      a number with decimals                          1.5
    ``{x:plain}``        a number with the decimals that it has          2.5
    ``{x:share}``        a percentage; ``share1`` with a decimal         34%
    ``{x:short}``        an amount, in thousands or millions if large    3.14 million
    ``{x:day}``          a day; ``month`` its month; ``iso`` in digits   30 June 2025
    ``{x:client}``       a count with its noun; Lithuanian templates     3 clients
                         name the case: ``{x:client.gen}``
    ``{x:~client}``      only the noun, as the number asks for it        clients
    ``{x:is|are}``       only a word, by the form that the number takes  are
    ==================== =============================================== ==================

    Parameters
    ----------
    template : str
        In English; the key of the catalogue.
    **values : number, date or str
        Of its places; the numbers of a sentence among them are told with it.

    Returns
    -------
    Sentence
        Text that knows its numbers.

    Raises
    ------
    InputError
        A place has no value, or is to be written in a way that there is not.
    """
    told: list[Told] = []
    parts: list[str] = []
    for words, place, way in read_places(translate(template)):
        ends = bool(parts) and parts[-1].endswith(".") and words.startswith(".")
        parts.append(words[1:] if ends else words)  # "31 d." ends a sentence by itself
        if place is not None:
            shown = show_value(template, values, place, way)
            parts.append(shown)
            told += _numbers_of(place, values[place], way, shown)
    return Sentence("".join(parts), template, tuple(told))


def together(*sentences: str, by: str = " ") -> Sentence:
    """Put sentences, or clauses that can stand alone, one after the other.

    Parameters
    ----------
    *sentences : str
        From ``tell``; empty ones are left out.
    by : str
        What stands between them.

    Returns
    -------
    Sentence
        With the numbers and claims of all of them.
    """
    said = [each for each in sentences if each]
    known = [each for each in said if isinstance(each, Sentence)]
    return Sentence(
        by.join(said),
        by.join(each.template if isinstance(each, Sentence) else each for each in said),
        tuple(told for each in known for told in each.told),
        tuple(claim for each in known for claim in each.claims),
    )


def join(items: Sequence[str], *, last: str = "and") -> str:
    """Join names into a list, with a word before the last.

    Parameters
    ----------
    items : sequence of str
        The names.
    last : str
        ``and`` or ``or``.

    Returns
    -------
    str
        ``A, B and C``, in Lithuanian ``A, B ir C``.
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {translate(last)} {items[-1]}"


@lru_cache(maxsize=1024)
def read_places(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """Read the places of a template.

    Parameters
    ----------
    template : str
        As for ``tell``.

    Returns
    -------
    tuple of (str, str or None, str)
        The words before each place, its name and its way; after the last one None for both.
    """
    parsed = Formatter().parse(template)
    return tuple((words, place, way or "") for words, place, way, _ in parsed)


def _numbers_of(place: str, value: object, way: str, shown: str) -> tuple[Told, ...]:
    if isinstance(value, Sentence):
        return value.told
    if not _is_number(value) or _is_word(way):
        return ()
    return (Told(place, float(value), shown),)


def show_value(template: str, values: Mapping[str, Any], place: str, way: str) -> str:
    """Write the value of a place in the language that is spoken.

    Parameters
    ----------
    template : str
        For messages.
    values : mapping
        Of all places.
    place, way : str
        From ``read_places``.

    Returns
    -------
    str
        As the sentence has it.

    Raises
    ------
    InputError
        The place has no value, or there is no such way.
    """
    if place not in values:
        raise InputError(
            f"a sentence lacks the value of '{place}'",
            example=template,
            hint=f"it was given {', '.join(values) or 'none'}",
        )
    value = values[place]
    if isinstance(value, Kept):
        value = tell(value.template, **value.values)
    if not way:
        return show_number(value) if _is_number(value) else str(value)
    write = _WAYS.get(way) or _find_way(way)
    if write is None:
        raise InputError(
            f"a sentence cannot write '{place}' in the way '{way}'",
            example=template,
            hint=f"ways: {', '.join(_WAYS)}, a noun, or words for each form",
        )
    return write(value)


def _find_way(way: str) -> Callable[[Any], str] | None:
    if "|" in way:
        return lambda value: _choose(way.split("|"), value)
    noun, _, case = way.removeprefix("~").partition(".")
    if noun not in NOUNS:
        return None
    if way.startswith("~"):
        return lambda value: inflect(noun, case or "nom", value)
    return partial(_count_noun, noun, case or "nom")


def _count_noun(noun: str, case: str, value: float) -> str:
    rounded = round(float(value), 1)
    shown = show_number(rounded, 0 if rounded.is_integer() else 1)
    return f"{shown}{HARD}{inflect(noun, case, rounded)}"


def _choose(words: list[str], value: float) -> str:
    forms = ("one", "few", "other") if len(words) == 3 else ("one", "other")
    form = plural_form(value)
    return words[forms.index(form)] if form in forms else words[-1]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_word(way: str) -> bool:
    return "|" in way or way.startswith("~")


def _iso(day: date) -> str:
    return f"{day:%Y-%m-%d}"


_WAYS: dict[str, Callable[[Any], str]] = {
    "count": show_number,
    **{f"number{k}": partial(show_number, decimals=k) for k in range(1, 5)},
    "plain": show_plain,
    "share": show_share,
    "share1": partial(show_share, decimals=1),
    "short": show_short,
    "day": show_day,
    "month": show_month,
    "iso": _iso,
}
