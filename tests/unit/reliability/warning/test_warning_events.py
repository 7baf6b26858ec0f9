from io import StringIO

import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.warning import (
    LossRules,
    build_panel,
    find_arrears,
    find_losses,
    find_unprofitable,
    follow_events,
    follow_silences,
)

ONE_ORDER = """
    client_id  ordered_on
    C-1        2024-01-01
"""
SLOW = """
    client_id  ordered_on
    C-1        2023-01-01
    C-1        2023-04-11
    C-1        2023-07-20
"""


def as_rows(events):
    days = events[["dated_on", "declared_on"]].apply(lambda days: days.dt.strftime("%Y-%m-%d"))
    return list(zip(events["client_id"], days["dated_on"], days["declared_on"], strict=True))


@pytest.mark.parametrize(
    ("as_of", "events"),
    [
        pytest.param("2024-06-28", [], id="179 days of silence: not yet"),
        pytest.param("2024-06-29", [("C-1", "2024-01-01", "2024-06-29")], id="180 days: lost"),
    ],
)
def test_client_is_lost_on_the_day_on_which_its_silence_is_long_enough(book_of, as_of, events):
    assert as_rows(find_losses(book_of(ONE_ORDER, as_of), as_of=as_of)) == events


def test_client_of_slow_rhythm_is_lost_after_three_usual_gaps(book_of):
    # 200 days over two gaps: 100 days each, so 300 days after 2023-07-20.
    events = find_losses(book_of(SLOW, "2024-12-31"), as_of="2024-12-31")
    assert as_rows(events) == [("C-1", "2023-07-20", "2024-05-15")]


def test_two_orders_are_no_rhythm(book_of):
    rules = LossRules(silence_days=90)
    book = book_of("client_id ordered_on\nC-1 2023-01-01\nC-1 2023-03-02", "2024-12-31")
    assert as_rows(find_losses(book, as_of="2024-12-31", rules=rules)) == [
        ("C-1", "2023-03-02", "2023-05-31")
    ]


def test_client_that_came_back_can_be_lost_again(book_of):
    book = book_of("client_id ordered_on\nC-1 2022-01-01\nC-1 2023-01-01", "2024-12-31")
    assert len(find_losses(book, as_of="2024-12-31")) == 2
    assert len(find_losses(book, as_of="2023-06-29")) == 1


def test_order_on_the_day_of_the_declaration_saves_the_client(book_of):
    book = book_of("client_id ordered_on\nC-1 2024-01-01\nC-1 2024-06-29", "2024-12-01")
    assert as_rows(find_losses(book, as_of="2024-12-01")) == []


def test_rows_tell_what_became_of_their_silence(book_of):
    text = "client_id ordered_on\nC-1 2024-01-01\nC-2 2024-01-01\nC-2 2024-03-01\nC-3 2024-04-01"
    book = book_of(text, "2024-07-31")
    panel = build_panel(book, [pd.Timestamp("2024-02-29"), pd.Timestamp("2024-04-30")])
    rows = follow_silences(panel, book, as_of="2024-07-31").set_index(["client_id", "month_end"])
    february = rows.xs("2024-02-29", level="month_end")
    assert february["is_lost"].to_dict() == {"C-1": 1.0, "C-2": 0.0}
    assert february["lead_days"].to_dict() == {"C-1": 121.0, "C-2": 121.0}
    april = rows.xs("2024-04-30", level="month_end")
    assert april["is_lost"].isna().to_dict() == {"C-1": False, "C-2": True, "C-3": True}
    assert april["is_over"].to_dict() == {"C-1": True, "C-2": False, "C-3": False}


def test_lost_clients_leave_the_rows(book_of):
    book = book_of(ONE_ORDER, "2024-12-31")
    panel = build_panel(book, [pd.Timestamp("2024-05-31"), pd.Timestamp("2024-06-30")])
    rows = follow_silences(panel, book, as_of="2024-12-31")
    assert rows["month_end"].dt.month.tolist() == [5]


INVOICES = """
    invoice_id  client_id  issued_on   due_on      amount
    I-1         C-1        2024-01-01  2024-01-31  100
    I-2         C-1        2024-01-01  2024-12-31  800
    I-3         C-2        2024-01-01  2024-01-31  100
    I-4         C-2        2024-01-01  2024-12-31  950
"""


def read(text):
    table = pd.read_csv(StringIO(text), sep=r"\s+")
    days = [name for name in table.columns if name.endswith("_on")]
    return table.assign(**{name: pd.to_datetime(table[name]) for name in days})


def test_client_stops_paying_when_a_tenth_of_its_exposure_is_60_days_overdue():
    payments = read("invoice_id paid_on amount\nI-9 2024-02-01 1")
    events = find_arrears(read(INVOICES), payments, as_of="2024-12-31")
    # C-1: 100 of 900, over a tenth; C-2: 100 of 1,050, under it.
    assert as_rows(events) == [("C-1", "2024-01-31", "2024-03-31")]
    assert events["event"].tolist() == ["stops paying"]


def test_paying_the_other_invoice_can_tip_the_share():
    payments = read("invoice_id paid_on amount\nI-4 2024-05-10 900")
    events = find_arrears(read(INVOICES), payments, as_of="2024-12-31")
    assert ("C-2", "2024-03-11", "2024-05-10") in as_rows(events)


def test_payment_in_time_prevents_the_event_and_later_ones_are_not_known_yet():
    payments = read("invoice_id paid_on amount known_on\nI-1 2024-03-20 100 2024-04-05")
    late = find_arrears(read(INVOICES), payments, as_of="2024-12-31")
    assert "C-1" in late["client_id"].tolist()
    in_time = payments.assign(known_on=pd.Timestamp("2024-03-31"))
    assert find_arrears(read(INVOICES), in_time, as_of="2024-12-31").empty


def test_contribution_below_zero_is_an_event_once_until_it_recovers():
    panel = read("""
        client_id  month_end_on  known_months  contribution_12m_amount
        C-1        2024-01-31    11            -5
        C-1        2024-02-29    12            -5
        C-1        2024-03-31    13            -9
        C-1        2024-04-30    14            10
        C-1        2024-05-31    15            -1
    """).rename(columns={"month_end_on": "month_end"})
    events = find_unprofitable(panel, as_of="2024-12-31")
    assert as_rows(events) == [
        ("C-1", "2024-01-31", "2024-02-29"),
        ("C-1", "2024-04-30", "2024-05-31"),
    ]
    assert len(find_unprofitable(panel, as_of="2024-04-30")) == 1


def test_events_are_laid_beside_panels_within_the_horizon():
    panel = pd.DataFrame(
        {
            "client_id": "C-1",
            "month_end": pd.to_datetime(["2024-01-31", "2024-02-29", "2024-03-31"]),
        }
    )
    events = pd.DataFrame({"client_id": ["C-1"], "declared_on": [pd.Timestamp("2024-03-31")]})
    rows = follow_events(panel, events, as_of="2024-05-31", horizon_days=59)
    # From 31 January the event lies 60 days ahead; on its own day it is past.
    assert rows["is_lost"].tolist()[:2] == [0.0, 1.0]
    assert rows["is_lost"].tolist()[2:] == [0.0]
    assert rows["lead_days"].tolist() == [59.0, 31.0, 59.0]


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="known_months"):
        find_unprofitable(pd.DataFrame({"client_id": [], "month_end": []}), as_of="2024-01-01")
