"""Working days: weekends and Lithuanian public holidays by rule."""

from datetime import date

import numpy as np
import pytest

from clientlib.sample.plan import make_plan
from clientlib.sample.workdays import (
    easter_sunday,
    last_working_days,
    public_holidays,
    shift_days,
    working_calendar,
)


@pytest.mark.parametrize(
    "easter",
    [date(2023, 4, 9), date(2024, 3, 31), date(2025, 4, 20), date(2038, 4, 25), date(1981, 4, 19)],
)
def test_easter_is_found_by_rule(easter):
    assert easter_sunday(easter.year) == easter


def test_easter_monday_and_new_year_are_holidays():
    holidays = public_holidays(2024)
    assert date(2024, 4, 1) in holidays
    assert date(2024, 1, 1) in holidays
    assert date(2024, 11, 2) in holidays
    assert len(holidays) == 14


def test_working_days_are_counted_past_a_long_weekend():
    calendar = working_calendar(2024, 2024)
    before_easter = np.array(["2024-03-29"], dtype="datetime64[D]")
    assert shift_days(before_easter, 1, calendar).tolist() == [date(2024, 4, 2)]
    sunday = np.array(["2024-03-31"], dtype="datetime64[D]")
    assert shift_days(sunday, 0, calendar).tolist() == [date(2024, 4, 2)]
    assert last_working_days(sunday, calendar).tolist() == [date(2024, 3, 29)]


def test_a_day_that_never_comes_stays_so():
    calendar = working_calendar(2024, 2024)
    never = np.array(["NaT"], dtype="datetime64[D]")
    assert np.isnat(shift_days(never, 3, calendar)).all()
    assert np.isnat(last_working_days(never, calendar)).all()


def test_entering_never_moves_a_fact_out_of_the_period_or_to_a_day_off():
    plan = make_plan(7, 60, date(2023, 1, 1), date(2024, 12, 31))
    days = plan.after(np.full(500, np.datetime64("2024-12-30")), 0)
    entered = plan.entered(days, plan.draws("entry"))
    assert (entered >= days).all()
    assert (entered <= plan.last_day).all()
    assert np.is_busday(entered, busdaycal=plan.calendar).all()
