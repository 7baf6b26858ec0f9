import pytest

from clientlib.errors import (
    ClientlibError,
    ConfigError,
    ContractError,
    InputError,
    RunError,
    nearest,
)


def test_error_says_what_how_much_an_example_and_what_to_do():
    error = InputError(
        "orders.csv is broken", rows="3 of 4,182 rows", example="No 'O-1'", hint="export it again"
    )
    assert str(error).splitlines() == [
        "orders.csv is broken",
        "  rows:    3 of 4,182 rows",
        "  example: No 'O-1'",
        "  hint:    export it again",
    ]


def test_error_leaves_out_lines_that_it_has_nothing_for():
    assert str(InputError("orders.csv is empty")) == "orders.csv is empty"
    assert str(InputError("it broke", hint="mend it")) == "it broke\n  hint:    mend it"


@pytest.mark.parametrize("kind", [ConfigError, InputError, ContractError, RunError])
def test_every_error_on_purpose_is_a_clientlib_error(kind):
    with pytest.raises(ClientlibError, match="what broke"):
        raise kind("what broke")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("orderz", "orders", id="one letter off"),
        pytest.param("zzz", None, id="nothing near"),
        pytest.param("", None, id="no word"),
    ],
)
def test_nearest_known_word_is_offered_only_where_one_is_near(word, expected):
    assert nearest(word, ["clients", "orders"]) == expected


def test_nearest_of_nothing_is_nothing():
    assert nearest("orders", []) is None
