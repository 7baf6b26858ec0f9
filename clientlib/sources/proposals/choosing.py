"""Which tables a file holds: the one it is made for, others of the same rows, and folded ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clientlib.sources.proposals.candidates import PARENTS, Candidate
from clientlib.sources.proposals.contents import Profile
from clientlib.sources.proposals.folding import fold_parents
from clientlib.sources.proposals.sampling import Sample

ENOUGH = 2.5  # matches that a file made for a table has, the name of the file being one
FEWEST = 2  # headings of a table that somebody may want to complete
NEAR = 0.75  # of two tables that fit a file nearly as well, somebody must say which it is


@dataclass(frozen=True)
class Owned:
    """Files that are made for one table, by their numbers, and the keys that stand in them."""

    files: frozenset[int]
    keys: frozenset[str]


def reference_to(table: str) -> str:
    """Name the column by which other tables refer to one."""
    return f"{table.removesuffix('s')}_id"


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
            table = main.shape.table
            key = main.matches.get(reference_to(table), main.key)
            before = owned.get(table, Owned(frozenset(), frozenset()))
            keys = profiled[number][key.heading].values
            owned[table] = Owned(before.files | {number}, before.keys | keys)
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
    free = _free(candidates, main, number, owned)
    held = [main, *(c for c in free if _is_of_the_same_rows(c, main))] if main else []
    if main and main.shape.table in PARENTS:
        return held
    others = [candidate for candidate in free if candidate not in held]
    held += fold_parents(sample, others, held)
    return held or _nearest(candidates)


def _main(candidates: Sequence[Candidate]) -> Candidate | None:
    """Find the table that a file is made for: complete, with a key of its own, well matched.

    Where none has a key of its own, one that repeats it is better than none: that is said.
    """
    whole = [c for c in candidates if not c.missing and c.score >= ENOUGH]
    unique = [c for c in whole if c.is_key_unique]
    repeating = [c for c in whole if c.shape.table not in PARENTS]
    return next(iter([*unique, *repeating]), None)


def _free(
    candidates: Sequence[Candidate],
    main: Candidate | None,
    number: int,
    owned: Mapping[str, Owned],
) -> list[Candidate]:
    """Leave out the file's own table, and those for which other files are made."""
    return [
        candidate
        for candidate in candidates
        if candidate is not main
        and (table := candidate.shape.table)
        and not (table in owned and number not in owned[table].files)
    ]


def _nearest(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Find the table that somebody may want to complete."""
    near = [c for c in candidates if _has_own_key(c) or (c.is_named and c.score >= ENOUGH)]
    return [c for c in near if len(c.headings) >= FEWEST][:1]


def _has_own_key(candidate: Candidate) -> bool:
    """Say whether a key was found that does not only refer to another table."""
    is_single = len(candidate.shape.grain) == 1
    return is_single and candidate.key is not None and candidate.key.is_sure


def _is_of_the_same_rows(candidate: Candidate, main: Candidate) -> bool:
    """Say whether each row of a file that is made for one table is a row of another as well.

    The other table must have a sure key, and need a heading that the file's own table does not.
    """
    if candidate.missing or not candidate.is_key_unique or candidate.shape.table in PARENTS:
        return False
    key, own = candidate.matches[candidate.shape.grain[0]], main.matches[main.shape.grain[0]]
    is_other_name = key.heading == own.heading and key.column != own.column
    needed = [
        c.name for c in candidate.shape.columns if c.is_required and c.name in candidate.matches
    ]
    has_own = any(candidate.matches[name].heading not in main.headings for name in needed)
    return key.is_sure and has_own and not is_other_name


def doubts_on_choice(
    candidates: Sequence[Candidate],
    held: Sequence[Candidate],
    number: int,
    owned: Mapping[str, Owned],
) -> list[str]:
    """Say which other table a file might be made for.

    Parameters
    ----------
    candidates : sequence of Candidate
        What a file may hold, best matches first.
    held : sequence of Candidate
        What was chosen.
    number : int
        The file's place among the files.
    owned : mapping of str to Owned
        Which files are made for which table.

    Returns
    -------
    list of str
        A sentence on the table that fits nearly as well, or better but for what lacks, or that
        the file is named like; or on how little speaks for what was chosen.
    """
    main = _main(candidates)
    if main is None:
        return [
            f"little speaks for {candidate.shape.table}: {', '.join(sorted(candidate.headings))}"
            for candidate in held
            if not candidate.missing and candidate.score < ENOUGH
        ]
    taken, chosen = main.shape.table, {candidate.shape.table for candidate in held}
    doubts = []
    for other in _free(candidates, main, number, owned):
        table = other.shape.table
        lacking = f", which lacks {', '.join(other.missing)}" if other.missing else ""
        if table in chosen or not other.is_key_unique:
            continue
        if not other.missing and other.score >= main.score - NEAR:
            doubts.append(f"taken for {taken}, but {table} fits nearly as well")
        elif other.missing and other.score >= main.score + NEAR:
            doubts.append(f"taken for {taken}; more speaks for {table}{lacking}")
        elif other.is_named and not main.is_named:
            doubts.append(f"taken for {taken}; it is named like {table}{lacking}")
    return doubts[:1]
