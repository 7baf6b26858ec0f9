"""Catalogues of translations: what there is in a language, and what is lacking."""

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from clientlib.language.speaking import LANGUAGES, spoken


def translate(text: str) -> str:
    """Give a text in the language that is spoken.

    Parameters
    ----------
    text : str
        In English: a heading, a word, or a template of a sentence.

    Returns
    -------
    str
        The same where it is English that is spoken, or where the catalogue lacks it.
    """
    return _catalogue(spoken()).gettext(text) if text else ""


def is_translated(text: str, language: str) -> bool:
    """Tell whether a catalogue knows a text.

    Parameters
    ----------
    text : str
        In English.
    language : str
        Of the catalogue.

    Returns
    -------
    bool
        Always true for English.
    """
    return language == LANGUAGES[0] or text in vars(_catalogue(language)).get("_catalog", {})


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> NullTranslations:
    if language == LANGUAGES[0]:
        return NullTranslations()
    place = files("clientlib.language") / "catalogues" / language / "LC_MESSAGES" / "clientlib.mo"
    with place.open("rb") as file:
        return GNUTranslations(file)
