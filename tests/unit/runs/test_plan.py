from datetime import date

import pytest

from clientlib.errors import ConfigError, InputError, RunError
from clientlib.runs.plan import choose_as_of, plan_tasks
from clientlib.warehouse import open_warehouse

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
    assert choose_as_of(warehouse, None) == MAY


def test_without_a_closed_month_the_last_day_of_the_data_is_taken():
    assert choose_as_of(Months(("2025-06-10", False)), None) == date(2025, 6, 10)


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
        choose_as_of(Months(), None)


def test_all_reports_are_planned_in_the_order_of_the_configuration(settings, warehouse):
    tasks = plan_tasks(settings, warehouse, [], MAY)
    assert [task.report for task in tasks] == list(settings.reports)
    assert {task.edition for task in tasks} == {"all"}


def test_report_asked_for_twice_is_planned_once(settings, warehouse):
    tasks = plan_tasks(settings, warehouse, ["stopped", "fine", "stopped"], MAY)
    assert [task.report for task in tasks] == ["stopped", "fine"]


def test_report_whose_inputs_are_empty_says_which(settings, warehouse):
    (hungry,) = plan_tasks(settings, warehouse, ["hungry"], MAY)
    assert hungry.missing == (
        "marts.price_pairs has no rows up to 2025-05-31: "
        "no source brings competitor_prices, order_lines, product_matches, products"
    )


def test_unknown_report_offers_the_nearest(settings, warehouse):
    with pytest.raises(RunError, match="did you mean 'fine'"):
        plan_tasks(settings, warehouse, ["fien"], MAY)


def test_project_without_reports_says_so(settings, warehouse):
    empty = settings.model_copy(update={"reports": {}})
    with pytest.raises(ConfigError, match="no report is configured"):
        plan_tasks(empty, warehouse, [], MAY)
