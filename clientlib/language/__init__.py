"""Languages of reports: sentences from templates, nouns that are counted, numbers and days.

English is written in the code and is the key of the catalogues; the others lie in
``catalogues/<language>/LC_MESSAGES``.
"""

from clientlib.language.catalogue import is_translated, translate
from clientlib.language.claims import Claim, find_directions
from clientlib.language.numbers import (
    show_day,
    show_month,
    show_number,
    show_share,
    show_short,
)
from clientlib.language.speaking import LANGUAGES, check_language, speaking, spoken
from clientlib.language.telling import Sentence, Told, join, tell

__all__ = [
    "LANGUAGES",
    "Claim",
    "Sentence",
    "Told",
    "check_language",
    "find_directions",
    "is_translated",
    "join",
    "show_day",
    "show_month",
    "show_number",
    "show_share",
    "show_short",
    "speaking",
    "spoken",
    "tell",
    "translate",
]
