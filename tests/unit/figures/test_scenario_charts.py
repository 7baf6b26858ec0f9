"""Figures beside last year's, the plan and forecasts: what is compared, what is good, what is drawn."""

import pandas as pd
import pytest

from clientlib import figures
from clientlib.errors import InputError
from clientlib.figures import describe
from clientlib.figures.theme import BAD, GOOD

MONTHS = pd.DataFrame(
    {
        "month": ["April", "May", "June"],
        "late": [20.0, 10.0, None],
        "before": [16.0, 10.0, 12.0],
        "goal": [18.0, 12.0, 12.0],
        "expected": [19.0, 11.0, 15.0],
        "low": [None, None, 13.0],
        "high": [None, None, 17.0],
    }
)
STEPS = pd.DataFrame(
    {
        "step": ["then", "lost", "won", "now"],
        "amount": [100.0, -30.0, 10.0, 80.0],
        "kind": ["total", "step", "step", "total"],
    }
)
DRAWERS = {"period": figures.draw_periods, "label": figures.draw_structure}


@pytest.fixture(params=DRAWERS)
def draw(request):
    """Draw months as columns over time, and as bars by part."""

    def make(frame=MONTHS, **options):
        return DRAWERS[request.param](
            frame, **{request.param: "month"}, actual="late", title="Late", **options
        )

    return make


def column(figure, name):
    table = describe(figure).table
    place = [each for each, _ in table.columns].index(name)
    return [row[place] for row in table.rows]


def variance_colours(figure):
    bars = next(trace for trace in figure.data if trace.name == "variance")
    return list(bars.marker.color)


def test_variances_are_taken_from_the_plan_where_there_is_one(draw):
    both = {"previous": "before", "plan": "goal"}
    assert column(draw(**both), "variance") == [2.0, -2.0, None]
    assert column(draw(**both, against="previous"), "variance") == [4.0, 0.0, None]
    assert column(draw(previous="before"), "variance") == [4.0, 0.0, None]


def test_a_forecast_stands_where_the_actual_figure_is_not_known_and_is_compared_too(draw):
    figure = draw(plan="goal", forecast="expected", low="low", high="high")
    assert column(figure, "variance") == [2.0, -2.0, 3.0]
    hatched = next(trace for trace in figure.data if trace.name == "forecast")
    values = hatched.y if hatched.orientation != "h" else hatched.x
    assert list(values) == [None, None, 15.0]
    assert hatched.marker.pattern.shape == "/"


def test_more_is_bad_where_less_is_better(draw):
    assert variance_colours(draw(plan="goal"))[:2] == [GOOD, BAD]
    assert variance_colours(draw(plan="goal", good="down"))[:2] == [BAD, GOOD]


def test_the_plan_is_outlined_and_the_year_before_paler(draw):
    looks = {trace.name: trace.marker for trace in draw(previous="before", plan="goal").data}
    assert looks["plan"].color == "#ffffff"
    assert looks["plan"].line.width > 0
    assert looks["previous year"].color != looks["actual"].color


def test_its_summary_names_the_largest_variance(draw):
    assert (
        "Largest variance from previous year: +4 (+25%) (April)."
        in describe(draw(previous="before")).summary
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"previos": "before"}, "did you mean 'previous'", id="misspelt"),
        pytest.param({"low": "low"}, "one end of an interval", id="half an interval"),
        pytest.param({"good": "left"}, "good is 'up' or 'down'", id="no direction"),
        pytest.param({"against": "goal"}, "against is 'plan' or 'previous'", id="a column"),
        pytest.param({"against": "plan"}, "name the column: plan=", id="nothing to compare with"),
    ],
)
def test_wrong_options_are_refused_with_what_to_do(draw, options, message):
    with pytest.raises(InputError) as caught:
        draw(**options)
    assert message in str(caught.value)


def test_without_a_figure_that_is_said(draw):
    assert describe(draw(MONTHS.assign(late=None).astype({"late": "float"}))).kind == "missing"


def test_a_bridge_begins_each_step_where_the_last_one_ended():
    bars = figures.draw_bridge(STEPS, label="step", amount="amount", kind="kind", title="t").data[0]
    assert list(bars.base) == [0.0, 100.0, 70.0, 0.0]
    assert list(bars.x) == [100.0, -30.0, 10.0, 80.0]


def test_a_bridge_that_does_not_add_up_is_refused_with_both_sums():
    wrong = STEPS.assign(amount=[100.0, -30.0, 10.0, 90.0])
    with pytest.raises(InputError) as caught:
        figures.draw_bridge(wrong, label="step", amount="amount", kind="kind", title="t")
    assert "'now' is 90.00, the steps give 80.00" in str(caught.value)
    assert "1 of 2 totals" in str(caught.value)


def test_a_bridge_begins_with_a_total():
    with pytest.raises(InputError, match="begins with a total"):
        figures.draw_bridge(STEPS[1:], label="step", amount="amount", kind="kind", title="t")


def test_a_funnel_tells_how_many_of_the_stage_before_are_kept():
    stages = pd.DataFrame({"stage": ["met", "offered", "won"], "deals": [40, 10, 5]})
    figure = figures.draw_funnel(stages, label="stage", count="deals", title="t")
    assert column(figure, "kept_share") == [None, 0.25, 0.5]
    assert list(figure.data[0].base) == [-20.0, -5.0, -2.5]


def test_a_stage_with_more_than_the_one_before_is_no_funnel():
    stages = pd.DataFrame({"stage": ["met", "offered"], "deals": [4, 10]})
    with pytest.raises(InputError, match="'offered' counts 10"):
        figures.draw_funnel(stages, label="stage", count="deals", title="t")


def test_points_far_from_all_others_are_named():
    rows = pd.DataFrame({"name": ["near", "near too", "far"], "x": [1, 1.01, 9], "y": [1, 1, 9]})
    figure = figures.draw_points(rows, label="name", x="x", y="y", title="t")
    assert figure.layout.annotations[0].text == "far"
    assert len(figure.layout.annotations) == 2


def test_a_timeline_has_a_lane_for_each_kind_of_event():
    events = pd.DataFrame(
        {"on": ["2025-03-01", "2025-01-01", None], "kind": ["visit", "order", "x"], "what": "w"}
    )
    figure = figures.draw_timeline(events, day="on", lane="kind", label="what", title="t")
    assert [trace.name for trace in figure.data] == ["visit", "order"]
    assert column(figure, "on") == ["2025-01-01", "2025-03-01"]


def test_what_is_no_day_is_refused():
    events = pd.DataFrame({"on": ["soon"], "kind": "visit", "what": "w"})
    with pytest.raises(InputError, match="'soon'"):
        figures.draw_timeline(events, day="on", lane="kind", label="what", title="t")


def test_an_axis_has_short_marks_and_the_table_whole_names():
    marked = MONTHS.assign(mark=["Apr 2025", "May", "Jun"])
    figure = figures.draw_periods(marked, period="month", actual="late", title="Late", mark="mark")
    assert list(figure.layout.xaxis.ticktext) == ["Apr 2025", "May", "Jun"]
    assert column(figure, "label") == ["April", "May", "June"]


def test_of_many_periods_every_second_or_third_is_named():
    frame = pd.DataFrame({"month": [f"M{k}" for k in range(36)], "late": range(36)})
    figure = figures.draw_periods(frame, period="month", actual="late", title="Late")
    assert list(figure.layout.xaxis.ticktext) == [f"M{k}" for k in range(0, 36, 2)]


def test_a_mark_that_is_no_column_is_refused():
    with pytest.raises(InputError, match="draw_periods"):
        figures.draw_periods(MONTHS, period="month", actual="late", title="Late", mark="mrk")


def test_each_forecast_says_its_figure_beyond_its_interval_or_at_its_own_end():
    frame = MONTHS.assign(late=None, expected=[-15.0, 15.0, 12.0])
    frame = frame.assign(low=[-18.0, 13.0, None], high=[-11.0, 17.0, None])
    figure = figures.draw_periods(
        frame, period="month", actual="late", forecast="expected", low="low", high="high",
        title="Late",
    )  # fmt: skip
    words = next(trace for trace in figure.data if trace.type == "scatter")
    assert list(words.text) == ["−15", "15", "12"]
    assert list(words.y) == [-18.0, 17.0, 12.0]
    assert list(words.textposition) == ["bottom center", "top center", "top center"]


def test_shares_differ_by_percentage_points(draw):
    shares = MONTHS.assign(late=[0.35, 0.30, 0.31], before=[0.5, 0.26, 0.3])
    figure = draw(shares, previous="before", unit="%")
    said = [text.strip() for trace in figure.data if trace.type == "scatter" for text in trace.text]
    assert said[-3:] == ["−15\u00a0pp", "+4\u00a0pp", "+1\u00a0pp"]
    assert describe(figure).summary.endswith("−15\u00a0pp (April).")
    assert column(figure, "variance")[0] == pytest.approx(-0.15)
    assert describe(figure).table.columns[-1][1].unit == "pp"


@pytest.mark.parametrize(("count", "written"), [(12, 12), (18, 18), (36, 18)])
def test_numbers_of_many_periods_do_not_run_into_each_other(count, written):
    rows = pd.DataFrame({"month": range(count), "late": 1637.0, "before": 1200.0})
    figure = figures.draw_periods(
        rows, period="month", actual="late", previous="before", title="Late"
    )
    for words in (trace for trace in figure.data if trace.type == "scatter"):
        assert sum(bool(text) for text in words.text) == written
        assert words.text[-1]


def test_a_figure_stands_at_its_bar_and_not_where_a_forecast_would_have_ended():
    rows = pd.DataFrame({"part": ["a", "b"], "sold": [10.0, None], "expected": [100.0, 20.0]})
    figure = figures.draw_structure(
        rows, label="part", actual="sold", forecast="expected", title="Sold"
    )
    words = next(trace for trace in figure.data if trace.type == "scatter")
    assert list(words.x) == [10.0, 20.0]
