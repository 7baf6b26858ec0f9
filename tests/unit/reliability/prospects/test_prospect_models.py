"""Each depth of evidence is used where it proved better on clients that were new at the time."""

import json

import numpy as np
import pandas as pd
import pytest
from made_company import AS_OF, simulate, train
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from clientlib.errors import InputError
from clientlib.reliability.prospects import (
    explain_prospects,
    gather_models,
    lay_out_models,
    score_prospects,
    train_prospects,
)


def depths(models, event="defaults"):
    return models.events[event].by_depth


def score(models, prospects):
    scores = score_prospects(models, prospects)
    return scores[scores["event"] == "defaults"].set_index("client_id")


def test_depths_that_foretold_better_are_used_and_noise_is_refused(models):
    used = {depth: model.is_used for depth, model in depths(models).items()}
    assert used == {"place": True, "statements": True, "dealings": False, "own history": True}
    assert "were foretold better than without it" in depths(models)["statements"].note
    assert "were not clearly foretold better" in depths(models)["dealings"].note


def test_new_clients_alone_are_learnt_from_where_they_are_enough(models):
    assert {model.taught_by for model in depths(models).values()} == {"new clients"}
    assert depths(models)["own history"].tried_on == "new clients"


def test_each_used_depth_ranked_clients_better_than_the_one_above(models, company):
    signs, came, _ = company
    joined = signs.join(came[["defaults", "outcome_on"]])
    last = joined[joined["outcome_on"] == AS_OF]
    ranked = {
        "statements": roc_auc_score(last["defaults"], -last["equity_to_assets"]),
        "own history": roc_auc_score(last["defaults"], last["late_share"]),
    }
    assert min(ranked.values()) > 0.6  # what was planted can be seen
    tested = depths(models)["own history"].tested
    assert tested["probability"].std() > depths(models)["place"].tested["probability"].std() * 1.5


def test_dealings_are_used_where_they_say_something():
    told = depths(train(*simulate(clients=500, statements=0.0, dealings=1.8, own=0.0)))
    assert told["dealings"].is_used
    assert not told["statements"].is_used


def test_planted_credibility_is_found_within_what_so_few_clients_can_tell(models):
    assert 0.7 < depths(models)["own history"].prior_outcomes < 6.0


def test_own_record_moves_a_score_fast(models, prospects):
    """After none, one and three outcomes of a client that always pays late."""
    late = prospects.iloc[[0, 0, 0]].assign(
        client_id=["none", "one", "three"],
        late_share=0.95,
        evidence=np.log1p([0.0, 1.0, 3.0]),
        equity_to_assets=0.0,
    )
    found = score(models, late)
    k = depths(models)["own history"].prior_outcomes
    assert found["credibility"].tolist() == pytest.approx([0.0, 1 / (1 + k), 3 / (3 + k)])
    assert found["probability"].is_monotonic_increasing
    assert found["probability"].loc["three"] > 1.5 * found["probability"].loc["none"]
    assert found["depth"].tolist() == ["statements", "own history", "own history"]


def test_prospect_is_scored_at_the_deepest_evidence_that_there_is(models, prospects):
    bare = prospects.iloc[[0, 1]].assign(
        equity_to_assets=[np.nan, 1.0], evidence=0.0, dealings_count=2.0, late_share=np.nan
    )
    assert score(models, bare)["depth"].tolist() == ["place", "statements"]


def test_better_equity_never_raises_the_risk(models, prospects):
    ladder = pd.concat([prospects.iloc[[0]]] * 41, ignore_index=True).assign(
        client_id=[f"P-{step}" for step in range(41)],
        equity_to_assets=np.linspace(-3, 3, 41),
        evidence=0.0,
    )
    assert score(models, ladder)["probability"].is_monotonic_decreasing


def test_intervals_hold_the_probability_and_are_wider_the_less_is_known(models, prospects):
    scores = score_prospects(models, prospects).dropna(subset=["probability"])
    assert len(scores) == len(prospects) > 50
    assert (scores["probability_low"] <= scores["probability"]).all()
    assert (scores["probability_high"] >= scores["probability"]).all()
    assert scores["cases_count"].min() > 0


def test_reasons_add_up_to_the_score_at_every_depth(models, prospects):
    mixed = prospects.assign(evidence=np.where(prospects.index % 2, 0.0, prospects["evidence"]))
    mixed.loc[mixed.index % 3 == 0, "equity_to_assets"] = np.nan
    found = score(models, mixed)
    assert set(found["depth"]) == {"place", "statements", "own history"}
    effects = explain_prospects(models, mixed).groupby("client_id")["effect"].sum()
    gap = effects - logit(found["probability"].astype(float))
    assert gap.abs().max() < 1e-9


def test_records_give_the_same_scores_bit_by_bit(models, prospects):
    rows = lay_out_models(models)
    assert (rows["record"].map(lambda text: json.dumps(json.loads(text))) == rows["record"]).all()
    again = gather_models(rows.sample(frac=1.0, random_state=1).reset_index(drop=True))
    pd.testing.assert_frame_equal(
        score_prospects(again, prospects), score_prospects(models, prospects), check_exact=True
    )


def test_record_of_the_tests_does_not_say_who_it_was(models):
    text = "".join(lay_out_models(models)["record"])
    assert "C-0" not in text


def test_models_of_two_days_are_refused(models):
    rows = lay_out_models(models)
    rows.loc[0, "trained_on"] = "2025-11-30"
    with pytest.raises(InputError, match="must be of one day"):
        gather_models(rows)


def test_models_without_a_depth_are_refused(models):
    with pytest.raises(InputError, match="lack a depth"):
        gather_models(lay_out_models(models).iloc[1:])


def test_too_few_events_are_said_and_nothing_is_guessed(prospects):
    few = train(*simulate(clients=40))
    assert "Not enough data" in depths(few)["place"].note
    found = score(few, prospects)
    assert set(found["depth"]) == {"not enough data"}
    assert found["probability"].isna().all()
    assert explain_prospects(few, prospects).empty


def test_events_that_nobody_was_asked_of_have_no_model(models):
    assert not models.events["leaves"].is_fitted
    assert models.events["leaves"].by_depth["place"].note.startswith("Not enough data: of 0")


def test_what_came_later_changes_no_model(company):
    signs, came, cards = company
    day = pd.Timestamp("2025-06-30")
    full = lay_out_models(train_until(signs, came, cards, day))
    known = signs["month_end"] <= day
    cut = came[known].copy()
    cut.loc[~(cut["outcome_on"] <= day), ["outcome_on", "defaults"]] = [pd.NaT, np.nan]
    pd.testing.assert_frame_equal(full, lay_out_models(train_until(signs[known], cut, cards, day)))


def train_until(signs, came, cards, day):
    return train_prospects(signs, came, cards, as_of=day, horizon_months=6, seed=1)


def test_score_without_history_is_that_of_the_place_by_hand(models, prospects):
    prior = depths(models)["place"].scorer.prior
    bare = prospects.iloc[[0]].assign(equity_to_assets=np.nan, evidence=0.0)
    place = prior.predict(bare)["probability"].iloc[0]
    assert score(models, bare)["probability"].iloc[0] == pytest.approx(place)
    effects = explain_prospects(models, bare).set_index("sign")["effect"]
    assert expit(effects.sum()) == pytest.approx(place)
    assert effects["base"] == pytest.approx(logit(prior.share))
