import pytest

from clientlib.identity.codes import (
    BROKEN,
    NO_CODE,
    UNCHECKED,
    VALID,
    Code,
    is_miscopied,
    read_country,
    read_register_code,
    read_vat_code,
)


def test_check_digit_of_a_lithuanian_register_code_by_hand():
    # 1*1+2*1+3*0+4*0+5*5+6*3+7*8+8*4 = 134, and 134 = 12 * 11 + 2: the ninth digit is 2.
    assert read_register_code("110053842", "LT").state == VALID
    assert read_register_code("110053843", "LT").state == BROKEN


def test_check_digit_of_a_lithuanian_vat_code_by_hand():
    # 1*1+2*0+3*0+4*5+5*3+6*8+7*4+8*1 = 120, and 120 = 10 * 11 + 10: weights 3 4 5 6 7 8 9 1
    # give 3+0+0+30+21+64+36+1 = 155 = 14 * 11 + 1, so the ninth digit is 1.
    assert read_vat_code("LT100538411", "LT").state == VALID


@pytest.mark.parametrize(
    ("read", "text", "country"),
    [
        pytest.param(read_register_code, "40003032949", "LV", id="Latvia"),
        pytest.param(read_register_code, "10060701", "EE", id="Estonia"),
        pytest.param(read_register_code, "0112038-9", "FI", id="Finland"),
        pytest.param(read_vat_code, "EE100594102", "", id="Estonian VAT"),
        pytest.param(read_vat_code, "DE136695976", "", id="German VAT"),
        pytest.param(read_vat_code, "PL5260001246", "", id="Polish VAT"),
    ],
)
def test_check_digits_of_the_neighbours_hold_and_a_changed_digit_breaks_them(read, text, country):
    assert read(text, country).state == VALID
    wrong = text[:-1] + str((int(text[-1]) + 1) % 10)
    assert read(wrong, country).state == BROKEN


def test_dress_of_a_code_does_not_matter():
    assert read_vat_code("LT 100 538 411", "LT") == read_vat_code("100538411", "LT")


def test_code_of_a_country_without_a_rule_is_not_checked():
    assert read_register_code("HRB 123456", "DE") == Code("HRB123456", UNCHECKED)


@pytest.mark.parametrize("text", ["", "0", "-", "n/a", "000000000", "999999999"])
def test_placeholders_are_no_codes(text):
    assert read_register_code(text, "LT") == NO_CODE


@pytest.mark.parametrize("text", ["LT", "Lietuva", "LITHUANIA", "Lietuvos Respublika", "Litauen"])
def test_country_is_known_by_its_names(text):
    assert read_country(text) == "LT"


def test_two_valid_codes_are_never_one_copied_wrongly():
    good, wrong = Code("110053842", VALID), Code("110053824", BROKEN)
    assert is_miscopied(good, wrong)
    assert not is_miscopied(good, Code("110053824", VALID))
    assert not is_miscopied(good, Code("110053299", BROKEN))
