"""Room around the marks of a native chart, and the months on its axis."""

from datetime import date
from typing import Any

from pptx.chart.chart import Chart
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement

EDGE = 0.03  # of the chart's width and height
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)
MOST_MONTHS = 10


def leave_room(chart: Chart, *, left: float, bottom: float, right: float = EDGE) -> None:
    """Keep the marks away from the edges where names and ticks stand.

    Parameters
    ----------
    chart : Chart
        Any.
    left, bottom, right : float
        Shares of the chart's width and height.
    """
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    layout, manual = OxmlElement("c:layout"), OxmlElement("c:manualLayout")
    values = {
        "c:layoutTarget": "inner",
        "c:xMode": "edge",
        "c:yMode": "edge",
        "c:x": f"{left:.4f}",
        "c:y": f"{EDGE:.4f}",
        "c:w": f"{1 - left - right:.4f}",
        "c:h": f"{1 - EDGE - bottom:.4f}",
    }
    for name, value in values.items():
        element = OxmlElement(name)
        element.set("val", value)
        manual.append(element)
    layout.append(manual)
    area.insert(0, layout)


def step_by_months(axis: Any, days: list[str]) -> None:  # noqa: ANN401 - python-pptx's date axis
    """Let an axis of days name about ten months.

    Parameters
    ----------
    axis : date axis
        Of a chart of lines.
    days : list of str
        The days drawn, in ISO form.
    """
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((each for each in MONTH_STEPS if months <= each * MOST_MONTHS), MONTH_STEPS[-1])
    held = axis._element
    wanted = (("c:baseTimeUnit", "days"), ("c:majorUnit", str(step)), ("c:majorTimeUnit", "months"))
    for tag, value in wanted:
        for old in held.findall(qn(tag)):
            held.remove(old)
        element = OxmlElement(tag)
        element.set("val", value)
        held.append(element)


def name_every(axis: Any, step: int) -> None:  # noqa: ANN401 - python-pptx's category axis
    """Let an axis name only its first category and every so many after it.

    Parameters
    ----------
    axis : category axis
        Of a chart of columns.
    step : int
        1 names all of them.
    """
    held = axis._element
    for old in held.findall(qn("c:tickLblSkip")):
        held.remove(old)
    skip = OxmlElement("c:tickLblSkip")
    skip.set("val", str(step))
    held.find(qn("c:noMultiLvlLbl")).addprevious(skip)  # the schema wants it there
