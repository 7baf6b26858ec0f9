"""Native charts of lines over days or numbers."""

from datetime import date
from itertools import pairwise
from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from clientlib.figures.native.layout import leave_room, step_by_months
from clientlib.figures.native.plotting import (
    Plot,
    colour,
    fill_with,
    finish,
    label_points,
    measure_axis,
    name_axis,
    plain_axis,
)
from clientlib.figures.theme import COLOURS
from clientlib.figures.wording import shorten

NAME_LENGTH = 22
MOST_MARKED = 24  # points of a line, each with a mark: one alone is no line
CLOSE = 0.06  # of the span: two names at line ends would touch


def draw_line_chart(plot: Plot) -> None:
    """Draw one line per series, named at its end.

    Parameters
    ----------
    plot : Plot
        Of kind ``lines``.
    """
    names = plot.texts("series") if plot.has("series") else [""] * len(plot.numbers("y"))
    order = list(dict.fromkeys(names))
    is_dated = bool(plot.setting.get("is_dated"))
    chart = _add_dated(plot, names, order) if is_dated else _add_numbered(plot, names, order)
    for k, series in enumerate(chart.plots[0].series):
        _dress_line(series, k)
    low, high = (float(end) for end in plot.setting["ends"])
    _name_lines(chart, order, high - low)
    plain_axis(chart.value_axis, has_grid=True, has_line=False)
    measure_axis(chart.value_axis, plot.scale, (low, high))
    plain_axis(chart.category_axis)
    if is_dated:
        step_by_months(chart.category_axis, plot.texts("x"))
    else:
        name_axis(chart.category_axis, plot.heading("x"))
    finish(chart)


def _add_dated(plot: Plot, names: list[str], order: list[str]) -> Chart:
    days = [date.fromisoformat(day) for day in plot.texts("x")]
    across = sorted(set(days))
    known = {(n, d): v for n, d, v in zip(names, days, plot.numbers("y"), strict=True)}
    data = CategoryChartData()
    data.categories = across
    data.categories.number_format = "yyyy\\-mm"
    for name in order:
        data.add_series(name or plot.heading("y"), [known.get((name, day)) for day in across])
    return plot.add(XL_CHART_TYPE.LINE, data)


def _add_numbered(plot: Plot, names: list[str], order: list[str]) -> Chart:
    data = XyChartData()
    rows = list(zip(names, plot.numbers("x"), plot.numbers("y"), strict=True))
    for name in order:
        series = data.add_series(name or plot.heading("y"))
        for of, x, y in rows:
            if of == name and x is not None and y is not None:
                series.add_data_point(x, y)
    return plot.add(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, data)


def _dress_line(series: Any, k: int) -> None:  # noqa: ANN401 - a series of either chart
    line = series.format.line
    line.color.rgb, line.width = colour(COLOURS[k % len(COLOURS)]), Pt(2.25)
    if k >= len(COLOURS):
        line.dash_style = MSO_LINE.DASH
    series.smooth = False
    known = [value for value in series.values if value is not None]
    if len(known) > MOST_MARKED:
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
    fill_with(series.marker.format.fill, COLOURS[k % len(COLOURS)])
    series.marker.format.line.color.rgb = colour(COLOURS[k % len(COLOURS)])


def _name_lines(chart: Chart, names: list[str], span: float) -> None:
    """Name lines at their ends, or in a legend where the ends lie too close together."""
    ends = [_last_known(series) for series in chart.plots[0].series]
    heights = sorted(end[1] for end in ends if end)
    gaps = [high - low for low, high in pairwise(heights)]
    if len(names) < 2 and not any(names):
        return
    if min(gaps, default=span) < CLOSE * span:
        chart.has_legend = True
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        return
    leave_room(chart, left=0.06, bottom=0.14, right=0.16)
    for k, (name, series) in enumerate(zip(names, chart.plots[0].series, strict=True)):
        end = ends[k]
        if end is None:
            continue
        texts = [""] * len(list(series.values))
        texts[end[0]] = shorten(name, NAME_LENGTH)
        inks = [COLOURS[k % len(COLOURS)]] * len(texts)
        label_points(series, texts, XL_LABEL_POSITION.RIGHT, inks)


def _last_known(series: Any) -> tuple[int, float] | None:  # noqa: ANN401 - of either chart
    known = [(k, value) for k, value in enumerate(series.values) if value is not None]
    return known[-1] if known else None
