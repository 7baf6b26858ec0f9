"""Charts with one mark per name: bars from zero, and points with intervals."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypedDict, Unpack

import pandas as pd
import plotly.graph_objects as go

from clientlib.errors import InputError, nearest
from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.columns import Column
from clientlib.figures.numbers import choose_ticks, is_missing, list_known, tick_decimals
from clientlib.figures.rows import Rows, explain_emptiness, read_rows
from clientlib.figures.theme import INK, MAIN, MUTED, PALE, SURFACE, WARM
from clientlib.figures.wording import break_name, chart_text, clean
from clientlib.language import translate

ROW_HEIGHT, TALL_ROW_HEIGHT = 28, 38  # pixels, with names of one line and of two


class BarOptions(TypedDict, total=False):
    """What else a bar chart may be told.

    Parameters
    ----------
    unit : str
        Unit of the length; ``%`` for shares from 0 to 1.
    low, high : str or None
        Columns of an interval's ends, both or none.
    words : bool
        Whether the names are words of our own, which are translated; names from data are not.
    also : mapping of str to Column
        Columns that the chart's table shows beside what is drawn, such as those that the
        title tells.
    """

    unit: str
    low: str | None
    high: str | None
    words: bool
    also: Mapping[str, Column]


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
    words : bool
        Whether the names are words of our own, which are translated; names from data are not.
    also : mapping of str to Column
        Columns that the chart's table shows beside what is drawn.
    """

    unit: str
    reference: float | None
    reference_label: str
    words: bool
    also: Mapping[str, Column]


def draw_bars(
    frame: pd.DataFrame, *, label: str, value: str, title: str, **options: Unpack[BarOptions]
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
    **options
        ``unit``, ``low``, ``high``, ``words`` and ``also`` as in ``BarOptions``.

    Returns
    -------
    plotly.graph_objects.Figure
        Without rows or values: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is missing or not numeric, an interval ends before it begins, or there is no
        such option.
    """
    _check_options(options, BarOptions, "draw_bars")
    low, high = options.get("low"), options.get("high")
    if (low is None) != (high is None):
        raise InputError("draw_bars was given one end of an interval", hint="name low and high")
    names = {"label": label, "value": value, "low": low, "high": high}
    rows = read_rows(
        frame,
        names,
        options.get("unit", ""),
        drawn_by="draw_bars",
        words=options.get("words", False),
        also=options.get("also"),
    )
    if rows is None:
        return draw_missing(title, explain_emptiness(frame))
    bars = go.Bar(
        x=_listed(rows.marks["value"]),
        y=list(range(len(rows.labels))),
        orientation="h",
        width=0.62,
        marker={"color": PALE if rows.has_ends else MAIN, "line": {"width": 0}},
        **rows.write_hover(),
        **_error_bars(rows, INK),
    )
    traces = [bars] if rows.has_ends else [bars, _write_at_tips(rows)]
    lengths = list_known(rows.marks)
    ends = _pad((min(0.0, *lengths), max(0.0, *lengths)), rows)
    zero = {"type": "line", "x0": 0, "x1": 0, "line": {"color": MUTED, "width": 1}}
    return _frame_rows("bars", rows, title, traces, {"ends": ends, "line": zero})


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
        ``unit``, ``reference``, ``reference_label``, ``words`` and ``also`` as in
        ``IntervalOptions``.

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
    _check_options(options, IntervalOptions, "draw_intervals")
    names = {"label": label, "value": estimate, "low": low, "high": high}
    unit, reference = options.get("unit", ""), options.get("reference")
    read = read_rows(
        frame,
        names,
        unit,
        drawn_by="draw_intervals",
        by_span=True,
        words=options.get("words", False),
        also=options.get("also"),
    )
    if read is None:
        return draw_missing(title, explain_emptiness(frame))
    said = clean(translate(options.get("reference_label", "")))
    rows = replace(read, reference=reference, reference_label=said)
    points = go.Scatter(
        x=_listed(rows.marks["value"]),
        y=list(range(len(rows.labels))),
        mode="markers",
        marker={"size": 10, "color": _fills(rows), "line": {"color": MAIN, "width": 2}},
        **rows.write_hover(),
        **_error_bars(rows, MAIN),
    )
    dashed = {"color": WARM, "width": 1.5, "dash": "dash"}
    line = {"type": "line", "x0": reference, "x1": reference, "line": dashed}
    scene = {"ends": _spread(rows), "line": None if reference is None else line}
    return _frame_rows("intervals", rows, title, [points], scene)


def _check_options(options: Mapping[str, object], of: type, drawn_by: str) -> None:
    known = list(of.__annotations__)
    for name in options:
        if name not in known:
            near = nearest(name, known)
            raise InputError(
                f"{drawn_by} has no option '{name}'",
                hint=f"did you mean '{near}'?" if near else f"it has {', '.join(known)}",
            )


def _frame_rows(
    kind: str, rows: Rows, title: str, traces: list[Any], scene: Mapping[str, Any]
) -> go.Figure:
    has_ticks = kind == "intervals" or rows.has_ends
    top = 26 if rows.reference is not None else 6
    bottom = 34 if has_ticks else 10
    names = [break_name(label) for label in rows.labels]
    row_height = ROW_HEIGHT if all(len(lines) == 1 for lines in names) else TALL_ROW_HEIGHT
    frame = Frame(
        kind,
        title,
        rows.write_subtitle(),
        rows.write_summary("Bar chart" if kind == "bars" else "Points with intervals"),
        rows.list_marks(title),
        height=len(names) * row_height + top + bottom,
        top=top,
        labels=rows.labels,
        setting={
            "scale": rows.scale.as_json(),
            "ends": list(scene["ends"]),
            "reference": rows.reference,
            "reference_label": rows.reference_label,
        },
    )
    line = scene["line"]
    upright = {"y0": 0, "y1": 1, "yref": "paper", "layer": "above"}
    layout = {
        "xaxis": _value_axis(rows, scene["ends"], has_ticks),
        "yaxis": _name_axis(names),
        "shapes": [] if line is None else [{**line, **upright}],
        "annotations": _name_reference(rows) + (_write_aside(rows) if has_ticks else []),
        "hovermode": "closest",
    }
    margin = {"l": 8, "r": _label_room(rows), "b": bottom}
    return frame_chart(frame, traces, layout, margin=margin)


def _value_axis(rows: Rows, ends: tuple[float, float], has_ticks: bool) -> dict[str, Any]:
    ticks = choose_ticks(*ends, 5)
    places = tick_decimals(ticks, rows.scale.divisor)
    return {
        "range": list(ends),
        "tickvals": ticks,
        "ticktext": [rows.scale.show(tick, places) for tick in ticks],
        "showgrid": has_ticks,
        "showticklabels": has_ticks,
    }


def _name_axis(names: list[list[str]]) -> dict[str, Any]:
    return {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": ["<br>".join(map(chart_text, lines)) for lines in names],
        "tickfont": {"color": INK},
        "showgrid": False,
    }


def _name_reference(rows: Rows) -> list[dict[str, Any]]:
    if rows.reference is None:
        return []
    shown = rows.scale.show(rows.reference)
    words = f"{chart_text(rows.reference_label)}: {shown}" if rows.reference_label else shown
    place = {"x": rows.reference, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
    return [{**place, "text": words, "font": {"color": WARM, "size": 12}}]


def _write_aside(rows: Rows) -> list[dict[str, Any]]:
    place = {"xref": "paper", "x": 1, "xanchor": "right", "showarrow": False}
    return [
        {**place, "xshift": _label_room(rows) - 8, "y": k, "text": rows.scale.show(value)}
        for k, value in enumerate(rows.marks["value"])
    ]


def _write_at_tips(rows: Rows) -> go.Scatter:
    value = rows.marks["value"]
    return go.Scatter(
        x=_listed(value.fillna(0.0)),
        y=list(range(len(rows.labels))),
        mode="text",
        text=[f" {rows.scale.show(each)} " for each in value],
        textposition=["middle left" if each < 0 else "middle right" for each in value],
        textfont={"color": INK, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _label_room(rows: Rows) -> int:
    longest = max(len(rows.scale.show(value)) for value in rows.marks["value"])
    return 20 + 8 * longest


def _error_bars(rows: Rows, colour: str) -> dict[str, Any]:
    if not rows.has_ends:
        return {}
    value = rows.marks["value"]
    up, down = (rows.marks["high"] - value).fillna(0), (value - rows.marks["low"]).fillna(0)
    ends = {"array": _listed(up), "arrayminus": _listed(down), "symmetric": False, "type": "data"}
    return {"error_x": {**ends, "color": colour, "thickness": 2, "width": 0}}


def _fills(rows: Rows) -> str | list[str]:
    if rows.reference is None:
        return MAIN
    low, high = rows.marks["low"], rows.marks["high"]
    clear = (low > rows.reference) | (high < rows.reference)
    return [MAIN if is_clear else SURFACE for is_clear in clear]


def _pad(ends: tuple[float, float], rows: Rows) -> tuple[float, float]:
    low, high = ends if ends[0] < ends[1] else (0.0, 1.0)
    label_room = 0.0 if rows.has_ends else 0.16
    left = (high - low) * max(label_room, 0.01) if low < 0 else 0.0
    return low - left, high + (high - low) * 0.01


def _spread(rows: Rows) -> tuple[float, float]:
    drawn = list_known(rows.marks)
    if not is_missing(rows.reference):
        drawn.append(float(rows.reference or 0.0))
    low, high = min(drawn), max(drawn)
    pad = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    return (low if low == 0 else low - pad, high + pad)


def _listed(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(f"{value:.10g}") for value in values]
