"""Text from data is shown letter by letter, and names become labels."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from clientlib.figures import draw_bars
from clientlib.figures.wording import (
    break_name,
    chart_text,
    clean,
    humanise,
    markdown_text,
    shorten,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "**Ltd** _and_ `sons`",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/a.png)",
    "A | B",
    "1. Baltic",
    "- Nordvik",
    "# Heading & <b>bold</b>",
    "http://evil.example and www.evil.example",
    "$5 and $6, ~~gone~~",
    "=====",
    "&lt;i&gt;",
    "name\n\n    code",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_in_a_name_is_shown_letter_by_letter(name):
    html = MarkdownIt("gfm-like", {"linkify": False}).render(markdown_text(name))
    shown = html.replace("<p>", "").replace("</p>", "").strip()
    assert "<" not in shown
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    assert plain.replace("&amp;", "&") == clean(name)


@given(st.text(max_size=60))
def test_no_text_opens_a_tag_in_markdown(name):
    html = MarkdownIt("gfm-like", {"linkify": False}).render(markdown_text(name)).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    assert "<" not in inner


def test_direction_and_control_characters_are_removed():
    assert clean("Acme\u202egnp.exe\u2066 \x1b[31mLtd\x00") == "Acmegnp.exe [31mLtd"


def test_line_breaks_in_a_name_become_spaces():
    assert clean(" Baltic\n\tTimber  UAB ") == "Baltic Timber UAB"


def test_a_name_cannot_bring_a_link_into_a_chart():
    assert chart_text('<a href="javascript:x">A & B</a>') == (
        '&lt;a href="javascript:x"&gt;A &amp; B&lt;/a&gt;'
    )


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("revenue_12m_amount", "Revenue, 12 months"),
        ("clients_count", "Clients"),
        ("late_share", "Late share"),
        ("typical_gap_days", "Typical gap, days"),
        ("client_id", "Client"),
        ("auc", "AUC"),
        ("last_ordered_on", "Last ordered"),
    ],
)
def test_a_column_name_becomes_a_label(name, label):
    assert humanise(name) == label


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Nordvik", ["Nordvik"]),
        ("order_lines: unit_cost is blank", ["order_lines: unit_cost is", "blank"]),
        ("Grünwald & Söhne Maschinenbau Gesellschaft mit beschränkter Haftung", ["Grünwald & Söhne Maschinenbau", "Gesellschaft mit beschränkte…"]),
        ("x" * 60, ["x" * 29, "x" * 28 + "…"]),
        ("", [""]),
    ],
)  # fmt: skip
def test_a_long_name_is_broken_into_two_lines(name, lines):
    assert break_name(name, 29) == lines


def test_a_long_name_ends_in_an_ellipsis_and_a_short_one_stays():
    assert shorten("Grünwald & Söhne Maschinenbau", 10) == "Grünwald…"
    assert shorten("Nordvik", 10) == "Nordvik"


@pytest.mark.parametrize("name", [None, float("nan"), pd.NaT, pd.NA])
def test_a_name_that_is_missing_is_a_dash_not_a_word_of_python(name):
    assert clean(name) == "–"
    rows = pd.DataFrame({"name": [name, "Foo"], "count": [2, 1]})
    assert draw_bars(rows, label="name", value="count", title="T").layout.yaxis.ticktext[0] == "–"
