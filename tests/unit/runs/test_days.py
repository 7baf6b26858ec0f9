from datetime import date

import pytest

from clientlib.errors import InputError
from clientlib.runs.planning.days import choose_as_of, resolve_day
from clientlib.warehouse import open_warehouse


def months(*days: str, open_last: bool = True) -> list[tuple[date, bool]]:
    last = days[-1]
    return [(date.fromisoformat(day), not (open_last and day == last)) for day in days]


KNOWN = months("2024-12-31", "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-10")


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        pytest.param("last-closed-month", "2025-05-31", id="month"),
        pytest.param("last-closed-quarter", "2025-03-31", id="quarter"),
        pytest.param("last-closed-year", "2024-12-31", id="year"),
        pytest.param("last-day", "2025-06-10", id="last day of the data"),
        pytest.param("2025-05", "2025-05-31", id="end of a month"),
        pytest.param("2025-Q1", "2025-03-31", id="end of a quarter"),
        pytest.param("2024-q4", "2024-12-31", id="end of a year's last quarter"),
        pytest.param("2024", "2024-12-31", id="end of a year"),
        pytest.param("2025-04-30", "2025-04-30", id="a day"),
    ],
)
def test_day_is_found_by_what_it_is(asked, day):
    assert resolve_day(asked, KNOWN) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("asked", "offer"),
    [
        pytest.param("2025-06", "did you mean 2025-06-10", id="open month"),
        pytest.param("2025-Q2", "did you mean 2025-06-10", id="open quarter"),
        pytest.param("2019", "did you mean 2024-12-31", id="before the first"),
        pytest.param("2025-05-15", "did you mean 2025-04-30", id="the earlier of two as near"),
        pytest.param("last-close-month", "did you mean last-closed-month", id="misspelt"),
        pytest.param("soon", "such as 2025-06-10", id="no day"),
        pytest.param("2025-13", "such as 2025-06-10", id="no month"),
        pytest.param("0000", "such as 2025-06-10", id="no year"),
        pytest.param("9999", "such as 2025-06-10", id="a year whose end is beyond the calendar"),
    ],
)
def test_other_day_offers_the_nearest(asked, offer):
    with pytest.raises(InputError, match=f"'{asked}' is neither a month end") as caught:
        resolve_day(asked, KNOWN)
    assert offer in str(caught.value)
    assert "5 days can be asked for, 2024-12-31 to 2025-06-10" in str(caught.value)


def test_period_that_has_not_closed_yet_is_told():
    with pytest.raises(InputError, match="the data know no closed year"):
        resolve_day("last-closed-year", months("2025-05-31", "2025-06-10"))


def test_snapshot_without_any_dated_row_has_no_day():
    with pytest.raises(InputError, match="holds nothing that happened"):
        resolve_day("last-day", [])


MAY = date(2025, 5, 31)


class Months:
    """A warehouse of which only the months are asked."""

    def __init__(self, *months: tuple[str, bool]) -> None:
        self._months = [(date.fromisoformat(day), is_closed) for day, is_closed in months]

    def month_ends(self) -> list[tuple[date, bool]]:
        return self._months


@pytest.fixture(scope="module")
def warehouse(settings):
    with open_warehouse(settings.warehouse_folder) as warehouse:
        yield warehouse


def test_by_default_reports_are_made_as_of_the_last_closed_month(warehouse):
    assert choose_as_of(warehouse) == MAY


def test_without_a_closed_month_the_last_day_of_the_data_is_taken():
    assert choose_as_of(Months(("2025-06-10", False))) == date(2025, 6, 10)


@pytest.mark.parametrize("day", ["2025-05-31", "2025-06-10"])
def test_any_month_end_and_the_last_day_may_be_asked_for(warehouse, day):
    assert choose_as_of(warehouse, day) == date.fromisoformat(day)
