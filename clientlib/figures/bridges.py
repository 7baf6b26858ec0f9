"""Bridges: how one figure became another, step by step."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from clientlib.errors import InputError
from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_columns, check_numbers
from clientlib.figures.columns import Column, words
from clientlib.figures.numbers import Scale, choose_scale
from clientlib.figures.scenarios import EITHER, GOODS, LOOKS, colour_effect
from clientlib.figures.tables import show_table
from clientlib.figures.theme import INK, MUTED
from clientlib.figures.wording import break_name, chart_text, clean, humanise
from clientlib.language import tell, translate

ROW_HEIGHT = 32
MOST_STEPS = 24
TOLERANCE = 1e-6  # of the largest figure: what sums of floats may miss
KINDS = ("total", "step")


def draw_bridge(
    steps: pd.DataFrame, *, label: str, amount: str, kind: str, title: str, unit: str = "",
    good: str = "up",
) -> go.Figure:  # fmt: skip
    """Draw how one total became another: each step begins where the last one ended.

    Parameters
    ----------
    steps : DataFrame
        One row per bar, in order; the first is a total, and each later total is what the steps
        before it add up to.
    label, amount, kind : str
        Columns of the name, of the total or change, and of ``total`` or ``step``.
    title : str
        A sentence that says what the chart shows.
    unit : str
        Unit of the amounts.
    good : str
        ``up`` where more is better, ``down`` where less is, ``either`` where a step may be good
        whatever its sign, as a deal that leaves the pipeline because it was won.

    Returns
    -------
    plotly.graph_objects.Figure
        Without rows: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is missing or not numeric, a kind is not known, the first bar is no total, or a
        total is not what the steps add up to.
    """
    if good not in (*GOODS, EITHER):
        raise InputError(
            f"draw_bridge cannot tell what is good: '{good}'", hint="'up', 'down' or 'either'"
        )
    check_columns(steps, [label, amount, kind], drawn_by="draw_bridge")
    check_numbers(steps, [amount], drawn_by="draw_bridge")
    if steps.empty:
        return draw_missing(title, translate("There are no rows to draw."))
    bars = pd.DataFrame(
        {
            "label": [clean(name) for name in steps[label]],
            "amount": steps[amount].astype("float64").to_numpy(),
            "kind": [str(each) for each in steps[kind]],
        }
    )
    _check_bars(bars)
    is_total = bars["kind"] == "total"
    after = _run_up(bars)
    bars["begin"] = (after - bars["amount"]).where(~is_total, 0.0)
    bars["end"] = after
    _check_totals(bars)
    return _frame_bars(bars, choose_scale(_amounts_read(bars), unit), title, humanise(amount), good)


def _amounts_read(bars: pd.DataFrame) -> list[float]:
    """Give what the scale is chosen for: the steps, which are smaller than the totals."""
    steps = bars.loc[bars["kind"] == "step", "amount"]
    return list((steps if (steps != 0).any() else bars["amount"]).tolist())


def _check_bars(bars: pd.DataFrame) -> None:
    unknown = bars[~bars["kind"].isin(KINDS)]
    if len(unknown):
        raise InputError(
            "draw_bridge knows the kinds total and step",
            example=f"'{unknown['kind'].iloc[0]}' of '{unknown['label'].iloc[0]}'",
        )
    if bars["kind"].iloc[0] != "total" or bars["amount"].isna().any():
        raise InputError(
            "draw_bridge begins with a total, and each bar has an amount",
            example=f"'{bars['label'].iloc[0]}' is a {bars['kind'].iloc[0]}",
        )
    if len(bars) > MOST_STEPS:
        raise InputError(
            f"draw_bridge was given {len(bars)} bars, more than a reader can follow",
            hint=f"put the small steps together, so that at most {MOST_STEPS} are left",
        )


def _run_up(bars: pd.DataFrame) -> pd.Series:
    level, levels = 0.0, []
    for kind, amount in zip(bars["kind"], bars["amount"], strict=True):
        level = amount if kind == "total" else level + amount
        levels.append(level)
    return pd.Series(levels, index=bars.index)


def _check_totals(bars: pd.DataFrame) -> None:
    before = bars["end"].shift(1)
    off = (bars["kind"] == "total") & before.notna()
    off &= (bars["amount"] - before).abs() > TOLERANCE * bars["amount"].abs().max()
    if off.any():
        k = int(off.to_numpy().argmax())
        raise InputError(
            "the steps of a bridge do not add up to its total",
            rows=f"{int(off.sum())} of {int((bars['kind'] == 'total').sum())} totals",
            example=f"'{bars['label'][k]}' is {bars['amount'][k]:,.2f}, "
            f"the steps give {before[k]:,.2f}",
            hint="a step is missing, or counted twice",
        )


def _frame_bars(bars: pd.DataFrame, scale: Scale, title: str, heading: str, good: str) -> go.Figure:
    count = len(bars)
    table = show_table(
        bars,
        columns={
            "label": Column(translate("Step")),
            "amount": Column(heading, "number", scale.unit),
            "kind": words("Kind"),
            "end": Column(translate("Adds up to"), "number", scale.unit),
        },
        caption=title,
    )
    frame = Frame(
        "bridge",
        title,
        ", ".join(part for part in (heading, scale.axis_unit) if part),
        _summarise(bars, scale),
        table,
        height=count * ROW_HEIGHT + 16,
        labels=tuple(bars["label"]),
        setting={"scale": scale.as_json(), "good": good, "kinds": list(bars["kind"])},
    )
    low = min(0.0, bars["begin"].min(), bars["end"].min())
    high = max(0.0, bars["begin"].max(), bars["end"].max())
    room = (high - low or 1.0) * 0.16
    names = ["<br>".join(map(chart_text, break_name(name))) for name in bars["label"]]
    layout = {
        "xaxis": {
            "range": [low - (room if low < 0 else 0), high + room],
            "showgrid": False,
            "showticklabels": False,
        },
        "yaxis": {
            "range": [count - 0.5, -0.5],
            "tickvals": list(range(count)),
            "ticktext": names,
            "tickfont": {"color": INK},
            "showgrid": False,
        },
        "shapes": _connect(bars),
        "hovermode": "closest",
    }
    traces = [_draw_bars(bars, scale, good), _write_amounts(bars, scale, good)]
    return frame_chart(frame, traces, layout, margin={"l": 8, "r": 12, "b": 8})


def _draw_bars(bars: pd.DataFrame, scale: Scale, good: str) -> go.Bar:
    return go.Bar(
        x=[float(f"{each:.10g}") for each in bars["amount"]],
        y=list(range(len(bars))),
        base=[float(f"{each:.10g}") for each in bars["begin"]],
        orientation="h",
        width=0.62,
        marker={"color": _colours(bars, good, LOOKS["actual"].fill)},
        customdata=[
            [chart_text(name), scale.show_full(amount)]
            for name, amount in zip(bars["label"], bars["amount"], strict=True)
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    )


def _write_amounts(bars: pd.DataFrame, scale: Scale, good: str) -> go.Scatter:
    tips = bars[["begin", "end"]].max(axis=1)
    signs = [
        "+" if k == "step" and a > 0 else ""
        for k, a in zip(bars["kind"], bars["amount"], strict=True)
    ]
    return go.Scatter(
        x=tips.tolist(),
        y=list(range(len(bars))),
        mode="text",
        text=[f" {s}{scale.show(a)}" for s, a in zip(signs, bars["amount"], strict=True)],
        textposition="middle right",
        textfont={"size": 12, "color": _colours(bars, good, INK)},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _colours(bars: pd.DataFrame, good: str, of_totals: str) -> list[str]:
    pairs = zip(bars["kind"], bars["amount"], strict=True)
    return [of_totals if kind == "total" else colour_effect(amount, good) for kind, amount in pairs]


def _connect(bars: pd.DataFrame) -> list[dict[str, Any]]:
    line = {"color": MUTED, "width": 1}
    return [
        {"type": "line", "x0": end, "x1": end, "y0": k + 0.31, "y1": k + 0.69, "line": line}
        for k, end in enumerate(bars["end"].iloc[:-1])
    ]


def _summarise(bars: pd.DataFrame, scale: Scale) -> str:
    steps = bars[bars["kind"] == "step"]
    said = tell(
        "Bridge from {first} {from_amount} to {last} {to_amount} in {count:count} steps.",
        first=bars["label"].iloc[0],
        from_amount=scale.show_full(bars["end"].iloc[0]),
        last=bars["label"].iloc[-1],
        to_amount=scale.show_full(bars["end"].iloc[-1]),
        count=len(steps),
    )
    if steps.empty:
        return str(said)
    most = int(steps["amount"].abs().argmax())
    largest = tell(
        "Largest: {name} {change}.",
        name=steps["label"].iloc[most],
        change=scale.show_full(float(steps["amount"].iloc[most])),
    )
    return f"{said} {largest}"
