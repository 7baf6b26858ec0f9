"""The parts of a document as HTML: charts, tables, notes, words and pictures."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from clientlib.figures import Note, Sentences, Table
from clientlib.figures.cells import NUMERIC_KINDS, Cell, Value, show_heading
from clientlib.figures.columns import Column
from clientlib.figures.wording import clean
from clientlib.reports.documents import Chart, Comments, Foreign, Part, Picture, Prose, Text
from clientlib.reports.documents.comments import list_lines, say_author
from clientlib.reports.prose import clean_html, render_markdown
from clientlib.reports.templating import draw

MOST_LISTED = 200
DEFAULT_HEIGHT = 420


def render_part(part: Part) -> Markup:
    """Turn one part of a document into a part of the page.

    Parameters
    ----------
    part : Part
        Prose, sentences, a chart, a table, a note, a picture, text or comments.

    Returns
    -------
    Markup
        Its HTML.
    """
    return _RENDERERS[type(part)](part)


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
    columns = dict(table.spread_ends().columns)
    heads = [_make_head(column, columns) for _, column in table.shown_columns]
    rows = [
        [
            _make_cell(cell, column)
            for cell, (_, column) in zip(row, table.shown_columns, strict=True)
        ]
        for row in table.read_cells()
    ]
    return draw("blocks/table", table=table, heads=heads, rows=rows, bars=table.find_bars())


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


def _render_chart(chart: Chart) -> Markup:
    layout = chart.figure.get("layout", {})
    described = chart.description
    inner = layout["meta"]["clientlib"] if described else {}
    return draw(
        "blocks/chart",
        title=chart.title,
        description=described,
        summary=f"{chart.title}. {described.summary}" if described else chart.title or "Chart",
        height=int(inner.get("height") or layout.get("height") or DEFAULT_HEIGHT),
        widths=[int(width) if width else None for width in inner.get("widths") or (None, None)],
        payload=embed_json(_trim_figure(chart.figure, inner)),
        numbers=render_table(_shorten(described.table)) if described else None,
    )


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


def _make_head(column: Column, columns: Mapping[str, Column]) -> dict[str, Any]:
    ends = [show_heading(columns[end]) for end in (column.low, column.high) if end]
    return {
        "text": show_heading(column),
        "is_number": column.kind in NUMERIC_KINDS,
        "kind": column.kind,
        "decimals": column.decimals or 0,
        "ends": ends,
    }


def _make_cell(cell: Cell, column: Column) -> dict[str, Any]:
    is_share = column.kind == "percent" and isinstance(cell.value, int | float)
    return {
        "text": cell.text,
        "raw": _write_raw(cell.value),
        "low": _write_raw(cell.low),
        "high": _write_raw(cell.high),
        "share": round(float(cell.value or 0) * 100, 1) if is_share else None,
    }


def _write_raw(value: Value) -> str | None:
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value) if isinstance(value, int) else None


def _render_prose(prose: Prose) -> Markup:
    return draw("blocks/prose", html=Markup(render_markdown(prose.markdown).html))  # noqa: S704


def _render_foreign(foreign: Foreign) -> Markup:
    return draw("blocks/foreign", html=Markup(clean_html(foreign.html)))  # noqa: S704


def _render_picture(picture: Picture) -> Markup:
    packed = base64.b64encode(picture.content).decode()
    return draw("blocks/picture", source=f"data:{picture.mime};base64,{packed}")


def _render_comments(comments: Comments) -> Markup:
    told = [{"by": say_author(each), "lines": list_lines(each)} for each in comments.comments]
    return draw("blocks/comments", comments=told, command=comments.command)


_RENDERERS: dict[type, Callable[[Any], Markup]] = {
    Prose: _render_prose,
    Sentences: lambda said: draw("blocks/sentences", texts=said.texts),
    Chart: _render_chart,
    Table: render_table,
    Note: render_note,
    Picture: _render_picture,
    Foreign: _render_foreign,
    Text: lambda text: draw("blocks/text", text=text.text),
    Comments: _render_comments,
}
