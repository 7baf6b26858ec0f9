"""Sentences are told whole, and keep their numbers."""

import pickle
from datetime import date

import numpy as np
import pytest

from clientlib.errors import InputError
from clientlib.language import (
    Claim,
    Sentence,
    Told,
    join,
    speaking,
    tell,
    together,
)

LATE = "{late:client} of {total:count} {late:is|are} late, with {share:share} of revenue"
N, T = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("late", "english", "lithuanian"),
    [
        (0, f"0{N}clients of 50 are late", f"0{N}klientų iš 50 vėluoja"),
        (1, f"1{N}client of 50 is late", f"1{N}klientas iš 50 vėluoja"),
        (2, f"2{N}clients of 50 are late", f"2{N}klientai iš 50 vėluoja"),
        (10, f"10{N}clients of 50 are late", f"10{N}klientų iš 50 vėluoja"),
        (21, f"21{N}clients of 50 are late", f"21{N}klientas iš 50 vėluoja"),
    ],
)
def test_noun_and_verb_follow_the_number(late, english, lithuanian):
    said = {"late": late, "total": 50, "share": 0.4}
    assert tell(LATE, **said).startswith(english)
    with speaking("lt"):
        assert tell(LATE, **said) == f"{lithuanian}; jiems tenka 40{N}% pajamų"


@pytest.mark.parametrize(
    ("way", "value", "english", "lithuanian"),
    [
        ("", "UAB „Ąžuolas“", "UAB „Ąžuolas“", "UAB „Ąžuolas“"),
        ("count", 4182, f"4{T}182", f"4{T}182"),
        ("number1", 1.5, "1.5", "1,5"),
        ("plain", 2.5, "2.5", "2,5"),
        ("plain", 2.0, "2", "2"),
        ("share", 0.34, "34%", f"34{N}%"),
        ("share1", 0.309, "30.9%", f"30,9{N}%"),
        ("short", 3_140_000, f"3.14{N}million", f"3,14{N}mln."),
        ("day", date(2025, 6, 30), "30 June 2025", f"2025{N}m. birželio 30{N}d."),
        ("month", date(2025, 6, 30), "June 2025", f"2025{N}m. birželis"),
        ("iso", date(2025, 6, 30), "2025-06-30", "2025-06-30"),
        ("client", 1.5, f"1.5{N}clients", f"1,5{N}kliento"),
        ("client.gen", 21, f"21{N}clients", f"21{N}kliento"),
        ("~client", 2, "clients", "klientai"),
        ("one|few|other", 22, "other", "few"),
    ],
)
def test_place_says_how_its_value_is_written(way, value, english, lithuanian):
    template = f"{{x:{way}}}" if way else "{x}"
    spaces = str.maketrans(N, " ")
    assert tell(template, x=value).translate(spaces) == english.translate(spaces)
    with speaking("lt"):
        assert tell(template, x=value).translate(spaces) == lithuanian.translate(spaces)


def test_numbers_are_kept_and_words_that_follow_them_are_no_numbers():
    said = tell(LATE, late=3, total=50, share=0.4)
    assert said.told == (
        Told("late", 3.0, f"3{N}clients"), Told("total", 50.0, "50"), Told("share", 0.4, "40%"),
    )  # fmt: skip
    assert said.template == LATE


def test_numbers_of_numpy_are_numbers_and_truths_are_none():
    said = tell("{a:count} {b} {c}", a=np.int64(3), b=np.float32(2.0), c=True)
    assert [(told.name, told.value) for told in said.told] == [("a", 3.0), ("b", 2.0)]


def test_sentence_within_a_sentence_brings_its_numbers():
    inner = tell("of {all:count}", all=9)
    said = tell("{few:count} {rest}", few=2, rest=inner)
    assert said == "2 of 9"
    assert [told.name for told in said.told] == ["few", "all"]


def test_sentences_put_together_keep_numbers_and_claims():
    rose = tell("It rose by {x:count}.", x=3).resting_on(Claim(3, 1, 5))
    whole = together(rose, "", tell("That is {share:share}.", share=0.5))
    assert whole == "It rose by 3. That is 50%."
    assert [told.value for told in whole.told] == [3.0, 0.5]
    assert whole.claims == (Claim(3, 1, 5),)
    assert together() == ""


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        ("{x:count}", {}, "lacks the value of 'x'"),
        ("{x:cuont}", {"x": 1}, "in the way 'cuont'"),
        ("{x:client.voc}", {"x": 1}, "no noun 'client' in the case 'voc'"),
    ],
)
def test_place_without_value_or_way_is_refused(template, values, said):
    with pytest.raises(InputError, match=said):
        tell(template, **values)


def test_names_are_joined_with_a_word_before_the_last():
    assert [join(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "", "A", "A and B", "A, B and C",
    ]  # fmt: skip
    with speaking("lt"):
        assert join(["A", "B"]) == "A ir B"
        assert join(["A", "B"], last="or") == "A arba B"


def test_sentences_live_through_pickling():
    said = tell("It rose by {x:count}.", x=3).resting_on(Claim(3, 1, 5))
    again = pickle.loads(pickle.dumps(said))
    assert (type(again), again.told, again.claims) == (Sentence, said.told, said.claims)


def test_an_abbreviation_at_the_end_needs_no_full_stop_of_its_own():
    day = date(2026, 1, 7)
    with speaking("lt"):
        assert tell("As of {day:day}.", day=day).endswith("d.")
        said = tell("It ordered once, on {last:day}: it has no rhythm yet.", last=day)
        assert "d.:" in said or "d.;" in said
