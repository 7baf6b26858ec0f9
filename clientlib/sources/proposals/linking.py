"""References of one file to the rows of another: confirmed, doubted, or found by their values."""

from collections.abc import Mapping
from dataclasses import replace

from clientlib.sources.proposals.candidates import Candidate
from clientlib.sources.proposals.choosing import Owned, reference_to
from clientlib.sources.proposals.contents import MOST, Profile
from clientlib.sources.proposals.headings import SURE
from clientlib.sources.proposals.matching import Match

FEW = 5  # distinct values from which the overlap of two columns says something
LINKED, APART = 0.9, 0.5  # shares of values that stand, or do not, in the other file's key


def link_references(
    candidate: Candidate,
    profiles: Mapping[str, Profile],
    owned: Mapping[str, Owned],
    number: int,
) -> Candidate:
    """Hold references to other tables against the keys of the files that are made for them.

    Parameters
    ----------
    candidate : Candidate
        A table of a file.
    profiles : mapping of str to Profile
        The file's columns.
    owned : mapping of str to Owned
        Which files are made for which table, and the keys in them.
    number : int
        The file's place among the files.

    Returns
    -------
    Candidate
        With references confirmed, doubted, or found by their values.
    """
    matches = dict(candidate.matches)
    names = {shape.name for shape in candidate.shape.columns}
    for table, own in owned.items():
        column = reference_to(table)
        is_key = candidate.shape.grain == (column,)
        if number in own.files or column not in names or is_key:
            continue
        used = {match.heading for match in matches.values()}
        if column in matches:
            matches[column] = _confirmed(matches[column], profiles, own.keys, table)
        else:
            matches |= _found_by_values(column, profiles, own.keys, table, used)
    return replace(candidate, matches=matches)


def _confirmed(
    match: Match, profiles: Mapping[str, Profile], keys: frozenset[str], table: str
) -> Match:
    share = _overlap(profiles[match.heading], keys)
    said = f"{match.evidence}, {share:.0%} of its values stand in {table}"
    if share >= LINKED:
        return replace(match, score=max(match.score, SURE), evidence=said)
    return replace(match, score=min(match.score, SURE / 2 if share < APART else 1), evidence=said)


def _found_by_values(
    column: str, profiles: Mapping[str, Profile], keys: frozenset[str], table: str, used: set[str]
) -> dict[str, Match]:
    for heading, profile in profiles.items():
        is_text = profile.share_of("number") < MOST
        if heading not in used and is_text and profile.distinct >= FEW:
            share = _overlap(profile, keys)
            if share >= LINKED:
                said = f"{share:.0%} of its values stand in {table}; the heading does not say so"
                return {column: Match(column, heading, SURE / 2, said)}
    return {}


def _overlap(profile: Profile, keys: frozenset[str]) -> float:
    return len(profile.values & keys) / max(len(profile.values), 1)
