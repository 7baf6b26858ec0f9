import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import xlogy

from clientlib.reliability.learning.binning import cut_number, take_categories, weigh_bins
from clientlib.reliability.learning.encoding import Encoding
from clientlib.reliability.learning.ranking import rank_columns
from clientlib.reliability.learning.samples import Sample
from clientlib.reliability.learning.shaping import find_shape, pool_rising

ONES = np.ones(400)


def tally(values, happened, weights, known=None):
    sample = Sample(values[:, None], happened, weights, Encoding(("feature",), (known,)))
    return rank_columns(sample, [0]).tally(happened, weights)[0]


def weigh_number(values, happened, weights, *, direction, most_bins):
    counted = tally(values, happened, weights)
    return weigh_bins([cut_number(counted, direction=direction, most_bins=most_bins)])[0]


def weigh_category(codes, happened, weights, *, known):
    counted = tally(codes, happened, weights, tuple(map(str, range(known))))
    return weigh_bins([take_categories(counted)])[0]


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


def test_fine_bins_begin_at_quantiles_of_rows_and_not_of_distinct_values():
    values = np.array([1.0] * 6 + [2.0, 3.0, 4.0, 5.0, np.nan])
    happened = np.array([0.0] * 6 + [1.0, 1.0, 1.0, 1.0, 0.0])
    cutting = cut_number(tally(values, happened, np.ones(11)), direction=0, most_bins=5)
    assert cutting.fine.cuts.tolist() == [2.0, 4.0]  # after 2 and 4 of 10 rows it is still 1
    assert cutting.fine.sizes.tolist() == [1.0, 6.0, 2.0, 2.0]
    assert cutting.fine.events.tolist() == [0.0, 0.0, 2.0, 2.0]


def test_rows_count_by_their_weights():
    values, weights = np.array([1.0, 1.0, 2.0, np.nan]), np.array([1.0, 2.0, 4.0, 8.0])
    counted = tally(values, np.array([1.0, 0.0, 1.0, 1.0]), weights)
    assert counted.sizes.tolist() == [8.0, 3.0, 4.0]
    assert counted.events.tolist() == [8.0, 1.0, 4.0]
    assert counted.rows.tolist() == [1.0, 2.0, 1.0]


def test_evidence_read_by_ranks_is_that_read_by_values():
    random = np.random.default_rng(5)
    values = np.where(random.random(400) < 0.1, np.nan, random.integers(0, 60, 400) / 7)
    happened = (random.random(400) < 0.3).astype(float)
    sample = Sample(values[:, None], happened, ONES, Encoding(("feature",), (None,)))
    ranks, some = rank_columns(sample, [0]), random.random(400) < 0.5
    learnt = ranks.take(some).tally(happened[some], ONES[some])
    said = weigh_bins([cut_number(learnt[0], direction=0, most_bins=20)])
    assert len(said[0].cuts) > 1
    assert ranks.take(~some).read(said)[:, 0].tolist() == said[0].read(values[~some]).tolist()


def every_shape(share, sizes):
    yield pool_rising(share, sizes)
    yield -pool_rising(-share, sizes)
    for turn in range(2, len(share) - 1):
        left, right = (share[:turn], sizes[:turn]), (share[turn:], sizes[turn:])
        yield np.concatenate([-pool_rising(-left[0], left[1]), pool_rising(*right)])
        yield np.concatenate([pool_rising(*left), -pool_rising(-right[0], right[1])])


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(10, 300)), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_free_shape_tells_as_much_as_the_best_of_all_shapes(bins):
    events, sizes = (np.array(column, dtype=float) for column in zip(*bins, strict=True))

    def worth(shape):
        likely = xlogy(events, shape) + xlogy(sizes - events, 1 - shape)
        return likely.sum() - 0.5 * (np.abs(np.diff(shape)) > 1e-12).sum()

    best = max(map(worth, every_shape(events / sizes, sizes)))
    assert worth(find_shape(events, sizes, 0)) == pytest.approx(best, abs=1e-8)
