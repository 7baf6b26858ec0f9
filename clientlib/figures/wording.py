"""Words as a reader sees them: labels out of column names, and text made harmless."""

import re
import textwrap
from html import escape

from clientlib.figures.numbers import is_missing
from clientlib.language import Kept, retell, translate
from clientlib.language.numbers import UNKNOWN

ELLIPSIS = "…"

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_ACRONYMS = {"auc", "mae", "mase", "rmsse", "rmse", "vat", "hhi", "id"}
_SUFFIXES = ("_amount", "_count", "_on", "_at", "_id")
_MONTHS = re.compile(r"^(\d+)m$")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>&#!|~$@^]|:(?=//)|(?<=www)\.")
_LINE_START = re.compile(r"^(?:[-+=:]|\d+(?=[.)]))")


def clean(text: object) -> str:
    """Remove what a reader cannot see but a page obeys: control and direction characters.

    Parameters
    ----------
    text : object
        A name or sentence from data; anything else is turned into text.

    Returns
    -------
    str
        One line without control characters, bidirectional overrides and outer spaces; an en dash
        for what is missing.
    """
    if is_missing(text):
        return UNKNOWN
    return clean_line(_SPACES.sub(" ", str(text))).strip()


def show_name(name: object, words: bool = False) -> str:
    """Show a name: one from data as it is, one of our own in the language that is spoken.

    Parameters
    ----------
    name : object
        A name; one that was made by ``language.jot`` is ours in any case.
    words : bool
        Whether all names beside it are ours too.

    Returns
    -------
    str
        Cleaned.
    """
    if isinstance(name, Kept):
        return clean(retell(name))
    return clean(retell(str(name)) if words else name)


def clean_line(line: str) -> str:
    """Remove control and direction characters, and keep the spacing.

    Parameters
    ----------
    line : str
        One line of code or of a program's output.

    Returns
    -------
    str
        The line with a tab written as four spaces.
    """
    return _UNSEEN.sub("", line.replace("\t", "    "))


def shorten(text: str, length: int = 28) -> str:
    """Cut a long name with an ellipsis so that an axis keeps room for its marks.

    Parameters
    ----------
    text : str
        The name.
    length : int, in characters
        The longest result.

    Returns
    -------
    str
        The name itself, or its beginning and an ellipsis.
    """
    return text if len(text) <= length else text[: length - 1].rstrip(" ,.-") + ELLIPSIS


def break_name(text: str, length: int = 28) -> list[str]:
    """Break a long name into two lines, and cut what does not fit into them.

    Parameters
    ----------
    text : str
        The name.
    length : int, in characters
        The longest line.

    Returns
    -------
    list of str
        One or two lines; the second ends with an ellipsis where something was cut.
    """
    first, *rest = textwrap.wrap(text, length) or [text]
    return [first, shorten(text[len(first) :].strip(), length)] if rest else [first]


def chart_text(text: object) -> str:
    """Make text harmless inside a chart, where Plotly would obey tags such as links.

    Parameters
    ----------
    text : object
        A name or sentence from data.

    Returns
    -------
    str
        Cleaned text with ``&``, ``<`` and ``>`` written as entities.
    """
    return escape(clean(text), quote=False)


def markdown_text(text: object) -> str:
    """Make text harmless inside Markdown: each sign with a meaning becomes an entity.

    Parameters
    ----------
    text : object
        A name or sentence from data.

    Returns
    -------
    str
        One line that Markdown, its HTML and its formulas show letter by letter.
    """
    inner = _MARKDOWN.sub(_entity, clean(text))
    return _LINE_START.sub(lambda start: start[0][:-1] + _entity_of(start[0][-1]), inner)


def humanise(name: str) -> str:
    """Turn a column's or key figure's name into a label.

    Parameters
    ----------
    name : str
        A name by the house's rules, such as ``revenue_12m_amount``.

    Returns
    -------
    str
        ``Revenue, 12 months``, in the language that is spoken where the catalogue knows the
        label; the unit's suffix is dropped where it says nothing.
    """
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix) or name
    words: list[str] = []
    for word in clean(name).replace("_", " ").split():
        months = _MONTHS.match(word)
        words.append(
            word.upper() if word in _ACRONYMS else f", {months[1]} months" if months else word
        )
    if len(words) > 1 and words[-1] == "days":
        words[-1] = ", days"
    label = " ".join(words).replace(" ,", ",").lstrip(", ")
    return translate(label[:1].upper() + label[1:])


def _entity(sign: re.Match[str]) -> str:
    return _entity_of(sign[0])


def _entity_of(sign: str) -> str:
    return f"&#{ord(sign)};"
