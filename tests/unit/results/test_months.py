"""What months brought, against the year before and the plan."""

import numpy as np
import pandas as pd
import pytest
from small_sales import drawn, month_ends

from clientlib import results
from clientlib.errors import InputError
from clientlib.results.periods import Period, list_periods, read_history

HEAD = "ordered_on  counted_on  revenue_amount  costed_revenue_amount  cost_amount"


def measure(rows: str, as_of: str, ends: pd.DataFrame, **options) -> results.Result:
    days = drawn(f"{HEAD}\n{rows}").assign(client_id="C-1")
    return results.measure_result(days, ends, as_of=as_of, currency="EUR", **options)


def test_month_stands_beside_the_same_month_of_the_year_before():
    rows = "2024-02-29 2024-02-29 50 50 30\n2025-02-28 2025-02-28 80 80 60"
    found = measure(rows, "2025-02-28", month_ends("2024-01-31", "2025-02-28"))
    month = found.months.iloc[-1]
    assert (month["revenue_amount"], month["revenue_previous_amount"]) == (80, 50)
    assert (month["margin_amount"], month["margin_previous_amount"]) == (20, 20)
    assert found.months_title == "Revenue (February 2025) came to 80 EUR, 30 above the year before"
    assert [claim.value for claim in found.months_title.claims] == [30]


def test_fall_is_called_below_and_no_change_is_called_none():
    ends = month_ends("2024-01-31", "2025-01-31")
    rows = "2024-01-10 2024-01-10 80 80 60\n2025-01-10 2025-01-10 {0} {0} 10"
    fell = measure(rows.format(50), "2025-01-31", ends)
    assert fell.months_title == "Revenue (January 2025) came to 50 EUR, 30 below the year before"
    assert fell.months_title.claims[0].allows("below")
    same = measure(rows.format(80), "2025-01-31", ends)
    assert same.months_title == "Revenue (January 2025) came to 80 EUR, as in the year before"


def test_open_month_is_compared_with_the_like_days_only():
    rows = (
        "2025-01-10 2025-01-10 40 40 30\n2025-01-20 2025-01-20 70 70 50\n"
        "2026-01-05 2026-01-05 45 45 30"
    )
    ends = month_ends("2025-01-31", "2026-01-31", open_until="2026-01-15")
    found = measure(rows, "2026-01-15", ends)
    month = found.months.iloc[-1]
    assert (month["name"], month["is_open"]) == ("January 2026, to day 15", True)
    assert found.months["mark"].tolist()[-3:] == ["Nov", "Dec", "Jan 1–15"]
    assert (month["revenue_amount"], month["revenue_previous_amount"]) == (45, 40)
    assert "The month is open: its days until 15 January 2026" in found.note
    year = found.period("last 12 months")
    assert (year["first_on"], year["last_on"]) == (
        pd.Timestamp("2025-01-16"), pd.Timestamp("2026-01-15"),
    )  # fmt: skip
    assert year["revenue_amount"] == 70 + 45


def test_correction_counts_in_the_month_of_its_order_from_the_day_it_was_known():
    rows = "2025-01-10 2025-01-10 40 40 30\n2025-01-10 2025-03-02 -40 -40 -30"
    ends = month_ends("2025-01-31", "2025-03-31")
    assert measure(rows, "2025-02-28", ends).months["revenue_amount"].tolist() == [40, 0]
    assert measure(rows, "2025-03-31", ends).months["revenue_amount"].tolist() == [0, 0, 0]


def test_three_months_have_no_year_before_and_say_so():
    found = measure(
        "2025-05-10 2025-05-10 40 40 30", "2025-06-30", month_ends("2025-04-30", "2025-06-30")
    )
    assert found.months["revenue_previous_amount"].isna().all()
    assert found.period("last 12 months")[["revenue_amount", "margin_amount"]].isna().all()
    assert found.note.startswith("The history begins on 1 April 2025")
    assert found.headline == "Revenue (June 2025) came to 0 EUR"


@pytest.mark.parametrize(("costed", "margin"), [(90, 40), (89, np.nan)])
def test_margin_is_shown_where_nearly_all_of_the_revenue_has_a_cost(costed, margin):
    rows = f"2025-01-10 2025-01-10 100 {costed} 50"
    found = measure(rows, "2025-01-31", month_ends("2025-01-31", "2025-01-31"))
    assert found.months["margin_amount"].iloc[0] == pytest.approx(margin, nan_ok=True)
    assert found.months["costed_share"].iloc[0] == costed / 100


def test_financial_year_begins_in_its_own_month():
    history = read_history(month_ends("2024-01-31", "2025-06-30"), "2025-06-30")
    starts = {month: list_periods(history, year_start_month=month)[1].first_on for month in (1, 7)}
    assert starts == {1: pd.Timestamp("2025-01-01"), 7: pd.Timestamp("2024-07-01")}


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        pytest.param("2024-02-01", "2024-02-29", ("2023-02-01", "2023-02-28"), id="a leap year"),
        pytest.param("2025-02-01", "2025-02-28", ("2024-02-01", "2024-02-29"), id="before it a leap year"),
        pytest.param("2024-03-01", "2025-02-28", ("2023-03-01", "2024-02-29"), id="twelve months"),
    ],
)  # fmt: skip
def test_whole_months_are_compared_with_whole_months(first, last, before):
    earlier = Period("month", pd.Timestamp(first), pd.Timestamp(last)).year_before()
    assert (earlier.first_on, earlier.last_on) == tuple(map(pd.Timestamp, before))


def test_nothing_known_by_the_day_is_refused():
    with pytest.raises(InputError, match="nothing had happened by 2024-01-31"):
        measure(
            "2025-01-10 2025-01-10 40 40 30", "2024-01-31", month_ends("2025-01-31", "2025-01-31")
        )


def test_table_without_a_column_is_refused():
    with pytest.raises(InputError, match="client_day_sales lacks columns"):
        results.measure_result(
            pd.DataFrame({"ordered_on": []}),
            month_ends("2025-01-31", "2025-01-31"),
            as_of="2025-01-31",
        )


def test_marks_of_months_tell_the_year_at_the_first_and_at_each_january():
    rows = "2024-12-10 2024-12-10 40 40 30"
    found = measure(rows, "2025-02-28", month_ends("2024-01-31", "2025-02-28"), months_count=4)
    assert found.months["mark"].tolist() == ["Nov 2024", "Dec", "Jan 2025", "Feb"]
    assert found.months["name"].iloc[-1] == "February 2025"
