"""The colours can be read and told apart, by the colour-blind too, on light and dark pages."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import clientlib.reports
from clientlib.figures import theme

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
PROTANOPIA = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])


def linear(colour):
    parts = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(colour, sight):
    x, y, z = np.cbrt(np.clip(TO_XYZ @ np.clip(sight @ linear(colour), 0, 1), 1e-6, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one, other):
    light = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def dark(colour):
    return theme.DARK_OF[colour]


@pytest.mark.parametrize("shade", [str, dark], ids=["light", "dark"])
@pytest.mark.parametrize(
    "sight", [np.eye(3), PROTANOPIA, DEUTERANOPIA], ids=["all", "red", "green"]
)
def test_the_colours_of_lines_are_told_apart_by_every_eye(shade, sight):
    seen = [lab(shade(colour), sight) for colour in theme.COLOURS]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 20


@pytest.mark.parametrize("shade", [str, dark], ids=["light", "dark"])
@pytest.mark.parametrize("colour", [theme.INK, theme.MUTED, theme.WARM])
def test_words_stand_out_from_the_page(shade, colour):
    assert contrast(shade(colour), shade(theme.SURFACE)) >= 4.5


@pytest.mark.parametrize("shade", [str, dark], ids=["light", "dark"])
@pytest.mark.parametrize("colour", theme.SEQUENTIAL + theme.DIVERGING)
def test_numbers_in_cells_stand_out_from_the_cell(shade, colour):
    assert contrast(shade(theme.INK), shade(colour)) >= 4.5


@pytest.mark.parametrize("shade", [str, dark], ids=["light", "dark"])
@pytest.mark.parametrize("colour", theme.COLOURS)
def test_marks_stand_out_from_the_page(shade, colour):
    assert contrast(shade(colour), shade(theme.SURFACE)) >= 3.0


def test_no_dark_colour_stands_for_two_light_ones_of_a_kind():
    dark_lines = [dark(colour) for colour in theme.COLOURS]
    assert len(set(dark_lines)) == len(theme.COLOURS)


def test_the_style_sheet_uses_the_colours_of_the_charts():
    sheet = (Path(clientlib.reports.__file__).parent / "templates" / "page.css").read_text("utf-8")
    for colour in (theme.SURFACE, theme.INK, theme.MUTED, theme.GRID, theme.MAIN):
        assert colour in sheet
        assert theme.DARK_OF[colour] in sheet


def test_colour_steps_run_from_zero_to_one():
    assert theme.list_colour_steps(("#000000", "#888888", "#ffffff")) == [
        [0.0, "#000000"],
        [0.5, "#888888"],
        [1.0, "#ffffff"],
    ]
