"""Evidence in words, for the person who decides."""

from clientlib.identity.comparing import Comparison

_NAMES = {
    "same": "same name", "slip": "names one slip apart", "slips": "names two slips apart",
    "ending": "names that differ in their ending", "short": "one name shortened",
    "more": "one name has further words", "other": "different names",
}  # fmt: skip
_RARITY = {
    "own": "", "shared": " (of words that others bear too)", "common": " (of common words)",
}  # fmt: skip
_WORDS = {
    ("form", "different"): "different legal forms",
    ("form", "missing"): "a legal form is missing",
    ("register", "same"): "same register code",
    ("register", "same unchecked"): "same register code, check digit not confirmed",
    ("register", "miscopied"): "register codes one slip apart",
    ("register", "different"): "different valid register codes",
    ("register", "different unchecked"): "different register codes",
    ("vat", "same"): "same VAT code",
    ("vat", "same unchecked"): "same VAT code, check digit not confirmed",
    ("vat", "miscopied"): "VAT codes one slip apart",
    ("vat", "different"): "different valid VAT codes",
    ("vat", "different unchecked"): "different VAT codes",
    ("country", "different"): "different countries",
    ("region", "same"): "same region",
    ("region", "different"): "different regions",
    ("industry", "same"): "same line of business",
    ("industry", "different"): "different lines of business",
    ("group", "head and member"): "one is the head of the other's group",
    ("group", "branch"): "one is a branch",
    ("group", "members"): "both of the same group",
}


def in_words(comparison: Comparison) -> str:
    """Say how two clients compare.

    Parameters
    ----------
    comparison : Comparison
        How they compare.

    Returns
    -------
    str
        Such as ``same name; same register code; different regions``.
    """
    kind, _, rarity = comparison.level("name").partition(" ")
    parts = [_NAMES[kind] + _RARITY.get(rarity, "")]
    parts += [_WORDS[level] for level in comparison.levels if level in _WORDS]
    codes = (comparison.level("register"), comparison.level("vat"))
    return "; ".join([*parts, *(["no code to compare"] if codes == ("missing", "missing") else [])])
