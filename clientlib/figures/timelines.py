"""Timelines: what happened when, a lane for each kind of thing."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from clientlib.errors import InputError
from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_columns
from clientlib.figures.columns import Column
from clientlib.figures.tables import show_table
from clientlib.figures.theme import COLOURS, INK, SURFACE
from clientlib.figures.wording import chart_text, clean, shorten
from clientlib.language import tell, translate

LANE_HEIGHT = 46
MONTH_STEPS, MOST_TICKS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600), 10
MOST_EVENTS = 400
MOST_LANES = 8
NAME_LENGTH = 26
NAME_SHARE = 0.0115  # of the days drawn, that a letter takes


def draw_timeline(
    events: pd.DataFrame, *, day: str, lane: str, label: str, title: str
) -> go.Figure:
    """Draw a point for each event on the lane of its kind, and name those that have room.

    Parameters
    ----------
    events : DataFrame
        One row per event; the last 400 are drawn, and the chart says so.
    day, lane, label : str
        Columns of the day, of the kind of event and of what happened.
    title : str
        A sentence that says what the chart shows.

    Returns
    -------
    plotly.graph_objects.Figure
        All events are in the table. Without one that has a day: the statement that there is
        not enough data.

    Raises
    ------
    InputError
        A column is missing, a day cannot be read, or there are more than 8 kinds.
    """
    check_columns(events, dict.fromkeys([day, lane, label]), drawn_by="draw_timeline")
    read = pd.DataFrame(
        {
            "on": _read_days(events[day], day),
            "lane": [clean(kind) for kind in events[lane]],
            "label": [clean(what) for what in events[label]],
        }
    ).dropna(subset=["on"])
    if read.empty:
        return draw_missing(title, translate("There are no rows to draw."))
    lanes = list(dict.fromkeys(read["lane"]))
    if len(lanes) > MOST_LANES:
        raise InputError(
            f"draw_timeline was given {len(lanes)} kinds of events, more than a reader can follow",
            hint=f"put kinds together, so that at most {MOST_LANES} are left",
        )
    drawn = read.sort_values("on", kind="stable").tail(MOST_EVENTS).reset_index(drop=True)
    return _frame_events(drawn, lanes, title, len(read))


def _read_days(values: pd.Series, name: str) -> pd.Series:
    try:
        return pd.to_datetime(values).reset_index(drop=True)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"draw_timeline wants days in the column '{name}'", example=f"{values.iloc[0]!r}"
        ) from error


def _frame_events(events: pd.DataFrame, lanes: list[str], title: str, total: int) -> go.Figure:
    first, last = events["on"].iloc[0], events["on"].iloc[-1]
    subtitle = tell("{first:day} to {last:day}", first=first, last=last)
    if len(events) < total:
        subtitle = tell(
            "{subtitle}; last {shown:count} of {total:count} events",
            subtitle=subtitle, shown=len(events), total=total,
        )  # fmt: skip
    summary = tell(
        "Timeline of {count:count} events of {lanes:count} kinds, from {first:day} to {last:day}.",
        count=len(events), lanes=len(lanes), first=first, last=last,
    )  # fmt: skip
    columns = {
        "on": Column(translate("Day"), "date"),
        "lane": Column(translate("Kind")),
        "label": Column(translate("Event")),
    }
    table = show_table(events, columns=columns, caption=title, limit=MOST_EVENTS).out_of(total)
    frame = Frame(
        "timeline", title, subtitle, summary, table, height=len(lanes) * LANE_HEIGHT + 48,
        labels=tuple(lanes),
        setting={"lanes": lanes},
    )  # fmt: skip
    pad = (last - first) * 0.03 + pd.Timedelta(days=2)
    ends = [f"{end:%Y-%m-%d}" for end in (first - pad, last + pad * 4)]
    layout = {
        "xaxis": {"type": "date", "range": ends, **_day_ticks(first, last)},
        "yaxis": {
            "range": [len(lanes) - 0.5, -0.5],
            "tickvals": list(range(len(lanes))),
            "ticktext": [chart_text(shorten(lane)) for lane in lanes],
            "tickfont": {"color": INK},
        },
        "hovermode": "closest",
    }
    traces = [_draw_lane(events, k, lane) for k, lane in enumerate(lanes)]
    return frame_chart(frame, traces, layout, margin={"l": 8, "r": 12, "b": 32})


def _draw_lane(events: pd.DataFrame, k: int, lane: str) -> go.Scatter:
    own = events[events["lane"] == lane]
    names = [shorten(what, NAME_LENGTH) for what in own["label"]]
    days = [float(on.toordinal()) for on in own["on"]]
    span = (events["on"].iloc[-1] - events["on"].iloc[0]) / pd.Timedelta(days=1) or 1.0
    return go.Scatter(
        x=[f"{on:%Y-%m-%d}" for on in own["on"]],
        y=[k] * len(own),
        mode="markers+text",
        marker={
            "size": 10, "color": COLOURS[k % len(COLOURS)], "line": {"color": SURFACE, "width": 1},
        },
        text=list(map(chart_text, name_apart(names, days, NAME_SHARE * span))),
        textposition="top right",
        textfont={"size": 11, "color": INK},
        customdata=[
            [chart_text(what), f"{on:%Y-%m-%d}"]
            for on, what in zip(own["on"], own["label"], strict=True)
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
        name=chart_text(lane),
    )  # fmt: skip


def name_apart(names: list[str], days: list[float], letter_days: float) -> list[str]:
    """Name an event where its name ends before the next one begins.

    Parameters
    ----------
    names : list of str
        Of the events of a lane, the first one first.
    days : list of float
        When they were.
    letter_days : float, in days
        What a letter takes across.

    Returns
    -------
    list of str
        As many; empty where there is no room.
    """
    texts, free_from = [], float("-inf")
    for name, day in zip(names, days, strict=True):
        has_room = day >= free_from
        texts.append(name if has_room else "")
        if has_room:
            free_from = day + (len(name) + 1) * letter_days
    return texts


def _day_ticks(first: pd.Timestamp, last: pd.Timestamp) -> dict[str, Any]:
    months = max(1, (last.year - first.year) * 12 + last.month - first.month)
    step = next((s for s in MONTH_STEPS if months / s <= MOST_TICKS), MONTH_STEPS[-1])
    ticks = pd.date_range(first.normalize().replace(day=1), last, freq=f"{step}MS")
    return {
        "tickvals": [f"{tick:%Y-%m-%d}" for tick in ticks],
        "ticktext": [f"{tick:%Y-%m}" for tick in ticks],
    }
