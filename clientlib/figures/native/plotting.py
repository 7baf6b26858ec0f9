"""What native charts have in common: a plain look, numbers as the page writes them, a workbook."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.chart.chart import Chart
from pptx.dml.color import RGBColor
from pptx.dml.fill import FillFormat
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_PATTERN
from pptx.slide import Slide
from pptx.util import Pt

from clientlib.figures.cells import Value
from clientlib.figures.charts import Description
from clientlib.figures.native.boxes import Box
from clientlib.figures.native.embedded import write_workbook
from clientlib.figures.numbers import Scale, choose_ticks, scale_from_json, tick_decimals
from clientlib.figures.scenarios import Look
from clientlib.figures.theme import GRID, INK, MUTED, SURFACE

LABEL_SIZE = 11
Series = Any  # python-pptx names no type that all its series have in common
Axis = Any  # nor one for its axes


@dataclass(frozen=True)
class Plot:
    """One chart to be drawn on a slide.

    Parameters
    ----------
    slide : Slide
        Where.
    box : Box
        Where on it.
    description : Description
        The chart's words and table.
    setting : mapping
        What else it needs, by kind.
    most_rows : int, optional
        At most so many rows of its table are drawn.
    rows : sequence of int, optional
        Only these rows, of a part of the chart.
    """

    slide: Slide
    box: Box
    description: Description
    setting: Mapping[str, Any]
    most_rows: int | None = None
    rows: Sequence[int] | None = None

    @property
    def scale(self) -> Scale:
        """How the chart writes its numbers."""
        return scale_from_json(self.setting["scale"])

    def has(self, name: str) -> bool:
        """Tell whether the chart's table has a column."""
        return any(name == each for each, _ in self.description.table.columns)

    def heading(self, name: str) -> str:
        """Give the heading of a column."""
        return next(c.label for each, c in self.description.table.columns if each == name)

    def texts(self, name: str) -> list[str]:
        """List a column of words."""
        return ["" if value is None else str(value) for value in self._values(name)]

    def numbers(self, name: str) -> list[float | None]:
        """List a column of numbers."""
        values = self._values(name)
        return [float(each) if isinstance(each, int | float) else None for each in values]

    def add(self, kind: XL_CHART_TYPE, data: Any, box: Box | None = None) -> Chart:  # noqa: ANN401
        """Place a chart without title, legend and lines of a grid."""
        frame: Any = self.slide.shapes.add_chart(kind, *(box or self.box).lengths, data)
        frame.name = self.description.title[:80] or self.description.kind
        frame._element.nvGraphicFramePr.cNvPr.set("descr", self.description.summary)
        chart: Chart = frame.chart
        chart.has_title = chart.has_legend = False
        chart.font.size, chart.font.color.rgb = Pt(LABEL_SIZE), colour(INK)
        return chart

    def _values(self, name: str) -> list[Value]:
        table = self.description.table
        place = [each for each, _ in table.columns].index(name)
        chosen = range(len(table.rows)) if self.rows is None else self.rows
        return [table.rows[k][place] for k in chosen][: self.most_rows]


def number_format(scale: Scale, *, signed: bool = False) -> str:
    """Write a scale as Excel's number format, which divides by itself.

    Parameters
    ----------
    scale : Scale
        Of the chart.
    signed : bool
        Whether a plus stands before what is above zero.

    Returns
    -------
    str
        ``0.0,`` for thousands with one decimal, ``0%`` for shares.
    """
    places = "." + "0" * scale.decimals if scale.decimals else ""
    tail = {0.01: "%", 1_000.0: ",", 1_000_000.0: ",,"}.get(scale.divisor, "")
    plain = f"#,##0{places}{tail}"
    return f"+{plain};\u2212{plain};{plain}" if signed else f"{plain};\u2212{plain}"


def colour(name: str) -> RGBColor:
    """Read a colour of the theme.

    Parameters
    ----------
    name : str
        Hexadecimal with its sharp.

    Returns
    -------
    RGBColor
        For python-pptx.
    """
    read: RGBColor = RGBColor.from_string(name.lstrip("#"))
    return read


def fill_with(fill: FillFormat, name: str) -> None:
    """Fill a shape with one colour.

    Parameters
    ----------
    fill : FillFormat
        Of a series, point, cell or shape.
    name : str
        The colour.
    """
    fill.solid()
    fill.fore_color.rgb = colour(name)


def dress(series: Series, look: Look) -> None:
    """Give a series the look of its scenario: solid, outlined or hatched.

    Parameters
    ----------
    series : series of a bar chart
        All its bars.
    look : Look
        Fill, edge and stripes.
    """
    series.invert_if_negative = False
    form = series.format
    if look.is_hatched:
        form.fill.patterned()
        form.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        form.fill.fore_color.rgb, form.fill.back_color.rgb = colour(look.fill), colour(SURFACE)
    else:
        fill_with(form.fill, look.fill)
    if look.edge:
        form.line.color.rgb, form.line.width = colour(look.edge), Pt(1.25)


def hide(series: Series) -> None:
    """Make a series that only holds a place invisible.

    Parameters
    ----------
    series : series
        Such as the steps under a bridge's bars.
    """
    series.format.fill.background()
    series.format.line.fill.background()


def still_axis(axis: Axis, *, low: float | None = None, high: float | None = None) -> None:
    """Hide a value axis whose numbers stand at the marks, and fix its ends.

    Parameters
    ----------
    axis : axis
        Of values.
    low, high : float, optional
        Its ends.
    """
    axis.has_major_gridlines = axis.has_minor_gridlines = False
    axis.visible = False
    fix_ends(axis, low, high)


def plain_axis(axis: Axis, *, has_grid: bool = False, has_line: bool = True) -> None:
    """Give an axis a thin line and quiet labels at its outer side.

    Parameters
    ----------
    axis : axis
        Any.
    has_grid, has_line : bool
        Whether lines of a grid, and the axis itself, are drawn.
    """
    axis.has_major_gridlines, axis.has_minor_gridlines = has_grid, False
    if has_grid:
        line = axis.major_gridlines.format.line
        line.color.rgb, line.width = colour(GRID), Pt(0.75)
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.tick_labels.font.size = Pt(LABEL_SIZE)
    if has_line:
        axis.format.line.color.rgb, axis.format.line.width = colour(MUTED), Pt(0.75)
    else:
        axis.format.line.fill.background()


def name_axis(axis: Axis, words: str) -> None:
    """Write an axis's title.

    Parameters
    ----------
    axis : axis
        Any.
    words : str
        What it measures, and in which unit.
    """
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = words
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold, font.color.rgb = Pt(LABEL_SIZE), False, colour(MUTED)


def fix_ends(axis: Axis, low: float | None, high: float | None) -> None:
    """Fix the ends of a value axis.

    Parameters
    ----------
    axis : axis
        Of values.
    low, high : float, optional
        Its ends; without, the program that shows it chooses.
    """
    if low is not None:
        axis.minimum_scale = low
    if high is not None:
        axis.maximum_scale = high


def measure_axis(axis: Axis, scale: Scale, ends: tuple[float, float]) -> None:
    """Give a value axis round ticks, written as the page writes them.

    Parameters
    ----------
    axis : axis
        Of values.
    scale : Scale
        How its numbers are written.
    ends : tuple of (float, float)
        What it must reach; it goes on to the next tick.
    """
    ticks = choose_ticks(*ends, 5)
    fix_ends(axis, *round_ends(ends))
    axis.major_unit = _measure_step(ends)
    axis.crosses = XL_AXIS_CROSSES.MINIMUM
    axis.tick_labels.number_format_is_linked = False
    places = tick_decimals(ticks, scale.divisor)
    axis.tick_labels.number_format = number_format(replace(scale, decimals=places))


def round_ends(ends: tuple[float, float]) -> tuple[float, float]:
    """Let an axis end at ticks.

    Parameters
    ----------
    ends : tuple of (float, float)
        What it must reach.

    Returns
    -------
    tuple of (float, float)
        The ticks at and beyond them.
    """
    step = _measure_step(ends)
    slack = 1e-6 * step
    low = math.floor((ends[0] + slack) / step) * step
    high = math.ceil((ends[1] - slack) / step) * step
    # 0.6, which 3 * 0.2 misses by a hair: names at the end would vanish.
    return float(f"{low:.10g}"), float(f"{high:.10g}")


def _measure_step(ends: tuple[float, float]) -> float:
    ticks = choose_ticks(*ends, 5)
    return ticks[1] - ticks[0] if len(ticks) > 1 else (ends[1] - ends[0] or 1.0)


def label_values(series: Series, form: str, place: XL_LABEL_POSITION, *, ink: str = INK) -> None:
    """Write each value at its mark.

    Parameters
    ----------
    series : series
        Of a chart.
    form : str
        Excel's number format.
    place : XL_LABEL_POSITION
        Where at the mark.
    ink : str
        Colour of the letters.
    """
    labels = series.data_labels
    labels.show_value, labels.number_format_is_linked = True, False
    labels.number_format, labels.position = form, place
    labels.font.size, labels.font.color.rgb = Pt(LABEL_SIZE), colour(ink)


def label_points(
    series: Series, texts: Sequence[str], place: XL_LABEL_POSITION,
    inks: Sequence[str] = (), *, size: float = LABEL_SIZE,
) -> None:  # fmt: skip
    """Write a text at each mark that has one.

    Parameters
    ----------
    series : series
        Of a chart.
    texts : sequence of str
        As many as marks; an empty one is left out.
    place : XL_LABEL_POSITION
        Where at the mark.
    inks : sequence of str
        The colour of each; without, the ink of the theme.
    size : float, in points
        Of the letters.
    """
    for k, text in enumerate(texts):
        if not text:
            continue
        label = series.points[k].data_label
        label.text_frame.text = text
        label.position = place
        font = label.text_frame.paragraphs[0].runs[0].font
        font.size, font.color.rgb = Pt(size), colour(inks[k] if inks else INK)


def paint_points(series: Series, inks: Sequence[str | None]) -> None:
    """Give each mark of a series its own colour.

    Parameters
    ----------
    series : series
        Of a bar chart.
    inks : sequence of (str or None)
        As many as marks; None leaves the series' own.
    """
    series.invert_if_negative = False
    for k, ink in enumerate(inks):
        if ink is not None:
            fill_with(series.points[k].format.fill, ink)


def finish(chart: Chart, words: Mapping[str, Sequence[str]] | None = None) -> None:
    """Write the chart's workbook anew from what the chart holds.

    Parameters
    ----------
    chart : Chart
        Drawn to its end.
    words : mapping of str to sequence of str, optional
        By letter of a column: a heading and the names of the marks.
    """
    write_workbook(chart, words or {})
