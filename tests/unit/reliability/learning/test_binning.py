import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientlib.reliability.learning.binning import weigh_category, weigh_number
from clientlib.reliability.learning.shaping import pool_rising

ONES = np.ones(400)


def two_halves(low, high):
    """200 values below 10 with ``low`` events, 200 above with ``high``."""
    values = np.concatenate([np.linspace(0, 9, 200), np.linspace(11, 20, 200)])
    happened = np.zeros(400)
    happened[:200][np.linspace(0, 199, low).astype(int)] = 1
    happened[200:][np.linspace(0, 199, high).astype(int)] = 1
    return values, happened


def test_evidence_of_two_halves_lies_between_nothing_and_the_raw_log_odds():
    values, happened = two_halves(20, 100)
    said = weigh_number(values, happened, ONES, direction=1, most_bins=2).read(values)
    # shares 0.1 and 0.5 around 0.3: raw evidence -1.350 and 0.847, drawn towards 0
    assert -1.350 < said[0] < -1.0
    assert 0.6 < said[-1] < 0.847
    assert len(np.unique(said)) == 2


def test_stated_direction_levels_evidence_that_goes_the_other_way():
    values, happened = two_halves(100, 20)
    against = weigh_number(values, happened, ONES, direction=1, most_bins=20)
    assert len(against.cuts) == 0
    assert against.read(values) == pytest.approx(0.0, abs=1e-9)


def test_free_shape_finds_a_valley():
    values = np.arange(400.0)
    happened = ((values < 100) | (values >= 300)).astype(float) * (np.arange(400) % 2)
    said = weigh_number(values, happened, ONES, direction=0, most_bins=8)
    read = said.read(np.array([50.0, 200.0, 350.0]))
    assert read[0] > 0 > read[1]
    assert read[2] > 0


def test_missing_values_have_evidence_of_their_own():
    values, happened = two_halves(40, 40)
    values[:100] = np.nan
    happened[:100] = 1
    said = weigh_number(values, happened, ONES, direction=0, most_bins=5)
    assert said.read(np.array([np.nan]))[0] > 1.0


def test_missing_values_that_training_never_met_say_nothing():
    values, happened = two_halves(20, 100)
    said = weigh_number(values, happened, ONES, direction=0, most_bins=5)
    assert said.read(np.array([np.nan]))[0] == 0.0


def test_rare_category_is_drawn_further_than_a_frequent_one():
    codes = np.repeat([0.0, 1.0, 2.0], [4, 196, 200])
    happened = np.concatenate([np.ones(2), np.zeros(2), np.tile([1, 0], 98), np.zeros(200)])
    scores = weigh_category(codes, happened, ONES, known=3).scores
    assert 0 < scores[1] < scores[2]  # both half events
    assert scores[3] < 0
    assert scores[[0, 4]].tolist() == [0.0, 0.0]  # missing, and others: never seen


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_pooling_rises_keeps_the_mean_and_agrees_with_scikit_learn(shares, seed):
    from sklearn.isotonic import isotonic_regression

    sizes = np.random.default_rng(seed).uniform(0.5, 5.0, len(shares))
    found = pool_rising(np.array(shares), sizes)
    assert (np.diff(found) >= 0).all()
    assert found @ sizes == pytest.approx(np.array(shares) @ sizes)
    assert found == pytest.approx(isotonic_regression(shares, sample_weight=sizes))


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.booleans()), min_size=5, max_size=60),
    st.sampled_from([-1, 1]),
)
@settings(max_examples=60, deadline=None)
def test_evidence_follows_a_stated_direction_whatever_the_rows(pairs, direction):
    values, happened = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    happened[:2] = [0, 1]
    said = weigh_number(values, happened, np.ones(len(values)), direction=direction, most_bins=6)
    assert (direction * np.diff(said.scores[1:]) >= -1e-12).all()
