"""Panels of a past month end, made again as they were known then and as they are known now."""

from datetime import date

import pandas as pd
import pytest

from clientlib.errors import InputError

LINES = {
    "order_id": "No",
    "client_id": "Client",
    "ordered_on": "Date",
    "status": "State",
}
FIRST = "No;Client;Date;State\nO-1;C-1;2025-05-02;delivered\nO-2;C-2;2025-05-20;delivered\n"
SECOND = (
    "No;Client;Date;State\nO-1;C-1;2025-05-02;cancelled\nO-2;C-2;2025-05-20;delivered\n"
    "O-3;C-2;2025-05-25;delivered\nO-4;C-2;2025-07-10;delivered\n"
)


@pytest.fixture
def warehouse(project):
    project.table["columns"] = LINES
    project.write(FIRST)
    project.load("2025-06-01")
    project.write(SECOND)
    project.load("2025-07-15")
    project.build("2025-07-16")
    with project.open() as warehouse:
        yield warehouse


def counts(frame):
    return dict(zip(frame["client_id"], frame["orders_count"], strict=True))


def test_month_end_is_made_again_as_it_was_known_and_as_it_is_known(warehouse):
    then = warehouse.remake("marts.client_orders", month_end="2025-05-31", known_by="2025-06-30")
    now = warehouse.remake("marts.client_orders", month_end="2025-05-31")
    assert counts(then) == {"C-1": 1, "C-2": 1}
    assert counts(now) == {"C-1": 0, "C-2": 2}


def test_changes_name_each_value_that_later_knowledge_has_moved(warehouse):
    changes = warehouse.changes("marts.client_orders", month_end="2025-05-31")
    counted = changes[changes["column"] == "orders_count"]
    assert counted[["client_id", "known_then", "known_now", "difference"]].values.tolist() == [
        ["C-1", 1, 0, -1.0],
        ["C-2", 1, 2, 1.0],
    ]
    assert set(changes["client_id"]) == {"C-1", "C-2"}


def test_what_happened_later_is_no_change_of_the_month(warehouse):
    now = warehouse.remake("marts.client_orders", month_end="2025-05-31")
    assert now["last_ordered_on"].max() == pd.Timestamp("2025-05-25")


def test_nothing_has_changed_since_today(warehouse):
    changes = warehouse.changes(
        "marts.client_orders", month_end="2025-05-31", known_by=date(2025, 7, 15)
    )
    assert changes.empty


@pytest.mark.parametrize(
    ("table", "month_end", "message"),
    [
        pytest.param("marts.order_facts", "2025-05-31", "no rows by month end", id="no panel"),
        pytest.param("marts.nothing", "2025-05-31", "no rows by month end", id="no table"),
        pytest.param("marts.client_orders", "2025-05-30", "no month end", id="no month end"),
    ],
)
def test_what_cannot_be_made_again_is_an_error(warehouse, table, month_end, message):
    with pytest.raises(InputError, match=message):
        warehouse.remake(table, month_end=month_end)
