"""Numbers, shares, amounts and days as readers of each language write them."""

from datetime import date

import pytest

from clientlib.errors import InputError
from clientlib.language import (
    show_day,
    show_month,
    show_number,
    show_plain,
    show_share,
    show_short,
    show_short_month,
    speaking,
    spoken,
)
from clientlib.language.numbers import plural_form

N, T, MINUS = "\u00a0", "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("value", "decimals", "english", "lithuanian"),
    [
        (1234.5, 1, f"1{T}234.5", f"1{T}234,5"),
        (-1234567, 0, f"{MINUS}1{T}234{T}567", f"{MINUS}1{T}234{T}567"),
        (-0.2, 0, "0", "0"),
        (None, 0, "–", "–"),
        (float("nan"), 2, "–", "–"),
        (float("inf"), 2, "–", "–"),
    ],
)
def test_number(value, decimals, english, lithuanian):
    assert show_number(value, decimals) == english
    with speaking("lt"):
        assert show_number(value, decimals) == lithuanian


@pytest.mark.parametrize(
    ("value", "decimals", "english", "lithuanian"),
    [
        (0.34, 0, "34%", f"34{N}%"),
        (0.309, 1, "30.9%", f"30,9{N}%"),
        (0.0, 0, "0%", f"0{N}%"),
        (0.001, 0, "<1%", f"<1{N}%"),
        (-0.001, 0, f">{MINUS}1%", f">{MINUS}1{N}%"),
        (0.0001, 1, "<0.1%", f"<0,1{N}%"),
        (None, 0, "–", "–"),
    ],
)
def test_share_claims_no_zero_that_is_none(value, decimals, english, lithuanian):
    assert show_share(value, decimals) == english
    with speaking("lt"):
        assert show_share(value, decimals) == lithuanian


@pytest.mark.parametrize(
    ("value", "english"),
    [(2.0, "2"), (2.5, "2.5"), (1.21, "1.21"), (1 / 3, "0.3333"), (0.1 + 0.2, "0.3"), (None, "–")],
)
def test_plain_number_has_the_decimals_that_it_has(value, english):
    assert show_plain(value) == english
    with speaking("lt"):
        assert show_plain(value) == english.replace(".", ",")


@pytest.mark.parametrize(
    ("value", "english", "lithuanian"),
    [
        (812, "812", "812"),
        (9_999, f"9{T}999", f"9{T}999"),
        (26_400, f"26.4{N}thousand", f"26,4{N}tūkst."),
        (999_500, f"1.00{N}million", f"1,00{N}mln."),
        (-3_140_000, f"{MINUS}3.14{N}million", f"{MINUS}3,14{N}mln."),
        (float("nan"), "–", "–"),
        (None, "–", "–"),
    ],
)
def test_amount_is_shortened_to_three_digits(value, english, lithuanian):
    assert show_short(value) == english
    with speaking("lt"):
        assert show_short(value) == lithuanian


def test_days_and_months():
    day = date(2025, 6, 30)
    assert (show_day(day), show_month(day), show_short_month(day)) == (
        "30 June 2025", "June 2025", "Jun",
    )  # fmt: skip
    with speaking("lt"):
        assert show_day(day).replace(N, " ") == "2025 m. birželio 30 d."
        assert show_month(day).replace(N, " ") == "2025 m. birželis"
        assert show_short_month(day) == "birž."


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (0, "other"), (1, "one"), (2, "few"), (9, "few"), (10, "other"), (11, "other"),
        (19, "other"), (20, "other"), (21, "one"), (22, "few"), (101, "one"), (111, "other"),
        (1.5, "many"), (21.0, "one"),
    ],
)  # fmt: skip
def test_lithuanian_forms_of_plurals(value, form):
    with speaking("lt"):
        assert plural_form(value) == form


def test_language_comes_from_the_variable_and_ends_with_its_block(monkeypatch):
    monkeypatch.setenv("CLIENTLIB_LANGUAGE", "lt")
    assert spoken() == "lt"
    with speaking("en"):
        assert spoken() == "en"
    monkeypatch.setenv("CLIENTLIB_LANGUAGE", "")
    assert spoken() == "en"


def test_language_that_there_is_not_is_refused(monkeypatch):
    monkeypatch.setenv("CLIENTLIB_LANGUAGE", "lv")
    with pytest.raises(InputError, match="not written in the language 'lv'"):
        spoken()
