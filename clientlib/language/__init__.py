"""Languages of reports: sentences from templates, nouns that are counted, numbers and days.

English is written in the code and is the key of the catalogues; the others lie in
``catalogues/<language>/LC_MESSAGES``.
"""

from clientlib.language.catalogue import (
    Catalogue,
    is_translated,
    load_catalogue,
    translate,
    translate_prose,
)
from clientlib.language.claims import Claim, find_directions
from clientlib.language.keeping import jot, retell
from clientlib.language.numbers import (
    show_day,
    show_month,
    show_number,
    show_plain,
    show_share,
    show_short,
    show_short_month,
)
from clientlib.language.speaking import LANGUAGES, check_language, speaking, spoken
from clientlib.language.telling import Kept, Sentence, Told, join, tell, together

__all__ = [
    "LANGUAGES",
    "Catalogue",
    "Claim",
    "Kept",
    "Sentence",
    "Told",
    "check_language",
    "find_directions",
    "is_translated",
    "join",
    "jot",
    "load_catalogue",
    "retell",
    "show_day",
    "show_month",
    "show_number",
    "show_plain",
    "show_share",
    "show_short",
    "show_short_month",
    "speaking",
    "spoken",
    "tell",
    "together",
    "translate",
    "translate_prose",
]
