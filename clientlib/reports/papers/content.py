"""A document as plain data for typesetting: nothing in it is a command."""

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from markdown_it.token import Token
from PIL import Image, UnidentifiedImageError

from clientlib.figures import Note, Sentences, Table
from clientlib.figures.cells import NUMERIC_KINDS, show_heading
from clientlib.figures.pictures import draw_picture
from clientlib.language import tell
from clientlib.reports.documents import Chart, Comments, Foreign, Part, Picture, Prose, Text
from clientlib.reports.documents.comments import list_lines, say_author, say_none
from clientlib.reports.prose import parse_prose, read_foreign
from clientlib.reports.widths import weigh_columns

PICTURE_WIDTH = 780  # pixels of a chart on a page's width
MOST_COLUMNS = 14  # of a table across A4: numbers of more would run into each other
_MARKS = {"strong_open": ("strong", True), "strong_close": ("strong", False),
          "em_open": ("em", True), "em_close": ("em", False)}  # fmt: skip


def list_content(part: Part, said: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Write a part as data.

    Parameters
    ----------
    part : Part
        Of a document.
    said : tuple of str
        Headings of the first level that stand above, and so are left out.

    Yields
    ------
    dict
        kind, and what it holds.
    """
    if isinstance(part, Prose):
        yield from _list_prose(parse_prose(part.markdown, said))
    elif isinstance(part, Sentences):
        runs = [[{"text": text}] for text in part.texts]
        yield {"kind": "paragraph", "runs": runs[0]} if len(runs) == 1 else _list_of(runs)
    elif isinstance(part, Chart):
        yield write_chart(part)
    elif isinstance(part, Table):
        yield write_table(part)
    elif isinstance(part, Note):
        yield {"kind": "note", "title": part.title, "why": part.why}
    elif isinstance(part, Picture):
        yield from _list_picture(part)
    elif isinstance(part, Foreign):
        yield {"kind": "text", "text": read_foreign(part.html)}
    elif isinstance(part, Text):
        yield {"kind": "text", "text": part.text}
    elif isinstance(part, Comments):
        yield from _list_comments(part)


def write_chart(chart: Chart, *, width: int = PICTURE_WIDTH) -> dict[str, Any]:
    """Write a chart as data, with its picture.

    Parameters
    ----------
    chart : Chart
        Of a document.
    width : int, in pixels
        Of its picture.

    Returns
    -------
    dict
        title, subtitle, summary and svg.
    """
    about = chart.description
    return {
        "kind": "chart",
        "title": chart.title,
        "subtitle": about.subtitle if about else "",
        "summary": f"{chart.title}. {about.summary}" if about else chart.title or "–",
        "svg": draw_picture(chart.figure, width=width),
    }


def write_table(table: Table) -> dict[str, Any]:
    """Write a table as data.

    Parameters
    ----------
    table : Table
        Of a document.

    Returns
    -------
    dict
        caption, heads, weights of the columns, rows as shown, and note; of a wide table the first
        columns, and how many there are.
    """
    total = len(table.shown_columns)
    notes = [table.note]
    if total > MOST_COLUMNS:
        table = table.keep_columns(MOST_COLUMNS)
        notes.append(
            tell("First {shown:count} of {total:count} columns.", shown=MOST_COLUMNS, total=total)
        )
    heads = [
        {"text": show_heading(column), "is_number": column.kind in NUMERIC_KINDS}
        for _, column in table.shown_columns
    ]
    return {
        "kind": "table",
        "caption": table.caption,
        "heads": heads,
        "weights": weigh_columns(table),
        "rows": table.show_rows(),
        "note": " ".join(note for note in notes if note),
    }


def _list_comments(part: Comments) -> Iterator[dict[str, Any]]:
    if not part.comments:
        yield {"kind": "paragraph", "runs": [{"text": say_none(part)}]}
    for comment in part.comments:
        said = [{"text": say_author(comment), "em": True}]
        yield {"kind": "paragraph", "runs": said}
        for line in list_lines(comment):
            yield {"kind": "paragraph", "runs": [{"text": line}]}


def _list_of(items: list[Any], *, is_ordered: bool = False) -> dict[str, Any]:
    return {"kind": "enum" if is_ordered else "list", "items": items}


def _list_picture(picture: Picture) -> Iterator[dict[str, Any]]:
    svg = _wrap(picture)
    if svg:
        yield {"kind": "chart", "title": "", "subtitle": "", "summary": "–", "svg": svg}


def _wrap(picture: Picture) -> str:
    """Put a picture of dots into an SVG, the only kind of file that data can hold."""
    if picture.mime == "image/svg+xml":
        return picture.content.decode(errors="replace")
    try:
        with Image.open(BytesIO(picture.content)) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError):
        return ""
    packed = base64.b64encode(picture.content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:{picture.mime};base64,{packed}"/>'
        "</svg>"
    )


def _list_prose(tokens: list[Token]) -> Iterator[dict[str, Any]]:
    items: list[Any] | None = None
    is_ordered = False
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type in {"bullet_list_open", "ordered_list_open"} and token.level == 0:
            items, is_ordered = [], token.type.startswith("ordered")
        elif token.type in {"bullet_list_close", "ordered_list_close"} and token.level == 0:
            yield _list_of(items or [], is_ordered=is_ordered)
            items = None
        elif token.type == "inline" and before is not None:
            runs = list(_list_runs(token))
            if items is not None:
                items.append(runs)
            elif before.type == "heading_open":
                level = min(3, max(2, int(before.tag[1])))
                yield {"kind": "heading", "level": level, "text": "".join(r["text"] for r in runs)}
            else:
                yield {"kind": "paragraph", "runs": runs}
        elif token.type in {"fence", "code_block"}:
            yield {"kind": "text", "text": token.content}


def _list_runs(inline: Token) -> Iterator[dict[str, Any]]:
    marks: dict[str, bool] = {}
    for child in inline.children or []:
        if child.type in _MARKS:
            name, is_on = _MARKS[child.type]
            marks[name] = is_on
        elif child.type in {"softbreak", "hardbreak"}:
            yield {"text": " "}
        elif child.content:
            yield {"text": child.content, **marks, "code": child.type == "code_inline"}
