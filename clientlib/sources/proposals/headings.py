"""How well a heading says which canonical column it is."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

STRONG, WEAK, PART = 1.0, 0.6, 0.8  # a known heading; one used for other things too; words of one
SURE, POSSIBLE = 0.75, 0.45
SHORTEST_WORD = 5  # a single word within a longer heading says something from this length on
LONGEST_PLAIN = 3  # words up to this length keep their s
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "#": " no "})


@dataclass(frozen=True)
class Vocabulary:
    """Known headings of one canonical table.

    Attributes
    ----------
    files : tuple of str
        Words that names of its files have.
    headings : mapping of str to mapping
        By column: each known heading, as its words, with its weight.
    """

    files: tuple[str, ...]
    headings: Mapping[str, Mapping[tuple[str, ...], float]]

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
        words = words_of(heading)
        known = self.headings.get(column, {})
        if words in known:
            return known[words]
        parts = [_part_score(spelling, words) * weight for spelling, weight in known.items()]
        return max(parts, default=0.0)

    def fits_name(self, file_name: str) -> bool:
        """Say whether the name of a file speaks for this table.

        Parameters
        ----------
        file_name : str
            The file's name.

        Returns
        -------
        bool
            True where all words of one of ``files`` stand in it.
        """
        words = set(words_of(file_name.partition(".")[0]))
        return any(set(words_of(known)) <= words for known in self.files)


@cache
def words_of(heading: str) -> tuple[str, ...]:
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
    plain = unicodedata.normalize("NFKD", heading.translate(_PLAIN_LETTERS))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = [word.lower() for word in _WORD.findall(letters)]
    return tuple(
        word[:-1] if word.endswith("s") and len(word) > LONGEST_PLAIN else word for word in words
    )


@cache
def read_vocabulary() -> dict[str, Vocabulary]:
    """Read the known headings.

    Returns
    -------
    dict of str to Vocabulary
        By canonical table.
    """
    path = files("clientlib") / "sources" / "proposals" / "vocabulary.toml"
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    shared = written.pop("references")
    shared_weak = shared.pop("weak")
    tables = {}
    for table, columns in written.items():
        weak = columns.pop("weak", {})
        names = tuple(columns.pop("files"))
        known: dict[str, dict[tuple[str, ...], float]] = {}
        for spellings, weight in ((shared_weak, WEAK), (weak, WEAK), (shared, STRONG),
                                  (columns, STRONG)):  # fmt: skip
            for column, headings in spellings.items():
                known.setdefault(column, {}).update({words_of(h): weight for h in headings})
        tables[table] = Vocabulary(names, known)
    return tables


def _part_score(spelling: tuple[str, ...], words: tuple[str, ...]) -> float:
    """Score a known heading whose words all stand within a longer one, such as an amount in USD."""
    if not spelling or not set(spelling) <= set(words):
        return 0.0
    if len(spelling) == 1 and len(spelling[0]) < SHORTEST_WORD:
        return 0.0
    return PART * len(spelling) / len(words)
