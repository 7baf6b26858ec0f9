"""Native charts of figures beside last year's or the plan, with their variances."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.util import Pt

from clientlib.figures.native.boxes import Box
from clientlib.figures.native.category_charts import measure_arms, name_categories, top_down
from clientlib.figures.native.embedded import add_spread
from clientlib.figures.native.layout import name_every
from clientlib.figures.native.plotting import (
    LABEL_SIZE,
    Plot,
    dress,
    finish,
    label_points,
    paint_points,
    plain_axis,
    still_axis,
)
from clientlib.figures.scenarios import LOOKS, SCENARIOS, colour_effect, name_scenario
from clientlib.figures.theme import INK
from clientlib.figures.wording import shorten

ORDER = ("previous", "plan", "actual", "forecast")  # the first stands behind
GAP, OVERLAP = 60, 55
ROOM = 0.12  # of the span, for labels at the ends
MOST_ACROSS, NAME_LENGTH, SMALL_SIZE = 4, 30, 9


def draw_period_charts(plot: Plot) -> None:
    """Draw columns over time, and over them their variances on the same scale.

    Parameters
    ----------
    plot : Plot
        Of kind ``periods``.
    """
    share = _variance_share(plot)
    above, below = plot.box.split_down(share)
    _draw_pair(plot, XL_CHART_TYPE.COLUMN_CLUSTERED, below, above, plain_axis)


def draw_structure_charts(plot: Plot) -> None:
    """Draw bars by part, and to their right their variances on the same scale.

    Parameters
    ----------
    plot : Plot
        Of kind ``structure``.
    """
    share = _variance_share(plot)
    left, right = plot.box.split_across(1 - 0.7 * share)
    _draw_pair(plot, XL_CHART_TYPE.BAR_CLUSTERED, left, right, top_down)


def _draw_pair(
    plot: Plot, kind: XL_CHART_TYPE, box: Box, beside: Box, dress_axis: Callable[[Any], None]
) -> None:
    """Draw the figures, and in a chart of their own beside them their variances if there are."""
    if plot.has("variance"):
        chart = _add_variances(plot, kind, beside, _variance_ends(plot))
        dress_axis(chart.category_axis)
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        finish(chart)
    chart = _add_figures(plot, kind, box, _figure_ends(plot))
    dress_axis(chart.category_axis)
    finish(chart)


def _variance_share(plot: Plot) -> float:
    """Measure the part of the room that variances take, so that both charts have one scale."""
    if not plot.has("variance"):
        return 0.0
    low, high = _figure_ends(plot)
    least, most = _variance_ends(plot)
    return (most - least) / (most - least + high - low)


def _add_figures(
    plot: Plot, kind: XL_CHART_TYPE, box: Box, ends: tuple[float, float], *, is_small: bool = False
) -> Chart:
    data = CategoryChartData()
    data.categories = _categories(plot)
    names = [name for name in ORDER if plot.has(name)]
    figures = {name: _figures_of(plot, name) for name in names}
    for name in names:
        data.add_series(name_scenario(name), figures[name])
    chart = plot.add(kind, data, box)
    chart.plots[0].gap_width, chart.plots[0].overlap = GAP, OVERLAP
    for name, series in zip(names, chart.plots[0].series, strict=True):
        dress(series, LOOKS[name])
        if name in ("actual", "forecast"):
            shown = [plot.scale.show(v) if v is not None else "" for v in figures[name]]
            if is_small:
                shown = ["" for _ in shown[:-1]] + shown[-1:]
            label_points(series, shown, XL_LABEL_POSITION.OUTSIDE_END)
        if name == "forecast" and plot.has("low"):
            arms = measure_arms(figures[name], plot.numbers("low"), plot.numbers("high"))
            add_spread(series, arms, ink=INK)
    still_axis(chart.value_axis, low=ends[0], high=ends[1])
    _add_legend(chart, 0 if is_small else len(names))
    return chart


def _categories(plot: Plot) -> list[str]:
    marks = plot.setting.get("marks") or plot.texts("label")
    return name_categories(marks[: plot.most_rows])


def _add_legend(chart: Chart, names: int) -> None:
    chart.has_legend = names > 1
    if names > 1:
        legend = chart.legend
        legend.position, legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        legend.font.size = Pt(LABEL_SIZE)


def _add_variances(plot: Plot, kind: XL_CHART_TYPE, box: Box, ends: tuple[float, float]) -> Chart:
    changes = plot.numbers("variance")
    base = name_scenario(str(plot.setting["against"]))
    data = CategoryChartData()
    data.categories = _categories(plot)
    data.add_series(f"Δ {base}", changes)
    chart = plot.add(kind, data, box)
    chart.plots[0].gap_width = GAP * 2
    good = str(plot.setting["good"])
    inks = [None if change is None else colour_effect(change, good) for change in changes]
    series = chart.plots[0].series[0]
    paint_points(series, inks)
    shown = ["" if each is None else plot.scale.show_change(each) for each in changes]
    label_points(series, shown, XL_LABEL_POSITION.OUTSIDE_END, [ink or INK for ink in inks])
    still_axis(chart.value_axis, low=ends[0], high=ends[1])
    _head(chart, f"Δ {base}")
    return chart


def _figures_of(plot: Plot, scenario: str) -> list[float | None]:
    values = plot.numbers(scenario)
    if scenario != "forecast":
        return values
    known = plot.numbers("actual")
    return [None if actual is not None else v for v, actual in zip(values, known, strict=True)]


def _figure_ends(plot: Plot) -> tuple[float, float]:
    names = [name for name in (*SCENARIOS, "low", "high") if plot.has(name)]
    return _pad([value for name in names for value in plot.numbers(name)])


def _variance_ends(plot: Plot) -> tuple[float, float]:
    low, high = _figure_ends(plot)
    least, most = _pad(plot.numbers("variance"))
    room = (high - low) * ROOM
    return (least - room if least < 0 else least), most + room


def _pad(values: Sequence[Any]) -> tuple[float, float]:
    known = [0.0, *(value for value in values if value is not None)]
    low, high = min(known), max(known)
    room = (high - low or 1.0) * ROOM
    return (low - room if low < 0 else low), high + room


def draw_multiple_charts(plot: Plot) -> None:
    """Draw columns over time for each part, side by side on one scale.

    Parameters
    ----------
    plot : Plot
        Of kind ``multiples``.
    """
    names = plot.texts("panel")
    order = list(dict.fromkeys(names))
    across = min(MOST_ACROSS, len(order))
    down = -(-len(order) // across)
    width, height = plot.box.width / across, plot.box.height / down
    ends = _figure_ends(plot)
    for k, name in enumerate(order):
        row, column = divmod(k, across)
        box = Box(plot.box.left + column * width, plot.box.top + row * height, width, height)
        rows = [j for j, each in enumerate(names) if each == name]
        own = replace(plot, rows=rows, most_rows=None)
        chart = _add_figures(own, XL_CHART_TYPE.COLUMN_CLUSTERED, box, ends, is_small=True)
        plain_axis(chart.category_axis)
        chart.category_axis.tick_labels.font.size = Pt(SMALL_SIZE)
        name_every(chart.category_axis, max(1, len(rows) - 1))
        _head(chart, shorten(name, NAME_LENGTH))
        finish(chart)


def _head(chart: Chart, words: str) -> None:
    chart.has_title = True
    frame = chart.chart_title.text_frame
    frame.text = words
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(LABEL_SIZE), False
