"""The glass box: boosted bins of single features and of a few named pairs, kept as tables."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.reliability.learning.encoding import Encoding
from clientlib.reliability.learning.recipes import Recipe
from clientlib.reliability.learning.samples import Sample
from clientlib.reliability.learning.tables import AdditiveTables, Term

if TYPE_CHECKING:
    from interpret.glassbox import ExplainableBoostingClassifier

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

MOST_BAGS, FEWEST_BAGS = 8, 2
MOST_BINS = 256


@dataclass(frozen=True)
class Pace:
    """How long a glass box may take.

    Parameters
    ----------
    bag_rows, most_bags : int
        Rows of all bags together, and most bags.
    pair_bins : int
        Most bins of a feature where it stands in a pair; the search for pairs takes its square.
    learning_rate : float
        Length of a step.
    smoothing_rounds, patience, latest_rounds : int
        Rounds through all features: those that cut at random before the others, those without
        gain before the end, and the most of all. Rows of one client that are much alike hold
        each other's outcomes, so that gains alone may never end.
    """

    bag_rows: int
    most_bags: int
    pair_bins: int
    learning_rate: float
    smoothing_rounds: int
    patience: int
    latest_rounds: int


EXACT = Pace(30_000, 8, 64, 0.04, 75, 100, 5_000)
HASTY = Pace(16_000, 4, 16, 0.10, 25, 10, 200)


def fit_glassbox(sample: Sample, recipe: Recipe) -> AdditiveTables:
    """Boost one feature after the other, then the pairs that help most.

    Features with a stated direction get rising or falling bins and stand in no pair, so that
    the direction holds whatever the other features are.

    Parameters
    ----------
    sample : Sample
        Rows with both outcomes.
    recipe : Recipe
        Its monotone directions, number of pairs, haste and seed are used.

    Returns
    -------
    AdditiveTables
        Frozen copies of the fitted tables; interpret is not needed to use them.

    References
    ----------
    Lou, Caruana, Gehrke and Hooker, Accurate intelligible models with pairwise interactions,
    KDD 2013; the implementation is interpret-core's.
    """
    from interpret.glassbox import ExplainableBoostingClassifier

    columns = sample.varying()
    if not columns:
        return AdditiveTables(sample.common_log_odds, ())
    nominal, pace = sample.encoding.is_category, HASTY if recipe.haste else EXACT
    names = [sample.encoding.features[k] for k in columns]
    machine = ExplainableBoostingClassifier(
        feature_types=["nominal" if nominal[k] else "continuous" for k in columns],
        interactions=min(recipe.pairs, len(columns) * (len(columns) - 1) // 2),
        monotone_constraints=[recipe.direction(name) for name in names],
        outer_bags=_bags(len(sample.matrix), pace),
        max_bins=MOST_BINS,
        max_interaction_bins=pace.pair_bins,
        learning_rate=pace.learning_rate,
        smoothing_rounds=pace.smoothing_rounds,
        interaction_smoothing_rounds=pace.smoothing_rounds,
        early_stopping_rounds=pace.patience,
        max_rounds=pace.latest_rounds,
        n_jobs=1,
        random_state=recipe.seed,
    )
    frame = _frame(sample, columns)
    with warnings.catch_warnings():  # that its own charts do not show the bin of missing values
        warnings.filterwarnings("ignore", "Missing values detected", UserWarning)
        machine.fit(frame, sample.happened.astype(np.int64), sample_weight=sample.weights)
    return _freeze(machine, sample.encoding, columns)


def _bags(rows: int, pace: Pace) -> int:
    return int(np.clip(pace.bag_rows // rows, FEWEST_BAGS, min(pace.most_bags, MOST_BAGS)))


def _frame(sample: Sample, columns: list[int]) -> pd.DataFrame:
    """Write categories as the text of their codes, as interpret wants nominal features."""
    nominal = sample.encoding.is_category
    frame = {}
    for k in columns:
        values = pd.Series(sample.matrix[:, k])
        frame[str(k)] = (
            values.map(_code, na_action="ignore").astype(object) if nominal[k] else values
        )
    return pd.DataFrame(frame)


def _code(value: float) -> str:
    return str(int(value))


def _freeze(
    machine: "ExplainableBoostingClassifier", encoding: Encoding, columns: list[int]
) -> AdditiveTables:
    """Copy bins and scores out of a fitted machine, by the places of our own matrix."""
    cuts: dict[tuple[int, int], Floats] = {}
    terms = []
    for members, scores in zip(machine.term_features_, machine.term_scores_, strict=True):
        table = np.asarray(scores, dtype=np.float64)
        keys = [(member, min(len(machine.bins_[member]), len(members))) for member in members]
        for axis, (member, level) in enumerate(keys):
            bins = machine.bins_[member][level - 1]
            own_cuts, places = _own_bins(bins, encoding.categories[columns[member]])
            cuts.setdefault((member, level), own_cuts)
            table = table.take(places, axis=axis)
        own = tuple(columns[member] for member in members)
        terms.append(Term(own, tuple(cuts[key] for key in keys), table))
    return AdditiveTables(float(np.ravel(machine.intercept_)[0]), tuple(terms))


def _own_bins(
    bins: Floats | dict[str, int], known: tuple[str, ...] | None
) -> tuple[Floats, Places]:
    """Give our cuts of a feature, and the machine's place for each of our bins."""
    if known is None or not isinstance(bins, dict):
        cuts: Floats = np.asarray(bins, dtype=np.float64)
        return cuts, np.arange(len(cuts) + 2)
    unseen = max(bins.values(), default=0) + 1
    places = [0, *(bins.get(_code(code), unseen) for code in range(len(known) + 1))]
    halfway: Floats = np.arange(len(known), dtype=np.float64) + 0.5
    return halfway, np.array(places, dtype=np.intp)
