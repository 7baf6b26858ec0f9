"""Lines over time or over any measured axis, named at their ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from clientlib.errors import InputError
from clientlib.figures.also import read_also
from clientlib.figures.charts import MOST_POINTS, Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_columns, check_numbers, read_known
from clientlib.figures.columns import Column
from clientlib.figures.numbers import (
    PERCENT_UNITS,
    Scale,
    choose_scale,
    choose_ticks,
    tick_decimals,
)
from clientlib.figures.tables import Table, show_table
from clientlib.figures.theme import COLOURS, MUTED
from clientlib.figures.wording import chart_text, clean, humanise, shorten
from clientlib.language import show_short_month, spoken, tell

HEIGHT = 340
DAY_FORMATS = {
    "en": {"hoverformat": "%-d %b %Y", "tickformat": "%-d %b\n%Y"},
    "lt": {"hoverformat": "%Y-%m-%d", "tickformat": "%m-%d\n%Y"},
}
NAME_LENGTH = 22
NAME_GAP = 17
MOST_TICKS = 9
DASHES = ("solid", "dash")
MOST_SERIES = len(COLOURS) * len(DASHES)


@dataclass(frozen=True)
class _Lines:
    """The points of one chart, thinned, with their names and their scale."""

    points: pd.DataFrame
    names: tuple[str, ...]
    headings: tuple[str, str, str]
    is_dated: bool
    scale: Scale
    points_total: int
    also: Mapping[str, Column]

    @property
    def ends(self) -> tuple[float, float]:
        low, high = float(self.points["y"].min()), float(self.points["y"].max())
        if 0 <= low < 0.4 * high:
            low = 0.0
        if low == high:
            return low - (abs(low) * 0.1 or 1), high + (abs(high) * 0.1 or 1)
        pad = (high - low) * 0.05
        return (0.0 if low == 0 else low - pad), high + pad


def draw_lines(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    series: str | None = None,
    title: str,
    unit: str = "",
    also: Mapping[str, Column] | None = None,
) -> go.Figure:
    """Draw one line per series, named at its end.

    Parameters
    ----------
    frame : DataFrame
        One row per point. Past 2,000 points the chart keeps each stretch's ends and
        extremes, and says so.
    x, y : str
        Columns across (days or numbers) and up (numbers; nulls break the line).
    series : str, optional
        Column of the line's name; at most 8 lines, in the order of their first rows.
    title : str
        A sentence that says what the chart shows.
    unit : str
        Unit of ``y``; ``%`` for shares from 0 to 1.
    also : mapping of str to Column, optional
        Columns that the chart's table shows beside what is drawn.

    Returns
    -------
    plotly.graph_objects.Figure
        Without rows or values: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is missing or not numeric, or there are more than 8 lines.
    """
    lines = _read_lines(frame, (x, y, series), unit, also or {})
    if lines is None:
        why = tell("None of the {count:count} rows has a value.", count=len(frame))
        return draw_missing(title, why)
    traces = [_draw_line(lines, order, name) for order, name in enumerate(lines.names)]
    return _frame_lines(lines, title, traces)


def _read_lines(
    frame: pd.DataFrame,
    names: tuple[str, str, str | None],
    unit: str,
    also: Mapping[str, Column],
) -> _Lines | None:
    x, y, series = names
    check_columns(frame, [name for name in names if name is not None], drawn_by="draw_lines")
    check_numbers(frame, [y], drawn_by="draw_lines")
    points = pd.DataFrame({"x": frame[x], "y": read_known(frame[y])})
    points["series"] = "" if series is None else [clean(name) for name in frame[series]]
    told = read_also(frame, also, len(frame), drawn_by="draw_lines")
    points = points.assign(**{name: told.values[name].to_numpy() for name in told.columns})
    points = points[points["x"].notna()]
    if points["y"].isna().all():
        return None
    is_dated = not pd.api.types.is_numeric_dtype(points["x"])
    points["x"] = _read_days(points["x"], x) if is_dated else points["x"].astype("float64")
    found = tuple(dict.fromkeys(points["series"]))
    _check_series(found)
    thinned = [_thin(points[points["series"] == name], MOST_POINTS // len(found)) for name in found]
    headings = (humanise(x), humanise(y), humanise(series or ""))
    scale = choose_scale(points["y"].tolist(), unit)
    drawn = pd.concat(thinned)
    return _Lines(drawn, found, headings, is_dated, scale, len(points), told.columns)


def _read_days(values: pd.Series, name: str) -> pd.Series:
    try:
        return pd.to_datetime(values, format=None if _is_dated(values) else "ISO8601")
    except (ValueError, TypeError) as error:
        raise InputError(
            f"draw_lines wants days or numbers in the column '{name}'",
            example=f"{values.iloc[0]!r}",
            hint="cast the column, or draw bars",
        ) from error


def _is_dated(values: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(values)


def _check_series(names: Sequence[str]) -> None:
    if len(names) > MOST_SERIES:
        raise InputError(
            f"draw_lines was given {len(names)} series, more than a reader can tell apart",
            hint=f"choose at most {MOST_SERIES}, or draw a matrix",
        )


def _thin(line: pd.DataFrame, most: int) -> pd.DataFrame:
    line = line.sort_values("x", kind="stable").reset_index(drop=True)
    if len(line) <= most:
        return line
    stretch = line.index * (most // 4) // len(line)
    known = line["y"].dropna()
    by_stretch = known.groupby(stretch[line["y"].notna()])
    starts = line.index[~stretch.duplicated()]
    kept = sorted({*by_stretch.idxmin(), *by_stretch.idxmax(), *starts, len(line) - 1})
    return line.loc[kept]


def _draw_line(lines: _Lines, order: int, name: str) -> go.Scatter:
    points = lines.points[lines.points["series"] == name]
    across = _write_across(lines, points["x"])
    few = len(points) <= 24
    return go.Scatter(
        x=across,
        y=[None if pd.isna(value) else float(f"{value:.10g}") for value in points["y"]],
        mode="lines+markers" if few else "lines",
        marker={"size": 5},
        line={"color": _colour(order), "width": 2.2, "dash": DASHES[order // len(COLOURS)]},
        name=chart_text(shorten(name, 40)),
        customdata=[lines.scale.show_full(value) for value in points["y"]],
        hovertemplate="%{customdata}" + ("<extra></extra>" if len(lines.names) == 1 else ""),
        connectgaps=False,
    )


def _write_across(lines: _Lines, values: pd.Series) -> list[Any]:
    return values.dt.strftime("%Y-%m-%d").tolist() if lines.is_dated else values.tolist()


def _frame_lines(lines: _Lines, title: str, traces: list[Any]) -> go.Figure:
    named = [name for name in lines.names if name]
    longest = max((len(shorten(name, NAME_LENGTH)) for name in named), default=0)
    frame = Frame(
        "lines",
        title,
        _subtitle(lines),
        _summarise(lines),
        _list_points(lines, title),
        height=HEIGHT,
        setting={
            "scale": lines.scale.as_json(),
            "ends": list(lines.ends),
            "is_dated": lines.is_dated,
        },
    )
    layout = {
        "xaxis": _across_axis(lines),
        "yaxis": _up_axis(lines),
        "annotations": _name_ends(lines) if named else [],
        "hovermode": "x unified",
    }
    margin = {"l": 8, "r": 36 + 8 * longest if named else 20, "b": 36}
    return frame_chart(frame, traces, layout, margin=margin)


def _across_axis(lines: _Lines) -> dict[str, Any]:
    across = lines.points["x"].sort_values()
    if not lines.is_dated:
        return {"title": {"text": chart_text(lines.headings[0])}, "showgrid": False, "nticks": 8}
    first, last = across.iloc[0], across.iloc[-1]
    pad = (last - first) * 0.012 + pd.Timedelta(hours=12)
    ends = [f"{end:%Y-%m-%d %H:%M}" for end in (first - pad, last + pad)]
    hover = DAY_FORMATS[spoken()]["hoverformat"]
    axis = {"type": "date", "showgrid": False, "range": ends, "hoverformat": hover}
    return axis | _month_ticks(across)


def _month_ticks(across: pd.Series) -> dict[str, Any]:
    days = pd.DatetimeIndex(across.unique())
    if not days.is_month_end.all():
        return {"tickformat": DAY_FORMATS[spoken()]["tickformat"], "nticks": 8}
    months = days.year * 12 + days.month
    span = int(months[-1] - months[0])
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if span / step <= MOST_TICKS), 120)
    ticks = days[(months[-1] - months) % step == 0]
    return {
        "tickvals": [f"{day:%Y-%m-%d}" for day in ticks],
        "ticktext": [f"{show_short_month(day)}<br>{day:%Y}" for day in ticks],
    }


def _up_axis(lines: _Lines) -> dict[str, Any]:
    low, high = lines.ends
    ticks = choose_ticks(low, high, 5)
    places = tick_decimals(ticks, lines.scale.divisor)
    texts = [lines.scale.show(tick, places) for tick in ticks]
    zero = {"zeroline": low <= 0 <= high, "zerolinecolor": MUTED, "zerolinewidth": 1}
    return {"range": [low, high], "tickvals": ticks, "ticktext": texts, **zero}


def _name_ends(lines: _Lines) -> list[dict[str, Any]]:
    low, high = lines.ends
    known = lines.points.dropna(subset=["y"])
    last = [known.loc[known["series"] == name, "y"].tail(1) for name in lines.names]
    heights = {k: float(end.iloc[0]) for k, end in enumerate(last) if len(end)}
    room = HEIGHT - 46
    wanted = {k: (height - low) / (high - low) * room for k, height in heights.items()}
    placed = _push_apart(wanted, NAME_GAP)
    return [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 6,
            "y": heights[k],
            "yshift": round(placed[k] - wanted[k]),
            "text": f'<span style="color:{_colour(k)}">■</span> {_name(lines, k)}',
            "font": {"size": 13},
            "showarrow": False,
        }
        for k in heights
    ]


def _colour(order: int) -> str:
    return COLOURS[order % len(COLOURS)]


def _name(lines: _Lines, order: int) -> str:
    return chart_text(shorten(lines.names[order], NAME_LENGTH))


def _push_apart(wanted: dict[int, float], gap: float) -> dict[int, float]:
    placed: dict[int, float] = {}
    floor = -gap
    for k in sorted(wanted, key=lambda k: (wanted[k], -k)):
        placed[k] = max(wanted[k], floor + gap)
        floor = placed[k]
    ceiling = max(*wanted.values(), (len(wanted) - 1) * gap)
    for k in sorted(placed, key=lambda k: -placed[k]):
        placed[k] = min(placed[k], ceiling)
        ceiling = placed[k] - gap
    return placed


def _subtitle(lines: _Lines) -> str:
    parts = [", ".join(part for part in (lines.headings[1], lines.scale.axis_unit) if part)]
    if len(lines.points) < lines.points_total:
        parts.append(
            tell(
                "{shown:count} of {total:count} points drawn, extremes kept",
                shown=len(lines.points),
                total=lines.points_total,
            )
        )
    return "; ".join(parts)


def _summarise(lines: _Lines) -> str:
    write = lines.scale.show_full
    across = _write_across(lines, lines.points["x"].sort_values())
    return tell(
        "Line chart, {heading}, {count:count} {count:line|lines}, from {first} to {last}; "
        "values from {low} to {high}.",
        heading=lines.headings[1],
        count=len(lines.names),
        first=across[0],
        last=across[-1],
        low=write(float(lines.points["y"].min())),
        high=write(float(lines.points["y"].max())),
    )


def _list_points(lines: _Lines, title: str) -> Table:
    kind = "percent" if lines.scale.unit in PERCENT_UNITS else "number"
    unit = "" if kind == "percent" else lines.scale.unit
    columns = {"x": Column(lines.headings[0], "date" if lines.is_dated else "number")}
    if lines.headings[2]:
        columns["series"] = Column(lines.headings[2])
    columns["y"] = Column(lines.headings[1], kind, unit)
    columns |= lines.also
    return show_table(lines.points, columns=columns, caption=title, limit=MOST_POINTS)
