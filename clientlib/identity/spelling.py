"""One spelling for many: letters without marks, Cyrillic in Latin letters, words without points."""

import re
import unicodedata

_LETTERS = {
    "ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "t", "æ": "a", "œ": "o", "ı": "i",
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ж": "z",
    "з": "z", "и": "i", "і": "i", "й": "j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "c",
    "ш": "s", "щ": "sc", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "ju", "я": "ja",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)
# German umlauts are written with or without their e: Müller, Mueller and Muller are one word.
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_POINTED = re.compile(r"\b(?:\w[./]\s?){2,}(?:\w\b)?|\b\w/\w\b")
_NO_LETTER = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Write a text in small Latin letters and digits, words parted by one space.

    Parameters
    ----------
    text : str
        As a source spells it.

    Returns
    -------
    str
        ``UAB „Žaliasis Šilas“`` becomes ``uab zaliasis silas``, ``Sp. z o.o.`` ``sp zoo``.
    """
    small = text.lower().translate(_TABLE)
    plain = "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))
    joined = _POINTED.sub(lambda found: re.sub(r"[./\s]", "", found[0]) + " ", plain)
    for written, meant in _UMLAUTS:
        joined = joined.replace(written, meant)
    return _NO_LETTER.sub(" ", joined.replace("'", "").replace("’", "")).strip()


def is_within(left: str, right: str, edits: int) -> bool:
    """Tell whether two words are at most so many slips of the pen apart.

    A slip is a letter too many, too few or wrong, or two neighbours exchanged.

    Parameters
    ----------
    left, right : str
        Words.
    edits : int
        Slips allowed.

    Returns
    -------
    bool
        True for equal words too.
    """
    if left == right:
        return True
    if edits <= 0 or abs(len(left) - len(right)) > edits:
        return False
    start = _same_length(left, right)
    left, right = left[start:], right[start:]
    end = _same_length(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    return _slips(left, right) <= edits


def _same_length(left: str, right: str) -> int:
    for place, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return place
    return min(len(left), len(right))


def _slips(left: str, right: str) -> int:
    """Count slips between two short remainders (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for row, letter in enumerate(left, start=1):
        line = [row]
        for column, other in enumerate(right, start=1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
