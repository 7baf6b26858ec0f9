"""What the parts of a prospect's score are called on a page."""

from clientlib.reliability.risks.wording import word_sign

PART_WORDS = {"base": "every client", "the rest": "all other signs"}
YES, NO = "yes", "no"


def word_part(name: str) -> str:
    """Name a part of a score as readers know it.

    Parameters
    ----------
    name : str
        Of a sign, of what everybody begins with, or of the rest.

    Returns
    -------
    str
        In English, the key of the catalogues.
    """
    return PART_WORDS.get(name) or word_sign(name)
