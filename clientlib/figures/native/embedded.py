"""The workbook inside a native chart: every number of the chart, and text that is never obeyed.

python-pptx writes a workbook of its own, in which a client named ``=cmd|...`` would be a formula
and the ends of intervals are missing. It is replaced by one written from the chart's references.
"""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from pptx.chart.chart import Chart
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import BaseOxmlElement, OxmlElement

from clientlib.language import translate

SHEET = "Sheet1"
_RANGE = re.compile(r"\$([A-Z]+)\$(\d+)(?::\$[A-Z]+\$(\d+))?$")
_SPREAD_COLUMNS = "WXYZ"
_ARMS = {qn("c:plus"): "Interval above", qn("c:minus"): "Interval below"}
EMU_OF_POINT = 12_700


def write_workbook(chart: Chart, words: Mapping[str, Sequence[str]]) -> None:
    """Replace a chart's workbook by one with all that the chart refers to.

    Parameters
    ----------
    chart : Chart
        Drawn to its end.
    words : mapping of str to sequence of str
        By letter of a column: a heading and the names of the marks, for charts whose marks have
        names that they cannot refer to.
    """
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.set_column(0, 0, 32)
        for reference in chart._chartSpace.iter(qn("c:numRef"), qn("c:strRef")):
            _write_cells(sheet, reference)
        for column, texts in words.items():
            for row, text in enumerate(texts, start=1):
                sheet.write_string(f"{column}{row}", text)
    part: Any = chart.part
    part.chart_workbook.update_from_xlsx_blob(content.getvalue())


def add_spread(
    series: Any, ends: tuple[Sequence[float | None], Sequence[float | None]], *,  # noqa: ANN401
    ink: str, points: float = 1.75, first_row: int = 2,
) -> None:  # fmt: skip
    """Draw the interval of each bar, with its arms in the chart's workbook.

    Parameters
    ----------
    series : series
        Of a bar chart.
    ends : tuple of (sequence of float, sequence of float)
        How far each interval reaches below and above its mark; nulls are no arm.
    ink : str
        Its colour.
    points : float, in points
        Its width.
    first_row : int
        Row of the workbook in which the first mark stands.
    """
    held = series._element
    used = len(held.getparent().findall(".//" + qn("c:errBars")))
    below, above = _SPREAD_COLUMNS[2 * (used % 2)], _SPREAD_COLUMNS[2 * (used % 2) + 1]
    bars = OxmlElement("c:errBars")
    _child(bars, "c:errBarType", val="both")
    _child(bars, "c:errValType", val="cust")
    _child(bars, "c:noEndCap", val="1")
    bars.append(_refer("c:plus", above, ends[1], first_row))
    bars.append(_refer("c:minus", below, ends[0], first_row))
    bars.append(_line(ink, points))
    held.find(qn("c:cat")).addprevious(bars)  # the schema wants it there


def _write_cells(sheet: Any, reference: BaseOxmlElement) -> None:  # noqa: ANN401 - xlsxwriter's
    name = reference.findtext(qn("c:f")) or ""
    found = _RANGE.search(name)
    if found is None:
        return
    column, first = found[1], int(found[2])
    is_number = reference.tag == qn("c:numRef")
    arm = reference.getparent().tag
    if arm in _ARMS:
        sheet.write_string(f"{column}{first - 1}", translate(_ARMS[arm]))
    for point in reference.iter(qn("c:pt")):
        cell = f"{column}{first + int(point.get('idx'))}"
        value = point.findtext(qn("c:v")) or ""
        if is_number:
            sheet.write_number(cell, float(value))
        else:
            sheet.write_string(cell, value)


def _refer(tag: str, column: str, arms: Sequence[float | None], first: int) -> BaseOxmlElement:
    holder = OxmlElement(tag)
    numbers = _child(holder, "c:numRef")
    last = first + len(arms) - 1
    _child(numbers, "c:f").text = f"{SHEET}!${column}${first}:${column}${last}"
    cache = _child(numbers, "c:numCache")
    _child(cache, "c:formatCode").text = "General"
    _child(cache, "c:ptCount", val=str(len(arms)))
    for k, arm in enumerate(arms):
        if arm is not None:
            _child(_child(cache, "c:pt", idx=str(k)), "c:v").text = f"{max(arm, 0.0):.10g}"
    return holder


def _line(ink: str, points: float) -> BaseOxmlElement:
    form = OxmlElement("c:spPr")
    line = _child(form, "a:ln", w=str(round(points * EMU_OF_POINT)), cap="flat")
    _child(_child(line, "a:solidFill"), "a:srgbClr", val=ink.lstrip("#"))
    return form


def _child(parent: BaseOxmlElement, tag: str, **attributes: str) -> BaseOxmlElement:
    child = OxmlElement(tag)
    for name, value in attributes.items():
        child.set(name, value)
    parent.append(child)
    return child
