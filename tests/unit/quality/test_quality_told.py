"""What was found in the data is said with the same numbers in every language."""

import pandas as pd
import pytest
from told import assert_told_the_same

from clientlib.language import Kept, speaking
from clientlib.quality import (
    follow_loads,
    judge_balances,
    judge_completeness,
    judge_freshness,
    judge_keys,
    judge_volume,
    rank_issues,
)
from clientlib.quality.reasons import recall_reason
from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.rules import arrival_rules

AS_OF = "2025-06-30"


def blanks(*counts):
    return pd.DataFrame(
        {
            "table_name": "orders",
            "column_name": [f"column_{k}" for k in range(len(counts))],
            "may_come_later": False,
            "rows_count": 100,
            "blank_count": counts,
            "blank_amount": 50.0,
        }
    )


def loads_of(*reads, waiting=3):
    rows = [
        {
            "load_id": k, "table_name": "orders", "loaded_on": pd.Timestamp("2025-06-01"),
            "is_release": False, "read_count": read, "quarantined_count": waiting,
            "entered_count": waiting, "released_count": 0, "same_count": 0, "open_count": waiting,
        }
        for k, read in enumerate(reads, 1)
    ]  # fmt: skip
    reasons = [{"table": "orders", "reason": "client_id is missing", "rows": waiting}]
    return follow_loads(pd.DataFrame(rows), reasons if waiting else [])


def days_of(rows_by_month):
    ends = pd.date_range(end=AS_OF, periods=len(rows_by_month), freq="ME")
    return pd.DataFrame({"table_name": "orders", "happened_on": ends, "rows_count": rows_by_month})


def keys_of(loads, repeated=2, orphans=1):
    repeats = pd.DataFrame(
        {
            "table_name": ["orders"],
            "keys": ["order_id"],
            "rows_count": [9],
            "repeated_count": [repeated],
        }
    )
    lost = pd.DataFrame(
        {
            "table_name": ["orders"], "column_name": ["client_id"], "refers_to": ["clients"],
            "rows_count": [9], "orphans_count": [orphans], "amount": [5.0], "example": ["C-9"],
        }
    )  # fmt: skip
    return judge_keys(repeats, lost, loads)


@pytest.mark.parametrize("counts", [(), (0,), (1, 5)])
def test_completeness(counts):
    assert_told_the_same(lambda: judge_completeness(blanks(*counts)), least=1)


@pytest.mark.parametrize("reads", [(100,), (100, 90)])
def test_loads_with_their_reasons(reads):
    assert_told_the_same(lambda: loads_of(*reads), least=4)


def test_keys():
    assert_told_the_same(lambda: keys_of(loads_of(100)), least=5)


@pytest.mark.parametrize("as_of", [AS_OF, "2026-06-30"])
def test_freshness(as_of):
    assert_told_the_same(lambda: judge_freshness(days_of([10] * 24), as_of=as_of), least=1)


@pytest.mark.parametrize("last", [3, 100, 900])
def test_volume_and_the_title_of_its_lines(last):
    days = days_of([100] * 23 + [last])
    assert_told_the_same(lambda: judge_volume(days, as_of=AS_OF), least=1)
    found = judge_volume(days, as_of=AS_OF)
    told = {each.name: each.value for each in found.message("orders").told}
    drawn = found.lines("orders")
    assert told["rows"] == last
    assert set(told.values()) <= set(drawn["rows_count"])
    with speaking("lt"):
        assert {each.name: each.value for each in found.message("orders").told} == told
        assert found.message("none").startswith("Lentelės „none“")


def billed(count):
    orders = pd.DataFrame(
        {
            "order_id": [f"O-{k}" for k in range(count)], "client_id": "C-1",
            "ordered_on": pd.Timestamp("2025-03-01"), "status": "delivered", "lines_count": 1,
            "ordered_amount": 100.0, "invoices_count": 1, "invoiced_amount": 121.0,
        }
    )  # fmt: skip
    orders.loc[count - 1, "invoiced_amount"] = 150.0
    invoices = pd.DataFrame(
        {"invoice_id": ["I-1"], "client_id": ["C-1"], "issued_on": [pd.Timestamp("2025-03-02")],
         "amount": [121.0], "payments_count": [1], "paid_amount": [121.0]}
    )  # fmt: skip
    return judge_balances(orders, invoices, as_of=AS_OF)


@pytest.mark.parametrize("count", [5, 40])
def test_balances(count):
    assert_told_the_same(lambda: billed(count), least=1)


def test_mending_names_the_first_issue_with_and_without_rows_and_money():
    def priced():
        return rank_issues(judge_completeness(blanks(1, 5)), currency="EUR")

    def unpriced():
        return rank_issues(loads_of(100), currency="EUR")

    def without_rows():
        return rank_issues(judge_freshness(days_of([10] * 24), as_of="2026-06-30"), currency="EUR")

    for make, least in ((priced, 6), (unpriced, 3), (without_rows, 3)):
        assert_told_the_same(make, least=least)
    assert_told_the_same(lambda: rank_issues(currency="EUR"), least=1)


def test_title_of_the_issues_tells_the_money_of_the_first():
    found = rank_issues(judge_completeness(blanks(1, 5)), currency="EUR")
    (amount,) = found.message.told
    assert amount.value == found.priced["amount"].iloc[0] == 50.0


def test_issued_issues_are_english_whatever_language_is_spoken():
    english = rank_issues(judge_completeness(blanks(1, 5)), currency="EUR").issues
    with speaking("lt"):
        again = rank_issues(judge_completeness(blanks(1, 5)), currency="EUR").issues
    pd.testing.assert_frame_equal(again, english)


def test_every_reason_of_the_warehouse_can_be_told_again():
    rules = [
        rule
        for contract in read_contracts().values()
        if contract.name.startswith("staging.")
        for rule in arrival_rules(contract)
    ]
    texts = {f"{rule.column} {rule.message}" for rule in rules}
    texts |= {"amount cannot be read as number", "line of the wrong shape"}
    assert len(texts) > 100
    assert [text for text in texts if not isinstance(recall_reason(text), Kept)] == []
    assert all(recall_reason(text) == text for text in texts)
    assert not isinstance(recall_reason("the moon is full"), Kept)
