import duckdb
import pytest

from clientlib.warehouse.contracts import parse_contract
from clientlib.warehouse.rules import arrival_rules, references, row_rules

HEADER = """
-- One row per deal.
-- grain:  a
-- readers: all
-- column: a text  | key
-- column: b text? | another
-- check:  {check}
select a, b from raw.deals
"""


def contract(check: str):
    return parse_contract("staging", "deals", HEADER.format(check=check))


def is_broken(check: str, a, b, kind: str) -> bool | None:
    (rule,) = [rule for rule in row_rules(contract(check)) if rule.rule == check.split()[0]]
    broken = rule.broken.replace("$today", "date '2025-06-30'")
    query = f"select {broken} from (select ?::{kind} as a, ?::{kind} as b)"
    return duckdb.execute(query, [a, b]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("check", "a", "b", "kind", "expected"),
    [
        pytest.param("not_null a", None, None, "integer", True, id="not_null: missing"),
        pytest.param("not_null a", 0, None, "integer", False, id="not_null: zero is a value"),
        pytest.param("between a 0 1", 1, None, "decimal(9, 6)", False, id="between: the bound"),
        pytest.param("between a 0 1", 1.000001, None, "decimal(9, 6)", True, id="between: above"),
        pytest.param("between a -5 1", -6, None, "integer", True, id="between: below"),
        pytest.param("one_of a x, y", "y", None, "varchar", False, id="one_of: one"),
        pytest.param("one_of a x, y", "Y", None, "varchar", True, id="one_of: another case"),
        pytest.param("happened a", "2025-07-01", None, "date", False, id="happened: a zone ahead"),
        pytest.param("happened a", "2025-07-02", None, "date", True, id="happened: after loading"),
        pytest.param("happened a", "1950-01-01", None, "date", False, id="happened: the oldest"),
        pytest.param("happened a", "1949-12-31", None, "date", True, id="happened: too old"),
        pytest.param("planned a", "2055-06-30", None, "date", False, id="planned: in 30 years"),
        pytest.param("planned a", "2055-07-01", None, "date", True, id="planned: later"),
        pytest.param("not_after a b", "2025-01-01", "2025-01-01", "date", False, id="same day"),
        pytest.param("not_after a b", "2025-01-02", "2025-01-01", "date", True, id="after"),
        pytest.param("not_after a b", "2025-01-02", None, "date", None, id="no other day"),
        pytest.param("at_most a b", 3, 2, "integer", True, id="at_most: above"),
        pytest.param("at_most a b", 2, 2, "integer", False, id="at_most: equal"),
        pytest.param(
            "differ a b", "C-1", "C-1", "varchar", True, id="differ: a client sent itself"
        ),
        pytest.param("differ a b", "C-1", "C-2", "varchar", False, id="differ: another"),
        pytest.param("differ a b", "C-1", None, "varchar", None, id="differ: nobody named"),
        pytest.param("closed_when_decided a b", "won", None, "varchar", True, id="won, no day"),
        pytest.param("closed_when_decided a b", "open", "day", "varchar", True, id="open with day"),
        pytest.param("closed_when_decided a b", "open", None, "varchar", False, id="open, no day"),
        pytest.param("closed_when_decided a b", "lost", "day", "varchar", False, id="lost, a day"),
    ],
)
def test_rule_is_broken_by(check, a, b, kind, expected):
    assert is_broken(check, a, b, kind) is expected


def test_required_columns_come_before_the_checks():
    rules = [(rule.rule, rule.column) for rule in row_rules(contract("one_of b x"))]
    assert rules == [("required", "a"), ("one_of", "b")]


def test_values_of_a_rule_never_reach_sql_as_text():
    assert is_broken("one_of a x', o'y", "o'y", None, "varchar") is False


def test_reference_is_no_rule_of_a_row():
    found = contract("refers b staging.clients")
    assert [rule.rule for rule in row_rules(found)] == ["required"]
    assert references(found) == [("b", "staging.clients")]


def test_arriving_row_must_not_be_known_after_its_load():
    assert arrival_rules(contract("not_null b"))[-1].rule == "known_on"
