"""Small multiples stand in one plane, so that they cannot have two scales."""

import pandas as pd
import pytest

from clientlib import figures
from clientlib.errors import InputError
from clientlib.figures import describe
from tests.gallery import draw_gallery

ROWS = pd.DataFrame(
    {
        "who": ["a", "a", "b", "b", "c", "c"],
        "month": ["May", "June"] * 3,
        "revenue": [10.0, 30.0, -5.0, 2.0, 1.0, None],
    }
)


def draw(rows=ROWS, **options):
    names = {"panel": "who", "period": "month", "actual": "revenue", "title": "t"}
    return figures.draw_multiples(rows, **names, **options)


def test_every_figure_is_drawn_above_the_zero_of_its_panel():
    (bars,) = draw().data
    assert list(bars.y) == [10.0, 30.0, -5.0, 2.0, 1.0, None]
    assert len(set(bars.base)) == 1
    assert list(bars.x) == sorted(bars.x)


def test_a_fifth_part_stands_in_a_second_row_below():
    rows = pd.concat([ROWS.assign(who=ROWS["who"] + str(k)) for k in range(2)])
    (bars,) = draw(rows).data
    assert len(set(bars.base)) == 2
    assert bars.base[0] > bars.base[-1] == 0


def test_its_table_lists_every_part_and_period():
    table = describe(draw()).table
    assert [row[:3] for row in table.rows][:3] == [
        ("a", "May", 10.0), ("a", "June", 30.0), ("b", "May", -5.0),
    ]  # fmt: skip
    assert len(table.rows) == 6


def test_each_panel_says_its_name_its_last_figure_and_its_change():
    notes = [note.text for note in draw_gallery()["multiples"].layout.annotations]
    assert notes[1].startswith("UAB Žuvėdra<br>30 ")
    assert "+10 (+50%)" in notes[1]


def test_parts_past_the_sixteenth_are_told():
    rows = pd.DataFrame({"who": range(20), "month": "May", "revenue": 1.0})
    assert describe(draw(rows)).subtitle.endswith("first 16 of 20 parts")


def test_without_a_figure_that_is_said():
    assert describe(draw(ROWS.assign(revenue=None).astype({"revenue": "float"}))).kind == "missing"


def test_one_column_cannot_be_two_things():
    with pytest.raises(InputError, match="one column twice"):
        figures.draw_multiples(ROWS, panel="who", period="who", actual="revenue", title="t")


def test_periods_that_are_not_drawn_are_counted():
    rows = pd.DataFrame({"who": "a", "month": range(30), "revenue": 1.0})
    assert describe(draw(rows)).subtitle.endswith("; first 24 of 30 periods")
    assert "periods" not in describe(draw()).subtitle
