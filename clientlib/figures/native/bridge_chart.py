"""Native bridges: stacked bars on steps that cannot be seen, since no bridge can be placed."""

from dataclasses import dataclass

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION

from clientlib.figures.native.category_charts import name_categories, top_down
from clientlib.figures.native.plotting import (
    Plot,
    dress,
    finish,
    hide,
    label_points,
    paint_points,
    still_axis,
)
from clientlib.figures.scenarios import LOOKS, colour_effect
from clientlib.figures.theme import INK, MAIN

GAP = 40
ROOM = 0.18  # of the span, for the amounts beside the bars


@dataclass(frozen=True)
class _Stack:
    """How one bar of a bridge is stacked: what carries it, and its parts beside zero."""

    base: float
    above: float
    below: float


def draw_bridge_chart(plot: Plot) -> None:
    """Draw how one total became another.

    Parameters
    ----------
    plot : Plot
        Of kind ``bridge``.
    """
    amounts = [value or 0.0 for value in plot.numbers("amount")]
    ends = [value or 0.0 for value in plot.numbers("end")]
    kinds = plot.setting.get("kinds") or plot.texts("kind")
    is_total = [kind == "total" for kind in kinds[: plot.most_rows]]
    stacks = [
        _stack(0.0 if total else end - amount, end)
        for total, amount, end in zip(is_total, amounts, ends, strict=True)
    ]
    low = min(0.0, *ends, *(e - a for e, a in zip(ends, amounts, strict=True)))
    high = max(0.0, *ends, *(e - a for e, a in zip(ends, amounts, strict=True)))
    room = (high - low or 1.0) * ROOM
    data = CategoryChartData()
    data.categories = name_categories(plot.texts("label"))
    data.add_series(" ", [stack.base for stack in stacks])
    data.add_series(plot.heading("amount"), [stack.above for stack in stacks])
    data.add_series(f"{plot.heading('amount')} < 0", [stack.below for stack in stacks])
    data.add_series("  ", [room] * len(stacks))
    chart = plot.add(XL_CHART_TYPE.BAR_STACKED, data)
    chart.plots[0].gap_width, chart.plots[0].overlap = GAP, 100
    base, above, below, words = chart.plots[0].series
    hide(base)
    hide(words)
    inks = _colours(plot, is_total, amounts)
    for series in (above, below):
        dress(series, LOOKS["actual"])
        paint_points(series, inks)
    shown = [
        ("" if total or amount <= 0 else "+") + plot.scale.show(amount)
        for total, amount in zip(is_total, amounts, strict=True)
    ]
    letters = [INK if total else ink for total, ink in zip(is_total, inks, strict=True)]
    label_points(words, shown, XL_LABEL_POSITION.INSIDE_BASE, letters)
    top_down(chart.category_axis)
    still_axis(chart.value_axis, low=low - (room if low < 0 else 0.0), high=high + room)
    finish(chart)


def _stack(begin: float, end: float) -> _Stack:
    low, high = min(begin, end), max(begin, end)
    if low >= 0:
        return _Stack(low, high - low, 0.0)
    if high <= 0:
        return _Stack(high, 0.0, low - high)
    return _Stack(0.0, high, low)


def _colours(plot: Plot, is_total: list[bool], amounts: list[float]) -> list[str]:
    good = str(plot.setting["good"])
    return [
        MAIN if total else colour_effect(amount, good)
        for total, amount in zip(is_total, amounts, strict=True)
    ]
