"""JupyterLab shows tables in the colours of its theme, with bars where bars say something."""

import pandas as pd
import pytest
from lxml import html

from clientlib import figures

HOSTILE = "<img src=x onerror=alert(1)>"


def display(shares, **columns):
    frame = pd.DataFrame({"name": [HOSTILE] * len(shares), "late_share": shares})
    columns = columns or {"name": "Client", "late_share": figures.percent("Late")}
    return figures.show_table(frame, columns=columns, caption=HOSTILE)._repr_mimebundle_()[
        "text/html"
    ]


@pytest.mark.parametrize(
    ("shares", "bars"),
    [
        pytest.param([0.2, 0.05], 2, id="the largest is 0.2: bars"),
        pytest.param([0.19, 0.05], 0, id="all are smaller: specks"),
        pytest.param([1.01, 0.3], 0, id="one is above 1: no share of a whole"),
        pytest.param([-0.1, 0.3], 0, id="one is below 0"),
        pytest.param([0.5, None], 1, id="a missing share has no bar"),
        pytest.param([None, None], 0, id="none is known"),
    ],
)
def test_bars_stand_only_where_shares_of_a_whole_can_be_compared(shares, bars):
    cells = html.fromstring(display(shares)).xpath("//td[@class='n bar']")
    assert len(cells) == bars


def test_the_bar_is_as_long_as_the_share():
    (cell,) = html.fromstring(display([0.342])).xpath("//td[@class='n bar']")
    assert "--share:34.2" in cell.get("style")
    assert cell.text == "34%"


def test_numbers_stand_right_and_words_left():
    page = html.fromstring(display([0.3]))
    sides = [cell.get("style").split(";")[0] for cell in page.xpath("//th|//td")]
    assert sides == ["text-align:left", "text-align:right"] * 2


def test_units_stand_in_the_headings():
    shown = display([0.3], late_share=figures.number("Median age", "days"))
    assert [head.text for head in html.fromstring(shown).xpath("//th")] == ["Median age, days"]


def test_names_are_text_and_there_is_no_script():
    page = html.fromstring(display([0.3]))
    assert page.xpath("//img|//script") == []
    assert page.xpath("//td[1]")[0].text == page.xpath("//caption")[0].text == HOSTILE


def test_colours_are_those_of_the_theme():
    (style,) = html.fromstring(display([0.3])).xpath("//style")
    rules = [line for line in style.text.split(";") if "color:" in line]
    assert len(rules) >= 2
    assert all("var(--jp-" in rule for rule in rules)
