"""Words folded for a search: small letters without marks, so that ``s`` finds ``š``."""

import unicodedata

_MARKS = {code: None for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M"}
# Letters that are no letter and a mark; the script of the pages folds the same.
_LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
_FOLDED = str.maketrans(_MARKS | {ord(letter): plain for letter, plain in _LETTERS.items()})


def fold(text: str) -> str:
    """Fold a text for a search.

    Parameters
    ----------
    text : str
        As it is shown.

    Returns
    -------
    str
        In small letters without diacritics, spaces of any kind and number as one space.
    """
    apart = unicodedata.normalize("NFKD", text.lower())
    return " ".join(apart.translate(_FOLDED).split())
