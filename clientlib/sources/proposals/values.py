"""What the values of an export mean: states, yes and no in other words, per cents."""

from collections.abc import Mapping

from clientlib.sources.proposals.contents import MOST, Profile
from clientlib.sources.proposals.headings import PERCENT_WORDS, Vocabulary, Words, words_of
from clientlib.sources.proposals.shapes import ColumnShape

HUNDRED = 100
HALF = 0.5


def known_words(column: ColumnShape, vocabulary: Vocabulary) -> dict[Words, str]:
    """Find the words that exports have for the values of a column.

    Parameters
    ----------
    column : ColumnShape
        The canonical column.
    vocabulary : Vocabulary
        What is known of its table.

    Returns
    -------
    dict of tuple to str
        Words with the value that they stand for; empty where any value may stand.
    """
    if column.type == "flag":
        return dict(vocabulary.flags.get(column.name, {}))
    known = {
        words: allowed[0]
        for words, states in vocabulary.states.items()
        if (allowed := [state for state in states if state in column.allowed])
    }
    return known | {words_of(state): state for state in column.allowed}


def share_understood(profile: Profile, known: Mapping[Words, str]) -> float:
    """Say which share of a column's values are known words.

    Parameters
    ----------
    profile : Profile
        The column of the export.
    known : mapping of tuple to str
        Words with the value that they stand for.

    Returns
    -------
    float
        0 to 1.
    """
    understood = sum(words_of(value) in known for value in profile.values)
    return understood / max(len(profile.values), 1)


def value_expression(
    heading: str, profile: Profile, known: Mapping[Words, str]
) -> tuple[str, list[str]]:
    """Write how the values of an export become those that a column may have.

    Parameters
    ----------
    heading : str
        Heading of the values, as SQL.
    profile : Profile
        Its values.
    known : mapping of tuple to str
        Words with the value that they stand for.

    Returns
    -------
    (str, list of str)
        An expression, and the values whose meaning is not known: they stay as they are, so that
        their rows go to quarantine until somebody says what they mean.
    """
    cases, unknown = [], []
    for value in sorted(profile.values):
        meant = known.get(words_of(value))
        if meant is None:
            unknown.append(value)
        else:
            written = value.replace("'", "''")
            cases.append(f"when '{written}' then '{meant}'")
    return f"case {heading} {' '.join(cases)} else {heading} end", unknown


def is_in_per_cent(profile: Profile) -> bool:
    """Say whether shares are written as per cents: the heading or most values say so.

    Parameters
    ----------
    profile : Profile
        A column of the export that holds shares.

    Returns
    -------
    bool
        True for 15 or 15 %, False for 0.15.
    """
    is_said = bool(PERCENT_WORDS & set(words_of(profile.heading)))
    shares = [number for number in map(_number, profile.values) if number]
    above_one = sum(1 < share <= HUNDRED for share in shares)
    return is_said or above_one > HALF * len(shares)


def _number(value: str) -> float:
    try:
        return float(value.replace(",", "."))
    except ValueError:
        return 0.0  # a cell that is no number goes to quarantine by itself


def is_other_yes_no(column: ColumnShape, profile: Profile) -> bool:
    """Say whether a flag is written in words other than yes and no."""
    return column.type == "flag" and profile.yes_no < MOST
