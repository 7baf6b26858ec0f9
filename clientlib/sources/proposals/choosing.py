"""Which tables a file holds: the one it is made for, others of the same rows, and folded ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clientlib.sources.proposals.contents import MOST, REPEATS, Profile
from clientlib.sources.proposals.headings import SURE, Vocabulary
from clientlib.sources.proposals.matching import (
    Match,
    TableShape,
    match_columns,
    share_key_and_name,
)
from clientlib.sources.proposals.sampling import Sample

# Tables that rows of another may be folded to: clients out of the lines of their orders.
PARENTS = ("clients", "managers", "products", "orders", "competitors")
NUMBERED = {"line_no": "order_id"}  # what is numbered within what, where no heading holds it
ASSUMED = {("orders", "status"): "'delivered'"}
ENOUGH = 2.5  # matches that a file made for a table has, the name of the file being one
MUCH = 3  # columns of a table that lacks a required one
FEW = 5  # distinct values from which the overlap of two columns says something
LINKED, APART = 0.9, 0.5  # shares of values that stand, or do not, in the other file's key


@dataclass(frozen=True)
class Candidate:
    """A table that a file may hold."""

    shape: TableShape
    matches: Mapping[str, Match]
    is_key_unique: bool
    missing: tuple[str, ...]
    score: float

    @property
    def key(self) -> Match | None:
        """What the first column of the table's key was matched with."""
        return self.matches.get(self.shape.grain[0])


@dataclass(frozen=True)
class Owned:
    """Files that are made for one table, by their numbers, and the keys that stand in them."""

    files: frozenset[int]
    keys: frozenset[str]


def find_candidates(
    sample: Sample,
    profiles: Sequence[Profile],
    shapes: Mapping[str, TableShape],
    vocabulary: Mapping[str, Vocabulary],
) -> list[Candidate]:
    """Match a file with every canonical table.

    Parameters
    ----------
    sample : Sample
        First rows of the file.
    profiles : sequence of Profile
        Its columns.
    shapes : mapping of str to TableShape
        The canonical tables.
    vocabulary : mapping of str to Vocabulary
        Their known headings.

    Returns
    -------
    list of Candidate
        Tables whose key was found, best matches first.
    """
    found = []
    for table, words in vocabulary.items():
        if table in shapes:
            matches = match_columns(shapes[table], words, profiles)
            matches = share_key_and_name(shapes[table], matches, profiles)
            candidate = _candidate(sample, shapes[table], matches)
            if candidate.key is not None:
                bonus = words.fits_name(sample.name)
                found.append(replace(candidate, score=candidate.score + bonus))
    return sorted(found, key=lambda candidate: -candidate.score)


def _candidate(sample: Sample, shape: TableShape, matches: Mapping[str, Match]) -> Candidate:
    missing = tuple(
        column.name
        for column in shape.columns
        if column.is_required
        and column.name not in matches
        and column.name not in NUMBERED
        and (shape.table, column.name) not in ASSUMED
    )
    headings = [matches[name].heading for name in shape.grain if name in matches]
    is_numbered = any(name in NUMBERED and name not in matches for name in shape.grain)
    repeats = sample.rows.duplicated(headings).mean() if headings and len(sample.rows) else 1.0
    is_unique = is_numbered or repeats <= REPEATS
    score = sum(match.score for match in matches.values())
    return Candidate(shape, matches, bool(is_unique), missing, score)


def find_owners(
    found: Sequence[Sequence[Candidate]], profiled: Sequence[Mapping[str, Profile]]
) -> dict[str, Owned]:
    """Find for each table the files that are made for it, and the keys in them.

    Parameters
    ----------
    found : sequence of sequence of Candidate
        File by file, best matches first.
    profiled : sequence of mapping of str to Profile
        File by file, the columns by their headings.

    Returns
    -------
    dict of str to Owned
        By table.
    """
    owned: dict[str, Owned] = {}
    for number, candidates in enumerate(found):
        main = _main(candidates)
        if main is not None and main.key is not None:
            before = owned.get(main.shape.table, Owned(frozenset(), frozenset()))
            keys = profiled[number][main.key.heading].values
            owned[main.shape.table] = Owned(before.files | {number}, before.keys | keys)
    return owned


def choose_tables(
    sample: Sample,
    number: int,
    candidates: Sequence[Candidate],
    owned: Mapping[str, Owned],
) -> list[Candidate]:
    """Choose the tables that a file holds, the one that it is made for first.

    Parameters
    ----------
    sample : Sample
        First rows of the file.
    number : int
        Its place among the files.
    candidates : sequence of Candidate
        What it may hold, best matches first.
    owned : mapping of str to Owned
        Which files are made for which table.

    Returns
    -------
    list of Candidate
        Those it holds; where none is complete, the nearest.
    """
    main = _main(candidates)
    free = [
        candidate
        for candidate in candidates
        if candidate is not main and not _stands_elsewhere(candidate, number, owned)
    ]
    held = [main, *(c for c in free if _is_of_the_same_rows(c, main))] if main else []
    if main and main.shape.table in PARENTS:
        return held
    for candidate in sorted(free, key=lambda candidate: candidate.shape.table != "orders"):
        parent = _folded(sample, candidate, held) if candidate not in held else None
        if parent is not None and _is_worth_showing(parent):
            held.append(parent)  # orders first: they say whose the lines are
    return held or [c for c in candidates if c.key and c.key.is_sure][:1]


def _main(candidates: Sequence[Candidate]) -> Candidate | None:
    """Find the table that a file is made for: complete, with a key of its own, well matched."""
    whole = (c for c in candidates if not c.missing and c.is_key_unique and c.score >= ENOUGH)
    return next(whole, None)


def _stands_elsewhere(candidate: Candidate, number: int, owned: Mapping[str, Owned]) -> bool:
    table = candidate.shape.table
    return table in owned and number not in owned[table].files


def _is_worth_showing(candidate: Candidate) -> bool:
    """Say whether a table is complete, or enough of it that somebody may want to complete it."""
    key = candidate.key
    has_much = key is not None and key.is_sure and len(candidate.matches) >= MUCH
    return not candidate.missing or has_much


def _is_of_the_same_rows(candidate: Candidate, main: Candidate) -> bool:
    """Say whether each row of a file that is made for one table is a row of another as well."""
    if candidate.missing or not candidate.is_key_unique or candidate.shape.table in PARENTS:
        return False
    keys = [main.shape.grain[0], candidate.shape.grain[0]]
    is_other_name = candidate.matches[keys[1]].heading == main.matches[keys[0]].heading
    if is_other_name and keys[0] != keys[1]:
        return False  # the heading is the key of the file's own table, under its own name
    return candidate.matches[keys[1]].is_sure


def _folded(sample: Sample, candidate: Candidate, held: Sequence[Candidate]) -> Candidate | None:
    """Fold the rows of a file to a table that they refer to, with what its key decides."""
    shape, key = candidate.shape, candidate.shape.grain[0]
    references = [c.matches[key] for c in held if key in c.matches]
    match = references[0] if references else candidate.key
    if shape.table not in PARENTS or match is None or not (references or _has_own_key(candidate)):
        return None
    rows = sample.rows.dropna(subset=[match.heading]).groupby(match.heading)
    matches = {key: match}
    for name, other in candidate.matches.items():
        if name != key and (name == "name" or other.heading != match.heading):
            decided = (rows[other.heading].nunique() <= 1).mean() if len(rows) else 0.0
            if other.heading == match.heading or decided >= MOST:
                matches[name] = other
    matches = share_key_and_name(shape, matches, [])
    return _candidate(sample, shape, matches)


def _has_own_key(candidate: Candidate) -> bool:
    """Say whether a heading says that it is the key, not only the name."""
    name = candidate.matches.get("name")
    return bool(candidate.key and candidate.key.is_sure) and (
        name is None or candidate.key is None or name.heading != candidate.key.heading
    )


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
        column = f"{table.removesuffix('s')}_id"
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
