"""Native charts of points: intervals, scatter, reliability curves and timelines."""

from datetime import date
from typing import Any

from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_AXIS_CROSSES, XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from clientlib.figures.native.category_charts import name_categories
from clientlib.figures.native.layout import leave_room
from clientlib.figures.native.plotting import (
    Plot,
    colour,
    fill_with,
    finish,
    fix_ends,
    label_points,
    measure_axis,
    name_axis,
    plain_axis,
    round_ends,
    still_axis,
)
from clientlib.figures.numbers import Scale, scale_from_json
from clientlib.figures.theme import COLOURS, MAIN, MUTED, PALE, SURFACE, WARM
from clientlib.figures.timelines import name_apart
from clientlib.figures.wording import shorten
from clientlib.language import translate

NAMES_COLUMN = "V"  # of the workbook, where the names of the points stand
NAME_LENGTH = 26
NAME_SHARE = 0.3  # of the chart's width
PLACES = " "  # the series that only carries the names of the lanes
LANE_SHARE, LETTER_WIDTH = 0.18, 0.07  # of the chart's width; inches
SHARES = Scale(0.01, 0, "%", 0)
EPOCH = date(1899, 12, 30).toordinal()  # day zero of a workbook


def draw_interval_chart(plot: Plot) -> None:
    """Draw a point with its interval per name, filled where it lies clear of the reference.

    Parameters
    ----------
    plot : Plot
        Of kind ``intervals``.
    """
    values = plot.numbers("value")
    names = [shorten(name, NAME_LENGTH) for name in name_categories(plot.texts("label"))]
    blank: list[float | None] = [None] * len(values)
    lows, highs = ((plot.numbers(end) if plot.has(end) else blank) for end in ("low", "high"))
    rows = [k for k, value in enumerate(values) if value is not None]
    ends = (float(plot.setting["ends"][0]), float(plot.setting["ends"][1]))
    low, _ = round_ends(ends)
    data = XyChartData()
    _add_ranges(
        data,
        translate("Interval"),
        [(k, *(values[k] if end is None else end for end in (lows[k], highs[k]))) for k in rows],
    )
    _add_series(data, plot.heading("value"), [(values[k], -k) for k in rows])
    _add_series(data, " ", [(low, -k) for k in range(len(values))])
    reference = plot.setting.get("reference")
    if reference is not None:
        said = str(plot.setting.get("reference_label") or "=")
        _add_series(data, said, [(reference, 0.6), (reference, 0.4 - len(values))])
    chart = plot.add(XL_CHART_TYPE.XY_SCATTER, data)
    ranges, points, places, *line = chart.plots[0].series
    _draw_ranges(ranges, MAIN, width=2)
    _mark(points, MAIN, size=9)
    for place, k in enumerate(rows):
        if not _is_clear(lows[k], highs[k], reference):
            _hollow(points.points[place].marker)
    label_points(
        points, [plot.scale.show(values[k]) for k in rows], XL_LABEL_POSITION.ABOVE, size=10
    )
    _unmark(places)
    label_points(places, names, XL_LABEL_POSITION.LEFT)
    for series in line:
        _draw_rule(series, WARM)
        label_points(series, [series.name, ""], XL_LABEL_POSITION.ABOVE, [WARM, WARM])
    still_axis(chart.value_axis, low=0.4 - len(values), high=1.0)
    chart.value_axis.crosses = XL_AXIS_CROSSES.MINIMUM
    plain_axis(chart.category_axis, has_grid=True)
    measure_axis(chart.category_axis, plot.scale, ends)
    leave_room(chart, left=NAME_SHARE, bottom=0.12)
    finish(chart, {NAMES_COLUMN: ["", *(names[k] for k in rows)]})


def draw_point_chart(plot: Plot) -> None:
    """Draw one point per name, the farthest ones named.

    Parameters
    ----------
    plot : Plot
        Of kind ``points``.
    """
    names = plot.texts("label")
    pairs = list(zip(plot.numbers("x"), plot.numbers("y"), strict=True))
    data = XyChartData()
    _add_series(data, plot.heading("y"), pairs)
    chart = plot.add(XL_CHART_TYPE.XY_SCATTER, data)
    series = chart.plots[0].series[0]
    _mark(series, MAIN, size=7)
    named = set(plot.setting["named"])
    texts = [shorten(name, 18) if k in named else "" for k, name in enumerate(names)]
    label_points(series, texts, XL_LABEL_POSITION.RIGHT, size=10)
    for axis, name in ((chart.category_axis, "x"), (chart.value_axis, "y")):
        scale = scale_from_json(plot.setting[f"scale_{name}"])
        plain_axis(axis, has_grid=True)
        unit = scale.axis_unit
        name_axis(axis, f"{plot.heading(name)}, {unit}" if unit else plot.heading(name))
        low, high = (float(end) for end in plot.setting[f"ends_{name}"])
        is_above = all(value is None or value >= 0 for value in plot.numbers(name))
        measure_axis(axis, scale, (max(low, 0.0) if is_above else low, high))
    finish(chart, {NAMES_COLUMN: ["", *names]})


def draw_curve_chart(plot: Plot) -> None:
    """Draw observed shares against predicted ones, with the band that a perfect model would show.

    Parameters
    ----------
    plot : Plot
        Of kind ``reliability_curve``.
    """
    predicted, observed = plot.numbers("predicted_share"), plot.numbers("observed_share")
    lows, highs = plot.numbers("band_low"), plot.numbers("band_high")
    known = [v for v in (*predicted, *observed, *highs) if v is not None]
    top = max([*known, 0.01])
    data = XyChartData()
    band_name = translate("Perfect model")
    _add_uprights(data, band_name, list(zip(predicted, lows, highs, strict=True)))
    _add_series(data, plot.heading("observed_share"), list(zip(predicted, observed, strict=True)))
    _add_series(data, "=", [(0.0, 0.0), (top, top)])
    chart = plot.add(XL_CHART_TYPE.XY_SCATTER, data)
    band, points, line = chart.plots[0].series
    _draw_ranges(band, PALE, width=7)
    _mark(points, MAIN, size=9)
    _draw_rule(line, MUTED)
    for axis, name in (
        (chart.category_axis, "predicted_share"),
        (chart.value_axis, "observed_share"),
    ):
        plain_axis(axis, has_grid=True)
        name_axis(axis, plot.heading(name))
        measure_axis(axis, SHARES, (0.0, top))
    finish(chart)


def draw_event_chart(plot: Plot) -> None:
    """Draw events on a time axis, one lane per kind.

    Parameters
    ----------
    plot : Plot
        Of kind ``timeline``.
    """
    days = [date.fromisoformat(day).toordinal() - EPOCH for day in plot.texts("on")]
    kinds, names = plot.texts("lane"), plot.texts("label")
    lanes = list(dict.fromkeys(plot.setting["lanes"]))
    first, last = min(days), max(days)
    pad = (last - first) * 0.04 + 2
    room = plot.box.width * (1 - LANE_SHARE)
    letter_days = (last - first + 4 * pad) * LETTER_WIDTH / room
    at = {lane: [d for d, kind in zip(days, kinds, strict=True) if kind == lane] for lane in lanes}
    drawn = {lane: [(float(day), 0.0 - k) for day in at[lane]] for k, lane in enumerate(lanes)}
    drawn[PLACES] = [(first - pad, 0.0 - k) for k in range(len(lanes))]
    # LibreOffice leaves out what comes before the longest series.
    order = sorted(drawn, key=lambda name: -len(drawn[name]))
    data = XyChartData()
    for name in order:
        _add_series(data, name, drawn[name])
    chart = plot.add(XL_CHART_TYPE.XY_SCATTER, data)
    for name, series in zip(order, chart.plots[0].series, strict=True):
        if name == PLACES:
            _unmark(series)
            label_points(series, name_categories(lanes), XL_LABEL_POSITION.LEFT)
            continue
        _mark(series, COLOURS[lanes.index(name) % len(COLOURS)], size=9)
        texts = [shorten(n, 24) for n, kind in zip(names, kinds, strict=True) if kind == name]
        apart = name_apart(texts, [float(day) for day in at[name]], letter_days)
        label_points(series, apart, XL_LABEL_POSITION.ABOVE, size=9)
    still_axis(chart.value_axis, low=0.4 - len(lanes), high=0.9)
    chart.value_axis.crosses = XL_AXIS_CROSSES.MINIMUM
    plain_axis(chart.category_axis, has_grid=True)
    chart.category_axis.tick_labels.number_format_is_linked = False
    chart.category_axis.tick_labels.number_format = "yyyy\\-mm"
    fix_ends(chart.category_axis, first - pad, last + pad * 3)
    leave_room(chart, left=LANE_SHARE, bottom=0.12)
    finish(chart, {NAMES_COLUMN: ["", *names]})


def _add_series(data: XyChartData, name: str, pairs: list[Any]) -> None:
    series = data.add_series(name)
    for x, y in pairs:
        series.add_data_point(x, y)


def _add_ranges(data: XyChartData, name: str, rows: list[Any]) -> None:
    """Add lines that lie: from low to high at the height of a row, with a gap after each."""
    series = data.add_series(name)
    for row, low, high in rows:
        for x, y in ((low, -row), (high, -row), (None, None)):
            series.add_data_point(x, y)


def _add_uprights(data: XyChartData, name: str, rows: list[Any]) -> None:
    """Add lines that stand: from low to high over a place, with a gap after each."""
    series = data.add_series(name)
    for place, low, high in rows:
        for x, y in ((place, low), (place, high), (None, None)):
            series.add_data_point(x, y)


def _draw_ranges(series: Any, ink: str, *, width: float) -> None:  # noqa: ANN401
    series.marker.style, series.smooth = XL_MARKER_STYLE.NONE, False
    line = series.format.line
    line.color.rgb, line.width = colour(ink), Pt(width)


def _hollow(marker: Any) -> None:  # noqa: ANN401
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 9
    fill_with(marker.format.fill, SURFACE)
    marker.format.line.color.rgb = colour(MAIN)


def _mark(series: Any, ink: str, *, size: int) -> None:  # noqa: ANN401 - a series of python-pptx
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, size
    fill_with(series.marker.format.fill, ink)
    series.marker.format.line.color.rgb = colour(ink)


def _unmark(series: Any) -> None:  # noqa: ANN401
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE


def _draw_rule(series: Any, ink: str) -> None:  # noqa: ANN401
    series.marker.style = XL_MARKER_STYLE.NONE
    line = series.format.line
    line.color.rgb, line.width, line.dash_style = colour(ink), Pt(1.5), MSO_LINE.DASH


def _is_clear(low: float | None, high: float | None, reference: float | None) -> bool:
    if reference is None:
        return True
    return (low is not None and low > reference) or (high is not None and high < reference)
