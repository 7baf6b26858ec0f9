"""Who in a book needs attention, what its segments brought, and what contacts led to."""

import pandas as pd
import pytest

from clientlib.results import (
    compare_books,
    follow_contacts,
    list_attention,
    make_book,
    measure_service,
    say_attention,
    say_contacts,
    split_by_segment,
    title_split,
)

DAY = "2025-12-31"
MONTH_ENDS = pd.DataFrame(
    {"month_end": pd.date_range("2024-01-31", DAY, freq="ME"), "is_closed": True}
)
SEGMENTS = pd.DataFrame(
    [
        ("C-1", "Old friend", "active", "Core accounts", 100.0, 100.0, 5.0),
        ("C-2", "Silent", "at risk", "Core accounts at risk", 10.0, 90.0, 120.0),
        ("C-3", "Slow", "slowing", "Core accounts", 50.0, 10.0, 60.0),
        ("C-4", "Grown", "active", "Core accounts", 125.0, 100.0, 3.0),
        ("C-5", "Fresh", "new", "New accounts", 20.0, 0.0, 9.0),
    ],
    columns=["client_id", "name", "life_state", "segment", "revenue_12m_amount",
             "revenue_previous_12m_amount", "silence_days"],
).assign(gap_used_days=14.0)  # fmt: skip


def test_each_client_stands_under_the_first_reason_that_holds():
    found = list_attention(SEGMENTS)
    assert list(zip(found["client_id"], found["why"], strict=True)) == [
        ("C-2", "at risk"), ("C-3", "late in its rhythm"), ("C-4", "grown"), ("C-5", "new"),
    ]  # fmt: skip
    assert say_attention(SEGMENTS).startswith("Of 5\u00a0clients, 1 is at risk, 1 late in")
    assert len(list_attention(pd.concat([SEGMENTS] * 3), top_n=2)) == 8


def test_a_book_is_compared_with_that_of_the_run_before():
    scores = pd.DataFrame({"client_id": ["C-1"], "grade": ["worse than average"]})
    earlier = make_book(SEGMENTS.assign(life_state="active"), scores.assign(grade="about average"))
    changes = compare_books(make_book(SEGMENTS, scores), earlier.iloc[:2])
    assert changes[["client_id", "what", "before", "now"]].to_numpy().tolist() == [
        ["C-2", "life state", "active", "at risk"],
        ["C-1", "reliability", "about average", "worse than average"],
    ]
    assert compare_books(earlier, pd.DataFrame()).empty


def test_without_scores_no_reliability_has_changed():
    before = make_book(SEGMENTS, pd.DataFrame({"client_id": ["C-1"], "grade": ["about average"]}))
    assert compare_books(make_book(SEGMENTS, pd.DataFrame()), before).empty


def test_revenue_is_split_by_the_segment_of_now_and_no_later_fact_counts():
    sales = pd.DataFrame(
        [("C-1", "2025-12-05", "2025-12-05", 70.0), ("C-2", "2025-12-06", "2025-12-06", 30.0),
         ("C-1", "2024-12-07", "2024-12-07", 40.0), ("C-1", "2025-12-08", "2026-01-02", 900.0),
         ("C-9", "2025-12-05", "2025-12-05", 500.0)],
        columns=["client_id", "ordered_on", "counted_on", "revenue_amount"],
    )  # fmt: skip
    split = split_by_segment(sales, SEGMENTS, MONTH_ENDS, as_of=DAY, months_count=2)
    last = split[split["month"] == "December 2025"].set_index("segment")
    assert last["revenue_amount"].to_dict() == {
        "Core accounts": 70.0,
        "Core accounts at risk": 30.0,
    }
    assert last["revenue_previous_amount"].to_dict()["Core accounts"] == 40.0
    assert title_split(split, "EUR") == "In December 2025 most came from Core accounts: 70 EUR"


JUDGED = pd.DataFrame(
    [("O-1", "2025-12-03", False), ("O-2", "2025-12-10", True), ("O-3", "2024-12-10", False)],
    columns=["order_id", "judged_on", "is_late"],
)
COMPLAINTS = pd.DataFrame(
    [("K-1", "C-1", "warehouse", "2025-12-01", None), ("K-2", "C-1", "warehouse", "2025-12-30", None),
     ("K-3", "C-2", None, "2025-06-01", "2025-06-09"), ("K-4", "C-2", None, "2024-06-01", "2024-06-09")],
    columns=["complaint_id", "client_id", "unit", "opened_on", "closed_on"],
)  # fmt: skip


def test_service_counts_orders_in_full_and_complaints_by_unit():
    service = measure_service(JUDGED, COMPLAINTS, MONTH_ENDS, as_of=DAY)
    december = service.months.iloc[-1]
    assert (december["orders_count"], december["on_time_share"]) == (2, 0.5)
    assert december["on_time_previous_share"] == 1.0
    assert service.title == "In December 2025, 50% of the orders due arrived on time and in full"
    assert service.units.to_numpy().tolist() == [
        ["warehouse", 2, 0, 2, 1], ["no unit named", 1, 1, 0, 0],
    ]  # fmt: skip
    assert service.open_complaints["open_days"].tolist() == [30, 1]


def test_service_without_deliveries_says_so():
    service = measure_service(JUDGED.head(0), COMPLAINTS, MONTH_ENDS, as_of=DAY)
    assert service.missing == "Not enough data: no delivery has been recorded."
    assert "3 complaints were made, 2 are open" in service.finding


def contacts(*rows):
    columns = ["interaction_id", "client_id", "channel", "is_inbound", "happened_on"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("ordered_on", "share"),
    [
        pytest.param("2025-12-15", 1.0, id="30 days after"),
        pytest.param("2025-12-16", 0.0, id="a day too late"),
        pytest.param("2025-11-15", 0.0, id="an order of the same day may have come before"),
    ],
)
def test_a_contact_is_followed_by_an_order_within_thirty_days(ordered_on, share):
    made = contacts(*((f"I-{k}", "C-1", "call", False, "2025-11-15") for k in range(5)))
    orders = pd.DataFrame({"client_id": ["C-1"], "ordered_on": [ordered_on]})
    found = follow_contacts(made, orders, as_of=DAY)
    assert found.to_numpy().tolist() == [["call", 5, 1, share]]


def test_contacts_of_clients_contacts_whose_time_runs_and_few_ones_are_not_counted():
    made = contacts(
        ("I-1", "C-1", "call", True, "2025-11-15"), ("I-2", "C-1", "call", False, "2025-12-15"),
        ("I-3", "C-1", "visit", False, "2025-11-15"),
    )  # fmt: skip
    orders = pd.DataFrame({"client_id": ["C-1"], "ordered_on": ["2025-11-20"]})
    found = follow_contacts(made, orders, as_of=DAY)
    assert found["channel"].tolist() == ["visit"]
    assert found["followed_share"].isna().all()
    assert "60% of the clients order anyway" in say_contacts(found, SEGMENTS)
    nothing = follow_contacts(made.head(0), orders, as_of=DAY)
    assert say_contacts(nothing, SEGMENTS).startswith("Not enough data")
