import numpy as np
import pandas as pd

from clientlib.reliability.learning.folds import assign_folds, fold_count


def test_folds_share_out_events_and_rows_evenly():
    happened = np.array([1] * 11 + [0] * 39, dtype=float)
    folds = assign_folds(happened, None, folds=5, seed=1)
    assert np.bincount(folds).tolist() == [10] * 5
    assert sorted(np.bincount(folds, weights=happened)) == [2, 2, 2, 2, 3]


def test_groups_stay_together_and_seeds_shuffle():
    happened = np.tile([1.0, 0.0, 0.0, 0.0], 50)
    clients = pd.Series(np.arange(200) // 4)
    found = [assign_folds(happened, clients, folds=5, seed=seed) for seed in (1, 1, 2)]
    assert pd.Series(found[0]).groupby(clients).nunique().max() == 1
    assert np.bincount(found[0]).tolist() == [40] * 5
    assert (found[0] == found[1]).all()
    assert (found[0] != found[2]).any()


def test_fold_count_is_held_down_by_the_rarer_outcome():
    assert fold_count(np.array([1.0, 1.0, 1.0, 0, 0, 0, 0]), None) == 3
    assert fold_count(np.array([1.0, 0, 0, 0]), None) == 0
    one_client = pd.Series(["A", "A", "B", "C"])
    assert fold_count(np.array([1.0, 1.0, 0, 0]), one_client) == 0
