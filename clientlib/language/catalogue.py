"""Catalogues of translations: the library's own, and that of a project's notebooks before it."""

import os
from dataclasses import dataclass
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from pathlib import Path

from clientlib.language.prose import translate_blocks
from clientlib.language.speaking import LANGUAGES, check_language, spoken

FOLDER_VARIABLE = "CLIENTLIB_CATALOGUE"
PROJECT_DOMAIN = "notebooks"


@dataclass(frozen=True)
class Catalogue:
    """The translations of a project into one language, with the library's behind them.

    Parameters
    ----------
    language : str
        Which language they give.
    translations : NullTranslations
        As gettext reads them.
    """

    language: str
    translations: NullTranslations

    def text(self, text: str) -> str:
        """Give a text in the language of the catalogue.

        Parameters
        ----------
        text : str
            In English: a title, a question, a caption.

        Returns
        -------
        str
            The same where the catalogue lacks it.
        """
        return self.translations.gettext(text) if text else ""

    def prose(self, markdown: str) -> str:
        """Give Markdown in the language of the catalogue, block by block.

        Parameters
        ----------
        markdown : str
            In English, such as a text cell of a notebook.

        Returns
        -------
        str
            The same structure; a block that the catalogue lacks stays as it is written.
        """
        return translate_blocks(markdown, self.text)


def load_catalogue(folder: Path, language: str) -> Catalogue:
    """Load the catalogue of a project's notebooks.

    Parameters
    ----------
    folder : Path
        Such as ``notebooks/locale``: it holds ``lt/LC_MESSAGES/notebooks.mo``. It need not exist.
    language : str
        Which language is wanted.

    Returns
    -------
    Catalogue
        With the library's own translations where the project has none.

    Raises
    ------
    InputError
        There is no such language.
    """
    return Catalogue(language, _load(language, str(folder)))


def catalogue_path(folder: Path, language: str) -> Path:
    """Tell where the compiled catalogue of a project's notebooks lies.

    Parameters
    ----------
    folder : Path
        Such as ``notebooks/locale``.
    language : str
        Which language it gives.

    Returns
    -------
    Path
        It need not exist.
    """
    return folder / language / "LC_MESSAGES" / f"{PROJECT_DOMAIN}.mo"


def translate_prose(markdown: str, catalogue: Catalogue) -> str:
    """Give Markdown in the language of a catalogue, block by block.

    Parameters
    ----------
    markdown : str
        In English.
    catalogue : Catalogue
        From ``load_catalogue``.

    Returns
    -------
    str
        The same structure; a block that the catalogue lacks stays as it is written.
    """
    return catalogue.prose(markdown)


def translate(text: str) -> str:
    """Give a text in the language that is spoken.

    A project's own notebooks may bring a catalogue of theirs, which goes before the library's:
    the variable CLIENTLIB_CATALOGUE names its folder.

    Parameters
    ----------
    text : str
        In English: a heading, a word, or a template of a sentence.

    Returns
    -------
    str
        The same where it is English that is spoken, or where the catalogue lacks it.
    """
    language = spoken()
    if not text or language == LANGUAGES[0]:
        return text or ""
    return _load(language, os.environ.get(FOLDER_VARIABLE, "")).gettext(text)


def is_translated(text: str, language: str) -> bool:
    """Tell whether the library's catalogue knows a text.

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
    return language == LANGUAGES[0] or text in vars(_load_own(language)).get("_catalog", {})


def list_templates(language: str) -> tuple[str, ...]:
    """List the templates of sentences that the catalogues know, the project's own among them.

    Parameters
    ----------
    language : str
        Of the catalogues; English has none.

    Returns
    -------
    tuple of str
        In English, each with a place at least.
    """
    return _list_templates(_load(language, os.environ.get(FOLDER_VARIABLE, "")))


@lru_cache(maxsize=8)
def _list_templates(read: NullTranslations | None) -> tuple[str, ...]:
    if read is None:
        return ()
    held = vars(read)
    known = dict.fromkeys(
        key for key in held.get("_catalog", ()) if isinstance(key, str) and "{" in key
    )
    return tuple(known | dict.fromkeys(_list_templates(held["_fallback"])))


@lru_cache(maxsize=8)
def _load(language: str, folder: str) -> NullTranslations:
    own = _load_own(language)
    path = catalogue_path(Path(folder), language)
    if not folder or language == LANGUAGES[0] or not path.is_file():
        return own
    with path.open("rb") as file:
        project = GNUTranslations(file)
    project.add_fallback(own)
    return project


@lru_cache(maxsize=len(LANGUAGES))
def _load_own(language: str) -> NullTranslations:
    if check_language(language) == LANGUAGES[0]:
        return NullTranslations()
    place = files("clientlib.language") / "catalogues" / language / "LC_MESSAGES" / "clientlib.mo"
    with place.open("rb") as file:
        return GNUTranslations(file)
