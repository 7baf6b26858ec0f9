import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from clientlib.errors import InputError
from clientlib.reliability.calibration import judge_probabilities
from clientlib.reliability.learning import ReliabilityModel, cross_fit, fit_model
from clientlib.reliability.learning.folds import assign_folds
from clientlib.reliability.learning.mixtures import fit_mixture
from clientlib.reliability.learning.presets import polish_bankruptcy
from clientlib.reliability.learning.recipes import Recipe
from clientlib.reliability.learning.samples import build_sample
from clientlib.sources.published import read_published

LEARNT = ["rules", "scorecard", "ebm", "blend", "boosted", "accuracy"]


@pytest.fixture(scope="module")
def fitted(applications):
    rows, happened, _ = applications
    directions = {"days_late": 1, "years": -1}
    return {
        kind: fit_model(rows, happened, kind=kind, monotone=directions, seed=4, as_of="2025-06-30")
        for kind in LEARNT
    }


@pytest.fixture(params=LEARNT)
def model(fitted, request):
    return fitted[request.param]


def test_model_says_what_it_is_and_on_what_it_rests(model, applications):
    rows, happened, _ = applications
    assert model.target == "defaulted"
    assert model.features == tuple(rows.columns)
    assert (model.rows_count, model.events_count) == (len(rows), happened.sum())
    assert (model.as_of, model.seed) == (pd.Timestamp("2025-06-30"), 4)


def test_model_ranks_new_rows_nearly_as_well_as_the_truth(model, simulate_applications):
    rows, happened, truth = simulate_applications(4000, seed=99)
    ones = pd.Series(1, index=rows.index)
    judged = judge_probabilities(model.predict(rows), happened, ones)
    assert judged["auc"] > judge_probabilities(truth, happened, ones)["auc"] - (
        0.12 if model.kind in ("rules", "scorecard") else 0.04
    )
    assert abs(judged["bias"]) < 0.03


def test_haste_ranks_as_well_and_still_names_the_pair(applications, simulate_applications):
    rows, happened, _ = applications
    hasty = fit_model(rows, happened, kind="ebm", monotone={"days_late": 1}, seed=4, haste=True)
    exact = fit_model(rows, happened, kind="ebm", monotone={"days_late": 1}, seed=4)
    assert "is_new × has_limit" in hasty.pairs
    new, outcomes, _ = simulate_applications(4000, seed=99)
    ones = pd.Series(1, index=new.index)
    aucs = [
        judge_probabilities(model.predict(new), outcomes, ones)["auc"] for model in (hasty, exact)
    ]
    assert aucs[0] > aucs[1] - 0.01


def test_each_row_of_reasons_adds_up_to_its_log_odds(model, applications):
    rows = applications[0]
    reasons = model.explain(rows)
    assert list(reasons.columns) == ["base", *model.features, *model.pairs]
    assert abs(reasons.sum(axis=1) - model.log_odds(rows)).max() < 1e-9
    assert (reasons["always"] == 0.0).all()


def test_record_gives_the_same_scores_bit_by_bit_after_a_way_through_json(model, applications):
    rows = applications[0]
    restored = ReliabilityModel.from_record(json.loads(json.dumps(model.to_record())))
    assert restored.log_odds(rows).to_numpy().tobytes() == model.log_odds(rows).to_numpy().tobytes()
    pd.testing.assert_frame_equal(restored.explain(rows), model.explain(rows), check_exact=True)
    assert restored.to_record() == model.to_record()


def test_risk_never_falls_with_a_feature_that_may_only_raise_it(model, applications):
    rows = applications[0].head(40)
    steps = np.linspace(-5.0, 80.0, 200)
    for name, way in {"days_late": 1, "years": -1}.items():
        swept = pd.concat([rows.assign(**{name: step}) for step in steps])
        curves = model.log_odds(swept).to_numpy().reshape(len(steps), len(rows))
        assert (way * np.diff(curves, axis=0)).min() >= 0.0
        assert (way * (curves[-1] - curves[0]) > 0.1).all()


def test_order_of_rows_and_columns_does_not_matter_when_scoring(model, applications):
    rows = applications[0]
    shuffled = rows.sample(frac=1.0, random_state=1)[list(reversed(rows.columns))]
    scores = model.log_odds(shuffled).reindex(rows.index)
    assert scores.tolist() == model.log_odds(rows).tolist()


def test_unseen_categories_and_missing_values_get_a_finite_score(model, applications):
    odd = applications[0].head(3).copy()
    odd["industry"] = ["glass", None, "wood"]
    odd["years"] = [np.nan, np.inf, 1e300]
    assert np.isfinite(model.log_odds(odd)).all()
    assert np.isfinite(model.explain(odd)).all(axis=None)


def test_no_rows_give_no_scores(model, applications):
    none = applications[0].head(0)
    assert len(model.predict(none)) == 0
    assert model.explain(none).shape == (0, 1 + len(model.features) + len(model.pairs))


def test_same_seed_gives_the_same_model(fitted, applications):
    rows, happened, _ = applications
    directions = {"days_late": 1, "years": -1}
    again = fit_model(rows, happened, kind="ebm", monotone=directions, seed=4, as_of="2025-06-30")
    assert again.to_record() == fitted["ebm"].to_record()


def test_glass_box_names_the_pair_that_matters_only_together(fitted):
    assert "is_new × has_limit" in fitted["ebm"].pairs


def test_rows_of_one_group_stand_on_one_side_of_every_fold(applications):
    rows, happened, _ = (table.head(300) for table in applications)
    clients = pd.Series(np.arange(300) // 4, index=rows.index)
    found = cross_fit(rows, happened, groups=clients, folds=2, kind="ebm", pairs=0)
    assert found.folds.groupby(clients).nunique().max() == 1
    assert found.folds.nunique() == 2
    assert found.probability.between(0, 1).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"kind": "forest"}, "no kind of model", id="unknown kind"),
        pytest.param({"monotone": {"day_late": 1}}, "days_late", id="direction of no feature"),
        pytest.param({"monotone": {"industry": 1}}, "categories", id="direction of a category"),
        pytest.param({"monotone": {"years": 2}}, "must be", id="direction of no sense"),
        pytest.param({"pairs": -1}, "negative", id="fewer than no pairs"),
    ],
)
def test_wrong_requests_are_refused(applications, change, says):
    rows, happened, _ = applications
    with pytest.raises(InputError, match=says):
        fit_model(rows, happened, **change)


def test_wrong_rows_and_outcomes_are_refused(applications):
    rows, happened, _ = (table.head(100) for table in applications)
    with pytest.raises(InputError, match="no rows"):
        fit_model(rows.head(0), happened.head(0))
    with pytest.raises(InputError, match="0 or 1"):
        fit_model(rows, happened + 1)
    with pytest.raises(InputError, match="one length"):
        fit_model(rows, happened.head(50))
    with pytest.raises(InputError, match="one outcome"):
        fit_model(rows, happened * 0, kind="ebm")
    with pytest.raises(InputError, match="above 0"):
        fit_model(rows, happened, weights=happened * 0.0)
    with pytest.raises(InputError, match="dates"):
        fit_model(rows.assign(first_on=pd.Timestamp("2025-01-01")), happened)
    with pytest.raises(InputError, match="names of their own"):
        fit_model(rows.rename(columns={"years": "base"}), happened)


def test_rows_without_a_feature_are_refused_with_the_nearest_name(model, applications):
    with pytest.raises(InputError, match="'day_late'"):
        model.predict(applications[0].rename(columns={"days_late": "day_late"}))
    with pytest.raises(InputError, match="learnt as a number"):
        model.predict(applications[0].assign(years="long"))


def test_bankruptcies_are_ranked_by_the_accuracy_mode_and_its_glass_box(shared_data):
    table = read_published(shared_data / "polish_bankruptcy_1year" / "1year.parquet")
    known = polish_bankruptcy(table.iloc[np.random.default_rng(1).permutation(len(table))])
    sample = build_sample(known.rows, known.target, None)
    out = assign_folds(sample.happened, known.groups, folds=5, seed=1) == 0
    found = fit_mixture(sample.take(~out), Recipe(seed=1))
    glass_box, trees, _ = (
        roc_auc_score(sample.happened[out], voice) for voice in found.hear(sample.matrix[out]).T
    )
    assert glass_box > 0.90
    assert trees > 0.92


def test_german_credit_is_ranked_by_the_glass_box(german_credit):
    rows, bad = german_credit
    last = np.arange(len(rows)) % 5 == 4
    model = fit_model(rows[~last], bad[~last], kind="ebm", seed=1)
    judged = judge_probabilities(model.predict(rows[last]), bad[last], bad[last] * 0 + 1)
    assert judged["auc"] > 0.74
    assert abs(judged["bias"]) < 0.08
