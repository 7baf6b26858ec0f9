"""Which language is spoken now."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from clientlib.errors import InputError, nearest

LANGUAGES = ("en", "lt")
VARIABLE = "CLIENTLIB_LANGUAGE"

_CHOSEN: ContextVar[str | None] = ContextVar("language", default=None)


def spoken() -> str:
    """Tell which language sentences, headings and numbers are written in.

    Returns
    -------
    str
        The one chosen by ``speaking``, else by the variable CLIENTLIB_LANGUAGE, else ``en``.

    Raises
    ------
    InputError
        The variable names a language that there is not.
    """
    return _CHOSEN.get() or check_language(os.environ.get(VARIABLE) or LANGUAGES[0])


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while.

    Parameters
    ----------
    language : str
        ``en`` or ``lt``.

    Raises
    ------
    InputError
        There is no such language.
    """
    token = _CHOSEN.set(check_language(language))
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def check_language(language: str) -> str:
    """Hold the name of a language against those that there are.

    Parameters
    ----------
    language : str
        Its ISO 639-1 code.

    Returns
    -------
    str
        The same.

    Raises
    ------
    InputError
        There is no such language.
    """
    if language in LANGUAGES:
        return language
    near = nearest(language, LANGUAGES)
    raise InputError(
        f"reports are not written in the language '{language}'",
        hint=f"did you mean '{near}'?" if near else f"choose one of {', '.join(LANGUAGES)}",
    )
