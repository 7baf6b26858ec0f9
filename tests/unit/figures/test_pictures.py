"""Pictures without a browser show what Plotly shows: marks in proportion, every name, no more."""

import json
import re
from xml.etree import ElementTree

import pandas as pd
import pytest

from clientlib import figures
from clientlib.figures.pictures import draw_picture
from clientlib.figures.pictures.raster import draw_raster
from tests.gallery import NAMES, draw_gallery

GALLERY = {name: json.loads(figure.to_json()) for name, figure in draw_gallery().items()}
SVG = "{http://www.w3.org/2000/svg}"
NAMED = {"bars", "bars with ends", "intervals", "structure", "bridge", "funnel"}


def read(figure, **options):
    return ElementTree.fromstring(draw_picture(figure, **options))


def texts_of(tree):
    return ["".join(each.itertext()) for each in tree.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", GALLERY)
def test_every_chart_of_the_house_becomes_a_picture_of_its_size(name):
    tree = read(GALLERY[name], width=700)
    inner = GALLERY[name]["layout"]["meta"]["clientlib"]
    assert int(tree.get("height")) == inner["height"]
    assert len(list(tree.iter())) > 10


@pytest.mark.parametrize("name", sorted(NAMED))
def test_names_are_written_letter_by_letter_and_no_tag_of_a_name_is_obeyed(name):
    tree = read(GALLERY[name])
    assert set(NAMES) <= set(texts_of(tree))
    tags = {each.tag.removeprefix(SVG) for each in tree.iter()}
    assert tags <= {"svg", "rect", "line", "text", "tspan", "path", "circle", "defs", "pattern",
                    "g", "polyline", "polygon"}  # fmt: skip


def test_bars_are_as_long_as_their_numbers():
    tree = read(GALLERY["bars"])
    widths = sorted(
        float(each.get("width"))
        for each in tree.iter(f"{SVG}rect")
        if each.get("fill") == "#1f6aa5"
    )
    assert [width / widths[0] for width in widths] == pytest.approx([1, 2, 3], rel=0.01)


def test_the_figures_at_the_bars_are_those_of_the_page():
    assert {"3\u202f000", "2\u202f000", "1\u202f000"} <= {
        t.strip() for t in texts_of(read(GALLERY["bars"]))
    }


def test_a_forecast_is_striped():
    assert re.search(r'fill="url\(#', draw_picture(GALLERY["periods"]))


def test_the_same_chart_gives_the_same_picture():
    assert draw_picture(GALLERY["points"]) == draw_picture(GALLERY["points"])


def test_a_chart_without_marks_is_a_picture_all_the_same():
    missing = figures.draw_bars(pd.DataFrame({"a": [], "b": []}), label="a", value="b", title="t")
    assert read(json.loads(missing.to_json())).tag == f"{SVG}svg"


def test_dots_are_a_png_of_the_width_asked_for():
    content = draw_raster(GALLERY["bars"], width=400, ppi=96)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20], "big") == 400


def draw_events(*days):
    events = pd.DataFrame({"day": pd.to_datetime(days), "lane": "deal", "label": "won"})
    figure = figures.draw_timeline(events, day="day", lane="lane", label="label", title="Events")
    return read(json.loads(figure.to_json()))


def test_no_month_stands_outside_of_the_days_that_are_drawn():
    tree = draw_events("2025-01-05", "2025-08-22")
    ticks = {text: float(each.get("x")) for each in tree.iter(f"{SVG}text")
             for text in ["".join(each.itertext())] if text.startswith("2025")}  # fmt: skip
    left = min(float(each.get("cx")) for each in tree.iter(f"{SVG}circle"))
    assert "2025-02" in ticks
    assert min(ticks.values()) > left - 30
    outside = draw_events("2025-01-28", "2025-08-22")
    assert "2025-01" not in texts_of(outside)


def test_years_of_events_far_apart_do_not_run_into_each_other():
    months = [text for text in texts_of(draw_events("1900-01-01", "2025-02-03")) if "-" in text]
    assert 2 < len(months) <= 14
