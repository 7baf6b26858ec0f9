"""One client, counted once: every mart goes through marts.client_ids."""

import pytest

from clientlib.warehouse.build import tables_read
from clientlib.warehouse.contracts import read_contracts

CONTRACTS = read_contracts()
MERGE = """
    source_client_id  client_id  reason     probability
    C-2               C-1        same~name  0.99
"""
# Tables that have a client_id of a source, and marts that read the sources' own on purpose.
OF_CLIENTS = {c.table for c in CONTRACTS.values() if c.schema == "staging"
              and "client_id" in c.column_names}  # fmt: skip
NO_SOURCE_CLIENT_SHOWN = {
    "marts.history_span",
    "marts.invoice_settlements",
    "marts.client_ids",
    "marts.client_rates",  # of raw.complaints it reads the first day of all alone
}


def reads_clients_of_sources(name: str) -> bool:
    read = tables_read(CONTRACTS[name], ("raw", "staging"))
    return bool({table.partition(".")[2] for table in read} & OF_CLIENTS)


READERS = sorted(
    name
    for name, contract in CONTRACTS.items()
    if contract.schema == "marts"
    and reads_clients_of_sources(name)
    and any(column.endswith("client_id") for column in contract.column_names)
    and name not in NO_SOURCE_CLIENT_SHOWN
)


def test_facts_read_clients_of_sources():
    assert {"marts.order_facts", "marts.invoice_facts", "marts.clients"} <= set(READERS)


@pytest.mark.parametrize("name", READERS)
def test_mart_that_reads_clients_of_sources_goes_through_the_merges(name):
    assert tables_read(CONTRACTS[name]) & {"marts.client_ids", "marts.client_fields"}


@pytest.fixture
def merged(warehouse):
    warehouse.given("raw.client_merges", MERGE)
    for table in ("raw.clients", "staging.clients"):
        warehouse.given(
            table, "client_id name known_on parent_id\nC-1 One 2025-01-01 -\nC-2 ONE 2025-02-01 C-3"
        )
    warehouse.given(
        "raw.orders",
        """
        order_id  client_id  ordered_on  status     known_on
        O-1       C-1        2025-01-10  delivered  2025-01-10
        O-2       C-2        2025-02-10  delivered  2025-02-10
        O-3       C-9        2025-02-11  delivered  2025-02-11
        """,
    )
    warehouse.given(
        "raw.order_lines",
        """
        order_id  line_no  product_id  quantity  unit_price  known_on
        O-1       1        P-1         1         10          2025-01-10
        O-2       1        P-1         2         10          2025-02-10
        """,
    )
    warehouse.given(
        "raw.invoices",
        """
        invoice_id  client_id  issued_on   due_on      amount  known_on
        I-1         C-2        2025-02-10  2025-03-10  20      2025-02-10
        """,
    )
    warehouse.given(
        "raw.deals",
        """
        deal_id  client_id  opened_on   closed_on   outcome  known_on
        D-1      C-2        2025-01-05  2025-01-20  won      2025-01-20
        """,
    )
    warehouse.build_all()
    return warehouse


@pytest.mark.parametrize(
    ("table", "clients"),
    [
        ("marts.order_facts", {"C-1", "C-9"}),
        ("marts.line_facts", {"C-1"}),
        ("marts.invoice_facts", {"C-1"}),
        ("marts.closed_deals", {"C-1"}),
        ("marts.client_months", {"C-1", "C-9"}),
        ("marts.client_orders", {"C-1", "C-9"}),
        ("marts.clients", {"C-1", "C-9"}),
    ],
)
def test_merged_client_is_one_in_every_mart_and_others_stay(merged, table, clients):
    assert {row[0] for row in merged.rows(table, "client_id")} == clients


def test_business_of_both_entries_adds_up(merged):
    rows = merged.rows(
        "marts.client_orders",
        "orders_count, revenue_amount",
        "month_end = '2025-02-11' and client_id = 'C-1'",
    )
    assert rows == [(2, 30.0)]


def test_staging_keeps_the_keys_of_the_sources(merged):
    assert merged.rows("staging.orders", "client_id") == [("C-1",), ("C-2",), ("C-9",)]


def test_known_parent_of_either_entry_is_the_parent(merged):
    assert merged.rows("marts.clients", "parent_id", "client_id = 'C-1'") == [("C-3",)]


def test_client_is_never_its_own_parent(warehouse):
    warehouse.given("raw.client_merges", MERGE)
    warehouse.given("staging.clients", "client_id name parent_id\nC-1 One -\nC-2 ONE C-1")
    warehouse.build("marts.client_ids", "marts.client_fields", "marts.clients")
    assert warehouse.rows("marts.clients", "client_id, parent_id") == [("C-1", None)]


def test_contact_entered_twice_is_told_with_its_reason(warehouse):
    warehouse.given(
        "raw.contact_merges",
        "source_contact_id contact_id reason probability\nP-2 P-1 same~e-mail 0.95",
    )
    warehouse.build("marts.contact_ids")
    rows = warehouse.rows("marts.contact_ids", "source_contact_id, contact_id, reason")
    assert rows == [("P-2", "P-1", "same e-mail")]
