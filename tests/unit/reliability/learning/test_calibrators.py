import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from clientlib.reliability.learning import calibrators
from clientlib.reliability.learning.calibrators import Calibrator, fit_calibrator

SAMPLES = {
    "none": Calibrator("none"),
    "platt": Calibrator("platt", (0.3, 0.5)),
    "beta": Calibrator("beta", (0.1, 0.4, 1.7)),
    "isotonic": Calibrator("isotonic", knots=((-3.0, -2.0), (0.0, -2.0), (1.0, 2.5))),
}
kinds = pytest.mark.parametrize("kind", list(SAMPLES))


def simulate(truth, *, rows=20_000, seed=1):
    random = np.random.default_rng(seed)
    score = random.normal(-1.0, 1.5, rows)
    happened = random.binomial(1, expit(truth(score))).astype(float)
    return score, happened, random.integers(0, 5, rows)


def fit(score, happened, folds):
    return fit_calibrator(score, happened, weights=np.ones(len(score)), folds=folds)


def test_a_straight_line_is_found_again():
    found = fit(*simulate(lambda score: 0.5 + 0.6 * score))
    assert found.kind == "platt"
    assert found.values == pytest.approx((0.5, 0.6), abs=0.06)


def test_a_bend_is_found_again_by_beta_calibration():
    bent = Calibrator("beta", (0.5, 0.4, 2.0))
    found = fit(*simulate(bent.apply))
    assert found.kind == "beta"
    asked = np.linspace(-3, 1, 9)
    assert found.apply(asked) == pytest.approx(bent.apply(asked), abs=0.25)


def test_isotonic_regression_needs_many_events(monkeypatch):
    step = simulate(lambda score: np.where(score > 0, 2.0, -2.0))
    assert fit(*step).kind != "isotonic"
    monkeypatch.setattr(calibrators, "ISOTONIC_EVENTS", 1000)
    found = fit(*step)
    assert found.kind == "isotonic"
    assert expit(found.apply(np.array([-2.0, 1.0]))) == pytest.approx(expit([-2, 2]), abs=0.03)


def test_scores_that_rank_the_wrong_way_are_levelled_not_turned_round():
    score, happened, folds = simulate(lambda score: -score)
    found = fit(score, happened, folds)
    assert found.apply(np.array([-3.0, 3.0])) == pytest.approx(logit(happened.mean()), abs=0.01)


def test_few_outcomes_leave_the_slope_near_one():
    score, happened, folds = (part[:12] for part in simulate(lambda score: score))
    happened[:2] = [0, 1]
    assert 0.3 < fit(score, happened, folds).values[1] < 2.0


@kinds
@given(st.lists(st.floats(-40, 40), min_size=2, max_size=30))
@settings(max_examples=40, deadline=None)
def test_calibration_never_falls(kind, scores):
    calibrated = SAMPLES[kind].apply(np.sort(np.array(scores)))
    assert (np.diff(calibrated) >= -1e-12).all()


@kinds
def test_parts_add_up_to_the_calibrated_log_odds(kind):
    calibrator = SAMPLES[kind]
    parts = np.random.default_rng(0).normal(size=(500, 4))
    parts[0] = 0.0
    scores = -0.7 + parts.sum(axis=1)
    base, shared = calibrator.split(-0.7, parts, scores)
    assert base + shared.sum(axis=1) == pytest.approx(calibrator.apply(scores), abs=1e-9)
    assert (np.sign(shared) * np.sign(parts) >= 0).all()


@kinds
def test_record_comes_back_as_it_was(kind):
    record = json.loads(json.dumps(SAMPLES[kind].to_record()))
    assert Calibrator.from_record(record) == SAMPLES[kind]
