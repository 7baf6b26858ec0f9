"""A notebook's outputs as parts of a page: charts, tables, notes, words and pictures."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from clientlib.errors import InputError
from clientlib.figures import NOTE_MIME, TABLE_MIME, Note, Table, describe, note_of
from clientlib.figures.columns import Column
from clientlib.figures.tables import NUMERIC_KINDS, Value, show_cell, show_heading, table_from_json
from clientlib.figures.wording import clean
from clientlib.reports.prose import clean_html, render_markdown
from clientlib.reports.record import strip_colours
from clientlib.reports.templating import draw

if TYPE_CHECKING:  # nbformat takes a second to import
    from nbformat import NotebookNode

PLOTLY_MIME = "application/vnd.plotly.v1+json"
MOST_TEXT = 20_000
LEAST_BAR = 0.2  # shares that are all smaller would give specks, not bars
MOST_LISTED = 200
DEFAULT_HEIGHT = 420
LEFT_OUT = Note("An output is left out", "It is of a kind that pages cannot show, or it is broken.")
_NEEDS_MAP = re.compile(r"geo|choropleth|mapbox|^(?:scatter|density)map$")


def render_output(output: NotebookNode) -> Markup | None:
    """Turn one output of a cell into a part of the page.

    Parameters
    ----------
    output : NotebookNode
        As nbformat holds it.

    Returns
    -------
    Markup or None
        None for what a reader does not see: the error stream, and outputs without content.
        What cannot be shown is never dropped in silence: a note stands in its place.
    """
    if output.output_type == "stream":
        return _render_text(output.text) if output.name == "stdout" else None
    if output.output_type == "error":
        return _render_text(f"{output.ename}: {output.evalue}")
    content = output.get("data", {})
    for mime, render in _RENDERERS.items():
        if mime in content:
            part = _try(render, content[mime])
            if part is not None:
                return part
    return render_note(LEFT_OUT) if content and "text/plain" not in content else None


def render_table(table: Table) -> Markup:
    """Write a table that can be sorted and taken away.

    Parameters
    ----------
    table : Table
        From a notebook's output or a chart.

    Returns
    -------
    Markup
        Its HTML.
    """
    heads = [
        {
            "text": show_heading(column),
            "is_number": column.kind in NUMERIC_KINDS,
            "kind": column.kind,
            "decimals": column.decimals or 0,
        }
        for _, column in table.columns
    ]
    rows = [
        [_make_cell(value, column) for value, (_, column) in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    return draw("blocks/table", table=table, heads=heads, rows=rows, bars=_find_bars(table))


def render_note(note: Note) -> Markup:
    """Write a note that something could not be answered.

    Parameters
    ----------
    note : Note
        What, and why.

    Returns
    -------
    Markup
        Its HTML.
    """
    return draw("blocks/note", note=note)


def _try(render: Callable[[Any], Markup | None], content: object) -> Markup | None:
    try:
        return render(content)
    except (InputError, TypeError, KeyError, AttributeError, ValueError):
        return None


def _render_chart(figure: Mapping[str, Any]) -> Markup:
    description = describe(figure)
    if description is not None and description.kind == "missing":
        return render_note(note_of(description))
    if any(_NEEDS_MAP.search(str(trace.get("type", ""))) for trace in figure["data"]):
        return render_note(Note("A map is left out", "It would have to be fetched from a network."))
    layout = figure.get("layout", {})
    inner = layout["meta"]["clientlib"] if description else {}
    title = description.title if description else _read_title(layout)
    return draw(
        "blocks/chart",
        title=title,
        description=description,
        summary=f"{title}. {description.summary}" if description else title or "Chart",
        height=int(inner.get("height") or layout.get("height") or DEFAULT_HEIGHT),
        widths=[int(width) if width else None for width in inner.get("widths") or (None, None)],
        payload=embed_json(_trim_figure(figure, inner)),
        numbers=render_table(_shorten(description.table)) if description else None,
    )


def _read_title(layout: Mapping[str, Any]) -> str:
    title = layout.get("title", "")
    text = title.get("text", "") if isinstance(title, Mapping) else title
    return clean(re.sub(r"<[^>]*>", " ", str(text or "")))


def embed_json(content: object) -> Markup:
    """Write JSON that can stand inside a page's script element.

    Parameters
    ----------
    content : object
        Anything that JSON can hold; numbers that it cannot, such as NaN, become null.

    Returns
    -------
    Markup
        Without ``<``, ``>`` and ``&``, so that no name in it can end the element.
    """
    known = json.loads(json.dumps(content), parse_constant=lambda _: None)
    text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - every sign that HTML obeys was replaced above


def _trim_figure(figure: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    layout = dict(figure.get("layout", {}))
    for name in ("template", "meta", "title", "width", "images", "updatemenus"):
        layout.pop(name, None)
    layout.setdefault("height", DEFAULT_HEIGHT)
    if inner:
        layout["height"] = inner["height"]
        layout["margin"] = {**layout.get("margin", {}), "t": inner["top"]}
    else:
        layout.pop("margin", None)
        layout.setdefault("showlegend", len(figure["data"]) > 1)
    series = len(figure["data"]) if inner.get("kind") == "lines" else 0
    return {
        "data": list(figure["data"]),
        "layout": layout,
        "labels": [clean(label) for label in inner.get("labels", ())],
        "series": series if layout.get("annotations") else 0,
    }


def _shorten(table: Table) -> Table:
    return Table("", table.columns, table.rows[:MOST_LISTED], table.rows_total)


def _make_cell(value: Value, column: Column) -> dict[str, Any]:
    cell: dict[str, Any] = {"text": show_cell(value, column), "raw": None, "share": None}
    if isinstance(value, int | float):
        cell["raw"] = f"{value:.12g}" if isinstance(value, float) else str(value)
        cell["share"] = round(value * 100, 1) if column.kind == "percent" else None
    return cell


def _find_bars(table: Table) -> list[bool]:
    return [
        column.kind == "percent" and _suit_bars([row[place] for row in table.rows])
        for place, (_, column) in enumerate(table.columns)
    ]


def _suit_bars(values: list[Value]) -> bool:
    known = [value for value in values if isinstance(value, int | float)]
    return all(_is_share(value) for value in values) and max(known, default=0) >= LEAST_BAR


def _is_share(value: Value) -> bool:
    return value is None or (isinstance(value, int | float) and 0 <= value <= 1)


def _render_text(text: str) -> Markup | None:
    plain = strip_colours(text)
    if not plain.strip():
        return None
    cut = f"\n… cut after {MOST_TEXT:,} characters" if len(plain) > MOST_TEXT else ""
    return draw("blocks/text", text=plain[:MOST_TEXT] + cut)


def _render_prose(source: str) -> Markup:
    return draw("blocks/prose", html=Markup(render_markdown(_joined(source)).html))  # noqa: S704


def _render_html(html: str) -> Markup:
    return draw("blocks/foreign", html=Markup(clean_html(_joined(html))))  # noqa: S704


def _render_picture(kind: str) -> Callable[[str], Markup | None]:
    def render(content: str) -> Markup | None:
        try:
            packed = base64.b64encode(base64.b64decode(_joined(content), validate=False))
        except binascii.Error:
            return None
        return draw("blocks/picture", source=f"data:image/{kind};base64,{packed.decode()}")

    return render


def _render_svg(content: str) -> Markup:
    packed = base64.b64encode(_joined(content).encode()).decode()
    return draw("blocks/picture", source=f"data:image/svg+xml;base64,{packed}")


def _joined(content: str | list[str]) -> str:
    return content if isinstance(content, str) else "".join(content)


_RENDERERS: dict[str, Callable[[Any], Markup | None]] = {
    TABLE_MIME: lambda content: render_table(table_from_json(content)),
    NOTE_MIME: lambda content: render_note(Note(clean(content["title"]), clean(content["text"]))),
    PLOTLY_MIME: _render_chart,
    "text/markdown": _render_prose,
    "image/png": _render_picture("png"),
    "image/jpeg": _render_picture("jpeg"),
    "image/svg+xml": _render_svg,
    "text/html": _render_html,
    "text/plain": lambda content: _render_text(_joined(content)),
}
