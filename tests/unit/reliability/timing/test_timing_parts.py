"""Curves, lumps, bounds and habits, by hand."""

import numpy as np
import pandas as pd
import pytest

from clientlib.reliability.timing.calibrating import recalibrate
from clientlib.reliability.timing.conformal import fit_bounds
from clientlib.reliability.timing.covariates import build_covariates, credibility, fit_priors
from clientlib.reliability.timing.curves import Curves
from clientlib.reliability.timing.hazard import FIRST_DAY, GRID, Course, fit_hazard
from clientlib.reliability.timing.lumps import Lumps, fit_lumps, move_within_weeks


def curve(paid):
    """Log-probabilities of being open, from probabilities of payment by day since due."""
    by_day = np.zeros(len(GRID))
    for day, share in paid.items():
        by_day[day - FIRST_DAY] = share
    return np.log(np.clip(1 - by_day.cumsum(), 1e-12, 1))[None, :]


HALF_AND_HALF = {-2: 0.5, 10: 0.5}


def test_horizons_mean_and_median_are_read_off_one_curve():
    curves = Curves(curve(HALF_AND_HALF))
    assert curves.open_after(-3) == pytest.approx([1.0])
    assert curves.open_after(0) == pytest.approx([0.5])
    assert curves.open_after(10) == pytest.approx([0.0], abs=1e-9)
    assert curves.mean_day() == pytest.approx([4.0])
    assert curves.day_of(np.array([0.5])) == [-2]
    assert curves.first_day_above(np.array([0.5])) == [10]


def test_invoice_that_is_open_today_cannot_have_been_paid_yesterday():
    curves = Curves(curve({-2: 0.5, 3: 0.3, 10: 0.2})).given_open(np.array([0]))
    assert curves.open_after(0) == pytest.approx([1.0])
    assert curves.open_after(3) == pytest.approx([0.4])  # 0.2 of the 0.5 that are left
    assert curves.mean_day() == pytest.approx([0.6 * 3 + 0.4 * 10])


def test_lumps_move_payments_within_a_week_but_never_across_the_due_day():
    due_on = np.array(["2025-01-31"], dtype="datetime64[D]")  # a Friday
    never_on_weekends = np.array([1, 1, 1, 1, 1, 0, 0.0])
    lumps = Lumps(never_on_weekends, never_on_weekends, np.ones(9))
    flat = curve(dict.fromkeys(range(-6, 8), 1 / 14))
    moved = np.exp(lumps.apply(flat, due_on))[0]
    paid = -np.diff(moved, prepend=1.0)[-6 - FIRST_DAY : 8 - FIRST_DAY]
    assert paid[:7] == pytest.approx([0, 0, *[0.1] * 5], abs=1e-9)  # from Saturday the 25th
    assert paid[7:9] == pytest.approx([0, 0], abs=1e-9)  # the weekend after


def test_lumps_find_the_pay_day_of_the_week():
    random = np.random.default_rng(0)
    due_on = np.datetime64("2025-01-06") + random.integers(0, 300, 800).astype("timedelta64[D]")
    wanted = due_on + random.integers(-7, 14, 800).astype("timedelta64[D]")
    paid_on = wanted + ((3 - (wanted.astype(int) + 3)) % 7).astype("timedelta64[D]")  # Thursdays
    smooth = np.repeat(curve(dict.fromkeys(range(-14, 21), 1 / 35)), 800, axis=0)
    days = (paid_on - due_on).astype(float)
    lumps = fit_lumps(smooth, due_on, days, np.ones(800))
    assert lumps.late.argmax() == lumps.in_time.argmax() == 3
    assert lumps.late[3] > 10 * np.delete(lumps.late, 3).max()


def test_weights_of_one_change_nothing():
    smooth = curve({-5: 0.2, 3: 0.3, 40: 0.4})
    assert move_within_weeks(smooth, np.ones_like(smooth)) == pytest.approx(smooth)


def test_recalibration_keeps_what_is_sure_and_moves_the_rest():
    log_open = np.log(np.array([[1.0, 0.5, 0.2]]))
    assert recalibrate(log_open, 0.0, 1.0) == pytest.approx(log_open)
    moved = np.exp(recalibrate(log_open, np.log(3), 1.0))
    assert moved[0] == pytest.approx([1.0, 0.75, 3 / 7])


def test_bounds_hold_the_share_that_was_asked_for():
    place = (np.arange(199) + 0.5) / 199
    bounds = fit_bounds(place, place, np.ones(199, bool), np.arange(199) / 199, level=0.9)
    assert bounds.counts.tolist() == [66, 66, 67]
    pooled = fit_bounds(place, place, np.ones(199, bool), np.zeros(199), level=0.9)
    inside = (place > pooled.low[0]) & (place < pooled.high[0] + 1e-12)
    assert 0.9 <= inside.mean() <= 0.92


def test_open_invoices_count_as_later_never_as_paid():
    place = (np.arange(199) + 0.5) / 199
    is_paid = np.arange(199) % 2 == 0
    seen = np.where(is_paid, place, place / 2)  # the others were last seen at half their way
    bounds = fit_bounds(seen, seen, is_paid, np.zeros(199), level=0.9)
    naive = fit_bounds(seen, seen, np.ones(199, bool), np.zeros(199), level=0.9)
    assert bounds.high[0] == pytest.approx(0.95, abs=0.03)
    assert naive.low[0] < bounds.low[0] + 1e-9


def test_few_invoices_give_bounds_that_leave_nothing_out():
    place = (np.arange(15) + 0.5) / 15
    bounds = fit_bounds(place, place, np.ones(15, bool), np.zeros(15), level=0.9)
    assert (bounds.low[0], bounds.high[0]) == (0.0, 1.0)


def history(**changed):
    base = {
        "invoice_id": "I-1", "client_id": "C-1", "amount": 100.0, "usual_amount": 100.0,
        "terms_days": 30, "due_month": 3, "issued_count": 0, "judged_count": 0, "late_count": 0,
        "recent_late_share": np.nan, "settled_count": 0, "settled_late_count": 0,
        "late_14_count": 0, "late_days_total": 0, "early_days_total": 0, "days_squares_total": 0,
        "recent_days_late": np.nan, "last_days_late": np.nan, "last_3_days_late": np.nan,
        "since_settled_days": np.nan, "open_count": 0, "overdue_count": 0,
        "oldest_overdue_days": 0, "disputed_count": 0, "due_on": pd.Timestamp("2025-03-03"),
        "sent_alike_share": np.nan,
    }  # fmt: skip
    return base | changed


def test_habit_moves_from_everybody_to_the_client_as_payments_come(rows):
    priors = fit_priors(rows)
    table = pd.DataFrame(
        [history(settled_count=n, late_days_total=20 * n, issued_count=n) for n in (0, 1, 10)]
    )
    habit = build_covariates(table, priors)["habit"]
    k = priors.weight
    expected = [priors.days, (20 + k * priors.days) / (1 + k), (200 + k * priors.days) / (10 + k)]
    assert habit.tolist() == pytest.approx(expected)
    assert credibility(table, priors) == pytest.approx([0, 1 / (1 + k), 10 / (10 + k)])


def test_client_without_history_is_described_without_gaps(rows):
    described = build_covariates(pd.DataFrame([history(usual_amount=np.nan)]), fit_priors(rows))
    assert np.isfinite(described.to_numpy()).all()
    assert described.loc[0, ["recent", "last_3", "last", "recently_late"]].tolist() == [0, 0, 0, 0]


def test_weight_of_the_prior_is_the_variance_within_over_that_between(rows):
    priors = fit_priors(rows)  # drawn with 5 days within and 8 between clients
    assert priors.spread == pytest.approx(5.0, rel=0.1)
    assert priors.weight == pytest.approx(25 / 64, rel=0.4)


def bare_course(count):
    nothing = np.zeros((count, 1))
    return Course(nothing, nothing, np.zeros(count), np.ones(count), np.zeros(count, np.int64))


def test_open_invoices_teach_that_payment_takes_longer():
    random = np.random.default_rng(3)
    true_day = random.geometric(0.05, 1500).astype(float)  # 5 % of the open are paid every day
    until = np.full(1500, 10.0)
    paid = np.where(true_day <= until, true_day, np.nan)
    course = bare_course(1500)
    hazard = fit_hazard(course, paid, until, np.ones(1500), np.ones(1), seed=0)
    open_at_10 = np.exp(hazard.log_open(course.take(np.array([0])), until=10))[0, -1]
    assert open_at_10 == pytest.approx(0.95**10, abs=0.04)


def test_days_that_are_drawn_stand_for_all(monkeypatch):
    random = np.random.default_rng(4)
    paid = random.geometric(0.05, 3000).astype(float)
    course = bare_course(3000)
    fitted = {}
    for most in (1_000_000, 6_000):
        monkeypatch.setattr("clientlib.reliability.timing.hazard.MOST_INVOICE_DAYS", most)
        hazard = fit_hazard(course, paid, paid, np.ones(3000), np.ones(1), seed=1)
        fitted[most] = np.exp(hazard.log_open(course.take(np.array([0])), until=20))[0, -1]
    assert fitted[6_000] == pytest.approx(fitted[1_000_000], abs=0.04)
