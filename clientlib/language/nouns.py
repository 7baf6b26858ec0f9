"""Nouns that are counted, in the forms that numbers and cases ask for."""

from dataclasses import dataclass

from clientlib.errors import InputError, nearest
from clientlib.language.numbers import plural_form
from clientlib.language.speaking import spoken

CASES = ("nom", "gen", "dat", "acc", "ins", "loc")


@dataclass(frozen=True)
class Noun:
    """A noun in both languages.

    Parameters
    ----------
    english : tuple of (str, str)
        Singular and plural.
    singular, plural : mapping of str to str
        The Lithuanian forms by case.
    """

    english: tuple[str, str]
    singular: dict[str, str]
    plural: dict[str, str]


def _decline(english: str, one: str, many: str) -> Noun:
    singular = dict(zip(CASES, one.split(), strict=True))
    plural = dict(zip(CASES, many.split(), strict=True))
    single, _, several = english.partition("/")
    return Noun((single, several or f"{single}s"), singular, plural)


NOUNS = {
    "client": _decline(
        "client",
        "klientas kliento klientui klientą klientu kliente",
        "klientai klientų klientams klientus klientais klientuose",
    ),
    "order": _decline(
        "order",
        "užsakymas užsakymo užsakymui užsakymą užsakymu užsakyme",
        "užsakymai užsakymų užsakymams užsakymus užsakymais užsakymuose",
    ),
    "invoice": _decline(
        "invoice",
        "sąskaita sąskaitos sąskaitai sąskaitą sąskaita sąskaitoje",
        "sąskaitos sąskaitų sąskaitoms sąskaitas sąskaitomis sąskaitose",
    ),
    "deal": _decline(
        "deal",
        "sandoris sandorio sandoriui sandorį sandoriu sandoryje",
        "sandoriai sandorių sandoriams sandorius sandoriais sandoriuose",
    ),
    "product": _decline(
        "product",
        "prekė prekės prekei prekę preke prekėje",
        "prekės prekių prekėms prekes prekėmis prekėse",
    ),
    "competitor": _decline(
        "competitor",
        "konkurentas konkurento konkurentui konkurentą konkurentu konkurente",
        "konkurentai konkurentų konkurentams konkurentus konkurentais konkurentuose",
    ),
    "complaint": _decline(
        "complaint",
        "skundas skundo skundui skundą skundu skunde",
        "skundai skundų skundams skundus skundais skunduose",
    ),
    "delivery": _decline(
        "delivery/deliveries",
        "pristatymas pristatymo pristatymui pristatymą pristatymu pristatyme",
        "pristatymai pristatymų pristatymams pristatymus pristatymais pristatymuose",
    ),
    "day": _decline(
        "day",
        "diena dienos dienai dieną diena dienoje",
        "dienos dienų dienoms dienas dienomis dienose",
    ),
    "month": _decline(
        "month",
        "mėnuo mėnesio mėnesiui mėnesį mėnesiu mėnesyje",
        "mėnesiai mėnesių mėnesiams mėnesius mėnesiais mėnesiuose",
    ),
    "row": _decline(
        "row",
        "eilutė eilutės eilutei eilutę eilute eilutėje",
        "eilutės eilučių eilutėms eilutes eilutėmis eilutėse",
    ),
    "issue": _decline(
        "issue",
        "problema problemos problemai problemą problema problemoje",
        "problemos problemų problemoms problemas problemomis problemose",
    ),
    "table": _decline(
        "table",
        "lentelė lentelės lentelei lentelę lentele lentelėje",
        "lentelės lentelių lentelėms lenteles lentelėmis lentelėse",
    ),
    "column": _decline(
        "column",
        "stulpelis stulpelio stulpeliui stulpelį stulpeliu stulpelyje",
        "stulpeliai stulpelių stulpeliams stulpelius stulpeliais stulpeliuose",
    ),
    "group": _decline(
        "group",
        "grupė grupės grupei grupę grupe grupėje",
        "grupės grupių grupėms grupes grupėmis grupėse",
    ),
    "load": _decline(
        "load",
        "įkėlimas įkėlimo įkėlimui įkėlimą įkėlimu įkėlime",
        "įkėlimai įkėlimų įkėlimams įkėlimus įkėlimais įkėlimuose",
    ),
    "reference": _decline(
        "reference",
        "nuoroda nuorodos nuorodai nuorodą nuoroda nuorodoje",
        "nuorodos nuorodų nuorodoms nuorodas nuorodomis nuorodose",
    ),
    "observation": _decline(
        "observation",
        "stebėjimas stebėjimo stebėjimui stebėjimą stebėjimu stebėjime",
        "stebėjimai stebėjimų stebėjimams stebėjimus stebėjimais stebėjimuose",
    ),
    "figure": _decline(
        "figure",
        "reikšmė reikšmės reikšmei reikšmę reikšme reikšmėje",
        "reikšmės reikšmių reikšmėms reikšmes reikšmėmis reikšmėse",
    ),
    "point": _decline(
        "point",
        "taškas taško taškui tašką tašku taške",
        "taškai taškų taškams taškus taškais taškuose",
    ),
    "step": _decline(
        "step",
        "žingsnis žingsnio žingsniui žingsnį žingsniu žingsnyje",
        "žingsniai žingsnių žingsniams žingsnius žingsniais žingsniuose",
    ),
    "stage": _decline(
        "stage",
        "etapas etapo etapui etapą etapu etape",
        "etapai etapų etapams etapus etapais etapuose",
    ),
    "event": _decline(
        "event",
        "įvykis įvykio įvykiui įvykį įvykiu įvykyje",
        "įvykiai įvykių įvykiams įvykius įvykiais įvykiuose",
    ),
    "kind": _decline(
        "kind",
        "rūšis rūšies rūšiai rūšį rūšimi rūšyje",
        "rūšys rūšių rūšims rūšis rūšimis rūšyse",
    ),
    "pair": _decline(
        "pair",
        "pora poros porai porą pora poroje",
        "poros porų poroms poras poromis porose",
    ),
    "line": _decline(
        "line",
        "linija linijos linijai liniją linija linijoje",
        "linijos linijų linijoms linijas linijomis linijose",
    ),
    "gap": _decline(
        "gap",
        "tarpas tarpo tarpui tarpą tarpu tarpe",
        "tarpai tarpų tarpams tarpus tarpais tarpuose",
    ),
    "score": _decline(
        "score",
        "balas balo balui balą balu bale",
        "balai balų balams balus balais baluose",
    ),
    "time": _decline(
        "time",
        "kartas karto kartui kartą kartu karte",
        "kartai kartų kartams kartus kartais kartuose",
    ),
    "manager": _decline(
        "manager",
        "vadybininkas vadybininko vadybininkui vadybininką vadybininku vadybininke",
        "vadybininkai vadybininkų vadybininkams vadybininkus vadybininkais vadybininkuose",
    ),
    "report": _decline(
        "report",
        "ataskaita ataskaitos ataskaitai ataskaitą ataskaita ataskaitoje",
        "ataskaitos ataskaitų ataskaitoms ataskaitas ataskaitomis ataskaitose",
    ),
    "slide": _decline(
        "slide",
        "skaidrė skaidrės skaidrei skaidrę skaidre skaidrėje",
        "skaidrės skaidrių skaidrėms skaidres skaidrėmis skaidrėse",
    ),
}


def inflect(name: str, case: str, number: float) -> str:
    """Give the form of a noun that goes with a number.

    Parameters
    ----------
    name : str
        The noun in English, singular.
    case : str
        nom, gen, dat, acc, ins or loc: what the sentence asks for. English has none.
    number : float
        The number before it.

    Returns
    -------
    str
        In Lithuanian the singular after 1, 21, 31 …, the plural after 2 to 9, 22 …, and the
        genitive plural after 0, 10 to 20, 30 …, whatever the sentence asks for.

    Raises
    ------
    InputError
        There is no such noun or case.

    References
    ----------
    Unicode CLDR, Language Plural Rules, Lithuanian.
    """
    if name not in NOUNS or case not in CASES:
        near = nearest(name, NOUNS)
        raise InputError(
            f"there is no noun '{name}' in the case '{case}'",
            hint=f"did you mean '{near}'?"
            if near and near != name
            else f"cases: {', '.join(CASES)}",
        )
    noun, form = NOUNS[name], plural_form(number)
    if spoken() == "en":
        return noun.english[form != "one"]
    by_form = {"one": noun.singular[case], "few": noun.plural[case], "many": noun.singular["gen"]}
    return by_form.get(form, noun.plural["gen"])
