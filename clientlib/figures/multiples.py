"""Small multiples: the same columns over time for many parts, all on one scale."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Unpack

import pandas as pd
import plotly.graph_objects as go

from clientlib.errors import InputError
from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_columns
from clientlib.figures.columns import Column
from clientlib.figures.comparisons import Compared, Comparison, read_comparison
from clientlib.figures.numbers import choose_scale, list_known
from clientlib.figures.periods import COLUMN_WIDTH, SHIFTS
from clientlib.figures.rows import explain_emptiness
from clientlib.figures.scenarios import LOOKS, colour_effect, list_swatches, name_scenario
from clientlib.figures.tables import Table, show_table
from clientlib.figures.theme import INK, MUTED
from clientlib.figures.wording import chart_text, humanise, shorten, show_name
from clientlib.language import tell

MOST_PANELS, MOST_PERIODS = 16, 24
MOST_ACROSS = 4
PANEL_HEIGHT, LEGEND_HEIGHT = 150, 26  # pixels
NAME_LENGTH = 22
GAP = 1.6  # periods between two panels
HEADROOM, FOOTROOM = 0.5, 0.22  # of the span: names and figures above, periods below


@dataclass(frozen=True)
class _Grid:
    """Panels of one scale, and where each stands in the one plane of the chart."""

    names: tuple[str, ...]
    panels: tuple[Comparison, ...]
    heading: str

    @property
    def across(self) -> int:
        """Panels in a row."""
        return min(MOST_ACROSS, len(self.names))

    @property
    def down(self) -> int:
        """Rows of panels."""
        return -(-len(self.names) // self.across)

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest figure of all panels."""
        drawn = [0.0]
        for panel in self.panels:
            drawn += list_known(panel.values[list(panel.scenarios)])
        return min(drawn), max(drawn)

    @property
    def step(self) -> float:
        """Height of a row of panels, in the unit of the figures."""
        low, high = self.ends
        return (high - low or 1.0) * (1 + HEADROOM + FOOTROOM)

    @property
    def periods(self) -> int:
        """Most periods of a panel."""
        return max(len(panel.labels) for panel in self.panels)

    def place(self, k: int) -> tuple[float, float]:
        """Where the first period of a panel stands, and its zero."""
        row, column = divmod(k, self.across)
        return column * (self.periods + GAP), (self.down - 1 - row) * self.step


def draw_multiples(
    frame: pd.DataFrame, *, panel: str, period: str, actual: str, title: str,
    words: bool = False, **options: Unpack[Compared],
) -> go.Figure:  # fmt: skip
    """Draw columns over time for each part, side by side on one scale.

    Parameters
    ----------
    frame : DataFrame
        One row per part and period, in order; the first 16 parts and 24 periods are drawn, and the
        chart says so.
    panel, period, actual : str
        Columns of the part's name, of the period's name and of the actual figure.
    title : str
        A sentence that says what the chart shows.
    words : bool
        Whether the parts' names are words of our own, which are translated.
    **options
        As in ``Compared``.

    Returns
    -------
    plotly.graph_objects.Figure
        Without figures: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is missing or not numeric, an interval ends before it begins, or there is no
        such option.
    """
    check_columns(frame, [panel], drawn_by="draw_multiples")
    if panel in (period, actual):
        raise InputError("draw_multiples was given one column twice", example=f"'{panel}'")
    names = tuple(dict.fromkeys(frame[panel]))
    parts = {name: frame[frame[panel] == name] for name in names[:MOST_PANELS]}
    read = {
        name: read_comparison(
            part.head(MOST_PERIODS), period, actual, options, drawn_by="draw_multiples"
        )
        for name, part in parts.items()
    }
    known = {name: found for name, found in read.items() if found is not None}
    if not known:
        return draw_missing(title, explain_emptiness(frame))
    grid = _share_scale(known, options.get("unit", ""), humanise(panel), words)
    most = max(len(part) for part in parts.values())
    return _frame_panels(grid, title, (len(names), most))


def _share_scale(known: dict[Any, Comparison], unit: str, heading: str, words: bool) -> _Grid:
    figures = [v for each in known.values() for v in list_known(each.values[list(each.scenarios)])]
    scale = choose_scale(figures, unit)
    panels = tuple(replace(each, scale=scale) for each in known.values())
    return _Grid(tuple(show_name(name, words) for name in known), panels, heading)


def _frame_panels(grid: _Grid, title: str, totals: tuple[int, int]) -> go.Figure:
    first = grid.panels[0]
    subtitle = first.write_subtitle()
    if len(grid.names) < totals[0]:
        subtitle = tell(
            "{subtitle}; first {shown:count} of {total:count} parts",
            subtitle=subtitle, shown=len(grid.names), total=totals[0],
        )  # fmt: skip
    if grid.periods < totals[1]:
        subtitle = tell(
            "{subtitle}; first {shown:count} of {total:count} periods",
            subtitle=subtitle, shown=grid.periods, total=totals[1],
        )  # fmt: skip
    frame = Frame(
        "multiples",
        title,
        subtitle,
        _summarise(grid),
        _list_figures(grid, title),
        height=grid.down * PANEL_HEIGHT + LEGEND_HEIGHT,
        top=LEGEND_HEIGHT,
        labels=grid.names,
        setting={**first.as_setting(), "ends": list(grid.ends)},
    )
    width = grid.across * (grid.periods + GAP) - GAP
    low, high = grid.ends
    bottom = low - (high - low or 1.0) * FOOTROOM
    layout = {
        "xaxis": {"range": [-0.8, width - 0.2], "showgrid": False, "showticklabels": False},
        "yaxis": {
            "range": [bottom, bottom + grid.down * grid.step],
            "showgrid": False,
            "showticklabels": False,
        },
        "shapes": list(_base_lines(grid)),
        "annotations": [
            _name_looks(grid),
            *(note for k in range(len(grid.names)) for note in _name_panel(grid, k)),
        ],
        "barmode": "overlay",
        "hovermode": "closest",
    }
    return frame_chart(frame, list(_draw_panels(grid)), layout, margin={"l": 8, "r": 8, "b": 8})


def _draw_panels(grid: _Grid) -> Iterator[go.Bar]:
    for scenario, shift in SHIFTS.items():
        xs, ys, bases, texts = [], [], [], []
        for k, panel in enumerate(grid.panels):
            if scenario not in panel.values:
                continue
            left, zero = grid.place(k)
            values = panel.values[scenario]
            if scenario == "forecast":
                values = values.where(panel.values["actual"].isna())
            xs += [left + place + shift for place in range(len(values))]
            ys += [None if pd.isna(value) else float(f"{value:.10g}") for value in values]
            bases += [zero] * len(values)
            texts += [
                [chart_text(grid.names[k]), chart_text(label), panel.scale.show_full(value)]
                for label, value in zip(panel.labels, values, strict=True)
            ]
        if xs:
            yield _draw_bars(scenario, (xs, ys, bases), texts)


def _draw_bars(
    scenario: str, marks: tuple[list[float], list[float | None], list[float]], texts: list[Any]
) -> go.Bar:
    xs, ys, bases = marks
    heading = chart_text(name_scenario(scenario))
    return go.Bar(
        x=xs,
        y=ys,
        base=bases,
        width=COLUMN_WIDTH,
        marker=LOOKS[scenario].as_marker(),
        customdata=texts,
        hovertemplate=(
            f"<b>%{{customdata[0]}}</b><br>%{{customdata[1]}}, {heading} "
            "%{customdata[2]}<extra></extra>"
        ),
        name=heading,
    )


def _base_lines(grid: _Grid) -> Iterator[dict[str, Any]]:
    for k, panel in enumerate(grid.panels):
        left, zero = grid.place(k)
        ends = {"x0": left - 0.6, "x1": left + len(panel.labels) - 0.4, "y0": zero, "y1": zero}
        yield {"type": "line", "line": {"color": MUTED, "width": 1}, "layer": "above", **ends}


def _name_looks(grid: _Grid) -> dict[str, Any]:
    return {
        "text": list_swatches(grid.panels[0].scenarios, "\u2003"),
        "x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom",
        "font": {"size": 12, "color": MUTED}, "showarrow": False,
    }  # fmt: skip


def _name_panel(grid: _Grid, k: int) -> Iterator[dict[str, Any]]:
    """Name a panel over it with its last figure and variance, and its first and last period."""
    panel, (left, zero), (low, high) = grid.panels[k], grid.place(k), grid.ends
    name = chart_text(shorten(grid.names[k], NAME_LENGTH))
    place = {"showarrow": False, "xanchor": "left"}
    over = {"yanchor": "bottom", "y": zero + high, "x": left - 0.6, "yshift": 4}
    last = len(panel.labels) - 1
    figure, change = panel.scale.show(panel.shown.iloc[last]), panel.say_change(last)
    yield {**place, **over, "text": f"{name}<br>{figure} {_tint(panel, last, change)}".rstrip(),
           "font": {"size": 12, "color": INK}, "align": "left"}  # fmt: skip
    under = {"yanchor": "top", "y": zero + min(low, 0.0), "yshift": -2,
             "font": {"size": 11, "color": MUTED}, "showarrow": False}  # fmt: skip
    yield {**under, "xanchor": "left", "x": left - 0.6, "text": chart_text(panel.labels[0])}
    if last:
        end = {"xanchor": "right", "x": left + last + 0.6}
        yield {**under, **end, "text": chart_text(panel.labels[last])}


def _tint(panel: Comparison, k: int, change: str) -> str:
    if not change:
        return ""
    ink = colour_effect(float(panel.values["variance"].iloc[k]), panel.good)
    return f'<span style="color:{ink}">{chart_text(change)}</span>'


def _summarise(grid: _Grid) -> str:
    write = grid.panels[0].scale.show_full
    return tell(
        "{panels:count} charts of {heading} on one scale, from {low} to {high}.",
        panels=len(grid.names),
        heading=grid.panels[0].heading,
        low=write(min(float(panel.shown.min()) for panel in grid.panels)),
        high=write(max(float(panel.shown.max()) for panel in grid.panels)),
    )


def _list_figures(grid: _Grid, title: str) -> Table:
    tables = [panel.list_figures(title) for panel in grid.panels]
    columns = {"panel": Column(grid.heading), **dict(tables[0].columns)}
    names = [name for name, _ in tables[0].columns]
    listed = pd.DataFrame(
        [(panel, *row) for panel, table in zip(grid.names, tables, strict=True)
         for row in table.rows],
        columns=["panel", *names],
    )  # fmt: skip
    return show_table(listed, columns=columns, caption=title, limit=len(listed))
