"""Every canonical table comes out of the sample company's exports: filled, balanced, whole."""

import pandas as pd
import pytest

from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.rules import references

STAGING = [contract for contract in read_contracts().values() if contract.schema == "staging"]
# The sample company brings payments instead, and knows neither the rivals' packs nor how invoices went.
NOT_BROUGHT = {("invoices", "paid_on"), ("invoices", "sent_by"), ("competitor_products", "pack")}


@pytest.mark.parametrize("contract", STAGING, ids=lambda contract: contract.table)
def test_every_column_of_every_canonical_table_is_filled(recovered, contract):
    counts = ", ".join(f'count("{name}") as "{name}"' for name in contract.column_names)
    row = recovered.warehouse.query(f"select {counts} from {contract.name}").iloc[0]
    empty = {(contract.table, name) for name, count in row.items() if count == 0}
    assert empty <= NOT_BROUGHT


def test_every_canonical_table_is_counted_in_the_truth_or_made_from_another(recovered):
    counted = set(recovered.truth["mess"]) | {"competitors"}
    assert counted == {contract.table for contract in STAGING}


def test_what_was_read_is_new_changed_same_or_quarantined(recovered):
    counts = pd.DataFrame([vars(count) for count in recovered.counts])
    parts = ["new_count", "changed_count", "same_count", "quarantined_count"]
    assert len(counts) > 50
    assert (counts["read_count"] == counts[parts].sum(axis=1)).all()


@pytest.mark.parametrize("contract", STAGING, ids=lambda contract: contract.table)
def test_keys_lead_somewhere_but_for_the_planted_ones(recovered, contract):
    planted = sum(recovered.truth["mess"].get(contract.table, {}).get("orphans", {}).values())
    assert (
        sum(count_orphans(recovered, contract, *pair) for pair in references(contract)) == planted
    )


def count_orphans(recovered, contract, column, target):
    key = read_contracts()[target].grain[0]
    query = f"""select count(*) as orphans from {contract.name} as mine
        anti join {target} as theirs on mine.{column} = theirs.{key}
        where mine.{column} is not null"""
    return recovered.warehouse.query(query)["orphans"][0]


def test_no_contract_is_broken_and_the_planted_orphans_are_told(recovered):
    findings = recovered.warehouse.check()
    assert {finding.severity for finding in findings} == {"warning"}
    told = {finding.table.removeprefix("staging.") for finding in findings}
    assert told == {table for table, part in recovered.truth["mess"].items() if part["orphans"]}


def test_nothing_is_known_before_it_happened_or_after_the_end(recovered):
    end = recovered.truth["end"]
    for contract in STAGING:
        last = recovered.warehouse.query(f"select max(known_on) as last from {contract.name}")
        assert str(last["last"][0])[:10] <= end, contract.table
