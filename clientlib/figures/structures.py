"""Bars by structure: figures of parts beside last year's or the plan, and their variances."""

from typing import Any, Unpack

import pandas as pd
import plotly.graph_objects as go

from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.comparisons import Compared, Comparison, read_comparison
from clientlib.figures.numbers import list_known
from clientlib.figures.rows import explain_emptiness
from clientlib.figures.scenarios import LOOKS, colour_effect, list_swatches, name_scenario
from clientlib.figures.theme import INK, MUTED
from clientlib.figures.wording import break_name, chart_text
from clientlib.language import translate

ROW_HEIGHT = 38
BAR_WIDTH = 0.5
SHIFTS = {"previous": -0.2, "plan": -0.1, "actual": 0.07, "forecast": 0.07}  # above is behind
LABEL_ROOM = 0.16  # of the span of the figures, for the numbers at the tips
CHANGE_ROOM = 0.34  # the same for variances, which are said twice


def draw_structure(
    frame: pd.DataFrame, *, label: str, actual: str, title: str, **options: Unpack[Compared]
) -> go.Figure:
    """Draw a bar for each part, beside what it is compared with, and the variances to the right.

    Parameters
    ----------
    frame : DataFrame
        One row per part, from the top down; the first 36 are drawn, and the chart says so.
    label, actual : str
        Columns of the part's name and of the actual figure.
    title : str
        A sentence that says what the chart shows.
    **options
        As in ``Compared``: previous, plan, forecast, low, high, against, unit, good.

    Returns
    -------
    plotly.graph_objects.Figure
        Without figures: the statement that there is not enough data. Variances stand on the scale
        of the figures.

    Raises
    ------
    InputError
        A column is missing or not numeric, an interval ends before it begins, or there is no
        such option.
    """
    read = read_comparison(frame, label, actual, options, drawn_by="draw_structure")
    if read is None:
        return draw_missing(title, explain_emptiness(frame))
    floor = _variance_floor(read)
    traces = [_draw_scenario(read, name) for name in SHIFTS if name in read.scenarios]
    traces += [_write_figures(read), *_draw_variances(read, floor)]
    frame_of = Frame(
        "structure",
        title,
        read.write_subtitle(),
        read.write_summary(),
        read.list_figures(title),
        height=len(read.labels) * ROW_HEIGHT + 34,
        top=26,
        labels=read.labels,
        setting=read.as_setting(),
    )
    layout = {
        "xaxis": {"range": _ends(read, floor), "showgrid": False, "showticklabels": False},
        "yaxis": _name_axis(read),
        "shapes": _base_lines(read, floor),
        "annotations": _name_columns(read, floor),
        "barmode": "overlay",
        "hovermode": "closest",
    }
    return frame_chart(frame_of, traces, layout, margin={"l": 8, "r": 12, "b": 8})


def _draw_scenario(read: Comparison, scenario: str) -> go.Bar:
    values = read.values[scenario]
    if scenario == "forecast":
        values = values.where(read.values["actual"].isna())
    heading = chart_text(name_scenario(scenario))
    return go.Bar(
        x=[None if pd.isna(value) else float(f"{value:.10g}") for value in values],
        y=[k + SHIFTS[scenario] for k in range(len(read.labels))],
        orientation="h",
        width=BAR_WIDTH,
        marker=LOOKS[scenario].as_marker(),
        customdata=[
            [chart_text(name), read.scale.show_full(value)]
            for name, value in zip(read.labels, values, strict=True)
        ],
        hovertemplate=f"<b>%{{customdata[0]}}</b><br>{heading} %{{customdata[1]}}<extra></extra>",
        name=heading,
    )


def _write_figures(read: Comparison) -> go.Scatter:
    shown = read.shown
    drawn = read.values[list(read.scenarios)]
    if "forecast" in drawn:
        drawn = drawn.assign(forecast=drawn["forecast"].where(drawn["actual"].isna()))
    tips = drawn.max(axis=1).where(shown >= 0, drawn.min(axis=1))
    return go.Scatter(
        x=[None if pd.isna(tip) else float(tip) for tip in tips],
        y=list(range(len(read.labels))),
        mode="text",
        text=["" if pd.isna(value) else f" {read.scale.show(value)} " for value in shown],
        textposition=["middle left" if value < 0 else "middle right" for value in shown],
        textfont={"color": INK, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _draw_variances(read: Comparison, floor: float) -> list[Any]:
    if not read.against:
        return []
    changes = read.values["variance"]
    colours = [colour_effect(change, read.good) for change in changes]
    bars = go.Bar(
        x=[None if pd.isna(change) else float(f"{change:.10g}") for change in changes],
        y=list(range(len(read.labels))),
        base=[floor] * len(changes),
        orientation="h",
        width=BAR_WIDTH * 0.6,
        marker={"color": colours},
        customdata=[chart_text(read.say_change(k)) for k in range(len(changes))],
        hovertemplate="%{customdata}<extra></extra>",
        name=chart_text(translate("variance")),
    )
    words = go.Scatter(
        x=[None if pd.isna(change) else floor + max(0.0, float(change)) for change in changes],
        y=list(range(len(read.labels))),
        mode="text",
        text=[f" {chart_text(read.say_change(k))}" for k in range(len(changes))],
        textposition="middle right",
        textfont={"size": 12, "color": colours},
        cliponaxis=False,
        hoverinfo="skip",
    )
    return [bars, words]


def _span(read: Comparison) -> tuple[float, float, float]:
    drawn = [0.0, *list_known(read.values[list(read.scenarios)])]
    return min(drawn), max(drawn), max(drawn) - min(drawn) or 1.0


def _variance_floor(read: Comparison) -> float:
    _, high, span = _span(read)
    least = min([0.0, *list_known(read.values[["variance"]])]) if read.against else 0.0
    return high + span * (LABEL_ROOM + 0.04) - least


def _ends(read: Comparison, floor: float) -> list[float]:
    low, high, span = _span(read)
    left = low - (span * LABEL_ROOM if low < 0 else 0.0)
    if not read.against:
        return [left, high + span * LABEL_ROOM]
    most = max([0.0, *list_known(read.values[["variance"]])])
    return [left, floor + most + span * CHANGE_ROOM]


def _base_lines(read: Comparison, floor: float) -> list[dict[str, Any]]:
    places = [0.0, *([floor] if read.against else [])]
    line = {"color": MUTED, "width": 1}
    ends = {"y0": 0, "y1": 1, "yref": "paper", "layer": "above"}
    return [{"type": "line", "x0": x, "x1": x, "line": line, **ends} for x in places]


def _name_columns(read: Comparison, floor: float) -> list[dict[str, Any]]:
    place = {"y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": "left", "showarrow": False}
    font = {"size": 12, "color": MUTED}
    names = list_swatches(read.scenarios, "\u2003")
    said = [{**place, "x": 0, "text": names, "font": font}]
    if read.against:
        words = chart_text(f"Δ {name_scenario(read.against)}")
        said.append({**place, "x": floor, "text": words, "font": font})
    return said


def _name_axis(read: Comparison) -> dict[str, Any]:
    return {
        "range": [len(read.labels) - 0.5, -0.5],
        "tickvals": list(range(len(read.labels))),
        "ticktext": ["<br>".join(map(chart_text, break_name(name))) for name in read.labels],
        "tickfont": {"color": INK},
        "showgrid": False,
    }
