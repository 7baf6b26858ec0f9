"""Columns over time: actual figures and forecasts beside last year's or the plan, and variances."""

from typing import Any, Unpack

import pandas as pd
import plotly.graph_objects as go

from clientlib.figures.charts import Frame, draw_missing, frame_chart
from clientlib.figures.checks import check_columns
from clientlib.figures.comparisons import Compared, Comparison, read_comparison
from clientlib.figures.numbers import list_known
from clientlib.figures.rows import explain_emptiness
from clientlib.figures.scenarios import LOOKS, colour_effect, list_swatches, name_scenario
from clientlib.figures.theme import INK, MUTED
from clientlib.figures.wording import break_name, chart_text, clean
from clientlib.language import translate

PLOT_HEIGHT, VARIANCE_HEIGHT, AXIS_HEIGHT = 210, 90, 40  # pixels
COLUMN_WIDTH = 0.52
SHIFTS = {"previous": -0.22, "plan": -0.1, "actual": 0.06, "forecast": 0.06}  # left is behind
MOST_MARKED = 18  # periods with a name each; of more, every second or third has one
LETTERS_ACROSS, LEAST_LINE = 90, 5  # of the names side by side, and of a line of one
DIGITS_ACROSS = 100  # of the numbers side by side; of more, each second or third is written
HEADROOM = 0.09  # of the span of the figures, over each row of labels


def draw_periods(
    frame: pd.DataFrame, *, period: str, actual: str, title: str, mark: str = "",
    **options: Unpack[Compared],
) -> go.Figure:  # fmt: skip
    """Draw a column for each period, beside what it is compared with, and the variances above.

    Parameters
    ----------
    frame : DataFrame
        One row per period, in order; the first 36 are drawn, and the chart says so.
    period, actual : str
        Columns of the period's name and of the actual figure; null where it is not yet known.
    title : str
        A sentence that says what the chart shows.
    mark : str
        Column of a short name of each period for the axis; the name itself where there is none.
    **options
        As in ``Compared``: previous, plan, forecast, low, high, against, unit, good.

    Returns
    -------
    plotly.graph_objects.Figure
        Without figures: the statement that there is not enough data. Variances stand on the scale
        of the figures.

    Raises
    ------
    InputError
        A column is missing or not numeric, an interval ends before it begins, or there is no
        such option.
    """
    read = read_comparison(frame, period, actual, options, drawn_by="draw_periods")
    if read is None:
        return draw_missing(title, explain_emptiness(frame))
    floor = _variance_floor(read)
    marks = _read_marks(frame, mark, read)
    traces = [*_draw_figures(read), _write_figures(read), *_draw_variances(read, floor)]
    has_variance = bool(read.against)
    frame_of = Frame(
        "periods",
        title,
        read.write_subtitle(),
        read.write_summary(),
        read.list_figures(title),
        height=PLOT_HEIGHT + (VARIANCE_HEIGHT if has_variance else 0) + AXIS_HEIGHT,
        labels=read.labels,
        setting={**read.as_setting(), "marks": marks},
    )
    layout = {
        "xaxis": _period_axis(marks),
        "yaxis": {"range": _ends(read, floor), "showgrid": False, "showticklabels": False},
        "shapes": _base_lines(read, floor),
        "annotations": _name_rows(read, floor),
        "barmode": "overlay",
        "hovermode": "x",
    }
    return frame_chart(frame_of, traces, layout, margin={"l": 8, "r": 118, "b": 44})


def _draw_figures(read: Comparison) -> list[go.Bar]:
    return [_draw_scenario(read, name) for name in SHIFTS if name in read.scenarios]


def _draw_scenario(read: Comparison, scenario: str) -> go.Bar:
    values = read.values[scenario].copy()
    if scenario == "forecast":
        values = values.where(read.values["actual"].isna())
    return go.Bar(
        x=[k + SHIFTS[scenario] for k in range(len(read.labels))],
        y=[None if pd.isna(value) else float(f"{value:.10g}") for value in values],
        width=COLUMN_WIDTH,
        marker=LOOKS[scenario].as_marker(),
        customdata=[read.scale.show_full(value) for value in values],
        hovertemplate=f"{chart_text(name_scenario(scenario))} %{{customdata}}<extra></extra>",
        name=chart_text(name_scenario(scenario)),
        **_draw_band(read, scenario),
    )


def _draw_band(read: Comparison, scenario: str) -> dict[str, Any]:
    if scenario != "forecast" or "low" not in read.values:
        return {}
    middle = read.values["forecast"]
    up = (read.values["high"] - middle).fillna(0.0)
    down = (middle - read.values["low"]).fillna(0.0)
    ends = {"array": up.tolist(), "arrayminus": down.tolist(), "symmetric": False, "type": "data"}
    return {"error_y": {**ends, "color": INK, "thickness": 1.5, "width": 0}}


def _write_figures(read: Comparison) -> go.Scatter:
    shown = read.shown
    tops = shown.copy()
    if "high" in read.values:
        far = read.values["high"].where(shown >= 0, read.values["low"]).fillna(shown)
        tops = tops.where(read.values["actual"].notna(), far)
    return go.Scatter(
        x=[k + SHIFTS["actual"] for k in range(len(read.labels))],
        y=[None if pd.isna(top) else float(top) for top in tops],
        mode="text",
        text=_keep_apart(["" if pd.isna(value) else read.scale.show(value) for value in shown]),
        textposition=["bottom center" if value < 0 else "top center" for value in shown],
        textfont={"color": INK, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _draw_variances(read: Comparison, floor: float) -> list[Any]:
    if not read.against:
        return []
    changes = read.values["variance"]
    bars = go.Bar(
        x=list(range(len(read.labels))),
        y=[None if pd.isna(change) else float(f"{change:.10g}") for change in changes],
        base=[floor] * len(changes),
        width=COLUMN_WIDTH * 0.6,
        marker={"color": [colour_effect(change, read.good) for change in changes]},
        customdata=[chart_text(read.say_change(k)) for k in range(len(changes))],
        hovertemplate="%{customdata}<extra></extra>",
        name=chart_text(translate("variance")),
    )
    words = go.Scatter(
        x=list(range(len(read.labels))),
        y=[None if pd.isna(change) else floor + float(change) for change in changes],
        mode="text",
        text=_keep_apart(
            ["" if pd.isna(change) else read.scale.show_change(change) for change in changes]
        ),
        textposition=["bottom center" if change < 0 else "top center" for change in changes],
        textfont={"size": 11, "color": [colour_effect(change, read.good) for change in changes]},
        cliponaxis=False,
        hoverinfo="skip",
    )
    return [bars, words]


def _keep_apart(texts: list[str]) -> list[str]:
    """Leave out numbers that would run into the next ones, never the last."""
    step = -(-max(map(len, texts)) * len(texts) // DIGITS_ACROSS) or 1
    last = len(texts) - 1
    kept = {last, *range(0, last - step + 1, step)}  # under the names, which begin with the first
    return [text if k in kept else "" for k, text in enumerate(texts)]


def _drawn(read: Comparison) -> list[float]:
    names = [name for name in (*read.scenarios, "low", "high") if name in read.values]
    return [0.0, *list_known(read.values[names])]


def _variance_floor(read: Comparison) -> float:
    """Find where variances stand: over all figures, with room for the worst."""
    drawn = _drawn(read)
    span = max(drawn) - min(drawn) or 1.0
    least = min([0.0, *list_known(read.values[["variance"]])]) if read.against else 0.0
    return max(drawn) + span * (2.4 * HEADROOM) - least


def _ends(read: Comparison, floor: float) -> list[float]:
    drawn = _drawn(read)
    span = max(drawn) - min(drawn) or 1.0
    bottom = min(drawn) - (span * HEADROOM if min(drawn) < 0 else 0.0)
    if not read.against:
        return [bottom, max(drawn) + span * HEADROOM]
    most = max([0.0, *list_known(read.values[["variance"]])])
    return [bottom, floor + most + span * HEADROOM]


def _base_lines(read: Comparison, floor: float) -> list[dict[str, Any]]:
    heights = [0.0, *([floor] if read.against else [])]
    line = {"color": MUTED, "width": 1}
    ends = {"x0": -0.5, "x1": len(read.labels) - 0.5, "layer": "above"}
    return [{"type": "line", "y0": y, "y1": y, "line": line, **ends} for y in heights]


def _name_rows(read: Comparison, floor: float) -> list[dict[str, Any]]:
    """Say at the right end what the columns are, and the variances."""
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "showarrow": False}
    font = {"size": 12, "color": MUTED}
    names = list_swatches(read.scenarios, "<br>")
    said = [{**place, "y": 0, "yanchor": "bottom", "text": names, "font": font, "align": "left"}]
    if read.against:
        words = chart_text(f"Δ {name_scenario(read.against)}")
        said.append({**place, "y": floor, "yanchor": "middle", "text": words, "font": font})
    return said


def _read_marks(frame: pd.DataFrame, mark: str, read: Comparison) -> list[str]:
    if not mark:
        return list(read.labels)
    check_columns(frame, [mark], drawn_by="draw_periods")
    return [clean(each) for each in frame[mark].head(len(read.labels))]


def _period_axis(marks: list[str]) -> dict[str, Any]:
    step = -(-len(marks) // MOST_MARKED)
    length = max(LEAST_LINE, LETTERS_ACROSS // len(marks) * step)
    texts = ["<br>".join(map(chart_text, break_name(name, length))) for name in marks]
    return {
        "range": [-0.6, len(marks) - 0.4],
        "tickvals": list(range(len(marks)))[::step],
        "ticktext": texts[::step],
        "tickfont": {"color": INK, "size": 12},
        "showgrid": False,
    }
