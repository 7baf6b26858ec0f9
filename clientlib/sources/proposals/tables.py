"""Which canonical tables the files of an unknown export hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clientlib.sources.proposals.choosing import (
    ASSUMED,
    NUMBERED,
    PARENTS,
    Candidate,
    choose_tables,
    find_candidates,
    find_owners,
    link_references,
)
from clientlib.sources.proposals.contents import (
    ISO,
    MOST,
    Profile,
    day_form,
    decimal_sign,
    has_thousands,
    profile_column,
)
from clientlib.sources.proposals.headings import read_vocabulary
from clientlib.sources.proposals.matching import Match, TableShape, state_expression
from clientlib.sources.proposals.sampling import Sample


@dataclass(frozen=True)
class ProposedColumn:
    """A canonical column: what it is read from, and why.

    Attributes
    ----------
    name, source : str
        The column, and a heading or an expression.
    headings : tuple of str
        Headings that it reads.
    is_sure : bool
        Nobody need confirm it.
    is_required : bool
        A row without it goes to quarantine.
    evidence : str
        What speaks for it.
    """

    name: str
    source: str
    headings: tuple[str, ...]
    is_sure: bool
    is_required: bool
    evidence: str


@dataclass(frozen=True)
class ProposedTable:
    """A canonical table as it is proposed.

    Attributes
    ----------
    table : str
        Its name.
    columns : tuple of ProposedColumn
        In its order.
    one_per_key : bool
        Rows of the file are folded to it.
    where : str or None
        Rows that it is made of, where rows without its key belong to others only.
    missing : tuple of str
        Required columns without a heading.
    """

    table: str
    columns: tuple[ProposedColumn, ...]
    one_per_key: bool
    where: str | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class ProposedFile:
    """A family of files as it is proposed, its form of dates and numbers, and what is in doubt."""

    sample: Sample
    written: dict[str, str]
    tables: tuple[ProposedTable, ...]
    unused: tuple[str, ...]
    doubts: tuple[str, ...]


def propose_tables(
    samples: Sequence[Sample], shapes: Mapping[str, TableShape]
) -> list[ProposedFile]:
    """Propose how an unknown export is mapped.

    Parameters
    ----------
    samples : sequence of Sample
        First rows of its files.
    shapes : mapping of str to TableShape
        The canonical tables that there are.

    Returns
    -------
    list of ProposedFile
        One for each sample, in their order; a file may hold no table, or several.
    """
    vocabulary = read_vocabulary()
    profiled = [
        {str(name): profile_column(str(name), sample.rows[name]) for name in sample.rows}
        for sample in samples
    ]
    found = [
        find_candidates(sample, list(profiles.values()), shapes, vocabulary)
        for sample, profiles in zip(samples, profiled, strict=True)
    ]
    owned = find_owners(found, profiled)
    kept = [
        [
            link_references(candidate, profiled[number], owned, number)
            for candidate in choose_tables(sample, number, found[number], owned)
        ]
        for number, sample in enumerate(samples)
    ]
    return [
        _proposed_file(sample, profiles, candidates)
        for sample, profiles, candidates in zip(samples, profiled, kept, strict=True)
    ]


def _proposed_file(
    sample: Sample, profiles: Mapping[str, Profile], candidates: Sequence[Candidate]
) -> ProposedFile:
    typed = [(c.shape.column(name).type, profiles[match.heading])
             for c in candidates for name, match in c.matches.items()]  # fmt: skip
    form, rivals = day_form([profile for kind, profile in typed if kind == "date"])
    numbers = [p for kind, p in typed if kind in ("money", "number", "share", "count")]
    sign, is_proven = decimal_sign(numbers)
    written = dict(sample.written)
    doubts = list(sample.doubts)
    if form != ISO:
        written["date_format"] = form
    if sign != ".":
        written["decimal"] = sign
    if has_thousands(numbers, sign):
        written["thousands"] = "," if sign == "." else "."
    doubts += [
        f"{c.shape.table} repeats its key {', '.join(c.shape.grain)}"
        for c in candidates
        if not c.missing and not c.is_key_unique and c.shape.table not in PARENTS
    ]
    doubts += [f"date_format {form}: {rival} reads the same cells" for rival in rivals]
    if not is_proven:
        doubts.append(f"decimal {sign!r}: numbers such as 1,234 can be read both ways")
    used = {match.heading for c in candidates for match in c.matches.values()}
    return ProposedFile(
        sample=sample,
        written=written,
        tables=tuple(_proposed_table(c, profiles, form) for c in candidates),
        unused=tuple(heading for heading in profiles if heading not in used),
        doubts=tuple(doubts),
    )


def _proposed_table(
    candidate: Candidate, profiles: Mapping[str, Profile], form: str
) -> ProposedTable:
    shape = candidate.shape
    columns = []
    for column in shape.columns:
        match = candidate.matches.get(column.name)
        if match is not None:
            columns.append(_proposed_column(shape, match, profiles[match.heading], form))
        elif column.name in NUMBERED and column.name in shape.grain:
            within = candidate.matches[NUMBERED[column.name]].heading
            source = f"row_number() over (partition by {_sql(within)} order by file_row)"
            columns.append(_assumed(column.name, source, "no heading numbers the lines"))
        elif (shape.table, column.name) in ASSUMED:
            source = ASSUMED[shape.table, column.name]
            columns.append(
                _assumed(column.name, source, "no heading says so: assumed for all rows")
            )
    is_folded = not candidate.is_key_unique and shape.table in PARENTS
    key = profiles[candidate.key.heading] if candidate.key else None
    has_blanks = is_folded and key is not None and key.filled < key.rows
    where = f"{_sql(key.heading)} is not null" if has_blanks and key else None
    return ProposedTable(shape.table, tuple(columns), is_folded, where, candidate.missing)


def _proposed_column(
    shape: TableShape, match: Match, profile: Profile, form: str
) -> ProposedColumn:
    column = shape.column(match.column)
    source, evidence, is_sure = match.heading, match.evidence, match.is_sure
    if column.allowed and not profile.values <= set(column.allowed):
        written, unknown = state_expression(_sql(match.heading), profile, column.allowed)
        source = written if profile.values - set(unknown) - set(column.allowed) else source
        evidence = f"{profile.distinct} states"
        if unknown:
            is_sure, evidence = False, f"what does {unknown[0]!r} mean? such rows go to quarantine"
    if column.type == "date":
        own = max(profile.days, key=lambda name: profile.days[name])
        if profile.days.get(form, 0.0) < MOST and own not in (form, ISO):
            source = f"try_strptime({_sql(match.heading)}, '{own}')"
            evidence = f"{evidence}, in a form of its own"
    return ProposedColumn(
        column.name, source, (match.heading,), is_sure, column.is_required, evidence
    )


def _assumed(name: str, source: str, evidence: str) -> ProposedColumn:
    return ProposedColumn(name, source, (), is_sure=False, is_required=True, evidence=evidence)


def _sql(heading: str) -> str:
    return '"' + heading.replace('"', '""') + '"'
