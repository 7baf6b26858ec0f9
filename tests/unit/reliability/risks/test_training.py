"""Models are fitted on windows that are over, tested on later ones, and yield to the plain rule."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from clientlib.errors import InputError
from clientlib.reliability.risks.scoring import (
    find_hidden_signs,
    give_reasons,
    interval_of,
    score_risks,
)
from clientlib.reliability.risks.training import Training, train_risks

FEATURES = ("overdue_30_share", "late_share", "bureau_grade", "limit_use")
AS_OF = pd.Timestamp("2025-12-31")


def simulate(clients=220, months=24, seed=2, *, second=1.5):
    """Clients whose chance of default rests on two signs, of which the rule can see one."""
    random = np.random.default_rng(seed)
    ends = pd.date_range(end=AS_OF, periods=months, freq="ME")
    shape = (clients, months)
    late = np.clip(random.beta(2, 5, clients)[:, None] + random.normal(0, 0.02, shape), 0, 1)
    use = random.gamma(2.0, 0.4, clients)[:, None] * np.ones(months)
    chance = expit(-4.4 + 6.0 * late + second * (use - 0.8))
    happened = random.random(shape) < chance
    over = np.arange(months) < months - 6
    signs = pd.DataFrame(
        {
            "client_id": np.repeat([f"C-{k:03d}" for k in range(clients)], months),
            "month_end": np.tile(ends, clients),
            "late_share": late.ravel(),
            "limit_use": use.ravel(),
            "overdue_30_share": random.random(clients * months),
            "late_30_share": random.random(clients * months),
            "bureau_grade": random.integers(1, 6, clients * months).astype(float),
        }
    )
    ends_on = signs["month_end"] + pd.offsets.MonthEnd(6)
    outcomes = pd.DataFrame(
        {
            "outcome_on": ends_on.where(np.tile(over, clients)),
            "defaults": np.where(np.tile(over, clients), happened.ravel(), np.nan),
        }
    )
    return signs, outcomes, chance


def train(signs, outcomes, kind="scorecard", features=FEATURES):
    training = Training(features=features, kind=kind, seed=1)
    return train_risks(
        signs, outcomes, training, as_of=AS_OF, horizon_months=6, events=["defaults"]
    )["defaults"]


@pytest.fixture(scope="module")
def company():
    return simulate()


@pytest.fixture(scope="module")
def trained(company):
    signs, outcomes, _ = company
    return train(signs, outcomes)


def test_model_that_sees_more_than_the_rule_is_chosen(trained):
    assert (trained.status, trained.chosen, trained.rule_sign) == ("ok", "model", "late_share")
    assert trained.judge("model")["auc"] > trained.judge("rule")["auc"] + 0.03
    assert trained.judge("rule")["auc"] > trained.judge("base")["auc"]
    assert "the model is used" in trained.note


def test_rule_is_kept_where_the_model_has_nothing_to_add():
    signs, outcomes, _ = simulate(second=0.0)
    found = train(signs, outcomes, features=("bureau_grade", "overdue_30_share"))
    assert found.chosen == "rule"
    assert "the plain rule is used" in found.note


def test_every_prediction_was_made_before_its_window_and_no_two_windows_overlap(trained):
    origins = trained.predictions["origin_on"].drop_duplicates().sort_values()
    assert len(origins) >= 2
    assert (origins.diff().dropna() >= pd.Timedelta(days=180)).all()
    assert origins.max() <= AS_OF - pd.DateOffset(months=6)


def test_what_came_after_the_day_changes_no_model(company):
    signs, outcomes, _ = company
    day = pd.Timestamp("2025-06-30")
    cut = outcomes.mask(outcomes["outcome_on"] > day)
    spoilt = outcomes.assign(defaults=outcomes["defaults"].mask(outcomes["outcome_on"] > day, 1.0))
    models = [
        train_risks(
            signs, table, Training(FEATURES, kind="rules"), as_of=day, horizon_months=6,
            events=["defaults"],
        )["defaults"]
        for table in (cut, spoilt)
    ]  # fmt: skip
    now = signs[signs["month_end"] == day]
    first, second = (model.fitted[0].predict(now) for model in models)
    pd.testing.assert_series_equal(first, second)


def test_too_few_events_give_no_probability_and_say_so(company):
    signs, outcomes, _ = company
    few = outcomes.assign(defaults=outcomes["defaults"].where(signs["client_id"] < "C-005", 0.0))
    found = train(signs, few.where(outcomes["defaults"].notna()))
    assert found.status == "not enough data"
    assert "Not enough data: of 220 clients" in found.note
    assert not found.is_fitted
    assert score_risks({"defaults": found}, signs.head(3)).empty
    with pytest.raises(InputError, match="nothing was fitted"):
        found.fitted  # noqa: B018


def test_scores_rank_clients_as_the_truth_does_and_stand_in_their_intervals(company, trained):
    signs, _, chance = company
    now = signs["month_end"] == AS_OF
    scores = score_risks({"defaults": trained}, signs[now].reset_index(drop=True))
    assert np.corrcoef(scores["probability"], chance[:, -1])[0, 1] > 0.8
    assert (scores["probability_low"] <= scores["probability"]).all()
    assert (scores["probability"] <= scores["probability_high"]).all()
    inside = (scores["probability_low"] <= chance[:, -1]) & (
        chance[:, -1] <= scores["probability_high"]
    )
    assert inside.mean() > 0.7


def test_interval_narrows_with_clients_near_the_score_and_not_with_repeats():
    def width(clients, repeats):
        tested = pd.DataFrame(
            {"client_id": [*range(clients)] * repeats, "model": 0.1, "happened": 0.0}
        )
        low, high = interval_of(pd.Series([0.1]), tested, "model")
        return float((high - low).iloc[0])

    assert width(400, 1) < width(100, 1) < width(25, 1)
    assert width(100, 5) == pytest.approx(width(100, 1))
    low, high = interval_of(pd.Series([0.1]), pd.DataFrame(columns=["client_id", "model"]), "model")
    assert (low.iloc[0], high.iloc[0]) == (
        pytest.approx(0.1, abs=0.1),
        pytest.approx(0.99, abs=0.02),
    )


def test_reasons_are_the_strongest_parts_of_the_score(company, trained):
    signs, _, _ = company
    now = signs[signs["month_end"] == AS_OF].reset_index(drop=True)
    reasons = give_reasons({"defaults": trained}, now)
    parts = trained.fitted[0].explain(now).drop(columns="base")
    first = reasons[reasons["place"] == 1].set_index("client_id")["effect"].abs()
    strongest = parts.abs().max(axis=1).set_axis(now["client_id"])
    assert first.to_numpy() == pytest.approx(strongest[first.index].to_numpy())
    assert reasons["place"].max() <= 3
    assert {*reasons["sign"]} <= {*FEATURES}
    use = reasons[reasons["sign"] == "limit_use"]
    assert use["usual"].nunique() == 1


def test_a_scorecard_has_no_hidden_signs(company, trained):
    signs, _, _ = company
    assert find_hidden_signs({"defaults": trained}, signs.head(5)).empty


def test_two_signs_that_matter_only_together_are_found_by_the_automatic_kind():
    random = np.random.default_rng(8)
    ends = pd.date_range(end=AS_OF, periods=18, freq="ME")
    shape = (200, 18)
    gaps, use = random.normal(size=(2, *shape))
    chance = expit(-1.8 + 2.4 * ((gaps > 0) ^ (use > 0)))
    over = np.broadcast_to(np.arange(18) < 12, shape).ravel()
    values = {name: random.normal(size=shape).ravel() for name in ("silence_days", "orders_12m")}
    signs = pd.DataFrame(
        {
            "client_id": np.repeat([f"C-{k:03d}" for k in range(200)], 18),
            "month_end": np.tile(ends, 200),
            "silence_gaps": gaps.ravel(),
            "limit_use": use.ravel(),
            **values,
        }
    )
    left = (random.random(shape) < chance).ravel().astype(float)
    outcomes = pd.DataFrame(
        {
            "outcome_on": (signs["month_end"] + pd.offsets.MonthEnd(6)).where(over),
            "leaves": np.where(over, left, np.nan),
        }
    )
    features = ("silence_gaps", "limit_use", *values)
    found = train_risks(
        signs, outcomes, Training(features, seed=1), as_of=AS_OF, horizon_months=6,
        events=["leaves"],
    )  # fmt: skip
    assert found["leaves"].chosen == "model"
    assert (
        found["leaves"].judge("model")["auc"] > 0.65 > 0.57 > found["leaves"].judge("rule")["auc"]
    )
    hidden = find_hidden_signs(found, signs[signs["month_end"] == AS_OF])
    assert hidden["pair"].iloc[0] == "silence_gaps × limit_use"
    assert hidden["mean_effect"].iloc[0] > 3 * hidden["mean_effect"].iloc[1]
