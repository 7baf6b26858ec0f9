"""What all charts have in common: a title, a size, and the table of their own numbers."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import plotly.graph_objects as go

from clientlib.errors import InputError
from clientlib.figures.messages import Message, message_as_json, message_from_json, read_message
from clientlib.figures.sentences import Note, say_missing
from clientlib.figures.tables import Table, table_from_json
from clientlib.figures.theme import MUTED, TEMPLATE
from clientlib.figures.wording import chart_text, clean
from clientlib.language import spoken, tell, translate
from clientlib.language.numbers import DECIMAL_SIGN, THIN

MOST_POINTS = 2000
TITLE_LINE = 84


@dataclass(frozen=True)
class Description:
    """A chart in words and as a table, for those who cannot see it and for decks.

    Parameters
    ----------
    kind : str
        bars, intervals, matrix, reliability_curve, lines or missing.
    title : str
        The chart's title.
    subtitle : str
        What is drawn and in which unit.
    summary : str
        One or two sentences: what is drawn, how much of it, and its range.
    table : Table
        Every number drawn.
    """

    kind: str
    title: str
    subtitle: str
    summary: str
    table: Table


@dataclass(frozen=True)
class Frame:
    """The frame around a chart's marks.

    Parameters
    ----------
    kind, title, subtitle, summary
        As in ``Description``.
    table : Table
        Every number drawn.
    height : int, in pixels
        Height without the title.
    top : int, in pixels
        Room over the marks, without the title's.
    widths : tuple of (int or None, int or None), in pixels
        The least and the largest width at which the chart reads well.
    labels : tuple of str
        Full names of the rows, where the vertical axis holds names.
    setting : mapping
        What else decks need to draw the same chart from the table, by kind: the unit, what
        variances are taken from, a reference.
    """

    kind: str
    title: str
    subtitle: str
    summary: str
    table: Table
    height: int
    top: int = 10
    widths: tuple[int | None, int | None] = (None, None)
    labels: tuple[str, ...] = ()
    setting: Mapping[str, Any] = field(default_factory=dict)

    def as_meta(self) -> dict[str, Any]:
        """Write the frame for the figure's ``layout.meta``, from where pages and decks read it.

        Returns
        -------
        dict
            Under ``clientlib``: kind, texts, table, sizes and labels.
        """
        inner = {
            "kind": self.kind,
            "title": clean(self.title),
            "subtitle": clean(self.subtitle),
            "summary": clean(self.summary),
            "table": self.table.as_json(),
            "height": self.height,
            "top": self.top,
            "widths": list(self.widths),
            "labels": list(self.labels),
            "setting": dict(self.setting),
            "message": message_as_json(read_message(self.title)),
        }
        return {"clientlib": inner}


def frame_chart(
    frame: Frame, traces: list[Any], layout: Mapping[str, Any], *, margin: Mapping[str, int]
) -> go.Figure:
    """Put traces into the frame of a chart.

    Parameters
    ----------
    frame : Frame
        Texts, table and size.
    traces : list of Plotly traces
        The marks.
    layout : mapping
        Axes, shapes and annotations.
    margin : mapping of str to int, in pixels
        Room to the left (l), right (r) and bottom (b).

    Returns
    -------
    plotly.graph_objects.Figure
        With the house's template and its own numbers in ``layout.meta``.
    """
    frame = replace(frame, title=translate(frame.title))
    lines = textwrap.wrap(clean(frame.title), TITLE_LINE) or [""]
    room = 22 * len(lines) + (18 if frame.subtitle else 0) + 14
    whole = {
        **layout,
        "template": TEMPLATE,
        "separators": DECIMAL_SIGN[spoken()] + THIN,
        "meta": frame.as_meta(),
        "height": frame.height + room,
        "margin": {**margin, "t": frame.top + room},
        "title": {
            "text": "<br>".join(map(chart_text, lines)),
            "subtitle": {"text": chart_text(frame.subtitle)},
        },
    }
    return go.Figure(data=traces, layout=whole)


def draw_missing(title: str, why: str, *, kind: str = "missing") -> go.Figure:
    """Draw, in place of an empty chart, the plain statement that there is not enough data.

    Parameters
    ----------
    title : str
        The title that the chart would have had.
    why : str
        The reason, in a sentence.
    kind : str
        Only for the description.

    Returns
    -------
    plotly.graph_objects.Figure
        Without marks; pages show it as a note.
    """
    note = say_missing(title, why)
    summary = f"{note.title}. {note.why}"
    frame = Frame(kind, title, "", summary, Table(translate(title), (), (), 0), height=60)
    words = {
        "text": tell("Not enough data. {why}", why=chart_text(translate(why))),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": 0.5,
        "font": {"color": MUTED, "size": 14},
    }
    hidden = {"visible": False}
    layout = {"xaxis": hidden, "yaxis": hidden, "annotations": [words]}
    return frame_chart(frame, [], layout, margin={"l": 8, "r": 8, "b": 8})


def describe(figure: go.Figure | Mapping[str, Any]) -> Description | None:
    """Describe a chart of this room in words and as a table.

    Parameters
    ----------
    figure : Figure or mapping
        What a ``draw_`` function returned, or the same from a notebook's output.

    Returns
    -------
    Description or None
        None for a figure that was not drawn here.

    Raises
    ------
    InputError
        The figure's own numbers cannot be read.
    """
    inner = _read_inner(figure)
    if not inner:
        return None
    try:
        kind, title = clean(inner["kind"]), clean(inner["title"])
        subtitle, summary = clean(inner["subtitle"]), clean(inner["summary"])
        return Description(kind, title, subtitle, summary, table_from_json(inner["table"]))
    except KeyError as error:
        raise InputError("a chart does not hold its own numbers", example=repr(error)) from error


def message_of(figure: go.Figure | Mapping[str, Any]) -> Message:
    """Read the figures and claims of a chart's title.

    Parameters
    ----------
    figure : Figure or mapping
        As for ``describe``.

    Returns
    -------
    Message
        Empty for a figure that was not drawn here, or whose title was typed.
    """
    return message_from_json(_read_inner(figure).get("message") or {})


def setting_of(figure: go.Figure | Mapping[str, Any]) -> Mapping[str, Any]:
    """Read what a chart needs to be drawn again from its table.

    Parameters
    ----------
    figure : Figure or mapping
        As for ``describe``.

    Returns
    -------
    mapping
        As the frame's ``setting``.
    """
    setting: Mapping[str, Any] = _read_inner(figure).get("setting") or {}
    return setting


def note_of(description: Description) -> Note:
    """Turn the description of a chart without data into a note.

    Parameters
    ----------
    description : Description
        Of kind missing.

    Returns
    -------
    Note
        Titled as the chart would have been.
    """
    _, _, why = description.summary.partition(f"{description.title.rstrip('.')}. ")
    return say_missing(description.title, why)


def _read_inner(figure: go.Figure | Mapping[str, Any]) -> Mapping[str, Any]:
    content = figure if isinstance(figure, Mapping) else figure.to_plotly_json()
    meta = content.get("layout", {}).get("meta")
    inner = meta.get("clientlib") if isinstance(meta, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}
