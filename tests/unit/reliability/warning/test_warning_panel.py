import time

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.warning import build_panel, read_book
from clientlib.reliability.warning.panel import FEATURES

MARCH = pd.Timestamp("2024-03-31")
LINES = """
    client_id  ordered_on  counted_on  kind       revenue_amount  family
    C-1        2024-01-01  2024-01-01  ordered    100             A
    C-1        2024-01-01  2024-01-01  ordered    50              B
    C-1        2024-01-21  2024-01-21  ordered    100             A
    C-1        2024-03-01  2024-03-01  ordered    100             A
    C-1        2024-03-01  2024-03-11  cancelled  -40             A
    C-1        2024-03-20  2024-04-02  ordered    100             C
"""


def row(book_of, text, end=MARCH):
    panel = build_panel(book_of(text, "2024-12-31"), [end])
    assert len(panel) == 1
    return panel.iloc[0]


def test_panel_worked_by_hand(book_of):
    found = row(book_of, LINES)
    # The order of 20 March became known in April.
    assert found["order_days_count"] == 3
    assert found["silence_days"] == 30
    assert found["known_days"] == 90
    assert found["longest_gap_days"] == 40
    assert found["lost_after_days"] == 180
    assert found["revenue_90d_amount"] == pytest.approx(200 - 40)
    assert found["revenue_365d_amount"] == pytest.approx(350 - 40)
    assert found["returned_share"] == pytest.approx(40 / 390)
    assert np.expm1(found["families_count"]) == pytest.approx(2)


def test_usual_gap_lies_between_the_own_and_the_portfolios(book_of):
    found = row(book_of, LINES)
    # Own gaps 20 and 40 days; of the portfolio the same two and one of 30 that stands in.
    own, portfolio = np.sqrt(20 * 40), (20 * 40 * 30) ** (1 / 3)
    assert found["usual_gap_days"] == pytest.approx(own**0.5 * portfolio**0.5)
    assert found["silence_ratio"] == pytest.approx(30 / found["usual_gap_days"])


def test_family_counts_for_half_a_year(book_of):
    text = "client_id ordered_on family\nC-1 2024-01-01 A\nC-1 2024-01-01 B\nC-1 2024-05-01 A"
    for end, families in (("2024-06-28", 2), ("2024-06-30", 1), ("2024-10-29", 0)):
        found = row(book_of, text, pd.Timestamp(end))
        assert np.expm1(found["families_count"]) == pytest.approx(families)


def test_late_record_moves_no_earlier_panel_and_does_not_shorten_the_silence(book_of):
    text = """
        client_id  ordered_on  counted_on
        C-1        2024-01-01  2024-01-01
        C-1        2024-03-01  2024-03-01
        C-1        2024-02-01  2024-04-01
    """
    assert row(book_of, text)["order_days_count"] == 2
    later = row(book_of, text, pd.Timestamp("2024-04-30"))
    assert (later["order_days_count"], later["silence_days"]) == (3, 60)


def test_deleting_all_later_rows_changes_no_value(simulated_lines):
    end = pd.Timestamp("2024-02-29")
    known = simulated_lines[simulated_lines["counted_on"] <= end]
    full = build_panel(read_book(simulated_lines, as_of="2024-12-31"), [end])
    cut = build_panel(read_book(known, as_of=end), [end])
    assert len(full) > 200
    pd.testing.assert_frame_equal(full, cut)


def test_features_are_numbers(simulated_lines):
    ends = list(pd.date_range("2023-01-31", "2024-11-30", freq="ME"))
    panel = build_panel(read_book(simulated_lines, as_of="2024-12-31"), ends)
    assert np.isfinite(panel[list(FEATURES)].to_numpy()).all()
    assert not panel.duplicated(["client_id", "month_end"]).any()


def test_sales_without_a_client_are_left_out(book_of):
    book = book_of("client_id ordered_on\n- 2024-01-01\nC-1 2024-01-02", "2024-12-31")
    assert book.client_ids.tolist() == ["C-1"]


def test_twenty_thousand_clients_and_two_years_take_seconds():
    random = np.random.default_rng(1)
    count = 200_000
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(random.integers(0, 730, count), unit="D")
    lines = pd.DataFrame(
        {
            "client_id": random.integers(0, 20_000, count),
            "ordered_on": day,
            "counted_on": day,
            "kind": "ordered",
            "revenue_amount": 10.0,
            "family": random.integers(0, 8, count),
        }
    )
    begun = time.process_time()
    ends = list(pd.date_range("2023-01-31", "2024-12-31", freq="ME"))
    panel = build_panel(read_book(lines, as_of="2024-12-31"), ends)
    assert len(panel) > 400_000
    assert time.process_time() - begun < 15


def test_lines_without_a_column_are_refused():
    with pytest.raises(InputError, match="lines lacks columns"):
        read_book(pd.DataFrame({"client_id": ["C-1"]}), as_of="2024-12-31")
