"""Native charts with one bar per name: bars from zero, and funnels."""

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION

from clientlib.figures.native.embedded import add_spread
from clientlib.figures.native.plotting import (
    Axis,
    Plot,
    dress,
    finish,
    hide,
    label_points,
    label_values,
    number_format,
    plain_axis,
    still_axis,
)
from clientlib.figures.scenarios import LOOKS
from clientlib.figures.theme import INK
from clientlib.figures.wording import shorten
from clientlib.language import show_share

NAME_LENGTH = 34
GAP = 45  # per cent of a bar's width
WORDS_SHARE = 0.25  # of the widest stage, for what is said beside each: a narrow one holds no words


def draw_bar_chart(plot: Plot) -> None:
    """Draw a bar per name from zero, its interval where it has one.

    Parameters
    ----------
    plot : Plot
        Of kind ``bars``.
    """
    values = plot.numbers("value")
    data = CategoryChartData()
    data.categories = name_categories(plot.texts("label"))
    data.add_series(plot.heading("value"), values)
    chart = plot.add(XL_CHART_TYPE.BAR_CLUSTERED, data)
    series = chart.plots[0].series[0]
    chart.plots[0].gap_width = GAP
    has_spread = plot.has("low")
    dress(series, LOOKS["previous" if has_spread else "actual"])
    top_down(chart.category_axis)
    known = [0.0, *(value for value in values if value is not None)]
    if has_spread:
        lows, highs = plot.numbers("low"), plot.numbers("high")
        add_spread(series, measure_arms(values, lows, highs), ink=INK)
        known += [end for end in (*lows, *highs) if end is not None]
    form = number_format(plot.scale)
    place = XL_LABEL_POSITION.INSIDE_BASE if has_spread else XL_LABEL_POSITION.OUTSIDE_END
    label_values(series, form, place)
    low, high = min(known), max(known)
    still_axis(chart.value_axis, low=low * 1.15, high=high * 1.15 if low < high else 1.0)
    finish(chart)


def draw_funnel_chart(plot: Plot) -> None:
    """Draw the stages of a funnel as bars about one middle.

    Parameters
    ----------
    plot : Plot
        Of kind ``funnel``.
    """
    counts = [value or 0.0 for value in plot.numbers("count")]
    widest = max(counts) or 1.0
    data = CategoryChartData()
    data.categories = name_categories(plot.texts("label"))
    data.add_series(" ", [(widest - count) / 2 for count in counts])
    data.add_series(plot.heading("count"), counts)
    data.add_series("  ", [widest * WORDS_SHARE] * len(counts))
    chart = plot.add(XL_CHART_TYPE.BAR_STACKED, data)
    chart.plots[0].gap_width, chart.plots[0].overlap = GAP, 100
    below, bars, words = chart.plots[0].series
    hide(below)
    hide(words)
    dress(bars, LOOKS["actual"])
    shown = [
        plot.scale.show(count) + ("" if share is None else f" ({show_share(share)})")
        for count, share in zip(counts, plot.numbers("kept_share"), strict=True)
    ]
    label_points(words, shown, XL_LABEL_POSITION.INSIDE_BASE)
    top_down(chart.category_axis)
    still_axis(chart.value_axis, low=0, high=widest * (1 + WORDS_SHARE))
    finish(chart)


def name_categories(names: list[str]) -> list[str]:
    """Shorten names for an axis, and keep those apart that would then be equal.

    Parameters
    ----------
    names : list of str
        Full names.

    Returns
    -------
    list of str
        As many, none empty.
    """
    return [shorten(name, NAME_LENGTH) or "–" for name in names]


def top_down(axis: Axis) -> None:
    """Let the first category stand at the top, as on the page.

    Parameters
    ----------
    axis : category axis
        Of a bar chart.
    """
    plain_axis(axis)
    axis.reverse_order = True


def measure_arms(
    values: list[float | None], lows: list[float | None], highs: list[float | None]
) -> tuple[list[float | None], list[float | None]]:
    """Measure how far intervals reach below and above their marks.

    Parameters
    ----------
    values, lows, highs : list of (float or None)
        Marks and ends.

    Returns
    -------
    tuple of (list, list)
        Below and above; None where an end is not known.
    """
    below = [_gap(low, value) for low, value in zip(lows, values, strict=True)]
    above = [_gap(value, high) for value, high in zip(values, highs, strict=True)]
    return below, above


def _gap(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else high - low
