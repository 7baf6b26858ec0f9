"""Native charts hold the numbers of the chart's own table, in the slide and in its workbook."""

import json
from io import BytesIO
from zipfile import ZipFile

import fastexcel
import pandas as pd
import pytest
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_MARKER_STYLE

from clientlib.errors import InputError
from clientlib.figures import (
    describe,
    draw_bars,
    draw_intervals,
    draw_lines,
    draw_periods,
    draw_timeline,
)
from clientlib.figures.native import NATIVE_KINDS, Box, draw_native, list_left_out
from clientlib.figures.native.plotting import round_ends
from clientlib.figures.theme import INK
from clientlib.language import speaking
from tests.gallery import NAMES, draw_gallery

GALLERY = {name: json.loads(figure.to_json()) for name, figure in draw_gallery().items()}
CHARTS = [name for name in GALLERY if name != "matrix"]
DRAWN = {
    "bars": ["value"],
    "bars with ends": ["value"],
    "intervals": ["value", "low", "high"],
    "periods": ["actual", "previous", "plan", "variance"],
    "structure": ["actual", "previous", "variance"],
    "funnel": ["count"],
    "multiples": ["actual", "previous"],
    "lines": ["y"],
    "points": ["x", "y"],
    "reliability_curve": ["predicted_share", "observed_share", "band_low", "band_high"],
}


@pytest.fixture
def draw():
    """Draw a chart on a slide, save it, and open it again."""

    def make(figure):
        deck = Presentation()
        draw_native(deck.slides.add_slide(deck.slide_layouts[6]), figure, Box(0.5, 0.5, 9, 6))
        content = BytesIO()
        deck.save(content)
        return Presentation(BytesIO(content.getvalue())).slides[0]

    return make


def charts_of(slide):
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def numbers_of(chart):
    return [
        float(value.text)
        for reference in chart._chartSpace.iter("{*}numRef")
        for value in reference.iter("{*}v")
    ]


def cells_of(chart):
    sheet = fastexcel.read_excel(chart.part.chart_workbook.xlsx_part.blob).load_sheet(
        0, header_row=None, dtypes="string"
    )
    return [value for row in sheet.to_arrow().to_pylist() for value in row.values()]


def column(figure, name):
    table = describe(figure).table
    place = [each for each, _ in table.columns].index(name)
    return [row[place] for row in table.rows if row[place] is not None]


def test_every_kind_is_drawn():
    assert {describe(figure).kind for figure in GALLERY.values()} == set(NATIVE_KINDS)


@pytest.mark.parametrize("name", DRAWN)
def test_a_native_chart_holds_the_numbers_of_its_table(draw, name):
    drawn = [number for chart in charts_of(draw(GALLERY[name])) for number in numbers_of(chart)]
    for column_name in DRAWN[name]:
        for value in column(GALLERY[name], column_name):
            assert any(number == pytest.approx(value) for number in drawn), (column_name, value)


@pytest.mark.parametrize("name", CHARTS)
def test_its_workbook_holds_every_number_of_the_chart(draw, name):
    for chart in charts_of(draw(GALLERY[name])):
        cells = [float(cell) for cell in cells_of(chart) if cell and _is_number(cell)]
        assert {round(cell, 9) for cell in cells} == {round(n, 9) for n in numbers_of(chart)}
        assert cells


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_a_name_that_looks_like_a_formula_stays_a_name_in_the_workbook(draw):
    chart = charts_of(draw(GALLERY["bars"]))[0]
    assert list(chart.plots[0].categories) == NAMES
    assert NAMES[1] in cells_of(chart)
    sheet = _sheet_xml(chart)
    assert "<f>" not in sheet


def _sheet_xml(chart):
    blob = chart.part.chart_workbook.xlsx_part.blob
    return ZipFile(BytesIO(blob)).read("xl/worksheets/sheet1.xml").decode()


def test_a_bridge_ends_where_its_bars_add_up_to(draw):
    chart = charts_of(draw(GALLERY["bridge"]))[0]
    base, above, below, _ = (list(series.values) for series in chart.plots[0].series)
    tops = [b + a if b >= 0 else b for b, a in zip(base, above, strict=True)]
    lows = [b + under if b < 0 else (under or b) for b, under in zip(base, below, strict=True)]
    assert list(zip(lows, tops, strict=True)) == [
        (0.0, 100.0),
        (-20.0, 100.0),
        (-20.0, 0.0 + 10.0),
        (10.0, 50.0),
        (0.0, 50.0),
    ]


def test_the_ends_of_an_axis_are_round_so_that_names_at_it_are_not_cut_off():
    assert round_ends((0.69, 1.31)) == (0.6, 1.4)
    assert round_ends((0.6, 1.4)) == (0.6, 1.4)


def test_small_multiples_have_one_scale_and_a_chart_for_each_part(draw):
    first, second = charts_of(draw(GALLERY["multiples"]))
    ends = [(c.value_axis.minimum_scale, c.value_axis.maximum_scale) for c in (first, second)]
    assert ends[0] == ends[1]
    assert ends[0][0] <= 0 < 30 < ends[0][1]
    assert [c.chart_title.text_frame.text for c in (first, second)] == NAMES[:2]
    assert list(second.plots[0].series[1].values) == [5.0, None]


def test_labels_say_what_the_page_says(draw):
    chart = charts_of(draw(GALLERY["bridge"]))[0]
    words = chart.plots[0].series[3]
    said = [words.points[k].data_label.text_frame.text for k in range(5)]
    assert said == ["100", "−120", "+30", "+40", "50"]


def test_the_forecast_is_hatched_the_plan_outlined_and_the_year_before_paler(draw):
    figures_chart = charts_of(draw(GALLERY["periods"]))[-1]
    looks = {series.name: series._element.spPr.xml for series in figures_chart.plots[0].series}
    assert list(looks) == ["previous year", "plan", "actual", "forecast"]
    assert "pattFill" in looks["forecast"]
    assert 'val="FFFFFF"' in looks["plan"]
    assert "<a:ln" in looks["plan"]
    assert looks["previous year"] != looks["actual"]


def test_a_matrix_is_a_table_with_every_cell(draw):
    table = next(shape.table for shape in draw(GALLERY["matrix"]).shapes if shape.has_table)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["", "large", "small"],
        [NAMES[0], "5", "1"],
        [NAMES[1], "2", "7"],
    ]


def test_those_who_cannot_see_are_told_what_is_drawn(draw):
    shape = next(iter(draw(GALLERY["bars"]).shapes))
    assert shape._element.nvGraphicFramePr.cNvPr.get("descr") == describe(GALLERY["bars"]).summary


def test_rows_that_a_slide_has_no_room_for_are_counted(draw):
    names = [f"client {k}" for k in range(20)]
    figure = _draw_many(names)
    assert list_left_out(figure) == (16, 20)
    assert list(charts_of(draw(figure))[0].plots[0].categories) == names[:16]
    assert list_left_out(GALLERY["bars"]) == (3, 3)


def _draw_many(names):
    rows = pd.DataFrame({"name": names, "count": range(len(names), 0, -1)})
    return json.loads(draw_bars(rows, label="name", value="count", title="Many").to_json())


def test_a_figure_of_elsewhere_is_refused(draw):
    with pytest.raises(InputError, match="native") as caught:
        draw({"data": [], "layout": {}})
    assert "place a picture" in str(caught.value)


def test_the_longest_series_of_events_is_the_first(draw):
    """LibreOffice draws no series of points that stands before the longest one."""
    days = pd.date_range("2025-01-01", periods=9)
    events = pd.DataFrame({"day": days, "lane": ["a", "b", "c", *"cccccc"], "label": "met"})
    figure = draw_timeline(events, day="day", lane="lane", label="label", title="Met")
    (chart,) = charts_of(draw(json.loads(figure.to_json())))
    series = chart.plots[0].series
    counts = [len(list(each.values)) for each in series]
    assert counts == sorted(counts, reverse=True) == [7, 3, 1, 1]
    assert {each.name for each in series} == {"a", "b", "c", " "}


def draw_estimates(**columns):
    rows = pd.DataFrame({"name": list("abc"), "index": [95.0, 104.0, 98.0], **columns})
    figure = draw_intervals(
        rows, label="name", estimate="index", low="low", high="high", title="Prices", reference=100
    )
    return json.loads(figure.to_json())


def hollow_points(chart):
    points = next(series for series in chart.plots[0].series if series.name == "Index")
    marks = points._element.findall(".//{*}dPt")
    return [int(mark.find("{*}idx").get("val")) for mark in marks if "FFFFFF" in mark.xml]


def test_estimates_without_any_interval_are_drawn_and_allow_no_claim(draw):
    figure = draw_estimates(low=float("nan"), high=float("nan"))
    (chart,) = charts_of(draw(figure))
    assert hollow_points(chart) == [0, 1, 2]
    assert figure["data"][0]["marker"]["color"] == ["#ffffff"] * 3


def test_an_interval_with_one_end_reaches_from_its_point_to_that_end(draw):
    figure = draw_estimates(low=[90, 101, None], high=[None, None, 99])
    (chart,) = charts_of(draw(figure))
    ranges = chart.plots[0].series[0]
    across = [float(v.text) for v in ranges._element.find("{*}xVal").iter("{*}v")]
    assert across == [90, 95, 101, 104, 98, 99]
    assert hollow_points(chart) == [0]


def draw_series(frame):
    figure = draw_lines(frame, x="x", y="y", series="who", title="Lines")
    return json.loads(figure.to_json())


@pytest.mark.parametrize("x", [[1, 2], list(pd.to_datetime(["2025-01-31", "2025-02-28"]))])
def test_a_line_without_any_value_is_no_end_of_the_deck(draw, x):
    frame = pd.DataFrame({"x": x * 2, "y": [5, 10, None, None], "who": list("aabb")})
    (chart,) = charts_of(draw(draw_series(frame)))
    known, blank = chart.plots[0].series
    assert list(known.values) == [5, 10]
    assert not any(blank.values)


def test_a_line_of_one_point_is_seen(draw):
    frame = pd.DataFrame({"x": [1], "y": [5], "who": ["a"]})
    (chart,) = charts_of(draw(draw_series(frame)))
    assert chart.plots[0].series[0].marker.style == XL_MARKER_STYLE.CIRCLE


def test_bars_of_losses_alone_fill_the_chart(draw):
    rows = pd.DataFrame({"name": list("ab"), "change": [-0.01, -0.05]})
    figure = draw_bars(rows, label="name", value="change", unit="%", title="Lost")
    (chart,) = charts_of(draw(json.loads(figure.to_json())))
    axis = chart.value_axis
    assert (axis.minimum_scale, axis.maximum_scale) == pytest.approx((-0.0575, 0.0))


def test_what_a_funnel_counts_is_said_beside_its_stages_in_ink(draw):
    (chart,) = charts_of(draw(GALLERY["funnel"]))
    _, bars, words = chart.plots[0].series
    labels = [words.points[k].data_label for k in range(len(list(bars.values)))]
    assert all(label.text_frame.text for label in labels)
    inks = {label.text_frame.paragraphs[0].runs[0].font.color.rgb for label in labels}
    assert inks == {RGBColor.from_string(INK.lstrip("#"))}


def test_rows_that_the_chart_itself_leaves_out_are_counted_too():
    assert list_left_out(_draw_many([f"client {k}" for k in range(500)])) == (16, 500)
    months = pd.DataFrame({"month": range(40), "late": 1.0})
    figure = draw_periods(months, period="month", actual="late", title="Late")
    assert list_left_out(json.loads(figure.to_json())) == (24, 40)
    assert describe(figure).table.note == "First 36 of 40 rows."


def test_shares_on_a_slide_differ_by_percentage_points(draw):
    rows = pd.DataFrame({"month": ["May", "June"], "late": [0.35, 0.3], "before": [0.5, 0.26]})
    figure = draw_periods(
        rows, period="month", actual="late", previous="before", unit="%", title="T"
    )
    changes = charts_of(draw(json.loads(figure.to_json())))[0].plots[0].series[0]
    said = [changes.points[k].data_label.text_frame.text for k in range(2)]
    assert said == ["−15\u00a0pp", "+4\u00a0pp"]


def test_names_of_events_on_a_slide_do_not_stand_over_each_other(draw):
    days = pd.to_datetime(["2024-01-01", "2024-01-02", "2025-12-31"])
    events = pd.DataFrame({"day": days, "lane": "deal", "label": ["opened", "moved", "won"]})
    figure = draw_timeline(events, day="day", lane="lane", label="label", title="Deals")
    (chart,) = charts_of(draw(json.loads(figure.to_json())))
    series = next(each for each in chart.plots[0].series if each.name == "deal")
    said = [text.text for text in series._element.iter("{*}t")]
    assert said == ["opened", "won"]


def test_names_of_estimates_stand_where_their_axis_begins(draw):
    rows = pd.DataFrame({"name": list("abc"), "index": [1.0, 2.0, 3.0], "low": 1, "high": 3})
    figure = draw_intervals(
        rows, label="name", estimate="index", low="low", high="high", title="Prices"
    )
    (chart,) = charts_of(draw(json.loads(figure.to_json())))
    names = next(series for series in chart.plots[0].series if series.name == " ")
    across = {float(v.text) for v in names._element.find("{*}xVal").iter("{*}v")}
    assert across == {chart.category_axis.minimum_scale} == {0.5}


def test_a_bridge_is_the_same_in_another_language(draw):
    figure = draw_gallery()["bridge"]
    with speaking("lt"):
        told = draw_gallery()["bridge"]
    both = [[numbers_of(chart) for chart in charts_of(draw(json.loads(each.to_json())))]
            for each in (figure, told)]  # fmt: skip
    assert both[0] == both[1]
    kinds = [row[2] for row in describe(told).table.rows]
    assert kinds[:2] == ["suma", "žingsnis"]
