"""Tables that the rows of a file are folded to: clients out of the lines of their orders."""

from collections.abc import Mapping, Sequence

from clientlib.sources.proposals.candidates import PARENTS, Candidate, judge
from clientlib.sources.proposals.contents import MOST
from clientlib.sources.proposals.matching import Match, share_key_and_name
from clientlib.sources.proposals.sampling import Sample

MUCH = 3  # columns of a table that lacks a required one


def fold_parents(
    sample: Sample, candidates: Sequence[Candidate], held: Sequence[Candidate]
) -> list[Candidate]:
    """Fold the rows of a file to the tables that they refer to.

    Parameters
    ----------
    sample : Sample
        First rows of the file.
    candidates : sequence of Candidate
        What it may hold and no other file does, best matches first.
    held : sequence of Candidate
        What it was found to hold.

    Returns
    -------
    list of Candidate
        What it holds besides.
    """
    folded: list[Candidate] = []
    orders_first = sorted(candidates, key=lambda each: each.shape.table != "orders")
    for candidate in orders_first:  # they say whose the lines are
        parent = _folded(sample, candidate, [*held, *folded])
        if parent is not None and _is_worth_showing(parent, [*held, *folded]):
            folded.append(parent)
    return folded


def _is_worth_showing(candidate: Candidate, held: Sequence[Candidate]) -> bool:
    """Say whether a table is complete, or has enough of its own that somebody may complete it."""
    used = {heading for other in held for heading in other.headings}
    key = candidate.key
    has_much = key is not None and key.is_sure and len(candidate.matches) >= MUCH
    return not candidate.missing or (has_much and not candidate.headings <= used)


def _folded(sample: Sample, candidate: Candidate, held: Sequence[Candidate]) -> Candidate | None:
    """Fold the rows of a file to a table that they refer to, with what its key decides."""
    shape, key = candidate.shape, candidate.shape.grain[0]
    references = [c.matches[key] for c in held if key in c.matches]
    match = references[0] if references else candidate.key
    if shape.table not in PARENTS or match is None or not (references or _has_own_key(candidate)):
        return None
    matches = {key: match} | _decided_by(match, candidate, sample)
    return judge(sample.rows, shape, candidate.vocabulary, share_key_and_name(shape, matches, []))


def _decided_by(key: Match, candidate: Candidate, sample: Sample) -> dict[str, Match]:
    """Find the columns that have one value for each value of the key."""
    rows = sample.rows.dropna(subset=list(key.headings)).groupby(list(key.headings))
    decided = {}
    for name, match in candidate.matches.items():
        is_key = match.headings == key.headings
        if name != key.column and (name == "name" or not is_key):
            share = (rows[match.heading].nunique() <= 1).mean() if len(rows) else 0.0
            if is_key or share >= MOST:
                decided[name] = match
    return decided


def _has_own_key(candidate: Candidate) -> bool:
    """Say whether a heading says that it is the key, not only the name."""
    name = candidate.matches.get("name")
    return bool(candidate.key and candidate.key.is_sure) and (
        name is None or candidate.key is None or name.heading != candidate.key.heading
    )


def drop_nameless(kept: Mapping[int, Sequence[Candidate]]) -> dict[int, list[Candidate]]:
    """Leave a table to the files that name its rows, where other files know only their keys.

    Parameters
    ----------
    kept : mapping of int to sequence of Candidate
        By number of the file, the tables that it holds.

    Returns
    -------
    dict of int to list of Candidate
        Without tables whose key stands for the name, where another file has the name.
    """
    named = {
        candidate.shape.table
        for candidates in kept.values()
        for candidate in candidates
        if not candidate.missing and not _is_nameless(candidate)
    }
    return {
        number: [c for c in candidates if not _is_nameless(c) or c.shape.table not in named]
        for number, candidates in kept.items()
    }


def _is_nameless(candidate: Candidate) -> bool:
    name = candidate.matches.get("name")
    is_key = (
        name is not None and candidate.key is not None and name.heading == candidate.key.heading
    )
    return candidate.shape.table in PARENTS and (is_key and not candidate.is_key_unique)
