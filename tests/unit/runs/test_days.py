"""Which day reports are made as of."""

from datetime import date

import pytest

from clientlib.errors import InputError
from clientlib.runs.days import choose_as_of, resolve_day
from clientlib.warehouse import open_warehouse

MAY = date(2025, 5, 31)
YEARS = [
    (date(2024, 11, 30), True), (date(2024, 12, 31), True), (date(2025, 1, 31), True),
    (date(2025, 2, 28), True), (date(2025, 3, 31), True), (date(2025, 4, 30), True),
    (date(2025, 5, 10), False),
]  # fmt: skip


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


@pytest.mark.parametrize(
    ("asked", "offer"),
    [
        pytest.param("2025-05-30", "did you mean 2025-05-31", id="the day before"),
        pytest.param("2025-06-30", "did you mean 2025-06-10", id="end of the open month"),
        pytest.param("2025-06-01", "did you mean 2025-05-31", id="near in time, not in letters"),
        pytest.param("2019-06-10", "did you mean 2025-05-31", id="before the first"),
        pytest.param("soon", "such as 2025-06-10", id="no day"),
    ],
)
def test_other_day_offers_the_nearest(warehouse, asked, offer):
    with pytest.raises(InputError, match=offer) as caught:
        choose_as_of(warehouse, asked)
    assert "2 days can be asked for, 2025-05-31 to 2025-06-10" in str(caught.value)


def test_snapshot_without_any_dated_row_has_no_day():
    with pytest.raises(InputError, match="holds nothing that happened"):
        choose_as_of(Months())


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("last-closed-month", "2025-04-30"),
        ("last-closed-quarter", "2025-03-31"),
        ("last-closed-year", "2024-12-31"),
        ("last-day", "2025-05-10"),
        ("2025-02", "2025-02-28"),
        ("2024-12", "2024-12-31"),
        ("2025-Q1", "2025-03-31"),
        ("2025-q1", "2025-03-31"),
        ("2024-Q4", "2024-12-31"),
        ("2024", "2024-12-31"),
        ("2025-03-31", "2025-03-31"),
    ],
)
def test_period_is_asked_for_by_its_name(asked, day):
    assert resolve_day(asked, YEARS) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("asked", "offer"),
    [
        pytest.param("2025-05", "did you mean 2025-05-10", id="month that is open"),
        pytest.param("2025-Q2", "did you mean 2025-05-10", id="quarter that is open"),
        pytest.param("2026", "did you mean 2025-05-10", id="year to come"),
        pytest.param("2025-13", "such as 2025-05-10", id="no month"),
        pytest.param("2025-Q5", "such as 2025-05-10", id="no quarter"),
        pytest.param("last-month", "such as 2025-05-10", id="no word for it"),
    ],
)
def test_period_that_cannot_be_asked_for_offers_a_day(asked, offer):
    with pytest.raises(InputError, match=offer):
        resolve_day(asked, YEARS)


def test_without_a_closed_year_none_can_be_asked_for():
    with pytest.raises(InputError, match="no year of the data is closed yet"):
        resolve_day("last-closed-year", YEARS[2:])
