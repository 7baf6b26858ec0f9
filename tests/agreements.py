"""How far a proposed mapping agrees with one that was made by hand from the same headings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clientlib.cli.projects import canonical_shapes
from clientlib.sources import read_preset
from clientlib.sources.files import fits
from clientlib.sources.proposals import ProposedFile, propose_tables, read_samples

PUBLISHED = {
    "cfpb_complaints": "cfpb_complaints_sample",
    "ibm_receivables": "ibm_accounts_receivable",
    "maven_crm": "maven_crm",
    "online_retail": "online_retail_2009_2010/online_retail_II_2009_2010.parquet",
    "retail_price": "retail_price_competitors",
    "scms_delivery": "scms_delivery_history",
}


@dataclass(frozen=True)
class Comparison:
    """Counts over the files of an export: what the preset maps, and what is proposed.

    Attributes
    ----------
    right_tables, wrong_tables, lacking_tables : int
        Tables of files that both have, that only the proposal has, that only the preset has.
    right_columns, wrong_columns, doubted_columns, lacking_columns : int
        Columns of the preset that are proposed from the same heading, from another, from
        another but to be confirmed, and not at all.
    agreed, mapped : int
        Columns of the preset that are proposed from the same heading, of all; here a table that
        a preset maps several times counts as often.
    """

    right_tables: int
    wrong_tables: int
    lacking_tables: int
    right_columns: int
    wrong_columns: int
    doubted_columns: int
    lacking_columns: int
    agreed: int
    mapped: int

    @property
    def share(self) -> float:
        """Agreement, 0..1."""
        return self.agreed / self.mapped


def compare(preset: str, folder: Path) -> Comparison:
    """Hold what is proposed for an export against the preset that was made for it."""
    files = propose_tables(read_samples(folder), canonical_shapes())
    tables, columns = [], []
    for file in files:
        meant = mapped_by(preset, file)
        complete = {table.table for table in file.tables if not table.missing}
        expected = {table for table, _, _ in meant}
        tables.append((expected & complete, complete - expected, expected - complete))
        columns += _verdicts(meant, file)
    right, wrong, lacking = (sum(map(len, parts)) for parts in zip(*tables, strict=True))
    agreed, mapped = _agreed(preset, files)
    return Comparison(
        right_tables=right,
        wrong_tables=wrong,
        lacking_tables=lacking,
        right_columns=columns.count("right"),
        wrong_columns=columns.count("wrong"),
        doubted_columns=columns.count("doubted"),
        lacking_columns=columns.count("lacking"),
        agreed=agreed,
        mapped=mapped,
    )


def mapped_by(preset: str, file: ProposedFile) -> list[tuple[str, str, frozenset[str]]]:
    """List columns that a preset maps from a file, with the headings that each reads."""
    known = {str(name) for name in file.sample.rows.columns}
    found: dict[tuple[str, str], set[str]] = {}
    for mapping in read_preset(preset).files:
        if fits(file.sample.name, mapping.file):
            for table in mapping.tables:
                for column, text in table.columns.items():
                    spelled = [text, *mapping.headings.get(text, [])]
                    names = set().union(*(_headings(each, known) for each in spelled))
                    found.setdefault((table.table, column), set()).update(names)
    return [(table, column, frozenset(names)) for (table, column), names in found.items()]


def _headings(text: str, known: Iterable[str]) -> set[str]:
    """Find the headings that a column of a mapping reads: itself, or parts of an expression."""
    whole = {name for name in known if name.casefold() == text.casefold()}
    parts = {name for name in known if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)}
    return whole or parts


def _verdicts(meant: Iterable[tuple[str, str, frozenset[str]]], file: ProposedFile) -> list[str]:
    proposed = {(t.table, c.name): c for t in reversed(file.tables) for c in t.columns}
    verdicts = []
    for table, column, names in meant:
        found = proposed.get((table, column))
        if found is None:
            verdicts.append("lacking")
        elif names & set(found.headings):
            verdicts.append("right")
        else:
            verdicts.append("wrong" if found.is_sure else "doubted")
    return verdicts


def _agreed(preset: str, files: Iterable[ProposedFile]) -> tuple[int, int]:
    """Count columns of the preset, over all files, that are proposed from the same heading."""
    known = {str(name) for file in files for name in file.sample.rows.columns}
    proposed: dict[tuple[str, str], set[str]] = {}
    for table in (table for file in files for table in file.tables):
        for column in table.columns:
            proposed.setdefault((table.table, column.name), set()).update(column.headings)
    expected = [
        (table.table, column, _headings(text, known))
        for mapping in read_preset(preset).files
        for table in mapping.tables
        for column, text in table.columns.items()
    ]
    agreed = [
        bool(names & proposed.get((table, column), set())) for table, column, names in expected
    ]
    return sum(agreed), len(agreed)
