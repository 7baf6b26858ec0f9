import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.learning import KINDS, cross_fit, fit_model
from clientlib.reliability.learning.fitting import UNCALIBRATED

THREADS = Path("/proc/self/task")

every_kind = pytest.mark.parametrize("kind", KINDS)


def noise(rows_count, events, *, seed=1):
    random = np.random.default_rng(seed)
    rows = pd.DataFrame({"limit": random.normal(size=rows_count), "trade": "steel"})
    rows.loc[::3, "trade"] = "wood"
    return rows, pd.Series([1] * events + [0] * (rows_count - events), name="left")


def test_few_events_fall_back_to_plain_rules_and_say_so():
    rows, left = noise(60, 6)
    model = fit_model(rows, left)
    assert model.kind == "rules"
    assert "6 are events" in model.note
    assert 0.02 < model.predict(rows).mean() < 0.25


def test_enough_events_get_the_glass_box_and_large_tables_the_trees(monkeypatch):
    rows, left = noise(200, 40)
    assert fit_model(rows, left).kind == "ebm"
    hasty = fit_model(rows, left, haste=True)
    assert hasty.kind == "blend"
    assert "haste was asked for" in hasty.note
    monkeypatch.setattr("clientlib.reliability.learning.recipes.GLASS_BOX_ROWS", 200)
    assert fit_model(rows, left).kind == "boosted"


@pytest.mark.parametrize("events", [0, 30])
def test_one_outcome_alone_gives_all_rows_a_rate_that_is_not_certain(events):
    rows, left = noise(30, events)
    model = fit_model(rows, left)
    assert model.note.endswith(UNCALIBRATED)
    expected = (events + 0.5) / 31
    assert model.predict(rows).tolist() == pytest.approx([expected] * 30)
    assert model.explain(rows).drop(columns="base").eq(0.0).all(axis=None)


def test_one_row_is_enough_for_a_rate():
    rows, left = noise(1, 1)
    assert fit_model(rows, left).predict(rows).iloc[0] == pytest.approx(0.75)


@every_kind
def test_columns_without_anything_to_tell_are_borne(kind):
    rows, left = noise(80, 24)
    rows = rows.assign(
        never=np.nan, always=3, unknown=None, key=[f"K-{number}" for number in range(80)],
        spikes=np.where(np.arange(80) % 2, np.inf, 1e300), flag=pd.array([True, None] * 40),
    )  # fmt: skip
    model = fit_model(rows, left, kind=kind)
    reasons = model.explain(rows)
    assert np.isfinite(reasons).all(axis=None)
    assert abs(reasons.sum(axis=1) - model.log_odds(rows)).max() < 1e-9
    assert reasons[["always", "never", "unknown", "key"]].eq(0.0).all(axis=None)


@every_kind
def test_rows_that_do_not_vary_get_the_common_rate(kind):
    rows = pd.DataFrame({"limit": [1.0] * 80})
    model = fit_model(rows, pd.Series([1, 0, 0, 0] * 20), kind=kind)
    assert model.predict(rows).tolist() == pytest.approx([0.25] * 80, abs=0.01)


@every_kind
def test_noise_is_not_foretold(kind):
    random = np.random.default_rng(5)
    rows = pd.DataFrame(random.normal(size=(300, 3)), columns=["a", "b", "c"])
    happened = pd.Series(random.binomial(1, 0.3, 300))
    spread = fit_model(rows, happened, kind=kind).predict(rows).std()
    assert spread < 0.12


@every_kind
def test_a_row_that_counts_five_times_weighs_more_than_one(kind):
    random = np.random.default_rng(6)
    rows = pd.DataFrame({"limit": random.normal(size=400)})
    happened = pd.Series(np.arange(400) % 2)
    weights = pd.Series(np.where(happened, 5.0, 1.0))
    heavy = fit_model(rows, happened, kind=kind, weights=weights)
    assert heavy.predict(rows).mean() == pytest.approx(5 / 6, abs=0.03)


def test_cross_fit_foretells_every_row_and_needs_two_groups_with_events():
    rows, left = noise(90, 30)
    found = cross_fit(rows, left, kind="rules", folds=3)
    assert found.probability.notna().all()
    assert sorted(found.folds.value_counts()) == [30, 30, 30]
    with pytest.raises(InputError, match="too few events, or groups"):
        cross_fit(rows, left, kind="rules", groups=pd.Series(["A"] * 90))


def test_learners_are_imported_only_when_a_model_is_fitted():
    code = (
        "import sys, clientlib.reliability.learning as learning;"
        "print([name for name in ('interpret', 'lightgbm', 'sklearn') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.skipif(not THREADS.is_dir(), reason="the system does not list threads")
def test_fitting_leaves_no_thread_behind():
    rows, left = noise(80, 24)
    fit_model(rows, left, kind="accuracy")  # imports what it needs
    before = sorted(THREADS.iterdir())
    fit_model(rows, left, kind="accuracy")
    assert sorted(THREADS.iterdir()) == before
