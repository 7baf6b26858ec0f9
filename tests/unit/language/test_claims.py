"""Words for a direction, and the intervals that allow them."""

import pytest

from clientlib.language import Claim, find_directions


@pytest.mark.parametrize(
    ("word", "claim", "is_allowed"),
    [
        pytest.param("rose", Claim(3, 1, 5), True, id="the whole interval lies above nothing"),
        pytest.param("rose", Claim(3, 0, 6), False, id="it touches nothing"),
        pytest.param("rose", Claim(-3, -5, -1), False, id="it fell"),
        pytest.param("fell", Claim(-3, -5, -1), True, id="the whole interval lies below"),
        pytest.param("cheaper", Claim(92, 90, 94, 100), True, id="below a hundred"),
        pytest.param("dearer", Claim(92, 90, 94, 100), False, id="the wrong side"),
        pytest.param("differs", Claim(92, 90, 94, 100), True, id="either way is a difference"),
        pytest.param("changed", Claim(1, -1, 3), False, id="neither way is none"),
        pytest.param("grew", Claim.of_fact(2.0), True, id="what was counted needs no interval"),
        pytest.param("grew", Claim.of_fact(0.0), False, id="no growth at all"),
    ],
)
def test_word_is_allowed_where_the_whole_interval_lies_on_its_side(word, claim, is_allowed):
    assert claim.allows(word) is is_allowed


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("Revenue rose by {x:short} and costs fell", ["rose", "fell"]),
        ("{name} is Cheaper than we are", ["cheaper"]),
        ("Prices of {fell} stayed", []),
        ("A rosebush above the overgrown wall", ["above"]),
        ("No clear difference", []),
    ],
)
def test_words_for_a_direction_are_found_outside_of_places(template, words):
    assert find_directions(template) == words
