"""Exports as well-known systems write them, invented before their spellings became known words.

What is proposed for them is right, or stands as to be confirmed; how much of it is right is measured.
"""

import tomllib
from pathlib import Path

import pytest

from clientlib.cli.projects import canonical_shapes
from clientlib.sources.proposals import (
    ProposedColumn,
    ProposedFile,
    ProposedTable,
    propose_tables,
    read_samples,
)

INVENTED = Path(__file__).with_name("invented")
MEANINGS = tomllib.loads((INVENTED / "meanings.toml").read_text(encoding="utf-8"))
SHAPES = canonical_shapes()
AGREED = {  # share of a file's headings that stand for something and are proposed for it
    "lithuanian/grazinimai.csv": 1.0,
    "lithuanian/pasiulymai.csv": 1.0,
    "navision/Interaction_Log_Entry.csv": 0.9,
    "navision/Sales_Price.csv": 0.85,
    "odoo/sale.order.csv": 0.85,
    "odoo/stock.quant.csv": 1.0,
    "salesforce/CampaignMember.csv": 1.0,
    "salesforce/Contract.csv": 0.75,
    "sap/KNVK.csv": 0.85,
    "sap/VBAK.csv": 1.0,
}


@pytest.fixture(scope="module")
def proposed() -> dict[str, ProposedFile]:
    """Give what is proposed for each file, every system being an export of its own."""
    found = {}
    for system in sorted(path for path in INVENTED.iterdir() if path.is_dir()):
        for file in propose_tables(read_samples(system), SHAPES):
            found[f"{system.name}/{file.sample.name}"] = file
    return found


def complete_tables(file: ProposedFile) -> list[ProposedTable]:
    return [table for table in file.tables if not table.missing]


def is_right(name: str, column: ProposedColumn) -> bool:
    meant = MEANINGS[name]["headings"]
    names_itself = "the key stands for the name" in column.evidence
    return names_itself or any(column.name in meant.get(h, []) for h in column.headings)


def is_to_be_confirmed(file: ProposedFile, table: ProposedTable) -> bool:
    """Tell whether a remark on the file, or on a column that the table must have, asks."""
    is_named = any(table.table in doubt for doubt in file.doubts)
    return is_named or any(not c.is_sure for c in table.columns if c.is_required)


def test_every_invented_file_has_a_meaning_and_a_measure(proposed):
    assert set(proposed) == set(MEANINGS) == set(AGREED)
    for name, file in proposed.items():
        assert set(MEANINGS[name]["headings"]) <= set(map(str, file.sample.rows.columns))


@pytest.mark.parametrize("name", MEANINGS)
def test_a_table_is_right_or_to_be_confirmed(proposed, name):
    meaning, file = MEANINGS[name], proposed[name]
    right = {*meaning["tables"], *meaning["folded"]}
    wrong = [table for table in complete_tables(file) if table.table not in right]
    assert [table.table for table in wrong if not is_to_be_confirmed(file, table)] == []


@pytest.mark.parametrize("name", MEANINGS)
def test_a_column_is_right_or_to_be_confirmed(proposed, name):
    wrong = [
        (table.table, column.name, column.source)
        for table in complete_tables(proposed[name])
        for column in table.columns
        if column.is_sure and not is_right(name, column)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in MEANINGS if MEANINGS[name].get("is_mixed")])
def test_rows_of_two_tables_in_one_file_are_to_be_confirmed(proposed, name):
    file = proposed[name]
    held = [table for table in complete_tables(file) if table.table in MEANINGS[name]["tables"]]
    assert all(is_to_be_confirmed(file, table) for table in held)


@pytest.mark.parametrize("name", MEANINGS)
def test_headings_that_mean_something_are_proposed_for_it(proposed, name):
    columns = [c for table in complete_tables(proposed[name]) for c in table.columns]
    found = {h for c in columns if is_right(name, c) for h in c.headings}
    meant = MEANINGS[name]["headings"]
    assert len(found & set(meant)) / len(meant) >= AGREED[name]
