"""Which heading of a file is which column of a canonical table, by name and by contents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clientlib.sources.proposals.contents import MOST, Profile
from clientlib.sources.proposals.headings import POSSIBLE, SURE, Vocabulary
from clientlib.sources.proposals.shapes import ColumnShape, TableShape
from clientlib.sources.proposals.values import known_words, share_understood

SOME = 0.3  # of the values that must be readable for a heading to be thought of at all
HALF_READABLE = 0.7
REPEATED = 0.8
MOST_STATES = 30
KINDS = {"date": "days", "flag": "yes or no", "count": "whole numbers"}
PLAIN_TEXT = ("name", "statement")  # of words, never of numbers alone


@dataclass(frozen=True)
class Match:
    """A heading taken for a column, and why.

    Attributes
    ----------
    column, heading : str
        The canonical column, and the heading that holds it.
    score : float
        0 to 1; from ``SURE`` on nobody need confirm it.
    evidence : str
        What speaks for it.
    further : tuple of str
        Headings that make up the column together with ``heading``.
    """

    column: str
    heading: str
    score: float
    evidence: str
    further: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Nobody need confirm it."""
        return self.score >= SURE

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings that make up the column."""
        return (self.heading, *self.further)


def match_columns(
    shape: TableShape, vocabulary: Vocabulary, profiles: Sequence[Profile]
) -> dict[str, Match]:
    """Find for each column of a table the heading that most likely holds it.

    Parameters
    ----------
    shape : TableShape
        The canonical table.
    vocabulary : Vocabulary
        Its known headings.
    profiles : sequence of Profile
        The columns of a file.

    Returns
    -------
    dict of str to Match
        By column; a heading is taken once, best matches first.
    """
    pairs = [
        match
        for column in shape.columns
        for profile in profiles
        if (match := _match(shape, column, vocabulary, profile)) is not None
    ]
    found = _best(pairs, shape)
    if "name" in found and shape.grain[0] in found:
        distinct = {profile.heading: profile.distinct for profile in profiles}
        name = found["name"]
        if distinct[name.heading] < distinct[found[shape.grain[0]].heading] / 2:
            others = [match for match in pairs if match != name]
            return _best(others, shape)  # it names groups of them
    return found


def _best(pairs: Sequence[Match], shape: TableShape) -> dict[str, Match]:
    """Take the best matches, then give a column that must be there what an optional one took."""
    best_first = sorted(pairs, key=lambda match: -match.score)
    found: dict[str, Match] = {}
    for match in best_first:
        if match.column not in found and match.heading not in _takers(found):
            found[match.column] = match
    for match in best_first:
        taker = _takers(found).get(match.heading)
        is_needed = shape.column(match.column).is_required and match.column not in found
        if is_needed and taker is not None and not shape.column(taker).is_required:
            del found[taker]
            found[match.column] = match
    return found


def _takers(found: Mapping[str, Match]) -> dict[str, str]:
    return {match.heading: column for column, match in found.items()}


def share_key_and_name(
    shape: TableShape, found: Mapping[str, Match], profiles: Sequence[Profile]
) -> dict[str, Match]:
    """Let the key of a table name it, or its name be the key, where it has only one of them.

    Parameters
    ----------
    shape : TableShape
        The canonical table.
    found : mapping of str to Match
        What was matched.
    profiles : sequence of Profile
        The columns of the file.

    Returns
    -------
    dict of str to Match
        With both, where the table has a name and one of the two was found.
    """
    completed = dict(found)
    if len(shape.grain) != 1 or not shape.has("name") or not shape.column("name").is_required:
        return completed
    key = shape.grain[0]
    if key in found and "name" not in found:
        said = "the key stands for the name: no heading says that it is one"
        completed["name"] = Match("name", found[key].heading, found[key].score, said)
    elif "name" in found and key not in found:
        profile = next(p for p in profiles if p.heading == found["name"].heading)
        score = SURE if profile.is_key else POSSIBLE
        completed[key] = Match(key, profile.heading, score, f"the name is the key: {_key(profile)}")
    return completed


def _match(
    shape: TableShape, column: ColumnShape, vocabulary: Vocabulary, profile: Profile
) -> Match | None:
    score = vocabulary.score(column.name, profile.heading)
    if score < POSSIBLE or not profile.filled or _is_of_another_kind(column, profile):
        return None
    known = known_words(column, vocabulary)
    understood = share_understood(profile, known) if known else 1.0
    readable = profile.share_of(column.type)
    if column.type == "flag" and known:
        readable = max(readable, understood)
    if readable < SOME:
        return None
    if readable < MOST or (column.allowed and not understood):
        score *= HALF_READABLE
    if (column.name,) == shape.grain and not profile.is_key:
        score *= REPEATED  # of two possible keys the one that differs in every row
    if score < POSSIBLE:
        return None
    return Match(column.name, profile.heading, score, _evidence(shape, column, profile, score))


def _is_of_another_kind(column: ColumnShape, profile: Profile) -> bool:
    """Say whether what stands in a column cannot be what a heading that fits promises."""
    if column.allowed:
        return profile.distinct > MOST_STATES
    if column.name in PLAIN_TEXT:
        return profile.share_of("number") >= MOST
    if column.name.endswith("_id") and profile.heading.endswith("s") and profile.whole >= MOST:
        return True  # "customers: 57" counts them
    is_day = profile.share_of("date") >= MOST > profile.whole
    return column.type == "text" and is_day


def _evidence(shape: TableShape, column: ColumnShape, profile: Profile, score: float) -> str:
    said = "known heading" if score >= SURE else "the heading says so only in part"
    if column.type != "text" and not (column.type == "flag" and profile.yes_no < MOST):
        readable = profile.share_of(column.type)
        said += f", {readable:.0%} of its values are {KINDS.get(column.type, 'numbers')}"
    if (column.name,) == shape.grain:
        said += f", {_key(profile)}"
    return said


def _key(profile: Profile) -> str:
    return f"{profile.distinct:,} values in {profile.rows:,} rows"
