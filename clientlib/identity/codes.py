"""Register and VAT codes: digits without dress, the country, and whether the check digit fits."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from clientlib.identity.spelling import fold, is_within

VALID, UNCHECKED, BROKEN = "valid", "unchecked", "broken"
SHORTEST = 5

_COUNTRIES = {
    "LT": ("lt", "ltu", "lithuania", "lietuva", "litauen", "lietuvos respublika"),
    "LV": ("lv", "lva", "latvia", "latvija", "lettland"),
    "EE": ("ee", "est", "estonia", "eesti", "estija", "estland"),
    "DE": ("de", "deu", "germany", "vokietija", "vacija", "saksamaa", "deutschland"),
    "PL": ("pl", "pol", "poland", "lenkija", "polija", "polska", "polen"),
    "FI": ("fi", "fin", "finland", "suomija", "somija", "suomi", "soome"),
}
_COUNTRY_OF = {fold(text): country for country, texts in _COUNTRIES.items() for text in texts}
_PREFIX = re.compile(r"^[A-Z]{2}(?=\d)")


@dataclass(frozen=True)
class Code:
    """A register or VAT code.

    Attributes
    ----------
    text : str
        Letters and digits only, without the country; empty where there is none.
    state : str
        ``valid`` where the check digit fits, ``broken`` where it does not or the length is wrong,
        ``unchecked`` where the rule of the country is not known here.
    """

    text: str
    state: str


NO_CODE = Code("", UNCHECKED)


@cache
def read_country(text: str) -> str:
    """Name a country by two letters where the text is a known name of it.

    Parameters
    ----------
    text : str
        As a source spells it.

    Returns
    -------
    str
        Such as ``LT``; any other text folded, empty where there is none.
    """
    folded = fold(text)
    return _COUNTRY_OF.get(folded, folded)


@cache
def read_register_code(text: str, country: str) -> Code:
    """Read the number that a company has in the register of its country.

    Parameters
    ----------
    text : str
        As a source spells it.
    country : str
        Two letters; empty where it is not known.

    Returns
    -------
    Code
        ``NO_CODE`` for texts too short to be one, and for one digit repeated.
    """
    return _read(text, country, _REGISTER_RULES)


@cache
def read_vat_code(text: str, country: str) -> Code:
    """Read a VAT code; its own country goes before that of the client.

    Parameters
    ----------
    text : str
        As a source spells it.
    country : str
        Two letters; empty where it is not known.

    Returns
    -------
    Code
        As for ``read_register_code``.
    """
    return _read(text, country, _VAT_RULES)


def is_miscopied(left: Code, right: Code) -> bool:
    """Tell whether two codes may be one, copied wrongly: one slip apart, and not both valid.

    Parameters
    ----------
    left, right : Code
        Two different codes of the same country.

    Returns
    -------
    bool
        Two valid codes are never one: check digits are made to catch a single slip.
    """
    if left.state == right.state == VALID:
        return False
    return is_within(left.text, right.text, 1)


def _read(text: str, country: str, rules: dict[str, Callable[[str], bool]]) -> Code:
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    prefix = _PREFIX.match(plain)
    if prefix:
        country, plain = prefix[0], plain[2:]
    if len(plain) < SHORTEST or len(set(plain)) == 1:
        return NO_CODE
    if country not in rules:
        return Code(plain, UNCHECKED)
    return Code(plain, VALID if plain.isdigit() and rules[country](plain) else BROKEN)


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _twice_weighted(digits: str, first: tuple[int, ...], second: tuple[int, ...]) -> int:
    """Give the check digit by modulus 11, with other weights where the first give ten."""
    rest = _weighted(digits, first) % 11
    return rest if rest < 10 else _weighted(digits, second) % 11 % 10


def _turning(length: int, shift: int) -> tuple[int, ...]:
    return tuple((place + shift) % 9 + 1 for place in range(length))


def _lithuanian(digits: str) -> bool:
    size = len(digits) - 1
    check = _twice_weighted(digits[:-1], _turning(size, 0), _turning(size, 2))
    return len(digits) == 9 and check == int(digits[-1])


def _lithuanian_vat(digits: str) -> bool:
    size = len(digits) - 1
    check = _twice_weighted(digits[:-1], _turning(size, 0), _turning(size, 2))
    return len(digits) in (9, 12) and digits[-2] == "1" and check == int(digits[-1])


def _latvian(digits: str) -> bool:
    weights = (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)
    return len(digits) == 11 and digits[0] > "3" and _weighted(digits, weights) % 11 == 3


def _estonian(digits: str) -> bool:
    size = len(digits) - 1
    check = _twice_weighted(digits[:-1], _turning(size, 0), _turning(size, 2))
    return len(digits) == 8 and check == int(digits[-1])


def _estonian_vat(digits: str) -> bool:
    return len(digits) == 9 and _weighted(digits, (3, 7, 1) * 3) % 10 == 0


def _german_vat(digits: str) -> bool:
    check = 10
    for digit in digits[:-1]:
        total = (int(digit) + check) % 10 or 10
        check = total * 2 % 11
    return len(digits) == 9 and (11 - check) % 10 == int(digits[-1])


def _polish_vat(digits: str) -> bool:
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    return len(digits) == 10 and _weighted(digits[:-1], weights) % 11 == int(digits[-1])


def _finnish(digits: str) -> bool:
    return len(digits) == 8 and _weighted(digits, (7, 9, 10, 5, 8, 4, 2, 1)) % 11 == 0


_REGISTER_RULES: dict[str, Callable[[str], bool]] = {
    "LT": _lithuanian, "LV": _latvian, "EE": _estonian, "FI": _finnish,
}  # fmt: skip
_VAT_RULES: dict[str, Callable[[str], bool]] = {
    "LT": _lithuanian_vat, "LV": _latvian, "EE": _estonian_vat, "DE": _german_vat,
    "PL": _polish_vat, "FI": _finnish,
}  # fmt: skip
