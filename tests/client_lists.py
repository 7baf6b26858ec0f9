"""Simulated client lists of a seller in the Baltics with known duplicates.

Companies have names, codes with check digits, towns and lines of business; groups have members
with nearly the same name and codes of their own, strangers bear like or equal names. A part of
the records are further entries of a company: another spelling, codes missing or mistyped,
another town. Nothing in it is real.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.identity.codes import VALID, read_register_code, read_vat_code
from clientlib.identity.spelling import fold

COUNTRIES = {"LT": 0.7, "LV": 0.12, "EE": 0.08, "DE": 0.07, "PL": 0.03}
FORMS = {
    "LT": ("UAB",) * 15 + ("MB",) * 3 + ("AB", "IĮ", "VšĮ"),
    "LV": ("SIA",) * 9 + ("AS",),
    "EE": ("OÜ",) * 8 + ("AS",),
    "DE": ("GmbH",) * 7 + ("AG", "KG", "GmbH & Co. KG"),
    "PL": ("Sp. z o.o.",) * 8 + ("S.A.",),
}
FULL_FORMS = {
    "UAB": "Uždaroji akcinė bendrovė", "AB": "Akcinė bendrovė", "MB": "Mažoji bendrija",
    "IĮ": "Individuali įmonė", "VšĮ": "Viešoji įstaiga", "OÜ": "Osaühing", "AS": "Aktsiaselts",
    "SIA": "Sabiedrība ar ierobežotu atbildību", "AG": "Aktiengesellschaft",
    "GmbH": "Gesellschaft mit beschränkter Haftung", "Sp. z o.o.": "Spółka z o.o.",
}  # fmt: skip
TOWNS = {
    "LT": ("Vilnius", "Kaunas", "Klaipėda", "Šiauliai", "Panevėžys", "Alytus", "Marijampolė",
           "Utena", "Telšiai", "Tauragė"),
    "LV": ("Rīga", "Liepāja", "Daugavpils", "Jelgava"),
    "EE": ("Tallinn", "Tartu", "Pärnu"),
    "DE": ("Berlin", "Hamburg", "München", "Köln", "Rostock"),
    "PL": ("Warszawa", "Gdańsk", "Białystok"),
}  # fmt: skip
INDUSTRIES = ("construction", "manufacturing", "trade", "hospitality", "agriculture", "transport",
              "public services", "property care")  # fmt: skip
HEADS = ("Žal", "Gir", "Švyt", "Aukšt", "Mėl", "Vėj", "Rūt", "Saul", "Gintar", "Upel", "Pušyn",
         "Balt", "Kaln", "Jūr", "Ąžuol", "Lap", "Stirn", "Vilk", "Bit", "Sod", "Lang", "Tvirt",
         "Mor", "Kryž", "Ders", "Ner", "Tom", "Vit", "Alg", "Dain")  # fmt: skip
MIDDLES = ("an", "ėn", "ov", "ut", "yb", "aid", "ym", "ur", "on", "il", "ek", "ūn", "em", "ask",
           "eid", "int", "omb", "ėt", "or", "ald")  # fmt: skip
LINKS = ("", "", "", "dr", "v", "t", "s", "kl", "m", "n", "g", "p")
TAILS = ("a", "as", "ė", "is", "us", "ona", "yra", "tis", "mė", "eks", "ta", "vas", "dė", "čius",
         "niša", "kė", "era", "isma", "ora", "ita")  # fmt: skip
TRADE_WORDS = ("statyba", "prekyba", "transportas", "logistika", "baldai", "technika", "servisas",
               "elektra", "medis", "metalas", "namai", "langai", "projektai", "maistas",
               "energija", "sistemos", "grupė")  # fmt: skip
COMMON = ("Baltic", "Euro", "Nord", "Vilniaus", "Kauno", "Baltijos", "Lietuvos", "Auto", "Inter",
          "Agro", "Naujas", "Senasis", "Pirmas", "Gera", "Profi", "Trans", "Vakarų", "Rytų", "Eko",
          "Mano", "Tavo", "Didysis", "Grand", "Smart", "City")  # fmt: skip
UNITS = ("Logistika", "Prekyba", "Servisas", "Šiauliai", "Klaipėda", "Nekilnojamas turtas",
         "Energija", "Export", "Latvija", "Vakarai")  # fmt: skip
DIGITS = {"LT": 9, "LV": 11, "EE": 8, "DE": 6, "PL": 10}
VAT_DIGITS = {"LT": 9, "LV": 11, "EE": 9, "DE": 9, "PL": 10}
PLAIN = str.maketrans(
    "ąčęėįšųūžĄČĘĖĮŠŲŪŽāēīļņģķõäöüÕÄÖÜłńóß", "aceeisuuzACEEISUUZaeilngkoaouOAOUlnos"
)
CYRILLIC = str.maketrans("abvgdezijklmnoprstufcABVGDEZIJKLMNOPRSTUFC",
                         "абвгдезийклмнопрстуфцАБВГДЕЗИЙКЛМНОПРСТУФЦ")  # fmt: skip


@dataclass(frozen=True)
class ClientList:
    """A simulated list of clients.

    Parameters
    ----------
    clients : DataFrame
        As the canonical table ``clients`` has them.
    company : Series
        Which company each client is, by client_id: equal for duplicates.
    """

    clients: pd.DataFrame
    company: pd.Series

    def true_pairs(self) -> set[tuple[str, str]]:
        """List the pairs of clients that are one company, each in the order of the keys."""
        pairs = set()
        for ids in self.company.groupby(self.company).groups.values():
            members = sorted(ids)
            pairs |= {(a, b) for n, a in enumerate(members) for b in members[n + 1 :]}
        return pairs


def simulate_list(
    count: int, seed: int, *, duplicate_share: float = 0.08, noise: float = 1.0
) -> ClientList:
    """Draw a list of so many clients, of which a share are further entries of others.

    Noise scales every kind of carelessness in further entries: at 1.0 a fifth has a mistyped
    name and two fifths lack their codes, at 1.4 more than a quarter and half.
    """
    draws = np.random.default_rng(seed)
    doubles = round(count * duplicate_share)
    companies = _companies(count - doubles, draws)
    chosen = draws.choice(companies.index, size=doubles, replace=doubles > len(companies))
    # One in eight doubles is a third or fourth entry of the same company.
    again = draws.random(doubles) < 0.125
    chosen[again] = draws.choice(chosen[~again], size=int(again.sum()))
    first = pd.DataFrame([_enter(row, draws, 0.35) for row in companies.to_dict("records")])
    second = pd.DataFrame(
        [_enter(row, draws, noise) for row in companies.loc[chosen].to_dict("records")]
    )
    clients = pd.concat([first, second], ignore_index=True)
    clients = clients.iloc[draws.permutation(len(clients))].reset_index(drop=True)
    clients["client_id"] = [f"{'AB'[n % 2]}-{n + 1:06d}" for n in range(len(clients))]
    ids = clients.loc[clients["head"] < 0].drop_duplicates("company")
    head_ids = ids.set_index("company")["client_id"]
    is_told = draws.random(len(clients)) < 0.6
    clients["parent_id"] = clients["head"].map(head_ids).where(is_told, None)
    clients.loc[clients["parent_id"].isna(), "parent_id"] = None
    company = clients.set_index("client_id")["company"]
    return ClientList(clients.drop(columns=["company", "head"]), company)


def _companies(count: int, draws: np.random.Generator) -> pd.DataFrame:
    """Draw companies; a register does not take the same name and legal form twice."""
    rows: list[dict] = []
    taken: set[tuple[str, str, str]] = set()
    while len(rows) < count:
        row = _new_company(draws)
        if len(rows) > 20:
            row = _relative(rows[int(draws.integers(len(rows)))], row, draws)
        name = (fold(row["stem"]), row["form"], row["country"])
        if name not in taken:
            taken.add(name)
            rows.append({**row, "company": len(rows)})
    return pd.DataFrame(rows)


def _relative(other: dict, row: dict, draws: np.random.Generator) -> dict:
    """Make a few of the companies members of a group, or strangers with a like or equal name."""
    kind = draws.random()
    if kind < 0.07:
        return _group_member(other, row, draws)
    if kind < 0.10:
        return row | {"stem": _like(other["stem"], draws)}
    return row | {"stem": other["stem"]} if kind < 0.115 else row


def _new_company(draws: np.random.Generator) -> dict:
    country = str(draws.choice(list(COUNTRIES), p=list(COUNTRIES.values())))
    return {
        "country": country,
        "stem": _stem(draws),
        "form": str(draws.choice(FORMS[country])),
        "register_code": _code(country, DIGITS[country], read_register_code, draws),
        "vat_code": country + _code(country, VAT_DIGITS[country], read_vat_code, draws)
        if draws.random() < 0.85 else "",
        "region": _town(country, draws),
        "industry": str(draws.choice(INDUSTRIES)),
        "head": -1,
    }  # fmt: skip


def _stem(draws: np.random.Generator) -> str:
    kind = draws.random()
    own = "".join(str(draws.choice(part)) for part in (HEADS, MIDDLES, LINKS, MIDDLES, TAILS))
    if kind < 0.45:
        return own
    if kind < 0.8:
        return f"{own} {draws.choice(TRADE_WORDS)}"
    if kind < 0.92:
        return f"{draws.choice(COMMON)} {draws.choice(TRADE_WORDS)}"
    if kind < 0.95:
        return str(draws.choice(TRADE_WORDS)).capitalize()
    letters = "".join(draws.choice(list("ABDEGIKLMNRSTV"), size=3))
    return f"{letters} {draws.choice(TRADE_WORDS)}"


def _group_member(head: dict, row: dict, draws: np.random.Generator) -> dict:
    """Give a company of a group: the head's name with a unit, a number, or in another country."""
    kind = draws.random()
    if kind < 0.55:
        stem = f"{head['stem']} {draws.choice(UNITS)}"
    elif kind < 0.75:
        stem = f"{head['stem']} {draws.integers(2, 30)}"
    else:
        stem = head["stem"]
    home = {} if kind >= 0.75 else {"country": head["country"], "form": head["form"]}
    member = {**row, **home, "stem": stem}
    country = member["country"]
    member["register_code"] = _code(country, DIGITS[country], read_register_code, draws)
    member["vat_code"] = country + _code(country, VAT_DIGITS[country], read_vat_code, draws)
    member["region"] = head["region"] if home and draws.random() < 0.5 else _town(country, draws)
    member["industry"] = head["industry"] if draws.random() < 0.6 else row["industry"]
    return member | {"head": head["company"] if head["head"] < 0 else head["head"]}


def _like(stem: str, draws: np.random.Generator) -> str:
    """Give another company's name: one letter or the ending differs."""
    words = stem.split()
    word = words[0]
    if draws.random() < 0.6:
        words[0] = word[:-1] + str(draws.choice(list("aeiu")))
    else:
        place = int(draws.integers(1, max(2, len(word) - 1)))
        words[0] = word[:place] + str(draws.choice(list("aeioklmnrst"))) + word[place + 1 :]
    return " ".join(words)


def _town(country: str, draws: np.random.Generator) -> str:
    towns = TOWNS[country]
    odds = np.array([1 / (n + 1) for n in range(len(towns))])
    return str(draws.choice(towns, p=odds / odds.sum()))


def _code(country: str, length: int, read, draws: np.random.Generator) -> str:
    """Draw a code whose check digit fits, where the country has one."""
    while True:
        start = str(draws.integers(3, 6)) + "".join(map(str, draws.integers(0, 10, length - 2)))
        if read is read_vat_code and country == "LT":
            start = start[:-1] + "1"
        codes = [f"{start}{last}" for last in range(10)]
        fits = [code for code in codes if read(code, country).state == VALID]
        if fits:
            return fits[0]
        if read(codes[0], country).state != "broken":
            return codes[int(draws.integers(10))]


def _enter(row: dict, draws: np.random.Generator, noise: float) -> dict:
    """Enter a company into a system; the noise of a first entry is smaller than of a second."""
    lacks_code = draws.random() < 0.15 + 0.25 * noise
    register = "" if lacks_code else row["register_code"]
    vat = "" if draws.random() < (0.7 if lacks_code else 0.2) else row["vat_code"]
    is_elsewhere = draws.random() < 0.08 * noise
    region = _town(row["country"], draws) if is_elsewhere else row["region"]
    is_other = draws.random() < 0.15 * noise
    industry = str(draws.choice(INDUSTRIES)) if is_other else row["industry"]
    return {
        "company": row["company"],
        "head": row["head"],
        "name": _spell(row["stem"], row["form"], draws, noise),
        "register_code": _mistype_code(register, draws, noise) or None,
        "vat_code": _dress(_mistype_code(vat, draws, noise), draws) or None,
        "country": None if draws.random() < 0.08 * noise else row["country"],
        "region": None if draws.random() < 0.12 * noise else region,
        "industry": None if draws.random() < 0.2 * noise else industry,
    }


def _spell(stem: str, form: str, draws: np.random.Generator, noise: float) -> str:
    def happens(share: float) -> bool:
        return bool(draws.random() < share * noise)

    words = stem.split()
    if happens(0.2):
        at = int(np.argmax([len(word) for word in words]))
        words[at] = _mistype(words[at], draws)
    if len(words) > 1 and happens(0.06):
        words[-1] = words[-1][: int(draws.integers(3, 6))] + "."
    if len(words) > 1 and happens(0.05):
        words = words[::-1]
    if len(words) > 1 and happens(0.03):
        words = ["".join(words)]
    if happens(0.03):
        words.append(str(draws.choice(["Lietuva", "grupė", "ir Ko"])))
    name = _add_form(" ".join(words), form, draws, noise)
    if happens(0.45):
        name = name.translate(PLAIN)
    if happens(0.2):
        name = name.upper()
    return name.translate(CYRILLIC) if happens(0.01) else name


def _add_form(name: str, form: str, draws: np.random.Generator, noise: float) -> str:
    kind = draws.random()
    if kind < 0.18 * noise:
        return name
    if kind < 0.3 * noise:
        return f"{FULL_FORMS.get(form, form)} {name}"
    if kind < 0.36 * noise:
        return f"{name}, {'.'.join(form)}." if form.isalpha() and len(form) < 4 else name
    ways = (f"{form} „{name}“", f"{name}, {form}", f"{form} {name}", f'{form} "{name}"')
    return ways[int(draws.integers(4))] if kind < 0.85 else f"{name} {form}"


def _mistype(word: str, draws: np.random.Generator) -> str:
    if len(word) < 4:
        return word
    place = int(draws.integers(1, len(word) - 1))
    kind = draws.random()
    if kind < 0.3:
        return word[:place] + word[place + 1 :]
    if kind < 0.6:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind < 0.8:
        return word[:place] + word[place] + word[place:]
    return word[:place] + str(draws.choice(list("aeiosrtnlk"))) + word[place + 1 :]


def _mistype_code(code: str, draws: np.random.Generator, noise: float) -> str:
    if len(code) < 6 or draws.random() > 0.04 * noise:
        return code
    place = int(draws.integers(len(code) - 4, len(code) - 1))
    if draws.random() < 0.5:
        return code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    return code[:place] + str(draws.integers(10)) + code[place + 1 :]


def _dress(code: str, draws: np.random.Generator) -> str:
    kind = draws.random()
    if not code or kind < 0.7:
        return code
    return code[2:] if kind < 0.85 else f"{code[:2]} {code[2:5]} {code[5:]}"
