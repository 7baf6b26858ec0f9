"""Charts draw what the frame holds, honestly, and carry their own numbers."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from clientlib import figures
from clientlib.errors import InputError
from clientlib.figures.theme import MAIN, SURFACE

SEGMENTS = pd.DataFrame(
    {
        "segment": ["Large", "<b>Growing</b>", "A very long name of a segment indeed, it is"],
        "revenue_amount": [8_420_000.0, 3_110_000.0, None],
        "low": [8_000_000.0, 2_900_000.0, None],
        "high": [8_900_000.0, 3_300_000.0, None],
    }
)
CURVE = pd.DataFrame(
    {
        "predicted_share": [0.3, 0.1],
        "observed_share": [0.5, 0.11],
        "band_low": [0.25, 0.08],
        "band_high": [0.35, 0.12],
        "count": [25, 100],
    }
)


def bars(frame=SEGMENTS, **more):
    return figures.draw_bars(
        frame, label="segment", value="revenue_amount", title="Large ones lead", unit="EUR", **more
    )


def intervals(frame=SEGMENTS, **more):
    return figures.draw_intervals(
        frame,
        label="segment",
        estimate="revenue_amount",
        low="low",
        high="high",
        title="Large ones lead",
        **more,
    )


def lines(frame, **more):
    return figures.draw_lines(frame, x="month_end", y="late_share", title="Up", **more)


def months(count, series=("all",)):
    ends = pd.date_range("2020-01-31", periods=count, freq="ME")
    return pd.concat(
        pd.DataFrame({"month_end": ends, "late_share": np.arange(count) / count, "series": name})
        for name in series
    )


ALL_CHARTS = {
    "bars": bars,
    "bars with intervals": lambda: bars(low="low", high="high"),
    "intervals": lambda: intervals(reference=5e6, reference_label="mean"),
    "matrix": lambda: figures.draw_matrix(SEGMENTS[["low", "high"]], title="M", unit="EUR"),
    "curve": lambda: figures.draw_reliability_curve(CURVE, title="R"),
    "lines": lambda: lines(months(30, "ab"), series="series", unit="%"),
}


@pytest.mark.parametrize("draw", ALL_CHARTS.values(), ids=ALL_CHARTS)
def test_a_chart_is_json_without_nan_and_describes_itself(draw):
    bundle = json.loads(draw().to_json())
    assert "NaN" not in json.dumps(bundle)
    description = figures.describe(bundle)
    assert description.title
    assert len(description.summary) > 20
    assert description.table.rows


@pytest.mark.parametrize("draw", ALL_CHARTS.values(), ids=ALL_CHARTS)
def test_no_name_opens_a_tag_in_a_chart(draw):
    content = draw().to_plotly_json()
    del content["layout"]["meta"]
    assert "<b>Growing" not in json.dumps(content, default=list)


@pytest.mark.parametrize("draw", ALL_CHARTS.values(), ids=ALL_CHARTS)
def test_the_same_frame_gives_the_same_chart(draw):
    assert draw().to_json() == draw().to_json()


def test_bars_start_at_zero_and_reach_past_the_longest():
    low, high = bars().layout.xaxis.range
    assert low == 0
    assert high > 8_420_000


def test_negative_bars_keep_zero_inside_the_axis():
    frame = pd.DataFrame({"segment": ["a", "b"], "revenue_amount": [-5.0, -2.0]})
    low, high = bars(frame).layout.xaxis.range
    assert low < -5
    assert high >= 0


def test_a_long_name_has_two_lines_on_the_axis_and_is_whole_on_hovering():
    figure = bars()
    assert figure.layout.yaxis.ticktext[2] == "A very long name of a<br>segment indeed, it is"
    assert figure.data[0].customdata[2][0] == SEGMENTS["segment"][2]
    assert figure.data[0].customdata[2][1] == "not known"


def test_hovering_tells_the_full_number_with_its_unit():
    assert bars().data[0].customdata[0][1] == "8\u202f420\u202f000 EUR"


def test_the_rows_left_out_of_a_chart_are_stated():
    frame = pd.DataFrame({"segment": range(70), "revenue_amount": range(70)})
    figure = bars(frame)
    assert len(figure.data[0].x) == 60
    assert "first 60 of 70 rows" in figures.describe(figure).subtitle


def test_a_point_is_filled_only_if_its_interval_lies_clear_of_the_reference():
    figure = intervals(reference=8_200_000.0, reference_label="target")
    assert list(figure.data[0].marker.color) == [SURFACE, MAIN, SURFACE]
    assert figure.layout.annotations[0].text.startswith("target: 8.2")


def test_heights_grow_with_the_rows():
    one = bars(SEGMENTS.head(1)).layout.height
    assert bars(SEGMENTS.head(2)).layout.height == one + 28
    assert bars(SEGMENTS).layout.height == one - 28 + 3 * 38  # room for a name of two lines


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: bars(SEGMENTS.head(0)), "There are no rows to draw."),
        (lambda: bars(SEGMENTS.tail(1)), "None of the 1 rows has a value."),
        (lambda: intervals(SEGMENTS.head(0)), "There are no rows to draw."),
        (lambda: figures.draw_matrix(pd.DataFrame(), title="M"), "no cell with a number"),
        (lambda: figures.draw_reliability_curve(CURVE.head(0), title="R"), "no group"),
        (lambda: lines(months(3).head(0)), "None of the 0 rows"),
    ],
)
def test_an_empty_frame_gives_the_plain_words_not_enough_data(draw, words):
    figure = draw()
    description = figures.describe(figure)
    assert len(figure.data) == 0
    assert description.kind == "missing"
    assert words in description.summary
    assert figure.layout.annotations[0].text.startswith("Not enough data.")
    assert figures.note_of(description).title.startswith("Not enough data: ")
    assert words in figures.note_of(description).why


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: figures.draw_bars(SEGMENTS, label="segmnt", value="low", title=""), "'segment'"),
        (lambda: figures.draw_bars(SEGMENTS, label="low", value="segment", title=""), "numbers"),
        (lambda: bars(low="low"), "one end of an interval"),
        (lambda: bars(low="high", high="low"), "lower end lies above the upper"),
        (lambda: intervals(refrence=1.0), "did you mean 'reference'"),
        (lambda: figures.draw_matrix(SEGMENTS, title=""), "numbers in the column 'segment'"),
        (lambda: figures.draw_matrix([1], title=""), "wants a DataFrame"),
        (lambda: figures.draw_matrix(pd.DataFrame(np.ones((50, 41))), title=""), "2,050 cells"),
        (lambda: figures.draw_reliability_curve(CURVE.drop(columns="count"), title=""), "'count'"),
        (lambda: lines(months(2, "abcdefghi"), series="series"), "9 series"),
        (lambda: lines(months(2).assign(month_end="soon")), "days or numbers"),
    ],
)
def test_a_wrong_input_is_refused_with_what_would_be_right(draw, message):
    with pytest.raises(InputError, match=message):
        draw()


def test_a_matrix_of_both_signs_is_coloured_away_from_zero():
    axis = figures.draw_matrix(pd.DataFrame([[-2.0, 5.0]]), title="M").layout.coloraxis
    assert (axis.cmin, axis.cmax) == (-5, 5)


def test_a_matrix_of_shares_is_coloured_from_zero_and_an_index_is_not():
    shares = figures.draw_matrix(pd.DataFrame([[0.1, 0.6]]), title="M", unit="%")
    index = figures.draw_matrix(pd.DataFrame([[95.0, 105.0]]), title="M")
    assert shares.layout.coloraxis.cmin == 0
    assert index.layout.coloraxis.cmin == 95


def test_cells_hold_their_numbers_and_unknown_ones_stay_blank():
    figure = figures.draw_matrix(
        pd.DataFrame([[0.1, None]], columns=["x", "y"]), title="M", unit="%"
    )
    assert [list(row) for row in figure.data[0].text] == [["10%", ""]]


def test_reliability_points_are_sized_by_count_and_ordered():
    points = figures.draw_reliability_curve(CURVE, title="R").data[2]
    assert list(points.x) == [0.1, 0.3]
    assert list(points.marker.size) == [22, 11]


def test_the_summary_of_a_reliability_curve_counts_the_groups_inside_the_band():
    summary = figures.describe(figures.draw_reliability_curve(CURVE, title="R")).summary
    assert "1 of them lie" in summary


def test_thousands_of_points_are_thinned_but_keep_their_extremes():
    days = pd.date_range("2000-01-01", periods=9000)
    frame = pd.DataFrame({"month_end": days, "late_share": np.sin(np.arange(9000) / 50)})
    frame.loc[4321, "late_share"] = 9.0
    figure = lines(frame)
    assert len(figure.data[0].y) <= 2000
    assert max(figure.data[0].y) == 9.0
    assert figure.data[0].x[0] == "2000-01-01"
    assert figure.data[0].x[-1] == f"{days[-1]:%Y-%m-%d}"
    assert "of 9\u202f000 points drawn" in figures.describe(figure).subtitle


def test_the_last_month_end_is_named_on_the_axis():
    ticks = lines(months(36)).layout.xaxis
    assert ticks.tickvals[-1] == "2022-12-31"
    assert ticks.ticktext[-1] == "Dec<br>2022"


def test_names_at_the_ends_of_close_lines_do_not_overlap():
    figure = lines(months(12, "abcd"), series="series")
    shifts = sorted(note.yshift for note in figure.layout.annotations)
    assert all(b - a >= 17 for a, b in pairwise(shifts))


def test_lines_over_a_measured_axis_are_drawn():
    frame = pd.DataFrame({"share": [0.1, 0.2, 0.3], "gain_share": [0.3, 0.5, 0.6]})
    figure = figures.draw_lines(frame, x="share", y="gain_share", title="Gain", unit="%")
    assert list(figure.data[0].x) == [0.1, 0.2, 0.3]
    assert figure.layout.xaxis.title.text == "Share"


def test_a_foreign_figure_has_no_description():
    assert figures.describe({"data": [], "layout": {}}) is None


def test_a_chart_with_broken_numbers_is_refused():
    with pytest.raises(InputError, match="own numbers"):
        figures.describe({"data": [], "layout": {"meta": {"clientlib": {"kind": "bars"}}}})


def test_a_share_of_nothing_is_missing_from_lines_and_points():
    frame = pd.DataFrame({"name": list("abc"), "x": [1.0, 2.0, 3.0], "y": [5.0, float("inf"), 7.0]})
    line = figures.draw_lines(frame, x="x", y="y", title="Lines").data[0]
    assert list(line.y) == [5.0, None, 7.0]
    points = figures.draw_points(frame, label="name", x="x", y="y", title="Points").data[0]
    assert list(points.x) == [1.0, 3.0]
