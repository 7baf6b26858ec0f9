"""Which heading of a file is which column of a canonical table, by name and by contents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clientlib.sources.proposals.contents import MOST, Profile
from clientlib.sources.proposals.headings import POSSIBLE, SURE, Vocabulary, words_of

SOME = 0.3  # of the values that must be readable for a heading to be thought of at all
HALF_READABLE = 0.7
REPEATED = 0.8
MOST_STATES = 30
KINDS = {"date": "days", "flag": "yes or no", "count": "whole numbers"}
STATES = {
    "won": ("won", "win", "closed won", "laimeta", "laimetas"),
    "lost": ("lost", "closed lost", "pralaimeta", "pralaimetas"),
    "no_decision": ("no decision", "dropped", "abandoned", "be sprendimo"),
    "open": ("open", "new", "draft", "in progress", "prospecting", "engaging", "qualification",
             "proposal", "negotiation", "sale", "sent", "atviras", "nauja", "vykdoma", "o"),
    "delivered": ("delivered", "done", "complete", "completed", "closed", "shipped", "invoiced",
                  "fulfilled", "paid", "pristatyta", "ivykdyta", "d"),
    "cancelled": ("cancelled", "canceled", "cancel", "void", "atsaukta", "atsauktas", "c"),
}  # fmt: skip


@dataclass(frozen=True)
class ColumnShape:
    """A canonical column: its type, whether each row must have it, and the values it may have."""

    name: str
    type: str
    is_required: bool
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableShape:
    """A canonical table: its key and its columns."""

    table: str
    grain: tuple[str, ...]
    columns: tuple[ColumnShape, ...]

    def column(self, name: str) -> ColumnShape:
        """Find a column by its name."""
        return next(column for column in self.columns if column.name == name)


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
    """

    column: str
    heading: str
    score: float
    evidence: str

    @property
    def is_sure(self) -> bool:
        """Nobody need confirm it."""
        return self.score >= SURE


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
    found = _best(pairs)
    if "name" in found and shape.grain[0] in found:
        distinct = {profile.heading: profile.distinct for profile in profiles}
        name = found["name"]
        if distinct[name.heading] < distinct[found[shape.grain[0]].heading] / 2:
            return _best([match for match in pairs if match != name])  # it names groups of them
    return found


def _best(pairs: Sequence[Match]) -> dict[str, Match]:
    found: dict[str, Match] = {}
    taken: set[str] = set()
    for match in sorted(pairs, key=lambda match: -match.score):
        if match.column not in found and match.heading not in taken:
            found[match.column] = match
            taken.add(match.heading)
    return found


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
    names = {column.name for column in shape.columns}
    if len(shape.grain) != 1 or "name" not in names:
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


def state_expression(
    heading: str, profile: Profile, allowed: Sequence[str]
) -> tuple[str, list[str]]:
    """Write how the states of an export become those that a column may have.

    Parameters
    ----------
    heading : str
        Heading of the states, as SQL.
    profile : Profile
        Its values.
    allowed : sequence of str
        States that the column may have.

    Returns
    -------
    (str, list of str)
        An expression, and the states whose meaning is not known: they stay as they are, so that
        their rows go to quarantine until somebody says what they mean.
    """
    known = {words_of(word): state for state in allowed for word in STATES.get(state, ())}
    known |= {words_of(state): state for state in allowed}
    cases, unknown = [], []
    for value in sorted(profile.values):
        state = known.get(words_of(value))
        if state is None:
            unknown.append(value)
        else:
            written = value.replace("'", "''")
            cases.append(f"when '{written}' then '{state}'")
    return f"case {heading} {' '.join(cases)} else {heading} end", unknown


def _match(
    shape: TableShape, column: ColumnShape, vocabulary: Vocabulary, profile: Profile
) -> Match | None:
    score = vocabulary.score(column.name, profile.heading)
    readable = profile.share_of(column.type)
    is_states = bool(column.allowed)
    if not profile.filled or readable < SOME or (is_states and profile.distinct > MOST_STATES):
        return None
    if column.name == "name" and profile.share_of("number") >= MOST:
        return None  # a length of a name, or its number
    if readable < MOST:
        score *= HALF_READABLE
    if (column.name,) == shape.grain and not profile.is_key:
        score *= REPEATED  # of two possible keys the one that differs in every row
    if score < POSSIBLE:
        return None
    said = "known heading" if score >= SURE else "the heading says so only in part"
    if column.type != "text":
        said += f", {readable:.0%} of its values are {KINDS.get(column.type, 'numbers')}"
    if (column.name,) == shape.grain:
        said += f", {_key(profile)}"
    return Match(column.name, profile.heading, score, said)


def _key(profile: Profile) -> str:
    return f"{profile.distinct:,} values in {profile.rows:,} rows"
