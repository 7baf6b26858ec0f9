"""A matrix of numbers, coloured by size and written into its cells."""

import pandas as pd
import plotly.graph_objects as go

from clientlib.errors import InputError
from clientlib.figures.charts import MOST_POINTS, Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_numbers
from clientlib.figures.columns import Column
from clientlib.figures.numbers import (
    PERCENT_UNITS,
    Scale,
    choose_scale,
    list_known,
)
from clientlib.figures.tables import Table, show_table
from clientlib.figures.theme import DIVERGING, INK, SEQUENTIAL, list_colour_steps
from clientlib.figures.wording import chart_text, humanise, shorten, show_name
from clientlib.language import tell, translate

CELL_WIDTH = 64
CELL_HEIGHT = 34
HEADER_HEIGHT = 32


def draw_matrix(
    frame: pd.DataFrame, *, title: str, unit: str = "", words: bool = False
) -> go.Figure:
    """Draw a table of numbers as coloured cells with the numbers in them.

    Parameters
    ----------
    frame : DataFrame of numbers
        The index names the rows, the columns name the columns; nulls stay blank.
    title : str
        A sentence that says what the chart shows.
    unit : str
        Unit of the numbers; ``%`` for shares from 0 to 1. Numbers of both signs are
        coloured away from zero, others from pale to dark.
    words : bool
        Whether the names of rows and columns are words of our own, which are translated.

    Returns
    -------
    plotly.graph_objects.Figure
        Without cells or numbers: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is not numeric, or there are more than 2,000 cells.
    """
    cells = _read_cells(frame, words)
    known = list_known(cells)
    if not known:
        return draw_missing(title, translate("The matrix has no cell with a number."))
    scale = choose_scale(known, unit)
    texts = [["" if pd.isna(v) else scale.show(v) for v in row] for row in cells.to_numpy()]
    trace = go.Heatmap(
        z=[[None if pd.isna(v) else float(f"{v:.10g}") for v in row] for row in cells.to_numpy()],
        text=texts,
        texttemplate="%{text}",
        textfont={"size": 13, "color": INK},
        customdata=_hover_cells(cells, scale),
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        xgap=2,
        ygap=2,
        hoverongaps=False,
        coloraxis="coloraxis",
    )
    return _frame_cells(cells, scale, title, trace)


def _read_cells(frame: pd.DataFrame, words: bool) -> pd.DataFrame:
    if not isinstance(frame, pd.DataFrame):
        raise InputError(
            f"draw_matrix wants a DataFrame and was given a {type(frame).__name__}",
            hint="pivot the rows into a table first",
        )
    rows = pd.Index(_read_names(frame.index, words), name=frame.index.name)
    columns = pd.Index(_read_names(frame.columns, words), name=frame.columns.name)
    cells = frame.set_axis(rows, axis=0).set_axis(columns, axis=1)
    if cells.size > MOST_POINTS:
        raise InputError(
            f"draw_matrix was given {cells.size:,} cells, more than a reader can take in",
            hint=f"choose rows and columns so that at most {MOST_POINTS:,} cells remain",
        )
    if not cells.columns.is_unique:
        raise InputError("draw_matrix was given two columns of one name", hint="rename one")
    check_numbers(cells, list(cells.columns), drawn_by="draw_matrix")
    return cells.astype("float64")


def _read_names(names: pd.Index, words: bool) -> list[str]:
    return [show_name(name, words) for name in names]


def _frame_cells(cells: pd.DataFrame, scale: Scale, title: str, trace: go.Heatmap) -> go.Figure:
    count, width = cells.shape
    longest = max(map(len, cells.index), default=0)
    frame = Frame(
        "matrix",
        title,
        _write_subtitle(cells, scale),
        _summarise(cells, scale),
        _list_cells(cells, scale, title),
        height=count * CELL_HEIGHT + HEADER_HEIGHT + 8,
        top=HEADER_HEIGHT,
        widths=(CELL_WIDTH * width + 7 * min(longest, 28) + 24, None),
        labels=tuple(cells.index),
        setting={"scale": scale.as_json()},
    )
    layout = {
        "xaxis": _name_axis(list(cells.columns), 14) | {"side": "top"},
        "yaxis": _name_axis(list(cells.index), 28) | {"range": [count - 0.5, -0.5]},
        "coloraxis": _colour_axis(cells),
        "hovermode": "closest",
    }
    return frame_chart(frame, [trace], layout, margin={"l": 8, "r": 8, "b": 8})


def _name_axis(names: list[str], length: int) -> dict[str, object]:
    return {
        "tickvals": list(range(len(names))),
        "ticktext": [chart_text(shorten(name, length)) for name in names],
        "tickfont": {"color": INK, "size": 12},
        "showgrid": False,
        "tickangle": 0,
    }


def _colour_axis(cells: pd.DataFrame) -> dict[str, object]:
    known = list_known(cells)
    low, high = min(known), max(known)
    steps: tuple[str, ...]
    if low < 0 < high:
        reach = max(-low, high)
        steps, ends = DIVERGING, (-reach, reach)
    else:
        steps = SEQUENTIAL if high > 0 else SEQUENTIAL[::-1]
        near = 0.0 if min(abs(low), abs(high)) < 0.5 * max(abs(low), abs(high)) else None
        ends = (low, high) if near is None else (min(low, 0.0), max(high, 0.0))
    if ends[0] == ends[1]:
        ends = (ends[0] - 1, ends[1] + 1)
    colours = list_colour_steps(steps)
    return {"colorscale": colours, "cmin": ends[0], "cmax": ends[1], "showscale": False}


def _hover_cells(cells: pd.DataFrame, scale: Scale) -> list[list[list[str]]]:
    heads = [chart_text(name) for name in cells.columns]
    return [
        [[chart_text(row), head, scale.show_full(v)] for head, v in zip(heads, values, strict=True)]
        for row, values in zip(cells.index, cells.to_numpy(), strict=True)
    ]


def _write_subtitle(cells: pd.DataFrame, scale: Scale) -> str:
    names = [humanise(str(name)) for name in (cells.index.name, cells.columns.name) if name]
    who = _name_sides(names).capitalize()
    return ", ".join(part for part in (who, scale.axis_unit) if part)


def _name_sides(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return tell("{rows} by {columns}", rows=names[0], columns=names[1])


def _summarise(cells: pd.DataFrame, scale: Scale) -> str:
    write = scale.show_full
    known = list_known(cells)
    return tell(
        "Matrix of {rows:count} rows and {columns:count} columns, from {low} to {high}.",
        rows=cells.shape[0],
        columns=cells.shape[1],
        low=write(min(known)),
        high=write(max(known)),
    )


def _list_cells(cells: pd.DataFrame, scale: Scale, title: str) -> Table:
    kind = "percent" if scale.unit in PERCENT_UNITS else "number"
    name = humanise(str(cells.index.name or "")) or " "
    columns = {"row name": Column(name)}
    columns |= {
        head: Column(head, kind, decimals=None) for head in cells.columns if head != "row name"
    }
    listed = cells.assign(**{"row name": list(cells.index)})
    return show_table(listed, columns=columns, caption=title, limit=len(listed))
