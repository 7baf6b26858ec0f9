"""Outputs of a notebook as parts of a document; what cannot be shown becomes a note."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from clientlib.errors import InputError
from clientlib.figures import (
    NOTE_MIME,
    SENTENCES_MIME,
    TABLE_MIME,
    Note,
    describe,
    message_of,
    note_of,
    sentences_from_json,
    table_from_json,
)
from clientlib.figures.wording import clean
from clientlib.language import tell, translate
from clientlib.reports.documents.parts import Chart, Foreign, Part, Picture, Prose, Text
from clientlib.reports.record import strip_colours

if TYPE_CHECKING:  # nbformat takes a second to import
    from nbformat import NotebookNode

PLOTLY_MIME = "application/vnd.plotly.v1+json"
MOST_TEXT = 20_000
_NEEDS_MAP = re.compile(r"geo|choropleth|mapbox|^(?:scatter|density)map$")


def read_output(output: NotebookNode) -> Part | None:
    """Read one output of a cell.

    Parameters
    ----------
    output : NotebookNode
        As nbformat holds it.

    Returns
    -------
    Part or None
        None for what a reader does not see: the error stream, and outputs without content.
    """
    if output.output_type == "stream":
        return _read_text(output.text) if output.name == "stdout" else None
    if output.output_type == "error":
        return _read_text(f"{output.ename}: {output.evalue}")
    content = output.get("data", {})
    for mime, read in _READERS.items():
        if mime in content:
            part = _try(read, content[mime])
            if part is not None:
                return part
    return _left_out() if content and "text/plain" not in content else None


def _try(read: Callable[[Any], Part | None], content: object) -> Part | None:
    try:
        return read(content)
    except (InputError, TypeError, KeyError, AttributeError, ValueError):
        return None


def _left_out() -> Note:
    return Note(
        translate("An output is left out"),
        translate("It is of a kind that pages cannot show, or it is broken."),
    )


def _read_chart(figure: Mapping[str, Any]) -> Part:
    description = describe(figure)
    if description is not None and description.kind == "missing":
        return note_of(description)
    if any(_NEEDS_MAP.search(str(trace.get("type", ""))) for trace in figure["data"]):
        why = translate("It would have to be fetched from a network.")
        return Note(translate("A map is left out"), why)
    title = description.title if description else _read_title(figure.get("layout", {}))
    return Chart(figure, title, description, message_of(figure))


def _read_title(layout: Mapping[str, Any]) -> str:
    title = layout.get("title", "")
    text = title.get("text", "") if isinstance(title, Mapping) else title
    return clean(re.sub(r"<[^>]*>", " ", str(text or "")))


def _read_text(text: str) -> Text | None:
    plain = strip_colours(text)
    if not plain.strip():
        return None
    if len(plain) <= MOST_TEXT:
        return Text(plain)
    cut = tell("… cut after {most:count} characters", most=MOST_TEXT)
    return Text(f"{plain[:MOST_TEXT]}\n{cut}")


def _read_picture(mime: str) -> Callable[[str | list[str]], Part | None]:
    def read(content: str | list[str]) -> Part | None:
        try:
            return Picture(mime, base64.b64decode(_joined(content), validate=False))
        except binascii.Error:
            return None

    return read


def _joined(content: str | list[str]) -> str:
    return content if isinstance(content, str) else "".join(content)


_READERS: dict[str, Callable[[Any], Part | None]] = {
    TABLE_MIME: table_from_json,
    NOTE_MIME: lambda content: Note(clean(content["title"]), clean(content["text"])),
    SENTENCES_MIME: sentences_from_json,
    PLOTLY_MIME: _read_chart,
    "text/markdown": lambda content: Prose(_joined(content)),
    "image/png": _read_picture("image/png"),
    "image/jpeg": _read_picture("image/jpeg"),
    "image/svg+xml": lambda content: Picture("image/svg+xml", _joined(content).encode()),
    "text/html": lambda content: Foreign(_joined(content)),
    "text/plain": lambda content: _read_text(_joined(content)),
}
