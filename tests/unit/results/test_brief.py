"""A brief says what is known of one client and nothing of others, and what to do next by rules."""

import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.language import speaking
from clientlib.results import (
    choose_client,
    choose_next_step,
    describe_client,
    lay_out_step,
    list_complaints,
    list_contacts,
    list_events,
    list_needs,
    list_offers,
    list_open_deals,
    list_prices,
    list_terms,
    read_client,
    say_reliability,
    say_rhythm,
    title_events,
)

DAY = "2025-12-31"
COLUMNS = {
    "marts.clients": "client_id name country region industry size_band manager_name",
    "marts.client_orders": "client_id month_end revenue_12m_amount orders_12m_count "
    "first_ordered_on last_ordered_on typical_gap_days",
    "marts.client_day_sales": "client_id ordered_on counted_on revenue_amount",
    "marts.deal_states": "deal_id client_id family opened_on expected_close_on outcome amount "
    "told_on known_until",
    "staging.quotes": "quote_id revision_no line_no client_id product_id sent_on expires_on price "
    "discount_share outcome",
    "staging.complaints": "complaint_id client_id unit kind opened_on closed_on",
    "staging.contracts": "contract_id client_id starts_on ends_on ended_on payment_days "
    "credit_limit_amount price_clause",
    "staging.client_prices": "client_id product_id starts_on ends_on price minimum_quantity",
    "staging.needs": "client_id stated_on family urgency statement met_on",
    "staging.contacts": "client_id name role language channel left_on",
    "staging.interactions": "client_id happened_on channel",
}
ROWS = {
    "marts.clients": "C-1 Ours LT Kaunas wood small Rasa\nC-2 Theirs LV Riga steel large Jonas",
    "marts.client_orders": "C-1 2025-12-31 50 4 2024-01-05 2025-12-01 20\n"
    "C-2 2025-12-31 90 9 2024-01-05 2025-12-20 20\nC-1 2025-11-30 99 9 2024-01-05 2025-11-01 20",
    "marts.deal_states": "D-1 C-1 pumps 2025-11-01 2026-02-01 open 100 2025-11-01 -\n"
    "D-2 C-1 pumps 2025-10-01 2025-12-01 open 70 2025-10-01 -\n"
    "D-2 C-1 pumps 2025-10-01 2025-12-01 won 70 2025-12-02 -\n"
    "D-3 C-2 pumps 2025-11-01 2026-02-01 open 999 2025-11-01 -",
    "staging.quotes": "Q-1 1 1 C-1 P-1 2025-12-05 2026-01-05 9.5 0.1 open\n"
    "Q-2 1 1 C-1 P-1 2025-11-05 2025-12-05 9.9 0.0 replaced",
    "staging.complaints": "K-1 C-1 stock quality 2025-01-05 2025-01-09\n"
    "K-2 C-1 stock quality 2025-12-20 -\nK-3 C-2 stock quality 2025-12-21 -",
    "staging.contracts": "T-1 C-1 2024-01-01 2024-12-31 - 30 1000 list\n"
    "T-2 C-1 2025-01-01 2026-12-31 - 45 2000 fixed\nT-3 C-1 2025-01-01 - 2025-06-01 45 2 list",
    "staging.client_prices": "C-1 P-2 2025-01-01 2025-12-31 4 1\nC-1 P-1 2024-01-01 2024-12-31 3 1",
    "staging.needs": "C-1 2025-05-01 pumps high secret -\nC-1 2025-04-01 wire low said 2025-05-01",
    "staging.contacts": "C-1 Aistė buyer lt call -\nC-1 Left buyer lt call 2025-03-01\n"
    "C-2 Other buyer lv call -",
    "staging.interactions": "C-1 2025-12-10 call\nC-1 2022-12-10 visit\nC-2 2025-12-11 call",
}


def read(table, as_of=None):
    names = COLUMNS[table].split()
    rows = [line.split() for line in ROWS.get(table, "").splitlines()]
    frame = pd.DataFrame(rows, columns=names).replace("-", None)
    for name in names:
        if name.endswith(("_on", "_until", "_end")):
            frame[name] = pd.to_datetime(frame[name])
        elif name.endswith(("amount", "_count", "_days", "price", "_share")):
            frame[name] = frame[name].astype(float)
    return frame


@pytest.fixture
def own():
    return read_client(read, "C-1", as_of=DAY)


def test_the_brief_is_of_the_reader_the_named_or_the_largest_client():
    orders = read("marts.client_orders")
    assert choose_client(orders, as_of=DAY) == "C-2"
    assert choose_client(orders, as_of=DAY, client_id="C-1") == "C-1"
    assert choose_client(orders[orders["client_id"] == "C-1"], as_of=DAY) == "C-1"
    with pytest.raises(InputError, match="C-9"):
        choose_client(orders, as_of=DAY, client_id="C-9")
    with pytest.raises(InputError, match="no client"):
        choose_client(orders.head(0), as_of=DAY)


def test_only_rows_of_the_client_are_read(own):
    assert set(own.complaints["client_id"]) == {"C-1"}
    assert own.orders["revenue_12m_amount"] == 50
    segment = pd.DataFrame({"segment": ["Core accounts"]})
    row = describe_client(own, segment).iloc[0]
    assert (row["region"], row["segment"], row["orders_12m_count"]) == (
        "Kaunas",
        "Core accounts",
        4,
    )
    assert describe_client(own, pd.DataFrame())["segment"].isna().all()


def test_lists_hold_what_holds_on_the_day(own):
    assert list_terms(own, as_of=DAY)["contract_id"].tolist() == ["T-2"]
    assert list_prices(own, as_of=DAY)["product_id"].tolist() == ["P-2"]
    assert list_open_deals(own)["deal_id"].tolist() == ["D-1"]
    assert list_offers(own)["quote_id"].tolist() == ["Q-1"]
    assert list_contacts(own, as_of=DAY)["name"].tolist() == ["Aistė"]
    complaints = list_complaints(own, as_of=DAY)
    assert list(zip(complaints["complaint_id"], complaints["state"], strict=True)) == [
        ("K-2", "open"), ("K-1", "closed"),
    ]  # fmt: skip


def test_what_was_said_in_words_is_left_out(own):
    needs = list_needs(own)
    assert needs["family"].tolist() == ["pumps"]
    assert "secret" not in needs.to_string()


def test_events_are_those_of_the_months_before_the_day(own):
    events = list_events(own, as_of=DAY, months=24)
    assert events["label"].tolist() == [
        "contract", "contract", "contract", "complaint", "open", "open", "replaced", "won", "open",
        "call", "complaint",
    ]  # fmt: skip
    assert events["day"].is_monotonic_increasing
    assert title_events(events) == "11 events are recorded with this client"
    assert title_events(events.head(0)) == "What happened, in order"


@pytest.mark.parametrize(
    ("last", "gap", "said"),
    [
        ("2025-12-20", 20, "is to be expected on 9 January 2026"),
        ("2025-12-01", 20, "was to be expected on 21 December 2025"),
        ("2025-12-01", None, "It ordered once"),
        (None, None, "It has not ordered yet."),
    ],
)
def test_rhythm_tells_when_the_next_order_is_due(last, gap, said):
    orders = pd.Series({"last_ordered_on": pd.Timestamp(last or "NaT"), "typical_gap_days": gap})
    assert said in say_rhythm(orders, as_of=DAY)


def test_the_next_step_is_that_of_the_first_rule_that_fires(own):
    complaints, deals = list_complaints(own, as_of=DAY), list_open_deals(own)
    late = pd.DataFrame({"overdue_amount": [70.0]})
    silent = pd.DataFrame({"life_state": ["at risk"], "silence_days": [90.0]})
    nothing = pd.DataFrame()
    closed = complaints[complaints["state"] == "closed"]

    def rule(*given):
        return choose_next_step(*given, currency="EUR").rule

    assert rule(complaints, late, silent, deals) == "A complaint is open"
    assert rule(closed, late, silent, deals) == "Money is overdue"
    assert rule(closed, nothing, silent, deals) == "Silent for longer than two of its typical gaps"
    assert rule(closed, nothing, nothing, deals) == "A deal is open"
    none = choose_next_step(closed, nothing, nothing, nothing, currency="EUR")
    assert lay_out_step(none, "C-1").to_numpy().tolist() == [
        ["C-1", "Nothing is open with this client", "", "", ""]
    ]


SCORE = pd.DataFrame(
    [("about average", 100.0, 20.0, 3, 10, "", None, "")],
    columns=["grade", "open_amount", "overdue_amount", "late_count", "due_count", "reason_1",
             "reason_2", "reason_3"],
)  # fmt: skip


def test_reliability_is_told_or_why_it_is_missing():
    assert say_reliability(pd.DataFrame(), missing="Not done.", currency="EUR") == ("Not done.",)
    grade, counts = say_reliability(SCORE, missing="", currency="EUR")
    assert grade == "Reliability: about average; 100 EUR are owed, 20 of them overdue."
    assert counts.startswith("3 of 10")


def test_reasons_of_a_grade_are_told_in_the_language_of_the_reader():
    score = SCORE.assign(
        reason_1="raises the risk: 1 of 5 open invoices are overdue",
        reason_2="lowers the risk: 3 of 10 invoices paid late (30%; all clients 41%)",
    )
    assert say_reliability(score, missing="", currency="EUR")[1:] == (
        "Raises the risk: 1 of 5 open invoices are overdue",
        "Lowers the risk: 3 of 10 invoices paid late (30%; all clients 41%)",
    )
    with speaking("lt"):
        _, overdue, late = say_reliability(score, missing="", currency="EUR")
    assert overdue == "Didina riziką: pradelsta 1 iš 5 neapmokėtų sąskaitų"
    assert late.startswith("Mažina riziką: pavėluotai apmokėta 3 iš 10\u00a0sąskaitų (30\u00a0%")
