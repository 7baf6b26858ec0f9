"""The look of all charts: one quiet template, colours that the colour-blind can tell apart.

Every colour is named once, for light and for dark pages. A chart carries the light ones; a
page swaps them by ``DARK_OF`` where its reader's screen is dark.
"""

from typing import Any

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

SURFACE = "#ffffff"
INK = "#1d2730"
MUTED = "#57636e"
GRID = "#e4e8ec"
MAIN = "#1f6aa5"
PALE = "#a9c7e1"
BAND = "#dde8f2"
WARM = "#b5480a"
COLOURS = (MAIN, "#d9822b", "#12806a", "#8f4fa8", "#6b7280", "#b0a02c", "#c2416b", "#4fb3d9")

SEQUENTIAL = ("#f2f6fa", "#cfe0ef", "#9fc3e0", "#5f9bc9", "#1f6aa5", "#0f4470")
DIVERGING = ("#a63d06", "#e39a62", "#f7ddc9", "#f3f5f7", "#cbdff0", "#6ba3cf", "#154f80")

DARK_OF = {
    SURFACE: "#14191e",
    INK: "#e6ebf0",
    MUTED: "#a3afba",
    GRID: "#2c353d",
    MAIN: "#6fb1e6",
    PALE: "#34587a",
    BAND: "#223444",
    WARM: "#f0995a",
    "#d9822b": "#f2b06a",
    "#12806a": "#4fc7ab",
    "#8f4fa8": "#cf9be3",
    "#6b7280": "#9aa5b1",
    "#b0a02c": "#d9cb5c",
    "#c2416b": "#f288aa",
    "#4fb3d9": "#9bdcf5",
    "#f2f6fa": "#1b232b",
    "#cfe0ef": "#223a50",
    "#9fc3e0": "#2c5577",
    "#5f9bc9": "#3b78a8",
    "#0f4470": "#b4dcfb",
    "#a63d06": "#f2935a",
    "#e39a62": "#a85b2a",
    "#f7ddc9": "#4d3526",
    "#f3f5f7": "#20272e",
    "#cbdff0": "#26394a",
    "#6ba3cf": "#3d7cad",
    "#154f80": "#8cc7f5",
}

_AXIS = {
    "automargin": True,
    "fixedrange": True,
    "gridcolor": GRID,
    "linecolor": GRID,
    "showline": False,
    "zeroline": False,
    "ticks": "",
    "tickfont": {"color": MUTED},
    "title": {"font": {"color": MUTED, "size": 12}, "standoff": 8},
}

TEMPLATE: dict[str, Any] = {
    "layout": {
        "font": {"family": FONT, "size": 13, "color": INK},
        "title": {
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 10, "l": 8},
            "font": {"size": 16, "color": INK},
            "subtitle": {"font": {"size": 12, "color": MUTED}},
        },
        "paper_bgcolor": SURFACE,
        "plot_bgcolor": SURFACE,
        "colorway": list(COLOURS),
        "separators": ".\u202f",
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": -0.14, "yanchor": "top"},
        "hoverlabel": {
            "align": "left",
            "bgcolor": SURFACE,
            "bordercolor": GRID,
            "font": {"color": INK, "size": 13},
        },
        "margin": {"l": 8, "r": 16, "t": 12, "b": 32},
    }
}


def list_colour_steps(colours: tuple[str, ...]) -> list[list[float | str]]:
    """Spread colours evenly from 0 to 1, as Plotly's colour scales want them.

    Parameters
    ----------
    colours : tuple of str
        Hexadecimal colours, from the lowest value to the highest.

    Returns
    -------
    list of [float, str]
        Position and colour.
    """
    return [[k / (len(colours) - 1), colour] for k, colour in enumerate(colours)]
