"""Boosted trees by LightGBM, rising and falling where the business says so, kept as text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from clientlib.reliability.learning.contrasts import Contrasts, learn_contrasts
from clientlib.reliability.learning.encoding import MOST_CATEGORIES, Record
from clientlib.reliability.learning.recipes import Recipe
from clientlib.reliability.learning.samples import Sample

if TYPE_CHECKING:
    from lightgbm import Booster, Dataset

Floats = npt.NDArray[np.float64]
Options = Mapping[str, Any]
Flags = npt.NDArray[np.bool_]

MOST_BAGS, BAG_ROWS = 8, 50_000
HELD_BACK = 0.15
LATEST_ROUNDS, PATIENCE = 2_000, 80
SLOW_RATE, QUICK_RATE = 0.05, 0.1
SCOUT_ROUNDS = 100
TREES: Options = {
    "objective": "binary",
    "num_leaves": 8,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "max_cat_to_onehot": 1 + MOST_CATEGORIES,
    "monotone_constraints_method": "intermediate",
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


@dataclass(frozen=True)
class BoostedTrees:
    """Several boosters, whose log-odds are averaged.

    Reasons are LightGBM's own contributions: the mean effect of knowing a feature over all
    orders in which the features could become known (Shapley values along the trees). They
    add up exactly, name no pairs, and are slow beside tables.

    Parameters
    ----------
    texts : tuple of str
        Models as LightGBM writes them.
    features_count : int
        Columns of the matrix.
    contrasts : Contrasts
        Columns that are added to it.
    """

    texts: tuple[str, ...]
    features_count: int
    contrasts: Contrasts

    @property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """Each feature makes one part, and each pair that is contrasted."""
        singles = tuple((place,) for place in range(self.features_count))
        return (*singles, *self.contrasts.members)

    @cached_property
    def _boosters(self) -> tuple["Booster", ...]:
        from lightgbm import Booster

        return tuple(Booster(model_str=text) for text in self.texts)

    def split(self, matrix: Floats) -> tuple[float, Floats]:
        """Give what every feature adds to the log-odds of each row.

        Parameters
        ----------
        matrix : array, shape (n_rows, n_features)
            As `Encoding.encode` gives it.

        Returns
        -------
        (float, array of shape (n_rows, n_features + n_pairs))
            The base, and the parts; with it each row adds up to the log-odds.
        """
        some = self.contrasts.widen(matrix if len(matrix) else np.zeros((1, self.features_count)))
        total = np.zeros((len(some), some.shape[1] + 1))
        for booster in self._boosters:
            total += np.asarray(booster.predict(some, pred_contrib=True, num_threads=1))
        mean = total / len(self.texts)
        return float(mean[0, -1]), mean[: len(matrix), :-1]

    def log_odds(self, matrix: Floats) -> Floats:
        """Average the boosters.

        Parameters
        ----------
        matrix : array, shape (n_rows, n_features)
            As `Encoding.encode` gives it.

        Returns
        -------
        array, shape (n_rows,)
            Log-odds before calibration.
        """
        total, wide = np.zeros(len(matrix)), self.contrasts.widen(matrix)
        for booster in self._boosters if len(matrix) else ():
            total += np.asarray(booster.predict(wide, raw_score=True, num_threads=1))
        return total / len(self.texts)

    def to_record(self) -> Record:
        """Write down what JSON can hold.

        Returns
        -------
        dict
            form, texts, features_count and contrasts.
        """
        return {
            "form": "trees",
            "texts": list(self.texts),
            "features_count": self.features_count,
            "contrasts": self.contrasts.to_record(),
        }

    @classmethod
    def from_record(cls, record: Record) -> "BoostedTrees":
        """Read what `to_record` wrote.

        Parameters
        ----------
        record : dict
            As written.

        Returns
        -------
        BoostedTrees
            Gives the same scores, bit by bit.
        """
        contrasts = Contrasts.from_record(record["contrasts"])
        return cls(tuple(record["texts"]), record["features_count"], contrasts)


def fit_trees(sample: Sample, recipe: Recipe, *, contrasted: int = 0) -> BoostedTrees:
    """Boost trees on bags of rows, each stopped when the rows that it held back say so.

    Small tables are learnt slowly and by several boosters, large ones quickly and by one.

    Parameters
    ----------
    sample : Sample
        Rows with both outcomes.
    recipe : Recipe
        Its monotone directions and seed are used.
    contrasted : int
        The ranks of so many features, those that tell most, are compared pair by pair;
        features with a stated direction are not among them.

    Returns
    -------
    BoostedTrees
        Frozen as text.

    References
    ----------
    Ke et al., LightGBM, NeurIPS 2017.
    """
    rows, columns = sample.matrix.shape
    bags = int(np.clip(BAG_ROWS // rows, 1, MOST_BAGS))
    random = np.random.default_rng(recipe.seed)
    seeds = [int(seed) for seed in random.integers(0, 2**31 - 1, bags)]
    contrasts = _find_contrasts(sample, recipe, contrasted)
    options = {
        **TREES,
        "learning_rate": SLOW_RATE if bags > 1 else QUICK_RATE,
        "monotone_constraints": _directions(sample, recipe) + [0] * len(contrasts.members),
    }
    wide = replace(sample, matrix=contrasts.widen(sample.matrix))
    return BoostedTrees(tuple(_boost(wide, options, seed) for seed in seeds), columns, contrasts)


def _directions(sample: Sample, recipe: Recipe) -> list[int]:
    return [recipe.direction(name) for name in sample.encoding.features]


def _find_contrasts(sample: Sample, recipe: Recipe, count: int) -> Contrasts:
    """Choose the features that a few quick trees gain most from."""
    import lightgbm

    directions, nominal = _directions(sample, recipe), sample.encoding.is_category
    free = [k for k in sample.varying() if not directions[k] and not nominal[k]]
    if count < 2 or len(free) < 2:
        return Contrasts()
    own = {**TREES, "learning_rate": QUICK_RATE, "seed": recipe.seed}
    machine = lightgbm.train(own, _dataset(sample.keep(free), own), SCOUT_ROUNDS)
    gains = np.asarray(machine.feature_importance("gain"))
    return learn_contrasts(
        sample.matrix, [free[k] for k in np.argsort(-gains, kind="stable")[:count]]
    )


def _boost(sample: Sample, options: Options, seed: int) -> str:
    """Boost one bag, and write the trees down up to the best round."""
    import lightgbm

    own = {**options, "seed": seed}
    held_back = _hold_back(sample.happened, seed)
    learnt, judged = (_dataset(sample.take(part), own) for part in (~held_back, held_back))
    machine = lightgbm.train(
        own,
        learnt,
        LATEST_ROUNDS,
        valid_sets=[judged.set_reference(learnt)],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    return str(machine.model_to_string(num_iteration=machine.best_iteration))


def _dataset(sample: Sample, options: Options) -> "Dataset":
    from lightgbm import Dataset

    nominal = [k for k, is_nominal in enumerate(sample.encoding.is_category) if is_nominal]
    return Dataset(
        sample.matrix,
        sample.happened,
        weight=sample.weights,
        params=dict(options),
        categorical_feature=nominal,
        free_raw_data=False,
    )


def _hold_back(happened: Floats, seed: int) -> Flags:
    """Choose the rows that say when to stop, with their share of the events."""
    random = np.random.default_rng(seed)
    held_back = np.zeros(len(happened), dtype=bool)
    for outcome in (0.0, 1.0):
        rows = random.permutation(np.flatnonzero(happened == outcome))
        held_back[rows[: max(1, round(HELD_BACK * len(rows)))]] = True
    return held_back
