"""Charts with one row per name: bars from zero, and points with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

import pandas as pd
import plotly.graph_objects as go

from clientlib.errors import InputError, nearest
from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_columns, check_ends, check_numbers
from clientlib.figures.columns import Column
from clientlib.figures.numbers import (
    PERCENT_UNITS,
    Scale,
    choose_scale,
    choose_ticks,
    list_known,
    tick_decimals,
)
from clientlib.figures.tables import Table, show_table
from clientlib.figures.theme import INK, MAIN, MUTED, PALE, SURFACE, WARM
from clientlib.figures.wording import chart_text, clean, humanise, shorten

MOST_ROWS = 60
ROW_HEIGHT = 28


class IntervalOptions(TypedDict, total=False):
    """What else an interval chart may be told.

    Parameters
    ----------
    unit : str
        Unit of the estimate; ``%`` for shares from 0 to 1.
    reference : float or None
        Where a line is drawn to compare with, in the same unit.
    reference_label : str
        What the line stands for.
    """

    unit: str
    reference: float | None
    reference_label: str


@dataclass(frozen=True)
class _Rows:
    """The rows of one chart, read and named: what is drawn and how it is called."""

    labels: tuple[str, ...]
    marks: pd.DataFrame
    heading: str
    label_heading: str
    rows_total: int
    scale: Scale
    reference: float | None = None
    reference_label: str = ""

    @property
    def has_ends(self) -> bool:
        return bool(self.marks[["low", "high"]].notna().any(axis=None))


def draw_bars(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    title: str,
    unit: str = "",
    low: str | None = None,
    high: str | None = None,
) -> go.Figure:
    """Draw one horizontal bar per row, from zero, in the order of the rows.

    Parameters
    ----------
    frame : DataFrame
        One row per bar; the first 60 are drawn, and the chart says so.
    label, value : str
        Columns of the name and of the length.
    title : str
        A sentence that says what the chart shows.
    unit : str
        Unit of the length; ``%`` for shares from 0 to 1.
    low, high : str, optional
        Columns of an interval's ends, both or none.

    Returns
    -------
    plotly.graph_objects.Figure
        Without rows or values: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is missing or not numeric, or an interval ends before it begins.
    """
    if (low is None) != (high is None):
        raise InputError("draw_bars was given one end of an interval", hint="name low and high")
    names = {"label": label, "value": value, "low": low, "high": high}
    rows = _read_rows(frame, names, unit, drawn_by="draw_bars")
    if rows is None:
        return draw_missing(title, _why_empty(frame))
    lengths = list_known(rows.marks)
    ends = (min(0.0, *lengths), max(0.0, *lengths))
    bars = go.Bar(
        x=_listed(rows.marks["value"]),
        y=list(range(len(rows.labels))),
        orientation="h",
        width=0.62,
        marker={"color": PALE if rows.has_ends else MAIN, "line": {"width": 0}},
        customdata=_hover_rows(rows),
        hovertemplate=_hover_template(rows),
        **_error_bars(rows, INK),
    )
    return _frame_rows("bars", rows, title, [bars, _write_values(rows)], ends)


def draw_intervals(
    frame: pd.DataFrame,
    *,
    label: str,
    estimate: str,
    low: str,
    high: str,
    title: str,
    **options: Unpack[IntervalOptions],
) -> go.Figure:
    """Draw one point with its interval per row, in the order of the rows.

    Where there is a reference, a point is filled if its interval lies clear of the reference
    and hollow if it does not: only the filled ones allow a claim.

    Parameters
    ----------
    frame : DataFrame
        One row per point; the first 60 are drawn, and the chart says so.
    label, estimate, low, high : str
        Columns of the name, of the point and of the interval's ends.
    title : str
        A sentence that says what the chart shows.
    **options
        ``unit``, ``reference`` and ``reference_label`` as in ``IntervalOptions``.

    Returns
    -------
    plotly.graph_objects.Figure
        Without rows or values: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is missing or not numeric, an interval ends before it begins, or there is
        no such option.
    """
    _check_options(options)
    names: dict[str, str | None] = {"label": label, "value": estimate, "low": low, "high": high}
    rows = _read_rows(frame, names, options.get("unit", ""), drawn_by="draw_intervals")
    if rows is None:
        return draw_missing(title, _why_empty(frame))
    rows = replace(
        rows,
        reference=options.get("reference"),
        reference_label=clean(options.get("reference_label", "")),
    )
    points = go.Scatter(
        x=_listed(rows.marks["value"]),
        y=list(range(len(rows.labels))),
        mode="markers",
        marker={"size": 10, "color": _fills(rows), "line": {"color": MAIN, "width": 2}},
        customdata=_hover_rows(rows),
        hovertemplate=_hover_template(rows),
        **_error_bars(rows, MAIN),
    )
    return _frame_rows("intervals", rows, title, [points, _write_values(rows)], _spread(rows))


def _check_options(options: IntervalOptions) -> None:
    known = list(IntervalOptions.__annotations__)
    for name in options:
        if name not in known:
            near = nearest(name, known)
            raise InputError(
                f"draw_intervals has no option '{name}'",
                hint=f"did you mean '{near}'?" if near else f"it has {', '.join(known)}",
            )


def _read_rows(
    frame: pd.DataFrame, names: dict[str, str | None], unit: str, *, drawn_by: str
) -> _Rows | None:
    used = {role: name for role, name in names.items() if name is not None}
    check_columns(frame, dict.fromkeys(used.values()), drawn_by=drawn_by)
    check_numbers(frame, [used[role] for role in used if role != "label"], drawn_by=drawn_by)
    marks = pd.DataFrame({role: frame[used[role]] for role in used if role != "label"})
    marks = marks.reindex(columns=["value", "low", "high"]).astype("float64").reset_index(drop=True)
    check_ends(marks, "low", "high", drawn_by=drawn_by)
    if marks["value"].isna().all():
        return None
    marks, shown = marks.head(MOST_ROWS), frame.head(MOST_ROWS)
    return _Rows(
        labels=tuple(clean(name) for name in shown[used["label"]]),
        marks=marks,
        heading=humanise(used["value"]),
        label_heading=humanise(used["label"]),
        rows_total=len(frame),
        scale=choose_scale(list_known(marks), unit),
    )


def _why_empty(frame: pd.DataFrame) -> str:
    if frame.empty:
        return "There are no rows to draw."
    return f"None of the {len(frame):,} rows has a value."


def _frame_rows(
    kind: str, rows: _Rows, title: str, traces: list[Any], ends: tuple[float, float]
) -> go.Figure:
    has_ticks = kind == "intervals" or rows.has_ends
    count = len(rows.labels)
    top = 26 if rows.reference is not None else 6
    frame = Frame(
        kind,
        title,
        _subtitle(kind, rows),
        _summarise(kind, rows),
        _list_rows(rows, title),
        height=count * ROW_HEIGHT + top + (34 if has_ticks else 10),
        top=top,
        labels=rows.labels,
    )
    margin = {"l": 8, "r": _label_room(rows), "b": 34 if has_ticks else 10}
    layout = {
        "xaxis": _value_axis(rows.scale, ends, has_ticks),
        "yaxis": _name_axis(rows.labels),
        "shapes": _lines(kind, rows),
        "annotations": _reference_note(rows),
        "hovermode": "closest",
    }
    return frame_chart(frame, traces, layout, margin=margin)


def _value_axis(scale: Scale, ends: tuple[float, float], has_ticks: bool) -> dict[str, Any]:
    low, high = ends if ends[0] < ends[1] else (ends[0] - 1, ends[1] + 1)
    room = (high - low) * 0.16 if low < 0 else 0.0
    ticks = choose_ticks(low, high, 5)
    places = tick_decimals(ticks, scale.divisor)
    return {
        "range": [low - room, high],
        "tickvals": ticks,
        "ticktext": [scale.show(tick, places) for tick in ticks],
        "showgrid": has_ticks,
        "showticklabels": has_ticks,
    }


def _name_axis(labels: Sequence[str]) -> dict[str, Any]:
    return {
        "range": [len(labels) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": [chart_text(shorten(label)) for label in labels],
        "tickfont": {"color": INK},
        "showgrid": False,
        "ticklabelstandoff": 6,
    }


def _lines(kind: str, rows: _Rows) -> list[dict[str, Any]]:
    upright = {"type": "line", "y0": 0, "y1": 1, "yref": "paper", "layer": "above"}
    if rows.reference is not None:
        dashed = {"color": WARM, "width": 1.5, "dash": "dash"}
        return [{**upright, "x0": rows.reference, "x1": rows.reference, "line": dashed}]
    return [{**upright, "x0": 0, "x1": 0, "line": {"color": MUTED, "width": 1}}] * (kind == "bars")


def _reference_note(rows: _Rows) -> list[dict[str, Any]]:
    if rows.reference is None:
        return []
    shown = rows.scale.show(rows.reference)
    words = f"{chart_text(rows.reference_label)}: {shown}" if rows.reference_label else shown
    place = {"x": rows.reference, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
    return [{**place, "text": words, "font": {"color": WARM, "size": 12}}]


def _write_values(rows: _Rows) -> go.Scatter:
    value = rows.marks["value"]
    tips = rows.marks[["value", "high"]].max(axis=1).where(value >= 0, rows.marks.min(axis=1))
    tips = tips.fillna(0.0)
    return go.Scatter(
        x=_listed(tips),
        y=list(range(len(rows.labels))),
        mode="text",
        text=[f" {rows.scale.show(each)} " for each in value],
        textposition=["middle left" if each < 0 else "middle right" for each in value],
        textfont={"color": INK, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _label_room(rows: _Rows) -> int:
    longest = max(len(rows.scale.show(value)) for value in rows.marks["value"])
    return 20 + 8 * longest


def _error_bars(rows: _Rows, colour: str) -> dict[str, Any]:
    if not rows.has_ends:
        return {}
    value = rows.marks["value"]
    up, down = (rows.marks["high"] - value).fillna(0), (value - rows.marks["low"]).fillna(0)
    ends = {"array": _listed(up), "arrayminus": _listed(down), "symmetric": False, "type": "data"}
    return {"error_x": {**ends, "color": colour, "thickness": 2, "width": 0}}


def _fills(rows: _Rows) -> str | list[str]:
    if rows.reference is None:
        return MAIN
    low, high = rows.marks["low"], rows.marks["high"]
    clear = (low > rows.reference) | (high < rows.reference)
    return [MAIN if is_clear else SURFACE for is_clear in clear]


def _spread(rows: _Rows) -> tuple[float, float]:
    drawn = [*list_known(rows.marks), *([] if rows.reference is None else [rows.reference])]
    low, high = min(drawn), max(drawn)
    pad = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    return (low if low == 0 else low - pad, high + pad)


def _hover_rows(rows: _Rows) -> list[list[str]]:
    write = rows.scale.show_full
    return [
        [chart_text(label), *map(write, mark)]
        for label, mark in zip(rows.labels, rows.marks.to_numpy().tolist(), strict=True)
    ]


def _hover_template(rows: _Rows) -> str:
    interval = "<br>interval %{customdata[2]} to %{customdata[3]}" if rows.has_ends else ""
    start = "<b>%{customdata[0]}</b><br>" + chart_text(rows.heading)
    return f"{start} %{{customdata[1]}}{interval}<extra></extra>"


def _subtitle(kind: str, rows: _Rows) -> str:
    parts = [", ".join(part for part in (rows.heading, rows.scale.axis_unit) if part)]
    if rows.has_ends:
        parts.append("lines show the interval")
    if kind == "intervals" and rows.reference is not None:
        parts.append("hollow: the interval includes the reference")
    if rows.rows_total > len(rows.labels):
        parts.append(f"first {len(rows.labels)} of {rows.rows_total:,} rows")
    return "; ".join(parts)


def _summarise(kind: str, rows: _Rows) -> str:
    value = rows.marks["value"]
    name = {"bars": "Bar chart", "intervals": "Points with intervals"}[kind]
    write = rows.scale.show_full
    ends = [f"{write(value.iloc[k])} ({rows.labels[k]})" for k in (value.argmin(), value.argmax())]
    against = ""
    if rows.reference is not None:
        against = f" Reference: {rows.reference_label} {write(rows.reference)}."
    return f"{name}, {rows.heading}, {len(value)} rows, from {ends[0]} to {ends[1]}.{against}"


def _list_rows(rows: _Rows, title: str) -> Table:
    unit = rows.scale.unit
    kind = "percent" if unit in PERCENT_UNITS else "number"
    shown_unit = "" if kind == "percent" else unit
    columns = {"label": Column(rows.label_heading), "value": Column(rows.heading, kind, shown_unit)}
    if rows.has_ends:
        columns["low"] = Column("Interval from", kind, shown_unit)
        columns["high"] = Column("Interval to", kind, shown_unit)
    listed = rows.marks.assign(label=list(rows.labels))
    return show_table(listed, columns=columns, caption=title, limit=MOST_ROWS)


def _listed(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(f"{value:.10g}") for value in values]
