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
GOOD = "#1a7a5e"
BAD = "#b3382c"
COLOURS = (MAIN, "#cf7a20", "#6d1f4e", "#44a193")

SEQUENTIAL = ("#f4f7fa", "#d9e7f3", "#b7d2e9", "#94bde0", "#7aaeda")
DIVERGING = ("#e5935a", "#efb78f", "#f7ddc9", "#f5f6f7", "#d6e5f2", "#a9cae6", "#7dafd9")

DARK_OF = {
    SURFACE: "#14191e",
    INK: "#e6ebf0",
    MUTED: "#a3afba",
    GRID: "#2c353d",
    MAIN: "#6fb1e6",
    PALE: "#34587a",
    BAND: "#223444",
    WARM: "#f0995a",
    GOOD: "#4cc2a0",
    BAD: "#f08a7d",
    "#cf7a20": "#e8913c",
    "#6d1f4e": "#f6d3e4",
    "#44a193": "#2c9c89",
    "#f4f7fa": "#1b232b",
    "#d9e7f3": "#1f3040",
    "#b7d2e9": "#244059",
    "#94bde0": "#295377",
    "#7aaeda": "#2d6391",
    "#e5935a": "#94491a",
    "#efb78f": "#703c1d",
    "#f7ddc9": "#452e20",
    "#f5f6f7": "#20272e",
    "#d6e5f2": "#223545",
    "#a9cae6": "#27496a",
    "#7dafd9": "#2b618f",
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
    "ticklabelstandoff": 5,
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
        "autotypenumbers": "strict",
        "hovermode": "closest",
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
