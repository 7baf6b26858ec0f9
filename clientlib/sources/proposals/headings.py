"""How well a heading says which canonical column it is."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

STRONG, WEAK, PART = 1.0, 0.6, 0.8  # a known heading; one used for other things too; words of one
SURE, POSSIBLE = 0.75, 0.45
SHORTEST_WORD = 5  # a single word within a longer heading says something from this length on
MONEY_WORDS = {"eur", "usd", "gbp", "pln", "lcy"}  # say in what, not what
PERCENT_WORDS = {"pct", "percent", "proc"}
KEY_WORDS = {"id", "no", "nr", "num", "number", "code", "key", "koda", "numeri"}  # all the same
Words = tuple[str, ...]
LONGEST_PLAIN = 3  # words up to this length keep their s
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "#": " no ", "%": " pct "})
_SAME = {"datetime": "date", "timestamp": "date"}
_OWN_FIELD = "__c"  # Salesforce marks fields that a company has added
_SHARED = "shared.toml"


@dataclass(frozen=True)
class Vocabulary:
    """Known headings of one canonical table.

    Attributes
    ----------
    files : tuple of str
        Words that names of its files have.
    headings : mapping of str to mapping
        By column: each known heading, as its words, with its weight.
    states : mapping of str to str
        Words that exports have for states, with the states that they may stand for: those of the
        table itself first.
    flags : mapping of str to mapping
        By column: words that exports have for ``true`` and ``false``.
    side_by_side : tuple of str
        Words of headings that, with a number or letter, hold one column of several rows each.
    """

    files: tuple[str, ...]
    headings: Mapping[str, Mapping[Words, float]]
    states: Mapping[Words, tuple[str, ...]]
    flags: Mapping[str, Mapping[Words, str]]
    side_by_side: tuple[str, ...] = ()

    def score(self, column: str, heading: str) -> float:
        """Say how well a heading names a column.

        Parameters
        ----------
        column : str
            The canonical column.
        heading : str
            As the file has it.

        Returns
        -------
        float
            0 (not at all) to 1 (known to).
        """
        words = _spelling(heading, column)
        known = self.headings.get(column, {})
        units = PERCENT_WORDS if column.endswith("_share") else MONEY_WORDS
        for spelling in (words, tuple(word for word in words if word not in units)):
            if spelling in known:
                return known[spelling]
        parts = [_part_score(spelling, words) * weight for spelling, weight in known.items()]
        return max(parts, default=0.0)

    def words_in_name(self, file_name: str) -> int:
        """Say how plainly the name of a file speaks for this table.

        Parameters
        ----------
        file_name : str
            The file's path within the export.

        Returns
        -------
        int
            How many words the longest of ``files`` has that stands in it; 0 where none does.
        """
        words = set(words_of(str(PurePosixPath(file_name.removesuffix(".gz")).with_suffix(""))))
        known = [set(words_of(name)) for name in self.files]
        return max((len(name) for name in known if name <= words), default=0)


@cache
def words_of(heading: str) -> Words:
    """Take a heading apart into plain lower-case words.

    Parameters
    ----------
    heading : str
        As a file has it.

    Returns
    -------
    tuple of str
        Without accents, punctuation and plural s; ``customerID`` is customer, id.
    """
    written = heading.removesuffix(_OWN_FIELD).translate(_PLAIN_LETTERS)
    plain = unicodedata.normalize("NFKD", written)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = [word.lower() for word in _WORD.findall(letters)]
    singular = (
        word[:-1] if word.endswith("s") and len(word) > LONGEST_PLAIN else word for word in words
    )
    return tuple(_SAME.get(word, word) for word in singular)


@cache
def read_vocabulary() -> dict[str, Vocabulary]:
    """Read the known headings.

    Returns
    -------
    dict of str to Vocabulary
        By canonical table.
    """
    folder = files("clientlib") / "sources" / "proposals" / "vocabulary"
    written = {file.name: tomllib.loads(file.read_text(encoding="utf-8"))
               for file in sorted(folder.iterdir(), key=lambda file: file.name)}  # fmt: skip
    shared = written.pop(_SHARED)
    sections = {table: section for group in written.values() for table, section in group.items()}
    return {table: _vocabulary(section, shared) for table, section in sections.items()}


def _vocabulary(section: dict[str, Any], shared: dict[str, Any]) -> Vocabulary:
    lists = {name: words for name, words in section.items() if isinstance(words, list)}
    names, side_by_side = lists.pop("files"), lists.pop("side_by_side", [])
    references = {c: words for c, words in shared["references"].items() if isinstance(words, list)}
    recorded = {column: references["known_on"] for column in [section.get("recorded_as")] if column}
    weak = [shared["references"]["weak"], recorded, section.get("weak", {})]
    known: dict[str, dict[Words, float]] = {}
    for layer in (*weak, references, lists):  # of two weights the later counts
        weight = WEAK if layer in weak else STRONG
        for column, headings in layer.items():
            spelled = {_spelling(heading, column): weight for heading in headings}
            known.setdefault(column, {}).update(spelled)
    flags = {column: {words_of(word): flag for flag, words in meanings.items() for word in words}
             for column, meanings in shared["flags"].items()}  # fmt: skip
    states = _states(section.get("states", {}), shared["states"])
    return Vocabulary(tuple(names), known, states, flags, tuple(side_by_side))


def _spelling(heading: str, column: str) -> Words:
    """Take a heading apart; a number, a code and an id of something are the same to a key."""
    words = words_of(heading)
    is_key = column.endswith("_id") and len(words) > 1 and words[-1] in KEY_WORDS
    return (*words[:-1], "id") if is_key else words


def _states(*meanings: Mapping[str, Sequence[str]]) -> dict[Words, tuple[str, ...]]:
    states: dict[Words, tuple[str, ...]] = {}
    for state, words in (pair for meaning in meanings for pair in meaning.items()):
        for word in words:
            states[words_of(word)] = (*states.get(words_of(word), ()), state)
    return states


def _part_score(spelling: Words, words: Words) -> float:
    """Score a known heading whose words all stand within a longer one, such as an amount in USD."""
    if not spelling or not set(spelling) <= set(words):
        return 0.0
    if len(spelling) == 1 and len(spelling[0]) < SHORTEST_WORD:
        return 0.0
    return PART * len(spelling) / len(words)
