"""What a chart draws: bars from zero, its own numbers, signs beside colours, letters that show."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from clientlib.figures.theme import BAD, GOOD, SURFACE
from clientlib.reports.documents import Chart
from clientlib.reports.linting.findings import Finding

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
VALUE_AXIS = {
    "bars": "xaxis", "structure": "xaxis", "bridge": "xaxis", "funnel": "xaxis", "periods": "yaxis",
}  # fmt: skip
DRAWN = {
    "bars": ("x", ("value",)),
    "intervals": ("x", ("value",)),
    "bridge": ("x", ("amount",)),
    "periods": ("y", ("actual", "previous", "plan", "forecast", "variance")),
    "structure": ("x", ("actual", "previous", "plan", "forecast", "variance")),
    "funnel": ("x", ("count",)),
    "lines": ("y", ("y",)),
    "points": ("y", ("y",)),
}
ROUNDING = 1e-8  # relative: charts keep ten digits
SIGNS = ("+", "\u2212", "-", "0", "–")


def lint_drawing(chart: Chart) -> Iterator[Finding]:
    """Hold what a chart draws against its table and the notation.

    Parameters
    ----------
    chart : Chart
        Of a document.

    Yields
    ------
    Finding
        Of axis-zero, drawn-numbers, sign-with-colour and contrast.
    """
    if chart.description is None:
        return
    yield from _lint_axis(chart, chart.description.kind)
    yield from _lint_numbers(chart, chart.description.kind)
    yield from _lint_signs(chart)
    yield from _lint_contrast(chart)


def read_axis_ends(chart: Chart) -> tuple[float, float] | None:
    """Read the ends of the axis that bars are measured on.

    Parameters
    ----------
    chart : Chart
        Of a document.

    Returns
    -------
    tuple of (float, float) or None
        None where the chart has no bars.
    """
    kind = chart.description.kind if chart.description else ""
    ends = chart.figure["layout"].get(VALUE_AXIS.get(kind, ""), {}).get("range")
    return (min(ends), max(ends)) if ends else None


def measure_contrast(ink: str, ground: str) -> float:
    """Measure the contrast of two colours.

    Parameters
    ----------
    ink, ground : str
        Hexadecimal.

    Returns
    -------
    float
        From 1 to 21; Web Content Accessibility Guidelines 2.2, contrast ratio.
    """
    lights = sorted((_lightness(ink), _lightness(ground)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _lint_axis(chart: Chart, kind: str) -> Iterator[Finding]:
    if kind not in VALUE_AXIS:
        return
    ends = read_axis_ends(chart)
    if ends is None or not ends[0] <= 0 <= ends[1]:
        said = "is not fixed" if ends is None else f"goes from {ends[0]:g} to {ends[1]:g}"
        yield Finding("axis-zero", chart.title, f"the axis of its bars {said}")


def _lint_numbers(chart: Chart, kind: str) -> Iterator[Finding]:
    if kind not in DRAWN or chart.description is None:
        return
    axis, names = DRAWN[kind]
    table = chart.description.table
    places = [k for k, (name, _) in enumerate(table.columns) if name in names]
    known = [v for row in table.rows for k in places if isinstance(v := row[k], int | float)]
    for trace in chart.figure["data"]:
        if trace.get("mode") == "text" or trace.get("hoverinfo") == "skip":
            continue
        for value in trace.get(axis) or ():
            if isinstance(value, int | float) and not _is_among(value, known):
                yield Finding("drawn-numbers", chart.title, f"{value:g} is drawn, not listed")
                return


def _lint_signs(chart: Chart) -> Iterator[Finding]:
    traces = chart.figure["data"]
    if not any(_tells_by_colour(trace) for trace in traces):
        return
    texts = [
        text
        for trace in traces
        if _colours((trace.get("textfont") or {}).get("color")) & {GOOD, BAD}
        for text in trace.get("text") or ()
    ]
    if not any(text.strip().startswith(SIGNS) for text in texts):
        yield Finding("sign-with-colour", chart.title, "its variances have colours but no signs")


def _tells_by_colour(trace: Mapping[str, Any]) -> bool:
    """Tell whether a trace draws a value in the colour of good or bad; what is missing is not."""
    axis = "x" if trace.get("orientation") == "h" else "y"
    is_drawn = any(value is not None for value in trace.get(axis) or ())
    return is_drawn and bool(_colours(trace.get("marker", {}).get("color")) & {GOOD, BAD})


def _lint_contrast(chart: Chart) -> Iterator[Finding]:
    ground = chart.figure["layout"].get("paper_bgcolor", SURFACE)
    inks = {colour for font in _list_fonts(chart.figure) for colour in _colours(font.get("color"))}
    for ink in sorted(inks):
        if (contrast := measure_contrast(ink, ground)) < LEAST_CONTRAST:
            yield Finding("contrast", chart.title, f"{ink} on {ground}: {contrast:.1f} to 1")


def _list_fonts(figure: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    layout = figure["layout"]
    for trace in figure["data"]:
        if (trace.get("mode") or "").find("text") >= 0 and trace.get("textfont"):
            yield trace["textfont"]
    for note in layout.get("annotations") or ():
        yield note.get("font") or {}
    for name in ("xaxis", "yaxis"):
        yield layout.get(name, {}).get("tickfont") or {}


def _colours(content: object) -> set[str]:
    listed = content if isinstance(content, list | tuple) else [content]
    return {each for each in listed if isinstance(each, str) and each.startswith("#")}


def _lightness(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _is_among(value: float, known: list[float]) -> bool:
    return any(math.isclose(value, each, rel_tol=ROUNDING, abs_tol=1e-9) for each in known)
