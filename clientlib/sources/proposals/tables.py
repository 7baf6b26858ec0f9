"""Which canonical tables the files of an unknown export hold."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clientlib.sources.proposals.candidates import (
    ASSUMED,
    NUMBERED,
    PARENTS,
    Candidate,
    find_candidates,
)
from clientlib.sources.proposals.choosing import choose_tables, doubts_on_choice, find_owners
from clientlib.sources.proposals.contents import (
    ISO,
    MOST,
    Profile,
    day_form,
    decimal_sign,
    has_thousands,
    profile_column,
)
from clientlib.sources.proposals.folding import drop_nameless
from clientlib.sources.proposals.headings import read_vocabulary
from clientlib.sources.proposals.linking import link_references
from clientlib.sources.proposals.matching import Match
from clientlib.sources.proposals.proposed import ProposedColumn, ProposedFile, ProposedTable
from clientlib.sources.proposals.sampling import Sample
from clientlib.sources.proposals.shapes import TableShape
from clientlib.sources.proposals.side_by_side import find_prices_beside
from clientlib.sources.proposals.values import (
    is_in_per_cent,
    is_other_yes_no,
    known_words,
    value_expression,
)

SOME_BLANK = 0.05  # of the cells of a column that each row must have


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
    chosen = {
        number: choose_tables(sample, number, found[number], owned)
        for number, sample in enumerate(samples)
    }
    files = []
    for number, candidates in drop_nameless(chosen).items():
        profiles = profiled[number]
        linked = [link_references(c, profiles, owned, number) for c in candidates]
        doubts = doubts_on_choice(found[number], candidates, number, owned)
        file = _proposed_file(samples[number], profiles, linked, doubts)
        prices = vocabulary["competitor_prices"]
        files.append(_with(file, find_prices_beside(samples[number], profiles, linked, prices)))
    return files


def _with(file: ProposedFile, tables: Sequence[ProposedTable]) -> ProposedFile:
    used = {heading for table in tables for column in table.columns for heading in column.headings}
    unused = tuple(heading for heading in file.unused if heading not in used)
    return replace(file, tables=(*file.tables, *tables), unused=unused)


def _proposed_file(
    sample: Sample,
    profiles: Mapping[str, Profile],
    candidates: Sequence[Candidate],
    doubts: Sequence[str],
) -> ProposedFile:
    typed = [(c.shape.column(name).type, profiles[match.heading])
             for c in candidates for name, match in c.matches.items()]  # fmt: skip
    form, rivals = day_form([profile for kind, profile in typed if kind == "date"])
    numbers = [p for kind, p in typed if kind in ("money", "number", "share", "count")]
    written, unproven = _written(sample, form, numbers)
    repeated = [
        f"{c.shape.table} repeats its key {', '.join(c.shape.grain)}"
        for c in candidates
        if not c.missing and not c.is_key_unique and c.shape.table not in PARENTS
    ]
    forms = [f"date_format {form}: {rival} reads the same cells" for rival in rivals]
    used = {heading for candidate in candidates for heading in candidate.headings}
    return ProposedFile(
        sample=sample,
        written=written,
        tables=tuple(_proposed_table(c, profiles, form) for c in candidates),
        unused=tuple(heading for heading in profiles if heading not in used),
        doubts=(*sample.doubts, *doubts, *repeated, *forms, *unproven),
    )


def _written(
    sample: Sample, form: str, numbers: Sequence[Profile]
) -> tuple[dict[str, str], list[str]]:
    """Say how dates and numbers of a file are written, and what its cells do not prove of it."""
    sign, is_proven = decimal_sign(numbers)
    written = dict(sample.written)
    if form != ISO:
        written["date_format"] = form
    if sign != ".":
        written["decimal"] = sign
    if has_thousands(numbers, sign):
        written["thousands"] = "," if sign == "." else "."
    doubt = f"decimal {sign!r}: numbers such as 1,234 can be read both ways"
    return written, [] if is_proven else [doubt]


def _proposed_table(
    candidate: Candidate, profiles: Mapping[str, Profile], form: str
) -> ProposedTable:
    shape = candidate.shape
    columns = [
        proposed
        for column in shape.columns
        if (proposed := _proposed(candidate, column.name, profiles, form)) is not None
    ]
    is_folded = _is_folded(candidate)
    key = profiles[candidate.key.heading] if candidate.key else None
    has_blanks = is_folded and key is not None and key.filled < key.rows
    where = f"{_sql(key.heading)} is not null" if has_blanks and key else None
    return ProposedTable(shape.table, tuple(columns), is_folded, where, candidate.missing)


def _is_folded(candidate: Candidate) -> bool:
    return not candidate.is_key_unique and candidate.shape.table in PARENTS


def _proposed(
    candidate: Candidate, name: str, profiles: Mapping[str, Profile], form: str
) -> ProposedColumn | None:
    """Propose a column: as it was matched, numbered, assumed, or not at all."""
    shape, match = candidate.shape, candidate.matches.get(name)
    if match is not None and match.further:
        parts = ", ".join(map(_sql, match.headings))
        return ProposedColumn(name, f"concat_ws(' ', {parts})", match.headings, is_sure=False,
                              is_required=True, evidence=match.evidence)  # fmt: skip
    if match is not None:
        return _proposed_column(candidate, match, profiles[match.heading], form)
    if name == NUMBERED and name in shape.grain and candidate.key is not None:
        within = shape.grain[: shape.grain.index(name)]
        headings = [h for key in within if key in candidate.matches
                    for h in candidate.matches[key].headings]  # fmt: skip
        parts = ", ".join(map(_sql, headings))
        source = f"row_number() over (partition by {parts} order by file_row)"
        return _assumed(name, source, "no heading numbers the lines")
    if (shape.table, name) in ASSUMED:
        source = ASSUMED[shape.table, name]
        return _assumed(name, source, "no heading says so: assumed for all rows")
    return None


def _proposed_column(
    candidate: Candidate, match: Match, profile: Profile, form: str
) -> ProposedColumn:
    column = candidate.shape.column(match.column)
    source, evidence, is_sure = match.heading, match.evidence, match.is_sure
    known = known_words(column, candidate.vocabulary)
    is_stated = bool(column.allowed) and not profile.values <= set(column.allowed)
    if is_stated or (known and is_other_yes_no(column, profile)):
        written, unknown = value_expression(_sql(match.heading), profile, known)
        source = written if len(unknown) < len(profile.values) else source
        evidence = f"{profile.distinct} states"
        if unknown:
            is_sure, evidence = False, f"what does {unknown[0]!r} mean? such rows go to quarantine"
    if column.type == "share" and is_in_per_cent(profile):
        source = f"try_cast(replace({_sql(match.heading)}, ',', '.') as double) / 100"
        is_sure, evidence = False, f"{evidence}, taken for per cents"
    blank = 1 - profile.filled / max(profile.rows, 1)
    is_passed_over = match is candidate.key and _is_folded(candidate)
    if column.is_required and blank >= SOME_BLANK and not is_passed_over:
        is_sure, evidence = False, f"{blank:.0%} of its cells are blank: such rows go to quarantine"
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
