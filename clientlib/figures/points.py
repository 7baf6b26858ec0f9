"""Scatter charts: two measures of many things, the telling ones named."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from clientlib.errors import InputError
from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_columns, check_numbers, read_known
from clientlib.figures.columns import Column
from clientlib.figures.numbers import (
    PERCENT_UNITS,
    Scale,
    choose_scale,
    choose_ticks,
    tick_decimals,
)
from clientlib.figures.tables import show_table
from clientlib.figures.theme import INK, MAIN, SURFACE
from clientlib.figures.wording import chart_text, clean, humanise, shorten
from clientlib.language import tell, translate

HEIGHT = 420
MOST_POINTS = 400
MOST_NAMED = 12
NAME_LENGTH = 24
NEAR = (0.16, 0.045)  # shares of the width and height in which two names would touch


def draw_points(
    frame: pd.DataFrame,
    *,
    label: str,
    x: str,
    y: str,
    title: str,
    units: tuple[str, str] = ("", ""),
) -> go.Figure:
    """Draw a point for each row, and name those that lie farthest out.

    Parameters
    ----------
    frame : DataFrame
        One row per point; the first 400 are drawn, and the chart says so.
    label, x, y : str
        Columns of the name, of the measure across and of the measure up.
    title : str
        A sentence that says what the chart shows.
    units : tuple of (str, str)
        Of the measures; ``%`` for shares from 0 to 1.

    Returns
    -------
    plotly.graph_objects.Figure
        At most 12 points are named, none over another; all names are in the table. Without a
        point that has both measures: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is missing or not numeric.
    """
    check_columns(frame, dict.fromkeys([label, x, y]), drawn_by="draw_points")
    check_numbers(frame, [x, y], drawn_by="draw_points")
    if x == y:
        raise InputError("draw_points was given one measure twice", hint="name two columns")
    known = frame.assign(**{name: read_known(frame[name]) for name in (x, y)})
    known = known.dropna(subset=[x, y])
    if known.empty:
        return draw_missing(title, translate("There are no rows to draw."))
    drawn = known.head(MOST_POINTS)
    points = pd.DataFrame(
        {
            "label": [clean(name) for name in drawn[label]],
            "x": drawn[x].to_numpy(),
            "y": drawn[y].to_numpy(),
        }
    )
    scales = (
        choose_scale(points["x"].tolist(), units[0]),
        choose_scale(points["y"].tolist(), units[1]),
    )
    headings = (humanise(x), humanise(y))
    return _frame_points(points, scales, headings, title, len(known))


def _frame_points(
    points: pd.DataFrame,
    scales: tuple[Scale, Scale],
    headings: tuple[str, str],
    title: str,
    total: int,
) -> go.Figure:
    said = [_say_axis(heading, scale) for heading, scale in zip(headings, scales, strict=True)]
    subtitle = tell("{up} against {across}", up=said[1], across=said[0][:1].lower() + said[0][1:])
    if len(points) < total:
        subtitle = tell(
            "{subtitle}; first {shown:count} of {total:row.gen}",
            subtitle=subtitle, shown=len(points), total=total,
        )  # fmt: skip
    summary = _summarise(points, scales, headings)
    columns = {"label": Column(translate("Name"))}
    for name, heading, scale in zip("xy", headings, scales, strict=True):
        kind = "percent" if scale.unit in PERCENT_UNITS else "number"
        columns[name] = Column(heading, kind, "" if kind == "percent" else scale.unit)
    table = show_table(points, columns=columns, caption=title, limit=MOST_POINTS).out_of(total)
    ends = [_ends(points[name]) for name in "xy"]
    named = _choose_named(points, ends)
    setting: dict[str, Any] = {"named": named}
    for name, scale, reach in zip("xy", scales, ends, strict=True):
        setting |= {f"scale_{name}": scale.as_json(), f"ends_{name}": list(reach)}
    frame = Frame("points", title, subtitle, summary, table, height=HEIGHT, setting=setting)
    layout = {
        "xaxis": _axis(ends[0], scales[0], said[0]),
        "yaxis": _axis(ends[1], scales[1], said[1]),
        "annotations": [_name_point(points, k, ends) for k in named],
        "hovermode": "closest",
    }
    texts = [
        [chart_text(name), scales[0].show_full(across), scales[1].show_full(up)]
        for name, across, up in points.itertuples(index=False)
    ]
    trace = go.Scatter(
        x=points["x"].tolist(),
        y=points["y"].tolist(),
        mode="markers",
        marker={"size": 8, "color": MAIN, "line": {"color": SURFACE, "width": 1}},
        customdata=texts,
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    )
    return frame_chart(frame, [trace], layout, margin={"l": 8, "r": 20, "b": 44})


def _summarise(points: pd.DataFrame, scales: tuple[Scale, Scale], headings: tuple[str, str]) -> str:
    return tell(
        "Scatter chart of {count:count} points; {across} from {low} to {high}, "
        "{up} from {bottom} to {top}.",
        count=len(points),
        across=headings[0],
        low=scales[0].show_full(points["x"].min()),
        high=scales[0].show_full(points["x"].max()),
        up=headings[1],
        bottom=scales[1].show_full(points["y"].min()),
        top=scales[1].show_full(points["y"].max()),
    )


def _say_axis(heading: str, scale: Scale) -> str:
    return f"{heading}, {scale.axis_unit}" if scale.axis_unit else heading


def _ends(values: pd.Series) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if 0 <= low < 0.5 * high:
        low = 0.0
    pad = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    return (low - pad * 0.5 if low == 0 else low - pad), high + pad


def _axis(ends: tuple[float, float], scale: Scale, said: str) -> dict[str, Any]:
    ticks = choose_ticks(*ends, 6)
    places = tick_decimals(ticks, scale.divisor)
    return {
        "range": list(ends),
        "tickvals": ticks,
        "ticktext": [scale.show(tick, places) for tick in ticks],
        "title": {"text": chart_text(said)},
    }


def _choose_named(points: pd.DataFrame, ends: list[tuple[float, float]]) -> list[int]:
    """Choose the points farthest from the middle whose names do not touch."""
    across, up = (
        (points[name] - low) / (high - low) for name, (low, high) in zip("xy", ends, strict=True)
    )
    distance = (across - across.median()).abs() + (up - up.median()).abs()
    chosen: list[int] = []
    for k in distance.sort_values(ascending=False, kind="stable").index:
        near = any(
            abs(across[k] - across[j]) < NEAR[0] and abs(up[k] - up[j]) < NEAR[1] for j in chosen
        )
        if not near:
            chosen.append(int(k))
        if len(chosen) == MOST_NAMED:
            break
    return chosen


def _name_point(points: pd.DataFrame, k: int, ends: list[tuple[float, float]]) -> dict[str, Any]:
    x, y = float(points["x"][k]), float(points["y"][k])
    is_right = (x - ends[0][0]) / (ends[0][1] - ends[0][0]) > 0.75
    return {
        "x": x,
        "y": y,
        "xanchor": "right" if is_right else "left",
        "xshift": -7 if is_right else 7,
        "text": chart_text(shorten(points["label"][k], NAME_LENGTH)),
        "font": {"size": 12, "color": INK},
        "showarrow": False,
    }
