"""Numbers are written with thin spaces, one scale a chart, and never claim a false zero."""

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clientlib.figures.numbers import (
    choose_decimals,
    choose_scale,
    choose_ticks,
    is_missing,
    tick_decimals,
)
from clientlib.language import show_number
from clientlib.language.numbers import MINUS, THIN


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (1234567.0, 0, f"1{THIN}234{THIN}567"),
        (-1234.5, 1, f"{MINUS}1{THIN}234.5"),
        (-0.001, 1, "0.0"),
        (None, 0, "–"),
        (float("nan"), 0, "–"),
    ],
)
def test_a_number_is_written_with_thin_spaces_and_a_true_minus(value, decimals, shown):
    assert show_number(value, decimals) == shown


@pytest.mark.parametrize(
    ("values", "unit", "axis_unit", "shown"),
    [
        ([8_420_000.0, 220_000.0], "EUR", "EUR million", ["8.42", "0.22"]),
        ([124_000.0, -86_000.0], "EUR", "EUR thousand", ["124", f"{MINUS}86"]),
        ([12.0, 7.0], "orders", "orders", ["12", "7"]),
        ([0.342, 0.05], "%", "%", ["34%", "5%"]),
        ([0.042, 0.005], "share", "%", ["4.2%", "0.5%"]),
    ],
)
def test_a_chart_writes_all_its_numbers_in_one_unit(values, unit, axis_unit, shown):
    scale = choose_scale(values, unit)
    assert scale.axis_unit == axis_unit
    assert [scale.show(value) for value in values] == shown


def test_a_small_amount_beside_millions_is_not_called_zero():
    scale = choose_scale([8_420_000.0, 900.0], "EUR")
    assert scale.show(900.0) == "<0.01"
    assert scale.show_full(900.0) == "900 EUR"


def test_an_index_near_a_hundred_keeps_a_decimal_when_its_span_is_small():
    assert choose_scale([94.5, 109.4], "index", by_span=True).show(94.5) == "94.5"


def test_a_missing_number_is_said_to_be_unknown():
    assert choose_scale([1.0], "EUR").show_full(None) == "not known"
    assert all(map(is_missing, [None, float("nan"), float("inf"), pd.NA, pd.NaT]))


def test_whole_numbers_get_no_decimals():
    assert choose_decimals([1.0, 25.0]) == 0
    assert choose_decimals([0.142]) == 3


@given(
    st.floats(-1e9, 1e9, allow_nan=False),
    st.floats(1e-6, 1e9, allow_nan=False, exclude_min=True),
)
def test_ticks_lie_inside_the_axis_and_are_few(low, width):
    assume(width > abs(low) * 1e-6)
    ticks = choose_ticks(low, low + width)
    assert all(low - width * 1e-6 <= tick <= low + width * (1 + 1e-6) for tick in ticks)
    assert len(ticks) <= 8


def test_ticks_are_round_and_told_apart():
    ticks = choose_ticks(0, 0.36, 5)
    assert ticks == [0, 0.1, 0.2, 0.3]
    assert tick_decimals(choose_ticks(0, 1, 5), 0.01) == 0
    assert tick_decimals([0.0, 0.25, 0.5], 1.0) == 2
