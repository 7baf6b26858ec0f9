"""Invented names: companies with their legal forms, products, rivals. Nothing real is meant."""

from collections.abc import Sequence

import numpy as np

_HEADS = (
    "Žulv", "Vorg", "Tyrk", "Kėbr", "Munsk", "Gild", "Švenk", "Drąs", "Plauk", "Ūkm",
    "Brėž", "Čirv", "Nargl", "Skoit", "Rųkš", "Lyžd", "Guob", "Zeimb", "Ervyl", "Jostv",
    "Kvaid", "Pirnt", "Stulg", "Vėdr", "Ožkr", "Trauv", "Mėlz", "Aiskr", "Dulb", "Fąrn",
)  # fmt: skip
_MIDDLES = (
    "in", "ėl", "ov", "ut", "yb", "aid", "ym", "ur", "on", "ąst",
    "ik", "ūn", "em", "ask", "eid", "il", "omb", "ėt", "ęnt", "įld",
)  # fmt: skip
_TAILS = (
    "a", "as", "ė", "is", "us", "ona", "yra", "tis", "mė", "lix", "ta", "vas", "dė", "čius",
    "niša", "kė",
)  # fmt: skip
_FORMS = {"LT": ("UAB", "MB", "AB"), "LV": ("SIA",), "EE": ("OÜ",), "DE": ("GmbH",)}
_FORM_ODDS = {"LT": (0.8, 0.13, 0.07)}
_PLAIN = str.maketrans("ąčęėįšųūžĄČĘĖĮŠŲŪŽ", "aceeisuuzACEEISUUZ")

MANAGER_NAMES = (
    "Aistė Velmontė", "Tadas Grisvydas", "Rūta Žarnelytė", "Mantas Ulkauskis",
    "Ieva Dargužė", "Povilas Šniurkėnas", "Živilė Orbutė", "Andrius Kvedlys",
    "Greta Pilvartė", "Šarūnas Emblys", "Lina Zubratė", "Karolis Vigdonis",
)  # fmt: skip
GIVEN_NAMES = (
    "Asta", "Darius", "Eglė", "Giedrius", "Ilona", "Jonas", "Kristina", "Laurynas", "Milda",
    "Nerijus", "Ona", "Paulius", "Rasa", "Saulius", "Toma", "Vytas",
)  # fmt: skip
CARRIER_NAMES = ("own vans", "Greitrūva Cargo", "Žvirlas Trans")
RIVAL_NAMES = ("Brėžova Trade", "Kvaidūna", "Ožkrimas Baltic", "Tyrkėtus")


def invent_stems(count: int, draws: np.random.Generator) -> list[str]:
    """Make distinct invented words.

    Parameters
    ----------
    count : int
        How many, up to 9,600.
    draws : numpy.random.Generator
        Stream to draw from.

    Returns
    -------
    list of str
        Capitalised words with Lithuanian letters.
    """
    numbers = draws.choice(len(_HEADS) * len(_MIDDLES) * len(_TAILS), size=count, replace=False)
    return [_stem(int(number)) for number in numbers]


def _stem(number: int) -> str:
    rest, tail = divmod(number, len(_TAILS))
    head, middle = divmod(rest, len(_MIDDLES))
    return _HEADS[head] + _MIDDLES[middle] + _TAILS[tail]


def legal_names(
    stems: Sequence[str], countries: Sequence[str], draws: np.random.Generator
) -> list[str]:
    """Add the legal form of the client's country to each stem.

    Parameters
    ----------
    stems, countries : sequences of str, the same length
        Invented word, and LT, LV, EE or DE.
    draws : numpy.random.Generator
        Stream to draw from.

    Returns
    -------
    list of str
        For instance ``UAB „Žulvinas“``.
    """
    return [_legal_name(s, c, draws) for s, c in zip(stems, countries, strict=True)]


def _legal_name(stem: str, country: str, draws: np.random.Generator) -> str:
    form = str(draws.choice(_FORMS[country], p=_FORM_ODDS.get(country)))
    if country in {"EE", "DE"}:
        return f"{stem} {form}"
    if country == "LV":
        return f'{form} "{stem}"'
    spellings = (f"{form} „{stem}“", f"{stem}, {form}", f"{form} {stem}")
    return spellings[int(draws.choice(3, p=[0.6, 0.25, 0.15]))]


def spell_otherwise(name: str, draws: np.random.Generator) -> str:
    """Spell a company name as a hurried colleague would.

    Parameters
    ----------
    name : str
        The name as first entered.
    draws : numpy.random.Generator
        Stream to draw from.

    Returns
    -------
    str
        Without quotes and Lithuanian letters, or in capitals; never the same text.
    """
    bare = name.translate(str.maketrans("", "", '„“",')).translate(_PLAIN)
    words = bare.split()
    turned = " ".join([*words[1:], words[0]])
    choices = [text for text in (bare, turned, bare.upper()) if text != name]
    return choices[int(draws.integers(len(choices)))]
