"""Charts of the house as native charts of a slide, each with its own workbook, to be edited there.

A chart is drawn from its own table and setting alone, so that page, slide and text table cannot
hold different numbers. A matrix becomes a native table, since PowerPoint has no such chart.
"""

from collections.abc import Mapping
from typing import Any

from pptx.slide import Slide

from clientlib.errors import InputError
from clientlib.figures.charts import describe, setting_of
from clientlib.figures.native.boxes import Box
from clientlib.figures.native.bridge_chart import draw_bridge_chart
from clientlib.figures.native.category_charts import draw_bar_chart, draw_funnel_chart
from clientlib.figures.native.cells import draw_cells
from clientlib.figures.native.compared_charts import (
    draw_multiple_charts,
    draw_period_charts,
    draw_structure_charts,
)
from clientlib.figures.native.line_charts import draw_line_chart
from clientlib.figures.native.plotting import Plot
from clientlib.figures.native.point_charts import (
    draw_curve_chart,
    draw_event_chart,
    draw_interval_chart,
    draw_point_chart,
)

__all__ = ["NATIVE_KINDS", "Box", "draw_native", "is_native", "list_left_out"]

_DRAWERS = {
    "bars": draw_bar_chart,
    "intervals": draw_interval_chart,
    "periods": draw_period_charts,
    "structure": draw_structure_charts,
    "multiples": draw_multiple_charts,
    "bridge": draw_bridge_chart,
    "funnel": draw_funnel_chart,
    "lines": draw_line_chart,
    "points": draw_point_chart,
    "timeline": draw_event_chart,
    "reliability_curve": draw_curve_chart,
    "matrix": draw_cells,
}
NATIVE_KINDS = tuple(_DRAWERS)
MOST_ROWS = {"bars": 16, "intervals": 16, "structure": 14, "periods": 24, "matrix": 12}
MOST_COLUMNS = 14  # of a matrix, beside the names of its rows


def draw_native(slide: Slide, figure: Mapping[str, Any], box: Box) -> None:
    """Draw a chart of the house on a slide.

    Parameters
    ----------
    slide : Slide
        Of python-pptx.
    figure : mapping
        What a ``draw_`` function returned, as JSON.
    box : Box
        Where on the slide.

    Raises
    ------
    InputError
        The figure was not drawn by the house, or its kind is not known here.
    """
    description = describe(figure)
    draw = _DRAWERS.get(description.kind) if description else None
    if description is None or draw is None:
        raise InputError(
            "a figure cannot be drawn as a native chart",
            example=f"its kind is '{description.kind}'" if description else "it has no kind",
            hint=f"native charts are {', '.join(NATIVE_KINDS)}; place a picture instead",
        )
    most = MOST_ROWS.get(description.kind)
    draw(Plot(slide, box, description, setting_of(figure), most))


def is_native(figure: Mapping[str, Any]) -> bool:
    """Tell whether a chart can be drawn as a native one that can be read.

    Parameters
    ----------
    figure : mapping
        As for ``draw_native``.

    Returns
    -------
    bool
        False for a figure of elsewhere, and for a matrix of more columns than a slide is wide:
        a picture shows them.
    """
    description = describe(figure)
    if description is None or description.kind not in _DRAWERS:
        return False
    return description.kind != "matrix" or len(description.table.columns) <= 1 + MOST_COLUMNS


def list_left_out(figure: Mapping[str, Any]) -> tuple[int, int]:
    """Tell how many rows of a chart a slide has room for.

    Parameters
    ----------
    figure : mapping
        As for ``draw_native``.

    Returns
    -------
    tuple of (int, int)
        Rows drawn, and rows that there are, those among them that the chart itself leaves out.
    """
    description = describe(figure)
    if description is None:
        return 0, 0
    rows = len(description.table.rows)
    most = MOST_ROWS.get(description.kind, rows) if is_native(figure) else rows
    return min(rows, most), description.table.rows_total
