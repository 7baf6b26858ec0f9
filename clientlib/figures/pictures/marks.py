"""The marks of a figure as SVG: bars, lines, points, cells and their intervals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from clientlib.figures.pictures.elements import element
from clientlib.figures.pictures.plane import Plane
from clientlib.figures.pictures.words import write_words
from clientlib.figures.theme import COLOURS, INK, MAIN

DASHES = {"dash": "6 4", "dot": "2 3"}
Point = tuple[float, float]


def draw_trace(trace: Mapping[str, Any], plane: Plane, layout: Mapping[str, Any]) -> str:
    """Draw one trace of a figure.

    Parameters
    ----------
    trace : mapping
        Of the type bar, scatter or heatmap.
    plane : Plane
        Where it lies.
    layout : mapping
        Of the figure, for what its traces share.

    Returns
    -------
    str
        SVG; empty for a type that is not known.
    """
    draw = _DRAWERS.get(str(trace.get("type", "scatter")))
    return draw(trace, plane, layout) if draw else ""


def stripe(colour: str, paper: str) -> tuple[str, str]:
    """Make the fill of forecasts: stripes of a colour.

    Parameters
    ----------
    colour, paper : str
        Of the stripes, and of what lies between them.

    Returns
    -------
    tuple of str
        The fill's reference, and its definition.
    """
    name = f"stripes-{colour.lstrip('#')}"
    inner = element("rect", width=6, height=6, fill=paper)
    inner += element("path", d="M-1,7 L7,-1 M-1,1 L1,-1 M5,7 L7,5", stroke=colour, fill="none")
    made = element("pattern", inner, id=name, width=6, height=6, patternUnits="userSpaceOnUse")
    return f"url(#{name})", made


def _draw_bars(trace: Mapping[str, Any], plane: Plane, _: Mapping[str, Any]) -> str:
    lies = trace.get("orientation") == "h"
    lengths, places = (trace["x"], trace["y"]) if lies else (trace["y"], trace["x"])
    marker = trace.get("marker") or {}
    drawn = []
    for k, (length, place) in enumerate(zip(lengths, places, strict=True)):
        if length is None:
            continue
        base = float(_at(trace.get("base"), k) or 0.0)
        width = float(_at(trace.get("width"), k) or 0.8)
        middle = float(place) + float(_at(trace.get("offset"), k) or -width / 2) + width / 2
        ends = (base, base + float(length))
        sides = (middle - width / 2, middle + width / 2)
        xs, ys = (ends, sides) if lies else (sides, ends)
        drawn.append(_box(map(plane.x, xs), map(plane.y, ys), _fill(marker, k), marker, k))
    return "".join(drawn) + _draw_intervals(trace, plane)


def _box(
    xs: Iterator[float], ys: Iterator[float], fill: str, marker: Mapping[str, Any], k: int
) -> str:
    (left, right), (top, bottom) = sorted(xs), sorted(ys)
    line = marker.get("line") or {}
    width = float(_at(line.get("width"), k) or 0.0)
    return element(
        "rect",
        x=left,
        y=top,
        width=right - left,
        height=bottom - top,
        fill=fill,
        stroke=_at(line.get("color"), k) if width else None,
        **{"stroke-width": width or None},
    )


def _fill(marker: Mapping[str, Any], k: int) -> str:
    colour = str(_at(marker.get("color"), k) or MAIN)
    pattern = marker.get("pattern") or {}
    if _at(pattern.get("shape"), k):
        return stripe(str(_at(pattern.get("fgcolor"), k) or colour), "#ffffff")[0]
    return colour


def _draw_scatter(trace: Mapping[str, Any], plane: Plane, _: Mapping[str, Any]) -> str:
    mode = trace.get("mode") or "lines+markers"
    points = [
        None if x is None or y is None else (plane.x(x), plane.y(y))
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    parts = [_draw_area(trace, points)] if trace.get("fill") == "toself" else []
    if "lines" in mode and (trace.get("line") or {}).get("width") != 0:
        parts.append(_draw_line(trace, points))
    parts.append(_draw_intervals(trace, plane))
    if "markers" in mode:
        parts.extend(_draw_markers(trace, points))
    if "text" in mode:
        parts.extend(_draw_texts(trace, points))
    return "".join(parts)


def _draw_area(trace: Mapping[str, Any], points: Sequence[Point | None]) -> str:
    return element("path", d=f"{_path(points)} Z", fill=trace.get("fillcolor", MAIN), stroke="none")


def _draw_line(trace: Mapping[str, Any], points: Sequence[Point | None]) -> str:
    line = trace.get("line") or {}
    return element(
        "path",
        d=_path(points),
        fill="none",
        stroke=line.get("color", MAIN),
        **{
            "stroke-width": float(line.get("width", 2)),
            "stroke-dasharray": DASHES.get(line.get("dash", "")),
            "stroke-linejoin": "round",
        },
    )


def _path(points: Sequence[Point | None]) -> str:
    steps, is_on = [], False
    for point in points:
        if point is not None:
            steps.append(f"{'L' if is_on else 'M'}{point[0]:.2f},{point[1]:.2f}")
        is_on = point is not None
    return " ".join(steps) or "M0,0"


def _draw_markers(trace: Mapping[str, Any], points: Sequence[Point | None]) -> Iterator[str]:
    marker = trace.get("marker") or {}
    line = marker.get("line") or {}
    colour = marker.get("color") or (trace.get("line") or {}).get("color") or COLOURS[0]
    for k, point in enumerate(points):
        if point is not None:
            yield element(
                "circle",
                cx=point[0],
                cy=point[1],
                r=float(_at(marker.get("size"), k) or 6) / 2,
                fill=_at(colour, k),
                stroke=_at(line.get("color"), k),
                **{"stroke-width": float(_at(line.get("width"), k) or 0) or None},
            )


def _draw_texts(trace: Mapping[str, Any], points: Sequence[Point | None]) -> Iterator[str]:
    font = trace.get("textfont") or {}
    for k, point in enumerate(points):
        text = _at(trace.get("text"), k)
        if point is None or not text:
            continue
        lift, _, side = str(_at(trace.get("textposition"), k) or "middle center").partition(" ")
        # Plotly's "middle right" is a text to the right of its point.
        radius = float(_at((trace.get("marker") or {}).get("size"), k) or 0) / 2
        clear = radius + 2 if "markers" in (trace.get("mode") or "") else 0.0
        yield write_words(
            str(text),
            (point[0], point[1] + {"top": -clear, "bottom": clear}.get(lift, 0.0)),
            size=float(font.get("size", 12)),
            anchor={"left": "right", "right": "left"}.get(side, "center"),
            lift={"top": "bottom", "bottom": "top"}.get(lift, "middle"),
            colour=str(_at(font.get("color"), k) or INK),
        )


def _draw_intervals(trace: Mapping[str, Any], plane: Plane) -> str:
    drawn = []
    for name in ("error_x", "error_y"):
        error = trace.get(name)
        if not error:
            continue
        less = error.get("arrayminus") or error["array"]
        for k, (x, y) in enumerate(zip(trace["x"], trace["y"], strict=True)):
            if x is None or y is None or not ((less[k] or 0) or (error["array"][k] or 0)):
                continue
            ends = [(-(less[k] or 0)), error["array"][k] or 0]
            xs = [x + end if name == "error_x" else x for end in ends]
            ys = [y + end if name == "error_y" else y for end in ends]
            drawn.append(_stroke([*map(plane.x, xs)], [*map(plane.y, ys)], error))
    return "".join(drawn)


def _stroke(xs: Sequence[float], ys: Sequence[float], error: Mapping[str, Any]) -> str:
    return element(
        "line",
        x1=xs[0],
        y1=ys[0],
        x2=xs[1],
        y2=ys[1],
        stroke=error.get("color", INK),
        **{"stroke-width": float(error.get("thickness", 2))},
    )


def _draw_cells(trace: Mapping[str, Any], plane: Plane, layout: Mapping[str, Any]) -> str:
    axis = layout.get("coloraxis") or {}
    rows = trace["z"]
    width = (plane.right - plane.left) / max(1, len(rows[0]) if rows else 1)
    height = (plane.bottom - plane.top) / max(1, len(rows))
    gap = float(trace.get("xgap", 0)) / 2
    drawn = []
    for i, row in enumerate(rows):
        for k, value in enumerate(row):
            if value is None:
                continue
            left, top = plane.left + k * width, plane.top + i * height
            drawn.append(
                element(
                    "rect",
                    x=left + gap,
                    y=top + gap,
                    width=width - 2 * gap,
                    height=height - 2 * gap,
                    fill=mix(axis, float(value)),
                )
            )
            text = (trace.get("text") or rows)[i][k]
            middle = (left + width / 2, top + height / 2)
            drawn.append(write_words(str(text), middle, size=13.0, anchor="center", lift="middle"))
    return "".join(drawn)


def mix(axis: Mapping[str, Any], value: float) -> str:
    """Give the colour of a value on a colour axis.

    Parameters
    ----------
    axis : mapping
        With ``colorscale``, ``cmin`` and ``cmax``.
    value : float
        The value; beyond the ends it takes their colour.

    Returns
    -------
    str
        Hexadecimal, mixed between the nearest two of the scale.
    """
    scale = axis["colorscale"]
    share = (value - axis["cmin"]) / (axis["cmax"] - axis["cmin"] or 1.0)
    share = min(1.0, max(0.0, share))
    k = max(i for i, (place, _) in enumerate(scale) if place <= share)
    low, high = scale[k], scale[min(k + 1, len(scale) - 1)]
    part = (share - low[0]) / (high[0] - low[0]) if high[0] > low[0] else 0.0
    pairs = zip(_channels(low[1]), _channels(high[1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _at(values: Any, k: int) -> Any:  # noqa: ANN401 - one for all, or one for each
    return values[k] if isinstance(values, list | tuple) else values


_DRAWERS: dict[str, Callable[[Mapping[str, Any], Plane, Mapping[str, Any]], str]] = {
    "bar": _draw_bars,
    "scatter": _draw_scatter,
    "heatmap": _draw_cells,
}
