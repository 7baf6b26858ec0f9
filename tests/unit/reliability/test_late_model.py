import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from clientlib.reliability import backtest, draw_curve, fit_late_model, judge_probabilities
from clientlib.reliability.backtest import METHODS
from clientlib.reliability.calibration import fit_calibration_line, fit_evidence_worth
from clientlib.reliability.history import add_outcomes, read_history
from clientlib.reliability.model import fit_logistic

AS_OF = "2025-06-30"


@pytest.fixture(scope="module")
def tested(panel_and_truth):
    return backtest(panel_and_truth[0], as_of=AS_OF, seed=5)


def test_scores_of_two_invoices_worked_by_hand():
    judged = judge_probabilities(pd.Series([0.8, 0.2]), pd.Series([1, 0]), pd.Series([1, 1]))
    assert judged["auc"] == 1.0
    assert judged["brier"] == pytest.approx(0.04)
    assert judged["log_loss"] == pytest.approx(-np.log(0.8))
    assert judged["bias"] == pytest.approx(0.0)


def test_auc_weighs_each_invoice_once_and_agrees_with_the_textbook():
    random = np.random.default_rng(4)
    score, due = pd.Series(random.random(40).round(1)), pd.Series(random.integers(1, 6, 40))
    late = pd.Series(random.binomial(due, score))
    invoices = [(p, k < h) for p, h, n in zip(score, late, due, strict=True) for k in range(n)]
    expected = roc_auc_score([is_late for _, is_late in invoices], [p for p, _ in invoices])
    assert judge_probabilities(score, late, due)["auc"] == pytest.approx(expected)


def test_the_regression_agrees_with_scikit_learn():
    random = np.random.default_rng(2)
    x = random.normal(size=(300, 2))
    late = random.binomial(1, 1 / (1 + np.exp(-(x @ [1.0, -0.5] - 0.3)))).astype(float)
    design = np.column_stack([np.ones(300), x])
    weights, _ = fit_logistic(design, late, np.ones(300), ridge=np.array([0.0, 2.0, 2.0]))
    oracle = LogisticRegression(C=0.5, tol=1e-10, max_iter=1000).fit(x, late)
    assert weights == pytest.approx([*oracle.intercept_, *oracle.coef_[0]], abs=1e-5)


def test_no_outcome_after_the_training_cut_reaches_the_model(panel_and_truth):
    panel, _ = panel_and_truth
    cut = pd.Timestamp("2024-06-30")
    later = panel["month_end"] > cut
    poisoned = panel.assign(late_count=panel["late_count"].where(~later, panel["due_count"]))
    models = []
    for table in (panel, poisoned):
        rows = add_outcomes(read_history(table, AS_OF), 90)
        models.append(fit_late_model(rows, rows[rows["month_end"] == cut], cut))
    assert models[0].weights.tolist() == models[1].weights.tolist()
    assert (models[0].shift, models[0].stretch) == (models[1].shift, models[1].stretch)


def test_weights_come_from_windows_that_were_over_before_the_calibration_rows(panel_and_truth):
    rows = add_outcomes(read_history(panel_and_truth[0], AS_OF), 90)
    cut = pd.Timestamp("2024-06-30")
    model = fit_late_model(rows, rows[rows["month_end"] == cut], cut)
    # usable until March, calibrated on January to March, so learnt from outcomes until January
    learnt = rows[(rows["outcome_on"] <= "2024-01-31") & (rows["outcome_due_count"] > 0)]
    assert model.rows_count == len(learnt)
    assert model.stretch != 1.0


def test_too_short_a_history_gives_no_model(simulate_panel):
    panel, _ = simulate_panel(months=5)
    rows = add_outcomes(read_history(panel, "2023-05-31"), 90)
    now = rows[rows["month_end"] == "2023-05-31"]
    assert fit_late_model(rows, now, pd.Timestamp("2023-05-31")) is None


def test_contributions_add_up_to_the_log_odds(panel_and_truth):
    rows = add_outcomes(read_history(panel_and_truth[0], AS_OF), 90)
    now = rows[rows["month_end"] == AS_OF]
    model = fit_late_model(rows, now, pd.Timestamp(AS_OF))
    total = model.explain(now).sum(axis=1)
    assert np.abs(total - logit(model.predict(now))).max() < 1e-9


def test_origins_lie_one_horizon_apart_and_judge_no_invoice_twice(tested):
    origins = sorted(tested.origins["origin_on"].unique())
    gaps = [(b - a).days for a, b in itertools.pairwise(origins)]
    assert origins[-1] == pd.Timestamp("2025-03-31")
    assert min(gaps) >= 90
    assert list(tested.methods["method"]) == list(METHODS)


def test_ranking_comes_close_to_the_best_possible_one(tested, panel_and_truth):
    rows = tested.predictions
    truth = rows["client_id"].map(panel_and_truth[1])
    best = judge_probabilities(truth, rows["late"], rows["due"])
    assert tested.measure("auc") > best["auc"] - 0.015
    assert tested.measure("auc", "portfolio") < tested.measure("auc", "rule")
    assert abs(tested.measure("bias")) < 0.02


def test_the_rule_is_used_where_the_model_cannot_win(tested):
    # Steady habits and a beta prior: the steadied share is the best forecast that there is.
    assert (tested.status, tested.chosen) == ("ok", "rule")
    assert "not clearly better" in tested.note


def test_the_model_is_used_where_habits_change(simulate_panel):
    parts = []
    for seed in (1, 2, 3, 4):
        panel, _ = simulate_panel(clients_count=100, months=12, seed=seed)
        panel["month_end"] = panel["month_end"] + pd.offsets.MonthEnd(12 * (seed - 1))
        parts.append(panel)
    running = ["due_count", "late_count", "settled_count", "late_days_total", "settled_late_count"]
    for before, after in itertools.pairwise(parts):
        after[running] += before.groupby("client_id")[running].transform("max").to_numpy()
    changed = backtest(pd.concat(parts), as_of="2026-12-31")
    assert changed.chosen == "model"
    assert changed.measure("brier") < changed.measure("brier", "rule")


def test_the_curve_of_true_probabilities_stays_in_its_band(tested):
    curve = tested.curve
    inside = curve["observed_share"].between(curve["band_low"], curve["band_high"])
    assert inside.mean() >= 0.8
    assert curve["predicted_share"].is_monotonic_increasing
    assert curve["count"].sum() == tested.predictions["due"].sum()
    assert tested.slope == pytest.approx(1.0, abs=0.12)


def test_the_curve_shows_probabilities_that_are_far_off():
    random = np.random.default_rng(1)
    truth = pd.Series(random.uniform(0.1, 0.5, 400))
    due = pd.Series(np.full(400, 10))
    rows = pd.DataFrame({"probability": truth + 0.2, "due": due, "weight": 1000.0})
    curve = draw_curve(rows.assign(late=random.binomial(due, truth)), seed=1)
    assert (curve["observed_share"] < curve["band_low"]).all()


def test_a_calibration_line_finds_probabilities_spread_too_far():
    random = np.random.default_rng(3)
    log_odds = pd.Series(random.normal(0, 1, 3000))
    due = pd.Series(np.full(3000, 5))
    late = pd.Series(random.binomial(due, 1 / (1 + np.exp(-log_odds))))
    too_far = 1 / (1 + np.exp(-2 * log_odds))
    intercept, slope = fit_calibration_line(too_far, late, due)
    assert (intercept, slope) == (pytest.approx(0, abs=0.05), pytest.approx(0.5, abs=0.05))


def test_old_evidence_is_worth_less_where_habits_drift(simulate_panel):
    random = np.random.default_rng(8)
    shown = pd.Series(random.beta(4, 8, 800))
    due, evidence = pd.Series(np.full(800, 15)), pd.Series(np.full(800, 60.0))
    steady = random.binomial(15, random.beta(60 * shown, 60 * (1 - shown)))
    drifted = random.binomial(15, random.beta(6 * shown, 6 * (1 - shown)))
    worth = [fit_evidence_worth(shown, pd.Series(x), due, evidence) for x in (steady, drifted)]
    assert worth[0] > 0.6
    assert worth[1] == pytest.approx(0.1, rel=0.3)


def test_a_short_history_is_not_enough_to_test_a_model(simulate_panel):
    panel, _ = simulate_panel(clients_count=50, months=12)
    short = backtest(panel, as_of="2023-12-31")
    assert (short.status, short.chosen) == ("not enough data", "rule")
    assert short.note.startswith("Not enough data")
    assert np.isnan(short.measure("auc")) or len(short.methods) == 3


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_contributions_stay_finite_where_all_or_none_were_late(panel_and_truth, share):
    panel, _ = panel_and_truth
    late = {"late_count": "due_count", "late_6m_count": "due_6m_count"}
    same = panel.assign(**{name: panel[due] * share for name, due in late.items()})
    rows = add_outcomes(read_history(same, AS_OF), 90)
    now = rows[rows["month_end"] == rows["month_end"].max()]
    model = fit_late_model(rows, now, pd.Timestamp(AS_OF))
    parts = model.explain(now).sum(axis=1)
    assert np.isfinite(parts).all()
    assert expit(parts).to_numpy() == pytest.approx(model.predict(now).to_numpy(), abs=1e-9)
