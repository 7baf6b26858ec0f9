import pytest

from clientlib.warehouse.contracts import read_contracts

STAGING = [contract for contract in read_contracts().values() if contract.schema == "staging"]


def test_there_are_canonical_tables():
    assert len(STAGING) >= 42


@pytest.mark.parametrize("contract", STAGING, ids=lambda contract: contract.table)
def test_staging_holds_the_current_version_of_each_row(warehouse, contract):
    keys = {key: value_of(contract, key) for key in contract.grain}
    for version, known_until in ((1, "2025-02-01"), (2, "-")):
        values = {**keys, "version": version, "known_until": known_until, "source": f"v{version}"}
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        warehouse.connection.execute(
            f"insert into raw.{contract.table} ({names}) values ({marks})",
            [None if value == "-" else value for value in values.values()],
        )
    warehouse.build(contract.name)
    assert warehouse.rows(contract.name, "source") == [("v2",)]


def value_of(contract, key):
    types = {column.name: column.type for column in contract.columns}
    return {"text": "K-1", "count": 1, "date": "2025-01-01"}[types[key]]
