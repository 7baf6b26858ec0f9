"""Tables that a file may hold: which columns were found, which lack, how well all fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from clientlib.sources.proposals.contents import REPEATS, Profile
from clientlib.sources.proposals.headings import Vocabulary
from clientlib.sources.proposals.keys import make_up_key, make_up_orders
from clientlib.sources.proposals.matching import Match, match_columns, share_key_and_name
from clientlib.sources.proposals.sampling import Sample
from clientlib.sources.proposals.shapes import TableShape

# Tables that rows of another may be folded to: clients out of the lines of their orders.
PARENTS = ("clients", "managers", "products", "orders", "competitors")
NUMBERED = "line_no"  # within the key before it, where no heading holds it
ASSUMED = {("orders", "status"): "'delivered'", ("quotes", "revision_no"): "1"}


@dataclass(frozen=True)
class Candidate:
    """A table that a file may hold.

    Attributes
    ----------
    shape : TableShape
        The table.
    vocabulary : Vocabulary
        Its known headings, and words for its values.
    matches : mapping of str to Match
        Its columns that were found.
    is_key_unique : bool
        Most rows have a key of their own.
    missing : tuple of str
        Columns that it must have and that were not found.
    score : float
        How much fits: the sum over its columns, and 1 for a file named like it.
    is_named : bool
        The file is named like it, and like no other table more plainly.
    """

    shape: TableShape
    vocabulary: Vocabulary
    matches: Mapping[str, Match]
    is_key_unique: bool
    missing: tuple[str, ...]
    score: float
    is_named: bool = False

    @property
    def key(self) -> Match | None:
        """What the first column of the table's key was matched with."""
        return self.matches.get(self.shape.grain[0])

    @property
    def headings(self) -> frozenset[str]:
        """Headings that it reads."""
        return frozenset(h for match in self.matches.values() for h in match.headings)


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
        Tables of which something was found, best matches first.
    """
    tables = [table for table in vocabulary if table in shapes]
    found = {}
    for table in tables:
        matches = match_columns(shapes[table], vocabulary[table], profiles)
        found[table] = share_key_and_name(shapes[table], matches, profiles)
    for table in tables:
        found[table] |= make_up_key(shapes[table], shapes, found[table], profiles, sample)
    found = make_up_orders(found)
    plainness = {table: vocabulary[table].words_in_name(sample.name) for table in tables}
    plainest = max(plainness.values(), default=0)
    candidates = [
        judge(sample.rows, shapes[table], vocabulary[table], found[table])
        for table in tables
        if found[table]
    ]
    named = [
        replace(
            candidate,
            score=candidate.score + plainness[candidate.shape.table] / max(plainest, 1),
            is_named=0 < plainness[candidate.shape.table] == plainest,
        )
        for candidate in candidates
    ]
    return sorted(named, key=lambda candidate: -candidate.score)


def judge(
    rows: pd.DataFrame, shape: TableShape, vocabulary: Vocabulary, matches: Mapping[str, Match]
) -> Candidate:
    """Say how well matches fill a table.

    Parameters
    ----------
    rows : DataFrame of str
        First rows of the file.
    shape : TableShape
        The table.
    vocabulary : Vocabulary
        Its known headings.
    matches : mapping of str to Match
        Its columns that were found.

    Returns
    -------
    Candidate
        The table with what lacks.
    """
    missing = tuple(
        column.name
        for column in shape.columns
        if column.is_required
        and column.name not in matches
        and column.name != NUMBERED
        and (shape.table, column.name) not in ASSUMED
    )
    headings = [h for name in shape.grain if name in matches for h in matches[name].headings]
    is_numbered = NUMBERED in shape.grain and NUMBERED not in matches
    repeats = rows.duplicated(headings).mean() if headings and len(rows) else 1.0
    score = sum(match.score for match in matches.values())
    is_unique = bool(is_numbered or repeats <= REPEATS)
    return Candidate(shape, vocabulary, matches, is_unique, missing, score)
