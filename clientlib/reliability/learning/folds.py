"""Folds for cross-fitting: like in events, with the rows of one group kept together."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


def assign_folds(happened: Floats, groups: pd.Series | None, *, folds: int, seed: int) -> Places:
    """Deal rows, or whole groups, to folds with about the same events and sizes.

    Groups are shuffled, then dealt like cards from the one with the most events to the one
    with the fewest, among equals from the largest to the smallest.

    Parameters
    ----------
    happened : array, shape (n_rows,)
        Outcomes, 0 or 1.
    groups : Series, shape (n_rows,), optional
        Rows with the same value stay together (a client's months); else each row is a group.
    folds : int, from 2
        How many.
    seed : int
        Of the shuffle.

    Returns
    -------
    array of int, shape (n_rows,)
        0 to folds - 1. With fewer groups than folds, some folds are empty.
    """
    group = np.arange(len(happened)) if groups is None else pd.factorize(groups)[0]
    group = np.where(group < 0, group.max(initial=0) + 1, group)
    events = np.bincount(group, weights=happened)
    sizes = np.bincount(group)
    random = np.random.default_rng(seed)
    luck = random.permutation(len(sizes))
    order = np.lexsort((luck, -sizes, -events))
    place = np.arange(len(order))
    turn, seat = place // folds, place % folds
    fold_of = np.empty(len(order), dtype=np.intp)
    fold_of[order] = np.where(turn % 2 == 0, seat, folds - 1 - seat)
    return fold_of[group]


def fold_count(happened: Floats, groups: pd.Series | None, *, most: int = 5) -> int:
    """Tell into how many folds rows can be dealt, so that each has events and others.

    Parameters
    ----------
    happened : array, shape (n_rows,)
        Outcomes, 0 or 1.
    groups : Series, shape (n_rows,), optional
        Rows with the same value stay together.
    most : int
        More are not wanted.

    Returns
    -------
    int
        2 to ``most``, or 0 where even two folds would not both hold events and others.
    """
    keys = pd.Series(np.arange(len(happened)) if groups is None else pd.factorize(groups)[0])
    with_events = int(keys[happened > 0].nunique())
    without = int(keys[happened == 0].nunique())
    possible = min(most, with_events, without)
    return possible if possible >= 2 else 0
