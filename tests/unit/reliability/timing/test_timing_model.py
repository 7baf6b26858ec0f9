import json

import numpy as np
import pandas as pd
import pytest
from invoice_books import make_histories
from payers import draw_payers
from scipy.special import logit

from clientlib.errors import InputError
from clientlib.reliability.calibration import judge_probabilities
from clientlib.reliability.timing import (
    explain_late,
    fit_timing,
    from_record,
    join_outcomes,
    judge_timing,
    to_record,
)
from clientlib.reliability.timing.model import LATE_DAYS

LATE = [f"late_{days}" for days in LATE_DAYS]


def test_later_limits_are_passed_less_often(model, later):
    late = model.predict(later)[LATE].to_numpy()
    assert len(late) > 100
    assert (np.diff(late, axis=1) <= 0).all()
    assert ((late >= 0) & (late <= 1)).all()


def test_interval_holds_its_median_and_dates_follow_the_days(model, later):
    found = model.predict(later)
    assert (found["low_days"] <= found["median_days"]).all()
    assert (found["median_days"] <= found["high_days"]).all()
    days = (found["median_on"] - later["due_on"]).dt.days
    assert days.tolist() == found["median_days"].tolist()


def test_invoice_open_today_is_paid_from_tomorrow_on(model, rows, as_of):
    still_open = rows[rows["paid_days"].isna()]
    found = model.predict(still_open, open_on=as_of)
    assert len(found) > 20
    assert (found["low_on"] > as_of).all()
    overdue = still_open["open_days"] > 0
    assert overdue.any()
    assert (found.loc[overdue, "late_0"] == 1).all()


def test_the_longer_the_window_the_likelier_the_payment(model, rows, as_of):
    still_open = rows[rows["paid_days"].isna()]
    soon, later = (model.paid_within(still_open, days, from_day=as_of) for days in (7, 30))
    assert (soon <= later).all()
    assert (later > soon).any()
    assert (model.paid_within(still_open, 0, from_day=as_of) == 0).all()


def test_true_habits_are_found_again(model, later, book):
    found = model.predict(later)
    usual = later["client_id"].map(book[2])
    known = later["settled_count"] >= 5
    assert np.corrcoef(found["expected_days"][known], usual[known])[0, 1] > 0.9
    assert (found["expected_days"] - usual)[known].abs().mean() < 2.5


def test_foretold_of_later_invoices_is_nearly_as_good_as_the_truth(model, later, book):
    measured = judge_timing(later[["paid_days", "open_days"]].join(model.predict(later)))
    truth = later["client_id"].map(book[2]).to_numpy()
    best = judge_probabilities(
        pd.Series(truth), (later["paid_days"] > 0).astype(int), pd.Series(1, index=later.index)
    )["auc"]
    assert measured["auc"] > best - 0.03
    assert abs(measured["bias"]) < 0.08
    assert 0.84 <= measured["coverage"] <= 0.96
    assert measured["mae_days"] < 5.5  # 4.0 is what the spread of a client leaves open


def test_what_is_known_later_teaches_nothing_about_today(book, model, as_of):
    invoices, _ = draw_payers()
    known = invoices[invoices["issued_on"] <= as_of]
    known = known.assign(paid_on=known["paid_on"].where(known["paid_on"] <= as_of))
    again = fit_timing(join_outcomes(*make_histories(known), as_of), as_of)
    assert to_record(again) == to_record(model)


def test_model_comes_back_from_json_to_the_last_bit(model, later):
    again = from_record(json.loads(json.dumps(to_record(model))))
    pd.testing.assert_frame_equal(again.predict(later), model.predict(later), check_exact=True)


def test_record_of_something_else_is_refused():
    with pytest.raises(InputError, match="no record of a timing model"):
        from_record({"kind": "late model"})


def test_same_seed_gives_the_same_model(rows, as_of, model):
    assert to_record(fit_timing(rows, as_of)) == to_record(model)


def test_score_of_an_invoice_does_not_depend_on_the_others(model, later):
    alone = model.predict(later.iloc[[7]])
    pd.testing.assert_frame_equal(alone, model.predict(later).iloc[[7]], check_exact=True)


def test_reasons_add_up_to_the_log_odds_of_being_late(model, later):
    reasons = explain_late(model, later)
    total = reasons.sum(axis=1)
    assert total.to_numpy() == pytest.approx(logit(model.predict(later)["late_0"]), abs=1e-9)
    assert reasons["base"].nunique() == 1


def test_a_bad_habit_is_the_reason_why_a_bad_payer_is_feared(model, later, book):
    usual = later["client_id"].map(book[2])
    bad = (usual > 8) & (later["settled_count"] > 5)
    reasons = explain_late(model, later[bad]).drop(columns="base")
    assert bad.sum() > 5
    assert (reasons.idxmax(axis=1) == "own habit").mean() > 0.9


@pytest.mark.parametrize(
    ("clients", "invoices"),
    [pytest.param(60, 99, id="too few invoices"), pytest.param(9, 400, id="too few clients")],
)
def test_too_little_is_not_learnt_from(clients, invoices):
    rows = join_outcomes(*make_histories(draw_payers(clients, invoices)[0]), "2025-06-30")
    assert fit_timing(rows, "2025-06-30") is None


def test_pay_day_of_the_week_is_found(as_of):
    invoices, _ = draw_payers(seed=5, pays_on=4)
    rows = join_outcomes(*make_histories(invoices), as_of)
    model = fit_timing(rows, as_of)
    median_on = model.predict(rows)["median_on"]
    assert (median_on.dt.dayofweek == 4).mean() > 0.9


def test_small_book_gets_an_honest_interval():
    inside, count = 0.0, 0
    for seed in range(4):
        invoices, _ = draw_payers(50, 260, seed=seed, days=500)
        histories, outcomes = make_histories(invoices)
        day = invoices["issued_on"].iloc[200]
        model = fit_timing(join_outcomes(histories, outcomes, day), day)
        rows = join_outcomes(histories, outcomes, "2025-12-31")
        new = rows[rows["issued_on"] > day]
        found = model.predict(new)
        inside += new["paid_days"].between(found["low_days"], found["high_days"]).sum()
        count += len(new)
    assert count > 200
    assert 0.84 <= inside / count <= 0.97
