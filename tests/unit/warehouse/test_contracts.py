import re

import pytest

from clientlib.errors import ContractError
from clientlib.warehouse.build import build_order, tables_read
from clientlib.warehouse.contracts import (
    SQL_TYPES,
    Check,
    Column,
    canonical,
    check_followed,
    parse_contract,
    read_contracts,
)
from clientlib.warehouse.rules import references, row_rules
from clientlib.warehouse.store import VERSION_COLUMNS

HEADER = """
-- One row per order.
-- Loaded each night.
-- grain:    order_id
-- readers:  all
-- happened: ordered_on
-- as_of:    ordered_on, known_on
-- until:    known_until
-- column:   order_id   text  | key of the order | as the ERP has it
-- column:   ordered_on date? | day it was placed
-- check:    one_of order_id a, b
-- check:    happened ordered_on
"""
BODY = """
select
    -- the key as it came
    order_id,
    ordered_on
from raw.orders
"""
CONTRACTS = [pytest.param(c, id=c.name) for c in read_contracts().values()]


def contract(header: str = HEADER, body: str = BODY, name: str = "orders"):
    return parse_contract("staging", name, header + body)


def reading(name: str, *others: str):
    joined = " ".join(f"natural join marts.{other}" for other in others)
    text = (
        f"-- x\n-- grain: a\n-- readers: all\n-- column: a | it\nselect a from raw.orders {joined}"
    )
    return {f"marts.{name}": parse_contract("marts", name, text)}


def test_header_is_read_into_a_contract():
    found = contract()
    assert (found.name, found.about) == ("staging.orders", "One row per order.")
    assert (found.grain, found.happened, found.until) == (
        ("order_id",),
        "ordered_on",
        "known_until",
    )
    assert found.as_of == ("ordered_on", "known_on")
    assert found.columns == (
        Column("order_id", "text", True, "key of the order | as the ERP has it"),
        Column("ordered_on", "date", False, "day it was placed"),
    )
    assert found.checks[0] == Check("one_of", ("order_id", "a", "b"))


def test_statement_keeps_its_own_comments():
    assert contract().body == BODY.strip()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("-- grain:    order_id\n", "", "no contract in its header", id="no grain"),
        pytest.param("text  |", "text -", "column line that cannot be read", id="no bar"),
        pytest.param("text  |", "txt |", "types are text, date", id="unknown type"),
        pytest.param("| day it was placed", "|", "column line that cannot be read", id="no meaning"),
        pytest.param("check:", "chek:", "did you mean 'check'", id="misspelt tag"),
        pytest.param("happened:", "zzz:", "known are kind, grain", id="unknown tag"),
    ],
)  # fmt: skip
def test_header_that_cannot_be_read_is_an_error(old, new, message):
    with pytest.raises(ContractError, match=message):
        contract(HEADER.replace(old, new))


@pytest.mark.parametrize(
    ("check", "message"),
    [
        pytest.param("hapened ordered_on", "did you mean 'happened'", id="misspelt rule"),
        pytest.param("zzz round", "known are not_null", id="unknown rule"),
        pytest.param("happened order_on", "did you mean 'ordered_on'", id="misspelt column"),
        pytest.param("not_after ordered_on payed", "does not have: payed", id="second column"),
        pytest.param("between order_id 0", "other arguments than it takes", id="missing bound"),
        pytest.param("between order_id low high", "other arguments than", id="bound in words"),
    ],
)
def test_check_that_cannot_be_held_is_an_error(check, message):
    found = contract(HEADER.replace("happened ordered_on\n", f"{check}\n"))
    with pytest.raises(ContractError, match=message):
        row_rules(found)


def test_canonical_table_offers_the_nearest_name():
    with pytest.raises(ContractError, match="did you mean 'invoices'"):
        canonical("invoice")
    assert canonical("invoices").name == "staging.invoices"


def test_every_schema_has_tables():
    assert {c.schema for c in read_contracts().values()} == {"staging", "marts"}


@pytest.mark.parametrize("found", CONTRACTS)
def test_contract_says_what_a_row_is_and_names_its_own_columns(found):
    assert found.about.startswith("One row per ")
    assert found.grain
    assert len(set(found.column_names)) == len(found.columns)
    named = {*found.grain, *found.as_of} | {x for x in (found.happened, found.until) if x}
    assert named <= {*found.column_names}


@pytest.mark.parametrize("found", CONTRACTS)
def test_checks_name_columns_and_tables_that_exist(found):
    assert all(rule.column in found.column_names for rule in row_rules(found))
    for column, table in references(found):
        assert column in found.column_names
        assert len(read_contracts()[table].grain) == 1


@pytest.mark.parametrize("found", CONTRACTS)
def test_canonical_columns_have_types_and_those_of_marts_come_from_sql(found):
    types = {column.type for column in found.columns}
    assert types <= (set(SQL_TYPES) if found.schema == "staging" else {None})


@pytest.mark.parametrize("found", CONTRACTS)
def test_no_statement_asks_for_today(found):
    words = found.body.lower()
    assert "current_date" not in words
    assert "today" not in words
    assert "now(" not in words
    assert found.schema == "staging" or all("$today" not in r.broken for r in row_rules(found))


@pytest.mark.parametrize("found", CONTRACTS)
def test_required_columns_of_the_grain_are_never_null(found):
    required = {rule.column for rule in row_rules(found) if rule.rule in ("required", "not_null")}
    assert found.schema == "marts" or set(found.grain) <= required


@pytest.mark.parametrize("found", CONTRACTS)
def test_no_canonical_column_has_a_name_that_loading_takes(found):
    taken = {*VERSION_COLUMNS, "file_row", "kept_row", "rows_count", "is_bad", "is_same"}
    assert found.schema == "marts" or not taken & set(found.column_names)


def test_tables_are_built_after_those_they_read():
    order = build_order(read_contracts())
    assert sorted(order) == sorted(read_contracts())
    for number, name in enumerate(order):
        assert tables_read(read_contracts()[name]) - {name} <= set(order[:number])


def test_order_of_building_is_the_same_whatever_order_files_come_in():
    backwards = dict(reversed(read_contracts().items()))
    assert build_order(backwards) == build_order(read_contracts())


def test_tables_that_read_each_other_are_an_error():
    ring = reading("a", "b") | reading("b", "c") | reading("c", "a")
    with pytest.raises(ContractError, match="in a ring: marts.. reads marts.. reads marts.. reads"):
        build_order(ring)


def test_reading_a_table_that_does_not_exist_names_the_reader():
    with pytest.raises(ContractError, match="marts.a reads marts.nowhere, which does not exist"):
        build_order(reading("a", "nowhere"))


def test_own_tables_and_raw_are_no_tables_read():
    text = "-- x\n-- grain: a\n-- readers: all\n-- column: a | it\nwith m as (select a from raw.orders) select a from m"
    assert tables_read(parse_contract("marts", "a", text)) == set()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("", "staging.orders does not say whose rows it holds", id="missing"),
        pytest.param("-- readers: everybody\n", "does not have: everybody", id="unknown word"),
        pytest.param("-- readers: order_id orders\n", "line that cannot be read", id="no schema"),
        pytest.param("-- readers: own order_id staging.deals\n", "cannot be read", id="own follows"),
        pytest.param("-- readers: order_id, ordered_on\n", "cannot be read", id="version alone"),
        pytest.param(
            "-- readers: order_id, version staging.deals\n", "does not have: version", id="version"
        ),
        pytest.param("-- readers: all\n-- hidden: cost\n", "does not have: cost", id="hidden"),
        pytest.param("-- readers: all\n-- others: head\n", "does not have: head", id="others"),
    ],
)  # fmt: skip
def test_table_that_does_not_say_whose_rows_it_holds_is_an_error(line, message):
    with pytest.raises(ContractError, match=message):
        contract(HEADER.replace("-- readers:  all\n", line))


def test_rows_of_a_view_cannot_be_cut():
    text = "-- x\n-- kind: view\n-- grain: a\n-- readers: a\n-- column: a | it\nselect a from b"
    with pytest.raises(ContractError, match=r"marts\.odd is a view: its rows cannot be cut"):
        parse_contract("marts", "odd", text)


@pytest.mark.parametrize(
    "followed",
    [
        pytest.param("nowhere", id="no such table"),
        pytest.param("products", id="rows of nobody"),
        pytest.param("contracts, staging.orders", id="two tables"),
    ],
)
def test_rows_follow_only_rows_that_name_their_client(followed):
    text = HEADER.replace("readers:  all", f"readers:  order_id staging.{followed}")
    with pytest.raises(ContractError, match="do not name their client|cannot be read"):
        check_followed(read_contracts() | {"staging.orders": contract(text)})


CLIENT_WORDS = re.compile(r"client_id of|key of (staging|marts)\.clients|client at the top")


@pytest.mark.parametrize("found", CONTRACTS)
def test_every_column_that_names_a_client_is_cut_or_blank_for_other_readers(found):
    named = {column.name for column in found.columns if CLIENT_WORDS.search(column.meaning)}
    held = {found.readers.column, *found.others, "source_client_id"}
    key = {"client_id"} if found.name == "staging.clients" else set()
    assert found.readers.kind == "remade" or named | key <= held
    assert found.readers.kind not in ("all", "none", "own") or not named
