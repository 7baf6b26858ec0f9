"""How well predicted shares agree with what was observed."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_columns, check_ends, check_numbers
from clientlib.figures.columns import Column
from clientlib.figures.numbers import (
    Scale,
    choose_scale,
    choose_ticks,
    list_known,
    tick_decimals,
)
from clientlib.figures.tables import Table, show_table
from clientlib.figures.theme import BAND, MAIN, MUTED, SURFACE
from clientlib.language import tell, translate

CURVE_COLUMNS = ("predicted_share", "observed_share", "band_low", "band_high", "count")
LARGEST_POINT = 22
SMALLEST_POINT = 7
WIDTH = 620


def draw_reliability_curve(curve: pd.DataFrame, *, title: str) -> go.Figure:
    """Draw observed against predicted shares, with the band that a perfect model would show.

    Parameters
    ----------
    curve : DataFrame
        One row per group of like predictions: ``predicted_share``, ``observed_share``,
        ``band_low``, ``band_high`` (all from 0 to 1) and ``count``, how many it rests on.
    title : str
        A sentence that says what the chart shows.

    Returns
    -------
    plotly.graph_objects.Figure
        Without rows: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is missing or not numeric, or a band ends before it begins.
    """
    check_columns(curve, CURVE_COLUMNS, drawn_by="draw_reliability_curve")
    check_numbers(curve, CURVE_COLUMNS, drawn_by="draw_reliability_curve")
    check_ends(curve, "band_low", "band_high", drawn_by="draw_reliability_curve")
    groups = curve.dropna(subset=["predicted_share", "observed_share"])
    groups = groups[list(CURVE_COLUMNS)].sort_values("predicted_share", kind="stable")
    if groups.empty:
        why = translate("There is no group of predictions with a known outcome.")
        return draw_missing(title, why)
    top = _find_top(groups)
    traces = [_draw_band(groups), _draw_diagonal(top), _draw_points(groups)]
    return _frame_curve(groups, title, top, traces)


def _find_top(groups: pd.DataFrame) -> float:
    largest = max(list_known(groups.drop(columns="count")))
    return min(1.0, max(0.1, largest * 1.08)) if largest <= 1 else largest


def _draw_band(groups: pd.DataFrame) -> go.Scatter:
    band = groups.dropna(subset=["band_low", "band_high"])
    across, low, high = (
        band[name].tolist() for name in ("predicted_share", "band_low", "band_high")
    )
    return go.Scatter(
        x=across + across[::-1],
        y=low + high[::-1],
        mode="lines",
        fill="toself",
        fillcolor=BAND,
        line={"width": 0, "color": BAND},
        hoverinfo="skip",
        name=translate("where a perfect model would lie"),
    )


def _draw_diagonal(top: float) -> go.Scatter:
    line = {"color": MUTED, "width": 1.2, "dash": "dash"}
    name = translate("as predicted")
    return go.Scatter(x=[0, top], y=[0, top], mode="lines", line=line, hoverinfo="skip", name=name)


def _draw_points(groups: pd.DataFrame) -> go.Scatter:
    largest = max(1.0, float(groups["count"].max()))
    sizes = LARGEST_POINT * (groups["count"].fillna(0).clip(lower=0) / largest) ** 0.5
    return go.Scatter(
        x=groups["predicted_share"].tolist(),
        y=groups["observed_share"].tolist(),
        mode="lines+markers",
        line={"color": MAIN, "width": 1.5},
        marker={
            "size": [round(max(SMALLEST_POINT, size), 1) for size in sizes],
            "color": MAIN,
            "opacity": 1,
            "line": {"color": SURFACE, "width": 1.5},
        },
        customdata=_hover_points(groups),
        hovertemplate=_hover_words() + "<extra></extra>",
        name=translate("observed"),
    )


def _hover_words() -> str:
    places = ("predicted", "observed", "count", "low", "high")
    return tell(
        "predicted {predicted}<br>observed {observed} of {count}<br>perfect model: {low} to {high}",
        **{name: f"%{{customdata[{k}]}}" for k, name in enumerate(places)},
    )


def _hover_points(groups: pd.DataFrame) -> list[list[str]]:
    shares = choose_scale([1.0], "%")
    counts = choose_scale(groups["count"].tolist(), "")
    share = shares.show_full
    return [
        [share(predicted), share(observed), counts.show_full(count), *map(share, band)]
        for predicted, observed, *band, count in groups.to_numpy(dtype="float64").tolist()
    ]


def _frame_curve(groups: pd.DataFrame, title: str, top: float, traces: list[Any]) -> go.Figure:
    table = _list_groups(groups, title)
    frame = Frame(
        "reliability_curve",
        title,
        translate(
            "Observed share against predicted share; points sized by count; "
            "shaded: where a perfect model would lie"
        ),
        _summarise(groups),
        table,
        height=440,
        widths=(None, WIDTH),
    )
    scale = choose_scale([top], "%")
    layout = {
        "xaxis": _share_axis(translate("Predicted share"), top, scale),
        "yaxis": _share_axis(translate("Observed share"), top, scale),
        "annotations": [_name_diagonal(top)],
        "hovermode": "closest",
    }
    return frame_chart(frame, traces, layout, margin={"l": 8, "r": 16, "b": 44})


def _name_diagonal(top: float) -> dict[str, Any]:
    place = {"x": top, "y": top, "xanchor": "right", "yanchor": "bottom", "xshift": -14}
    words = {"text": translate("as predicted"), "font": {"color": MUTED, "size": 12}}
    return {**place, **words, "showarrow": False, "yshift": -6}


def _share_axis(name: str, top: float, scale: Scale) -> dict[str, Any]:
    ticks = choose_ticks(0, top, 5)
    places = tick_decimals(ticks, scale.divisor)
    return {
        "title": {"text": name},
        "range": [-0.025 * top, top * 1.02],
        "tickvals": ticks,
        "ticktext": [scale.show(tick, places) for tick in ticks],
    }


def _summarise(groups: pd.DataFrame) -> str:
    inside = groups["observed_share"].between(groups["band_low"], groups["band_high"])
    return tell(
        "Reliability curve of {count:count} groups of predictions; {inside:count} of them "
        "lie within the band that a perfect model would show.",
        count=len(groups),
        inside=int(inside.sum()),
    )


def _list_groups(groups: pd.DataFrame, title: str) -> Table:
    columns = {
        "predicted_share": Column(translate("Predicted"), "percent", "", 1),
        "observed_share": Column(translate("Observed"), "percent", "", 1),
        "band_low": Column(translate("Perfect model from"), "percent", "", 1),
        "band_high": Column(translate("Perfect model to"), "percent", "", 1),
        "count": Column(translate("Count"), "count"),
    }
    return show_table(groups, columns=columns, caption=title)
