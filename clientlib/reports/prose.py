"""Markdown and foreign HTML, made into harmless HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from clientlib.figures.wording import clean, clean_line

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_LINE_END = re.compile(r"</(?:tr|p|div|h[1-6]|li)>|<br\s*/?>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]>", re.IGNORECASE)
_TAGS = nh3.ALLOWED_TAGS - {
    "nav",
    "header",
    "footer",
    "article",
    "aside",
    "map",
    "area",
    "hgroup",
    "center",
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}


@dataclass(frozen=True)
class Heading:
    """One entry of the table of contents.

    Parameters
    ----------
    level : int
        2 for a section, 3 for a part of one.
    text, anchor : str
        The words, and the address within the page.
    """

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Prose:
    """Rendered Markdown.

    Parameters
    ----------
    html : str
        Harmless HTML.
    headings : tuple of Heading
        Those in it, in order.
    """

    html: str
    headings: tuple[Heading, ...]


def render_markdown(source: str, *, prefix: str = "", already_said: Sequence[str] = ()) -> Prose:
    """Render Markdown with raw HTML shown as text and no picture fetched from anywhere.

    Parameters
    ----------
    source : str
        CommonMark with tables.
    prefix : str
        Starts the anchors of its headings, to keep them apart from other cells'.
    already_said : sequence of str
        Headings of the first level that the page already shows, and so are left out.

    Returns
    -------
    Prose
        Headings begin at the second level, under the page's own title.
    """
    tokens = parse_prose(source, already_said)
    headings: list[Heading] = []
    for place, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        level = max(2, int(token.tag[1]))
        token.tag = f"h{level}"
        if token.type == "heading_open":
            text = _read_text(tokens[place + 1])
            anchor = f"{prefix}{_slug(text)}" + (f"-{len(headings)}" if headings else "")
            token.attrSet("id", anchor)
            headings.append(Heading(level, text, anchor))
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Prose(clean_html(html), tuple(headings))


def parse_prose(source: str, already_said: Sequence[str] = ()) -> list[Token]:
    """Parse Markdown, its raw HTML as text.

    Parameters
    ----------
    source : str
        CommonMark with tables.
    already_said : sequence of str
        Headings of the first level that are left out.

    Returns
    -------
    list of Token
        Of markdown-it.
    """
    return _drop_said(_MARKDOWN.parse(source), {_key(text) for text in already_said})


def read_foreign(html: str) -> str:
    """Read the words of foreign HTML.

    Parameters
    ----------
    html : str
        Anything.

    Returns
    -------
    str
        Plain text; cells of a table apart by tabs, rows by lines.
    """
    marked = re.sub(
        r"(?i)</t[dh]>", "\t", re.sub(r"(?i)</(?:tr|p|div|h[1-6]|li)>|<br\s*/?>", "\n", html)
    )
    plain = unescape(nh3.clean(marked, tags=set()))
    return "\n".join(clean_line(line).strip() for line in plain.splitlines() if line.strip())


def read_paragraphs(source: str) -> list[str]:
    """Read the plain words of Markdown, without its headings.

    Parameters
    ----------
    source : str
        CommonMark with tables.

    Returns
    -------
    list of str
        One per paragraph, list item or cell of a table.
    """
    tokens = _MARKDOWN.parse(source)
    texts = [
        _read_text(token)
        for before, token in pairwise(tokens)
        if token.type == "inline" and before.type != "heading_open"
    ]
    return [text for text in texts if text]


def clean_html(html: str) -> str:
    """Keep of foreign HTML what cannot act, fetch or restyle the page.

    Parameters
    ----------
    html : str
        Anything, such as a DataFrame's table.

    Returns
    -------
    str
        Text tags and tables; no scripts, styles, classes, forms or outer pictures.
    """
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes={"http", "https", "mailto", "data"},
    )


def _filter_attribute(_tag: str, name: str, value: str) -> str | None:
    is_data = re.match(r"\s*data:", value, re.IGNORECASE) is not None
    if name == "src":
        is_picture = re.match(r"data:image/(?:png|jpeg|gif|webp);base64,", value)
        return value if is_picture else None
    return None if name == "href" and is_data else value


def _drop_said(tokens: list[Token], said: set[str]) -> list[Token]:
    for place, token in enumerate(tokens):
        is_title = token.type == "heading_open" and token.tag == "h1"
        if is_title and _key(_read_text(tokens[place + 1])) in said:
            return tokens[:place] + tokens[place + 3 :]
    return tokens


def _read_text(inline: Token) -> str:
    parts = [
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in inline.children or []
        if child.type in {"text", "code_inline", "softbreak", "hardbreak"}
    ]
    return clean("".join(parts))


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section"
