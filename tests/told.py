"""Whether a result tells the same numbers in every language."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

import pandas as pd

from clientlib.language import Kept, Sentence, retell, speaking

Numbers = list[tuple[str, float]]


def assert_told_the_same(make: Callable[[], object], *, least: int) -> None:
    """Hold what a result says in English against what it says in Lithuanian.

    ``make`` makes the result; ``least`` is how many sentences it must have at least.
    """
    said = {}
    for language in ("en", "lt"):
        with speaking(language):
            said[language] = dict(_sentences_of(make(), ""))
    english, lithuanian = said["en"], said["lt"]
    assert english.keys() == lithuanian.keys()
    assert len(english) >= least
    for place, sentence in english.items():
        assert _numbers(sentence) == _numbers(lithuanian[place]), place
        assert str(sentence) != str(lithuanian[place]), place


def _numbers(sentence: Sentence) -> Numbers:
    return sorted((told.name, told.value) for told in sentence.told)


def _sentences_of(value: object, place: str) -> Iterator[tuple[str, Sentence]]:
    if isinstance(value, Kept):
        yield place, retell(value)
    elif isinstance(value, Sentence):
        if value:
            yield place, value
    elif isinstance(value, pd.DataFrame):
        for name in value.columns:
            for row, cell in enumerate(value[name].tolist()):
                if isinstance(cell, Kept | Sentence):
                    yield from _sentences_of(cell, f"{place}.{name}[{row}]")
    elif is_dataclass(value):
        for name in [*(field.name for field in fields(value)), *_properties(value)]:
            yield from _sentences_of(getattr(value, name), f"{place}.{name}")


def _properties(value: object) -> list[str]:
    return [name for name, each in vars(type(value)).items() if isinstance(each, property)]
