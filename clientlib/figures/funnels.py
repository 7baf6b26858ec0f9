"""Funnels: how many are left at each stage, and which share went on."""

import pandas as pd
import plotly.graph_objects as go

from clientlib.errors import InputError
from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_columns, check_numbers
from clientlib.figures.columns import Column
from clientlib.figures.numbers import Scale, choose_scale
from clientlib.figures.tables import Table, show_table
from clientlib.figures.theme import INK, MAIN
from clientlib.figures.wording import break_name, chart_text, clean, humanise
from clientlib.language import show_share, tell, translate

ROW_HEIGHT = 44
MOST_STAGES = 12


def draw_funnel(
    stages: pd.DataFrame, *, label: str, count: str, title: str, unit: str = ""
) -> go.Figure:
    """Draw a bar for each stage, centred, with the share of the stage before that reached it.

    Parameters
    ----------
    stages : DataFrame
        One row per stage, the widest first; each counts those that came at least so far.
    label, count : str
        Columns of the stage's name and of how many reached it.
    title : str
        A sentence that says what the chart shows.
    unit : str
        What is counted, such as ``deals``.

    Returns
    -------
    plotly.graph_objects.Figure
        Without rows, or where nothing began: the statement that there is not enough data.

    Raises
    ------
    InputError
        A column is missing or not numeric, a stage counts less than none or more than the one
        before it, or there are more than 12 stages.
    """
    check_columns(stages, [label, count], drawn_by="draw_funnel")
    check_numbers(stages, [count], drawn_by="draw_funnel")
    steps = pd.DataFrame(
        {
            "label": [clean(name) for name in stages[label]],
            "count": stages[count].astype("float64").to_numpy(),
        }
    )
    if steps["count"].fillna(0).sum() == 0:
        return draw_missing(title, translate("There are no rows to draw."))
    _check_stages(steps)
    steps["kept_share"] = steps["count"] / steps["count"].shift(1).where(lambda before: before > 0)
    return _frame_stages(steps, title, humanise(count), unit)


def _check_stages(steps: pd.DataFrame) -> None:
    if len(steps) > MOST_STAGES:
        raise InputError(
            f"draw_funnel was given {len(steps)} stages, more than a reader can take in",
            hint=f"put stages together, so that at most {MOST_STAGES} are left",
        )
    counts = steps["count"]
    wrong = counts.isna() | (counts < 0) | (counts > counts.shift(1))
    if wrong.any():
        k = int(wrong.to_numpy().argmax())
        raise InputError(
            "each stage of a funnel counts some of the stage before it",
            rows=f"{int(wrong.sum())} of {len(steps)} stages do not",
            example=f"'{steps['label'][k]}' counts {counts[k]:g}",
            hint="count those that came at least so far, and begin with the widest stage",
        )


def _frame_stages(steps: pd.DataFrame, title: str, heading: str, unit: str) -> go.Figure:
    counts, rows = steps["count"], len(steps)
    scale = choose_scale(counts.tolist(), unit)
    frame = Frame(
        "funnel",
        title,
        _write_subtitle(scale, heading),
        _summarise(steps, scale),
        _list_stages(steps, title, heading, unit),
        height=rows * ROW_HEIGHT + 12,
        widths=(None, 720),
        labels=tuple(steps["label"]),
        setting={"scale": scale.as_json()},
    )
    half = float(counts.max()) / 2
    layout = {
        "xaxis": {"range": [-half, half * 1.5], "showgrid": False, "showticklabels": False},
        "yaxis": {
            "range": [rows - 0.5, -0.5],
            "tickvals": list(range(rows)),
            "ticktext": ["<br>".join(map(chart_text, break_name(n))) for n in steps["label"]],
            "tickfont": {"color": INK},
            "showgrid": False,
        },
        "hovermode": "closest",
    }
    traces = [_draw_stages(steps), _write_counts(steps, scale)]
    return frame_chart(frame, traces, layout, margin={"l": 8, "r": 12, "b": 8})


def _draw_stages(steps: pd.DataFrame) -> go.Bar:
    counts = steps["count"]
    return go.Bar(
        x=counts.tolist(),
        base=(-counts / 2).tolist(),
        y=list(range(len(steps))),
        orientation="h",
        width=0.7,
        marker={"color": MAIN},
        customdata=[chart_text(name) for name in steps["label"]],
        hovertemplate="<b>%{customdata}</b><br>%{x}<extra></extra>",
    )


def _write_counts(steps: pd.DataFrame, scale: Scale) -> go.Scatter:
    pairs = zip(steps["count"], steps["kept_share"], strict=True)
    shown = [
        scale.show(each) + ("" if pd.isna(share) else f" ({show_share(share)})")
        for each, share in pairs
    ]
    return go.Scatter(
        x=(steps["count"] / 2).tolist(),
        y=list(range(len(steps))),
        mode="text",
        text=[f" {text}" for text in shown],
        textposition="middle right",
        textfont={"color": INK, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _write_subtitle(scale: Scale, heading: str) -> str:
    unit = scale.axis_unit
    what = heading if not unit or unit == heading.lower() else f"{heading}, {unit}"
    return f"{what}; {translate('shares are of the stage before')}"


def _summarise(steps: pd.DataFrame, scale: Scale) -> str:
    return tell(
        "Funnel of {stages:count} stages, from {first} ({first_name}) to {last} ({last_name}).",
        stages=len(steps),
        first=scale.show_full(steps["count"].iloc[0]),
        first_name=steps["label"].iloc[0],
        last=scale.show_full(steps["count"].iloc[-1]),
        last_name=steps["label"].iloc[-1],
    )


def _list_stages(steps: pd.DataFrame, title: str, heading: str, unit: str) -> Table:
    columns = {
        "label": Column(translate("Stage")),
        "count": Column(heading, "number", unit),
        "kept_share": Column(translate("Of the stage before"), "percent"),
    }
    return show_table(steps, columns=columns, caption=title)
