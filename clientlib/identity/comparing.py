"""How two clients compare: one level per kind of evidence, none of it a number yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from clientlib.identity.codes import Code, is_miscopied
from clientlib.identity.names import CompanyName, is_common_word
from clientlib.identity.spelling import is_within

SHORTEST_MISTYPED = 5  # a shorter word that differs is another word
LONG_NAME = 9  # letters from which a name bears two slips
ENDING = 2  # letters that inflection and gender change in the Baltic languages


@dataclass(frozen=True)
class Card:
    """What is compared of one client.

    Attributes
    ----------
    client_id : str
        Key in the source.
    name : CompanyName
        The name taken apart.
    country : str
        Two letters or the folded text; empty where it is not known.
    register, vat : Code
        Codes; an empty text where there is none.
    places : tuple of str
        Region and line of business, folded; empty where not known.
    parent_id : str
        Head of its group; empty where there is none.
    """

    client_id: str
    name: CompanyName
    country: str
    register: Code
    vat: Code
    places: tuple[str, ...]
    parent_id: str


@dataclass(frozen=True)
class Comparison:
    """How two clients compare.

    Attributes
    ----------
    left, right : Card
        The clients.
    levels : tuple of (str, str)
        Kind of evidence and how it came out, such as ``("name", "same")``.
    """

    left: Card
    right: Card
    levels: tuple[tuple[str, str], ...]

    def level(self, kind: str) -> str:
        """Give the level of one kind of evidence."""
        return dict(self.levels)[kind]


def compare(left: Card, right: Card, rarity: str) -> Comparison:
    """Compare two clients.

    Parameters
    ----------
    left, right : Card
        The clients.
    rarity : str
        ``own``, ``shared`` or ``common``: how much their name says (see blocks.py).

    Returns
    -------
    Comparison
        Levels in a fixed order.
    """
    is_home = left.country == right.country or not (left.country and right.country)
    name = compare_names(left.name, right.name)
    levels = (
        ("name", f"{name} {rarity}" if name != "other" else name),
        ("form", _compare_texts(left.name.form, right.name.form)),
        ("register", _compare_codes(left.register, right.register) if is_home else "missing"),
        ("vat", _compare_codes(left.vat, right.vat) if is_home else "missing"),
        ("country", _compare_texts(left.country, right.country)),
        ("region", _compare_texts(left.places[0], right.places[0])),
        ("industry", _compare_texts(left.places[1], right.places[1])),
        ("group", _compare_groups(left, right)),
    )
    return Comparison(left, right, levels)


def compare_names(left: CompanyName, right: CompanyName) -> str:
    """Say how far two names agree in their own words.

    Parameters
    ----------
    left, right : CompanyName
        Names without legal forms.

    Returns
    -------
    str
        ``same`` in any order and spacing; ``slip`` or ``ending`` (one slip, or one in the last
        letters of a word, where it may be another name); ``slips`` (two); ``short`` (shortened
        words or first letters); ``more`` (one has further words); else ``other``.
    """
    if left.key == right.key or left.compact == right.compact:
        return "same"
    mine, theirs = _without_same(left.words, right.words)
    if not mine or not theirs:
        return "more"
    if _is_acronym(left.words, right.words):
        return "short"
    found = _pair_up(mine, theirs)
    if found is None:
        return _compare_whole(left.compact, right.compact)
    kinds, is_left_over = found
    if is_left_over:
        return "more"
    if "short" in kinds:
        return "short"
    return kinds[0] if len(kinds) == 1 else "slips"


def _without_same(left: Sequence[str], right: Sequence[str]) -> tuple[list[str], list[str]]:
    theirs = list(right)
    mine = []
    for word in left:
        if word in theirs:
            theirs.remove(word)
        else:
            mine.append(word)
    return mine, theirs


def _pair_up(mine: list[str], theirs: list[str]) -> tuple[list[str], bool] | None:
    """Find a like word for each word of the shorter name; None where there is none."""
    few, many = sorted((mine, list(theirs)), key=len)
    kinds = []
    for word in few:
        likeness = [(kind, other) for other in many if (kind := _compare_words(word, other))]
        if not likeness:
            return None
        kind, other = min(likeness)
        kinds.append(kind)
        many.remove(other)
    return kinds, bool(many)


def _compare_words(left: str, right: str) -> str:
    short, long = sorted((left, right), key=len)
    if any(letter.isdigit() for letter in left + right):
        return ""
    if long.startswith(short) and len(long) - len(short) > 1:
        return "short" if len(short) >= 3 or is_common_word(long) else ""
    if len(short) < SHORTEST_MISTYPED:
        return ""
    if is_within(left, right, 1):
        return "ending" if is_ending(left, right) else "slip"
    return "slips" if len(short) >= LONG_NAME and is_within(left, right, 2) else ""


def is_ending(left: str, right: str) -> bool:
    """Tell whether two words differ in their last letters only, where names differ by gender.

    Parameters
    ----------
    left, right : str
        Different folded words.

    Returns
    -------
    bool
        True for ``zulvinas`` and ``zulvina``.
    """
    kept = max(len(left), len(right)) - ENDING
    return left[:kept] == right[:kept]


def _compare_whole(left: str, right: str) -> str:
    """Compare names as one word each: spaces may stand elsewhere beside a slip."""
    if any(letter.isdigit() for letter in left + right) or min(len(left), len(right)) < LONG_NAME:
        return "other"
    if is_within(left, right, 1):
        return "ending" if is_ending(left, right) else "slip"
    return "slips" if is_within(left, right, 2) else "other"


def _is_acronym(left: Sequence[str], right: Sequence[str]) -> bool:
    few, many = sorted((left, right), key=len)
    initials = "".join(word[0] for word in many)
    return len(few) == 1 and len(many) >= 3 and few[0] == initials


def _compare_texts(left: str, right: str) -> str:
    if not left or not right:
        return "missing"
    return "same" if left == right else "different"


def _compare_codes(left: Code, right: Code) -> str:
    if not left.text or not right.text:
        return "missing"
    if left.text == right.text:
        return "same" if left.state == "valid" else "same unchecked"
    if is_miscopied(left, right):
        return "miscopied"
    return "different" if left.state == right.state == "valid" else "different unchecked"


def _compare_groups(left: Card, right: Card) -> str:
    """Say whether a source itself tells the two apart: head and member, or a branch of it."""
    if right.client_id == left.parent_id or left.client_id == right.parent_id:
        return "head and member"
    if left.name.is_branch != right.name.is_branch:
        return "branch"
    if left.parent_id and left.parent_id == right.parent_id:
        return "members"
    return "none"
