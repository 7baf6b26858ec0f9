import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.calibration import find_recall, judge_level


def test_recall_at_a_share_of_false_alarms_worked_by_hand():
    score = pd.Series([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3])
    happened = pd.Series([1, 1, 0, 1, 0, 0, 0])
    # 0 of 4 flagged: two of three events; 1 of 4 (0.7, and 0.6 with it): all three
    assert find_recall(score, happened, false_alarms=0.0) == pytest.approx(2 / 3)
    assert find_recall(score, happened, false_alarms=0.25) == pytest.approx(1.0)


def test_rows_with_one_score_are_flagged_in_part():
    score = pd.Series([0.5] * 8)
    happened = pd.Series([1] * 4 + [0] * 4)
    assert find_recall(score, happened, false_alarms=0.1) == pytest.approx(0.1)


def test_recall_needs_both_outcomes():
    assert np.isnan(find_recall(pd.Series([0.1, 0.2]), pd.Series([1, 1]), false_alarms=0.1))


def test_right_probabilities_stay_inside_the_band_as_often_as_it_says():
    random = np.random.default_rng(0)
    inside = []
    for seed in range(30):
        p = pd.Series(random.beta(1, 6, 300))
        inside.append(judge_level(p, pd.Series(random.binomial(1, p)), seed=seed).is_inside)
    assert 0.80 <= np.mean(inside) <= 1.0


def test_probabilities_spread_too_far_leave_the_band():
    random = np.random.default_rng(0)
    p = pd.Series(random.beta(2, 2, 3000))
    happened = pd.Series(random.binomial(1, 0.5 + 0.6 * (p - 0.5)))
    level = judge_level(p, happened, seed=1)
    assert not level.is_inside
    assert level.error > 1.5 * level.high


def test_nothing_to_judge_is_refused():
    with pytest.raises(InputError, match="no prediction"):
        judge_level(pd.Series(dtype=float), pd.Series(dtype=float), seed=1)
