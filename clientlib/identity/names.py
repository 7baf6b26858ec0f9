"""Company names taken apart: the own words, the legal form, and whether a branch is meant."""

from dataclasses import dataclass
from functools import cache

from clientlib.identity.spelling import fold

# By form: how it is written, folded (see spelling.py), short and in full words.
_FORMS = {
    "uab": ("uab", "uzdaroji akcine bendrove", "uzdaroji akc bendrove", "zao"),
    "ab": ("ab", "akcine bendrove", "aktiebolag", "aktiebolaget"),
    "mb": ("mb", "mazoji bendrija"),
    "vsi": ("vsi", "viesoji istaiga"),
    "ii": ("ii", "individuali imone", "individuali im", "individualioji imone"),
    "tub": ("tub", "tikroji ukine bendrija"),
    "kub": ("kub", "komanditine ukine bendrija"),
    "zub": ("zub", "zemes ukio bendrove"),
    "kb": ("kb", "kooperatine bendrove"),
    "sia": ("sia", "sabiedriba ar ierobezotu atbildibu"),
    "as": ("as", "akciju sabiedriba", "aktsiaselts", "aktieselskab", "aksjeselskap"),
    "ik": ("ik", "individualais komersants"),
    "ou": ("ou", "osauhing"),
    "fie": ("fie", "fuusilisest isikust ettevotja"),
    "gmbh": ("gmbh", "gesellschaft mit beschrankter haftung", "mbh"),
    "gmbh co kg": ("gmbh co kg", "gmbh und co kg", "gmbh u co kg"),
    "ag": ("ag", "aktiengesellschaft"),
    "kg": ("kg", "kommanditgesellschaft", "co kg"),
    "ohg": ("ohg", "offene handelsgesellschaft"),
    "ug": ("ug", "ug haftungsbeschrankt", "unternehmergesellschaft"),
    "ev": ("ev", "e v", "eingetragener verein"),
    "ek": ("ek", "e k", "eingetragener kaufmann"),
    "ltd": ("ltd", "limited", "co ltd", "company limited"),
    "plc": ("plc", "public limited company"),
    "llc": ("llc", "limited liability company", "ooo"),
    "inc": ("inc", "incorporated", "corp", "corporation"),
    "spzoo": ("spzoo", "sp zoo", "sp z oo", "sp z o o", "spolka z oo",
              "spolka z ograniczona odpowiedzialnoscia"),
    "sa": ("sa", "spolka akcyjna", "societe anonyme"),
    "oy": ("oy", "osakeyhtio", "oy ab"),
    "oyj": ("oyj", "julkinen osakeyhtio"),
    "aps": ("aps", "anpartsselskab"),
    "sarl": ("sarl", "s a r l"),
    "sas": ("sas",),
    "bv": ("bv", "besloten vennootschap"),
    "nv": ("nv", "naamloze vennootschap"),
    "srl": ("srl", "societa a responsabilita limitata"),
    "spa": ("spa", "societa per azioni"),
    "sro": ("sro", "spolecnost s rucenim omezenym"),
    "oao": ("oao",),
}  # fmt: skip
_FORM_OF = {tuple(text.split()): form for form, texts in _FORMS.items() for text in texts}
_LONGEST = max(len(words) for words in _FORM_OF)
# A branch is part of a company and not the company entered twice.
_BRANCHES = frozenset(
    ("filialas", "filiale", "filiaal", "filial", "fil", "niederlassung", "zweigniederlassung",
     "branch", "skyrius", "padalinys", "atstovybe", "parstavnieciba", "esindus", "oddzial",
     "sivuliike", "zweigstelle"),
)  # fmt: skip
_JOINERS = frozenset(("ir", "un", "ja", "und", "and", "i", "u", "co", "the", "et"))
# Words that many companies carry; a name of nothing else says little by itself.
_COMMON_TEXT = """
    agro aliejus apsauga arka auto automatika baldai baltic baltija baltijas baltijos bau
    business centras centrs ceramika cleaning construction consult consulting dach dekoras dizainas
    edv eesti ehitus elektra elektro elektronika elektros energija engineering europa euro
    export fabrikas finance food furniture garage gastronomie gida grupa grupe grupp group gruppe
    handel haus holding hotel import industrial industrie industries inter invest investicija
    kaubandus kauno kaunas keskus klaipedos klaipeda klinika kelias langai latvia latvija latvijas
    lietuva lietuvos lithuania logistic logistics logistik logistika logistikos maistas maja
    marketing mazumtirdznieciba mebel mechanika meble mediena medis medziaga metalas metall
    metallbau mobel montazas montage nams namai nekilnojamas nord nordic parduotuve partner
    partneriai partners pharma plast prekyba prekybos print profi projektai projekt projektas
    riga rigas restoranas sanitar saugumas serviss service services servisas solution solutions
    statyba statybos statyb stogas studija studio system systems technik technika technikos
    technologies technologija technologijos tehnika tekstile teenused tirdznieciba tools trade
    trading trans transport transporta transportas transporto transpordi turtas ukis
    valymas vakaru vertrieb vilnius vilniaus siauliu wood world"""
_COMMON = frozenset(_COMMON_TEXT.split())


@dataclass(frozen=True)
class CompanyName:
    """A company's name taken apart.

    Attributes
    ----------
    words : tuple of str
        Its own words, folded, in the order of the source; never empty where the name is not.
    form : str
        Legal form, such as ``uab``; empty where none is written.
    is_branch : bool
        Whether the name says that a branch is meant.
    """

    words: tuple[str, ...]
    form: str
    is_branch: bool

    @property
    def key(self) -> str:
        """The own words in alphabetical order, so that their order does not matter."""
        return " ".join(sorted(self.words))

    @property
    def compact(self) -> str:
        """The own words without spaces, in the order of the source."""
        return "".join(self.words)

    @property
    def is_common(self) -> bool:
        """Whether every word is one that many companies carry."""
        return all(word in _COMMON or len(word) < 3 for word in self.words)


@cache
def read_name(text: str) -> CompanyName:
    """Take a company's name apart.

    Parameters
    ----------
    text : str
        The name as a source spells it.

    Returns
    -------
    CompanyName
        ``UAB „Šilo baldai“``, ``Silo Baldai, UAB`` and ``UŽDAROJI AKCINĖ BENDROVĖ ŠILO BALDAI``
        give the same.
    """
    words = tuple(fold(text).split())
    unbranched = tuple(word for word in words if word not in _BRANCHES) or words
    own, form = _without_form(unbranched)
    plain = tuple(word for word in own if word not in _JOINERS)
    return CompanyName(plain or own, form, unbranched != words)


def is_common_word(word: str) -> bool:
    """Tell whether many companies carry a word in their names.

    Parameters
    ----------
    word : str
        A folded word.

    Returns
    -------
    bool
        True for the likes of ``statyba``, ``trade`` and ``baltic``.
    """
    return word in _COMMON


def _without_form(words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Take legal forms off both ends, the longest first; a name is never taken away whole."""
    form = ""
    for _ in range(2):
        for length in range(min(_LONGEST, len(words) - 1), 0, -1):
            if words[-length:] in _FORM_OF:
                words, form = words[:-length], form or _FORM_OF[words[-length:]]
                break
            if words[:length] in _FORM_OF:
                words, form = words[length:], form or _FORM_OF[words[:length]]
                break
    return words, form
