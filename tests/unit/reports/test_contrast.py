"""Text of pages can be read on its ground, on light and on dark screens (WCAG 2.2, 1.4.3)."""

import re
from pathlib import Path

import pytest

import clientlib.reports

SHEET = (Path(clientlib.reports.__file__).parent / "templates" / "page.css").read_text("utf-8")
BLOCKS = dict(
    zip(("light", "dark"), re.findall(r":root \{([^}]*--ink[^}]*)\}", SHEET), strict=True)
)
TEXTS = ("ink", "muted", "link", "good", "bad")
GROUNDS = ("surface", "soft")
LEAST = 4.5


def colours(scheme):
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", BLOCKS[scheme]))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21_and_of_equal_colours_1():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#1f6aa5", "#1f6aa5") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_of_a_page_stands_out_from_its_ground(scheme, ground, text):
    named = colours(scheme)
    assert contrast(named[text], named[ground]) >= LEAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_mark_of_the_focus_stands_out_from_the_page(scheme):
    named = colours(scheme)
    assert contrast(named["main"], named["surface"]) >= 3  # WCAG 1.4.11: what is no text
