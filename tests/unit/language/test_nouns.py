"""Lithuanian nouns after numbers: by hand for the numbers that behave differently."""

import pytest

from clientlib.errors import InputError
from clientlib.language import speaking
from clientlib.language.nouns import CASES, NOUNS, inflect

NUMBERS = (1, 2, 10, 11, 21, 22, 101, 0, 1.5)
BY_HAND = {
    (
        "client",
        "nom",
    ): "klientas klientai klientų klientų klientas klientai klientas klientų kliento",
    ("client", "gen"): "kliento klientų klientų klientų kliento klientų kliento klientų kliento",
    (
        "client",
        "dat",
    ): "klientui klientams klientų klientų klientui klientams klientui klientų kliento",
    ("client", "acc"): "klientą klientus klientų klientų klientą klientus klientą klientų kliento",
    (
        "client",
        "ins",
    ): "klientu klientais klientų klientų klientu klientais klientu klientų kliento",
    (
        "client",
        "loc",
    ): "kliente klientuose klientų klientų kliente klientuose kliente klientų kliento",
    (
        "invoice",
        "nom",
    ): "sąskaita sąskaitos sąskaitų sąskaitų sąskaita sąskaitos sąskaita sąskaitų sąskaitos",
    ("row", "acc"): "eilutę eilutes eilučių eilučių eilutę eilutes eilutę eilučių eilutės",
    ("month", "ins"): "mėnesiu mėnesiais mėnesių mėnesių mėnesiu mėnesiais mėnesiu mėnesių mėnesio",
    (
        "deal",
        "loc",
    ): "sandoryje sandoriuose sandorių sandorių sandoryje sandoriuose sandoryje sandorių sandorio",
    ("kind", "nom"): "rūšis rūšys rūšių rūšių rūšis rūšys rūšis rūšių rūšies",
    ("time", "acc"): "kartą kartus kartų kartų kartą kartus kartą kartų karto",
}


@pytest.mark.parametrize(("noun", "case"), BY_HAND, ids=lambda word: word)
def test_noun_takes_the_form_that_its_number_and_case_ask_for(noun, case):
    with speaking("lt"):
        said = [inflect(noun, case, number) for number in NUMBERS]
    assert said == BY_HAND[noun, case].split()


def test_english_knows_one_and_several():
    assert [inflect("delivery", "gen", number) for number in (0, 1, 1.5, 2)] == [
        "deliveries", "delivery", "deliveries", "deliveries",
    ]  # fmt: skip


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_every_form(noun):
    for forms in (NOUNS[noun].singular, NOUNS[noun].plural):
        assert tuple(forms) == CASES
        assert all(forms.values())
    assert NOUNS[noun].english[0] == noun


@pytest.mark.parametrize(
    ("noun", "case", "hint"),
    [("cleint", "nom", "did you mean 'client'"), ("client", "voc", "cases: nom, gen")],
)
def test_noun_or_case_that_there_is_not_is_refused(noun, case, hint):
    with pytest.raises(InputError, match=hint):
        inflect(noun, case, 1)
