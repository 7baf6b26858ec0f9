"""Pictures of charts without a browser: what the house draws with Plotly, as SVG.

Only what the charts of ``clientlib.figures`` are made of is known: bars, lines and points,
cells, intervals, texts, lines and boxes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from clientlib.figures.pictures.elements import element
from clientlib.figures.pictures.marks import DASHES, draw_trace, stripe
from clientlib.figures.pictures.plane import TICK_GAP, TICK_SIZE, Axis, Plane, read_axis
from clientlib.figures.pictures.words import ANCHORS, write_words
from clientlib.figures.theme import GRID, INK, MUTED, SURFACE

FACES = "Clientlib Sans, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
DEFAULT_MARGIN = {"l": 8, "r": 16, "t": 12, "b": 32}
EDGE = 4.0


def draw_picture(figure: Mapping[str, Any], *, width: int = 860) -> str:
    """Draw a chart of the house as SVG, without its title.

    Parameters
    ----------
    figure : mapping
        What a ``draw_`` function returned, as JSON.
    width : int, in pixels
        Of the picture; charts that read well only up to a width are no wider.

    Returns
    -------
    str
        An SVG document.
    """
    layout = figure.get("layout", {})
    inner = (layout.get("meta") or {}).get("clientlib") or {}
    least, most = inner.get("widths") or (None, None)
    width = int(max(least or 0, min(width, most or width)))
    height = int(inner.get("height") or layout.get("height") or 420)
    plane = _lay_out(figure, width, height, inner)
    traces = figure.get("data", [])
    shapes = layout.get("shapes") or []
    below = [shape for shape in shapes if shape.get("layer") == "below"]
    parts = [
        *_define(traces),
        element("rect", width=width, height=height, fill=SURFACE),
        *_draw_grid(plane),
        *(_draw_shape(shape, plane) for shape in below),
        *(draw_trace(trace, plane, layout) for trace in traces),
        *(_draw_shape(shape, plane) for shape in shapes if shape not in below),
        *_write_ticks(plane),
        *(_annotate(note, plane) for note in layout.get("annotations") or []),
    ]
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        **{"font-family": FACES},
    )


def _lay_out(figure: Mapping[str, Any], width: int, height: int, inner: Mapping[str, Any]) -> Plane:
    layout, traces = figure.get("layout", {}), figure.get("data", [])
    across = read_axis(layout.get("xaxis") or {}, _values(traces, "x"))
    up = read_axis(layout.get("yaxis") or {}, _values(traces, "y"))
    if any(trace.get("type") == "heatmap" for trace in traces):
        rows = next(trace["z"] for trace in traces if trace.get("type") == "heatmap")
        across = read_axis({**layout["xaxis"], "range": [-0.5, len(rows[0]) - 0.5]}, [])
    margin = {**DEFAULT_MARGIN, **(layout.get("margin") or {}), "t": inner.get("top", 12)}
    left = up.widest + TICK_GAP + EDGE if up.is_shown else 0.0
    if up.title:
        left += TICK_SIZE * 1.6
    bottom = across.height + TICK_GAP + EDGE if across.is_shown and not across.is_above else 0.0
    return Plane(
        max(float(margin["l"]), left),
        float(margin["t"]),
        width - float(margin["r"]),
        height - max(float(margin["b"]), bottom),
        across,
        up,
    )


def _values(traces: list[Any], name: str) -> list[Any]:
    return [value for trace in traces for value in trace.get(name) or []]


def _define(traces: list[Any]) -> Iterator[str]:
    colours: dict[str, None] = {}
    for trace in traces:
        marker = trace.get("marker") or {}
        pattern = marker.get("pattern") or {}
        if pattern.get("shape"):
            colour = pattern.get("fgcolor") or marker.get("color")
            colours |= dict.fromkeys(map(str, colour if isinstance(colour, list) else [colour]))
    if colours:
        yield element("defs", "".join(stripe(colour, SURFACE)[1] for colour in colours))


def _draw_grid(plane: Plane) -> Iterator[str]:
    if plane.across.has_grid:
        for value, _ in plane.across.ticks:
            x = plane.left + _share(plane.across, value) * (plane.right - plane.left)
            yield _rule((x, plane.top), (x, plane.bottom), GRID)
    if plane.up.has_grid:
        for value, _ in plane.up.ticks:
            y = plane.bottom - _share(plane.up, value) * (plane.bottom - plane.top)
            yield _rule((plane.left, y), (plane.right, y), GRID)
    if plane.up.zero_colour:
        yield _rule((plane.left, plane.y(0)), (plane.right, plane.y(0)), plane.up.zero_colour)


def _share(axis: Axis, value: float) -> float:
    return (value - axis.low) / (axis.high - axis.low or 1.0)


def _rule(
    start: tuple[float, float], end: tuple[float, float], colour: str, width: float = 1.0,
    dash: str | None = None,
) -> str:  # fmt: skip
    return element(
        "line",
        x1=start[0],
        y1=start[1],
        x2=end[0],
        y2=end[1],
        stroke=colour,
        **{"stroke-width": width, "stroke-dasharray": dash},
    )


def _draw_shape(shape: Mapping[str, Any], plane: Plane) -> str:
    xs = [plane.x(shape[name], shape.get("xref", "x")) for name in ("x0", "x1")]
    ys = [plane.y(shape[name], shape.get("yref", "y")) for name in ("y0", "y1")]
    line = shape.get("line") or {}
    if shape.get("type") == "line":
        dash = DASHES.get(line.get("dash", ""))
        width = float(line.get("width", 1))
        return _rule((xs[0], ys[0]), (xs[1], ys[1]), line.get("color", MUTED), width, dash)
    return element(
        "rect",
        x=min(xs),
        y=min(ys),
        width=abs(xs[1] - xs[0]),
        height=abs(ys[1] - ys[0]),
        fill=shape.get("fillcolor", "none"),
        stroke=line.get("color") if line.get("width") else None,
    )


def _write_ticks(plane: Plane) -> Iterator[str]:
    across, up = plane.across, plane.up
    if across.is_shown:
        y = plane.top - TICK_GAP if across.is_above else plane.bottom + TICK_GAP
        lift = "bottom" if across.is_above else "top"
        for value, text in across.ticks:
            x = plane.left + _share(across, value) * (plane.right - plane.left)
            yield write_words(
                text, (x, y), size=TICK_SIZE, anchor="center", lift=lift, colour=across.colour
            )
    if up.is_shown:
        for value, text in up.ticks:
            y = plane.bottom - _share(up, value) * (plane.bottom - plane.top)
            place = (plane.left - TICK_GAP, y)
            yield write_words(
                text, place, size=TICK_SIZE, anchor="right", lift="middle", colour=up.colour
            )
    yield from _write_titles(plane)


def _write_titles(plane: Plane) -> Iterator[str]:
    if plane.across.title:
        middle = ((plane.left + plane.right) / 2, plane.bottom + plane.across.height + TICK_GAP)
        yield write_words(
            plane.across.title, middle, size=TICK_SIZE, anchor="center", lift="bottom", colour=MUTED
        )
    if plane.up.title:
        x, y = TICK_SIZE, (plane.top + plane.bottom) / 2
        words = write_words(
            plane.up.title, (0.0, 0.0), size=TICK_SIZE, anchor="center", lift="middle", colour=MUTED
        )
        yield element("g", words, transform=f"translate({x:g},{y:.2f}) rotate(-90)")


def _annotate(note: Mapping[str, Any], plane: Plane) -> str:
    x = plane.x(note["x"], note.get("xref", "x")) + float(note.get("xshift", 0))
    y = plane.y(note["y"], note.get("yref", "y")) - float(note.get("yshift", 0))
    font = note.get("font") or {}
    anchor = note.get("xanchor", "center")
    return write_words(
        str(note["text"]),
        (x, y),
        size=float(font.get("size", 12)),
        anchor=anchor if anchor in ANCHORS else "center",
        lift=note.get("yanchor", "middle"),
        colour=font.get("color", INK),
    )
