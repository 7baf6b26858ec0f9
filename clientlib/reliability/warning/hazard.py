"""The model of early warning: how likely a client's present silence is to end in a loss."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from clientlib.reliability.model import fit_logistic
from clientlib.reliability.warning.panel import FEATURES

if TYPE_CHECKING:
    from lightgbm import Booster

Floats = npt.NDArray[np.float64]

STEP_DAYS = 15
LONGEST_AHEAD_DAYS = 195
RIDGE = 10.0
MOST_ROWS = 150_000
FEWEST_ORDERS = 100
SEASONS_NEED_DAYS = 730
SEASONAL = ("season_sin", "season_cos", "same_season")
AGED = (
    "ahead",
    "silence_then",
    "ratio_then",
    "longest_then",
    "known_then",
    "rate_then",
    "silence_then_squared",
    "ratio_then_squared",
    "single_order",
    "second_order",
    "single_order_x_silence",
    "second_order_x_silence",
    "orders_x_silence",
    "orders_x_ratio",
    "orders_squared",
    "gap_x_ratio",
    "gap_x_silence",
    "gap_squared",
    "spread_x_ratio",
    "silence_x_ratio",
    "orders_x_longest",
)
# Few small trees: they find where the straight lines bend, and little else.
TREES = {
    "objective": "binary",
    "learning_rate": 0.04,
    "num_leaves": 6,
    "min_data_in_leaf": 300,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "feature_fraction": 0.4,
    "lambda_l2": 20.0,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}
TREES_COUNT = 150


@dataclass(frozen=True)
class SilenceModel:
    """A fitted model of the chance that a client orders in the next days, though silent so far.

    Parameters
    ----------
    as_of : Timestamp
        The training cut: no step that was not over by then was seen.
    step_days : int, in days
        Length of a step.
    rows_count, clients_count, orders_count : int
        Steps, clients and steps with an order that it was trained on.
    features : tuple of str
        Columns of the panel, then what ages with the silence.
    centre, spread : array, shape (n_features,)
        Standardisation, from the training steps.
    weights : array, shape (1 + n_features,)
        Intercept and effect of one spread of each feature, in log-odds of an order.
    trees : str
        LightGBM's text of the boosted trees, whose log-odds are averaged with the others.
    seed : int
        Of the sampling of training rows.
    """

    as_of: pd.Timestamp
    step_days: int
    rows_count: int
    clients_count: int
    orders_count: int
    features: tuple[str, ...]
    centre: Floats
    spread: Floats
    weights: Floats
    trees: str
    seed: int

    def predict(self, panel: pd.DataFrame) -> pd.Series:
        """Give the probability that the present silence goes on until the client is lost.

        Parameters
        ----------
        panel : DataFrame, shape (n_rows, ...)
            Rows of `build_panel`.

        Returns
        -------
        Series of float, shape (n_rows,), index as ``panel``
            Probabilities, 0..1; 1 where the client is lost already.
        """
        booster = self._booster()
        left = (panel["lost_after_days"] - panel["silence_days"]).to_numpy(dtype=np.float64)
        log_silent = np.zeros(len(panel))
        ahead = 0
        while (rows := np.flatnonzero(left > ahead)).size:
            part = np.minimum((left[rows] - ahead) / self.step_days, 1.0)
            silent = 1 - self._chance(panel.iloc[rows], ahead, booster)
            log_silent[rows] += part * np.log(np.maximum(silent, 1e-9))
            ahead += self.step_days
        return pd.Series(np.exp(log_silent), index=panel.index, name="probability_lost")

    def chance_of_order(self, panel: pd.DataFrame, ahead_days: int) -> Floats:
        """Give the chance of an order in one step, if the client stays silent until then.

        Parameters
        ----------
        panel : DataFrame, shape (n_rows, ...)
            Rows of `build_panel`.
        ahead_days : int, in days
            How long after the panel's day the step begins.

        Returns
        -------
        array of float, shape (n_rows,)
            Probabilities, 0..1.
        """
        return self._chance(panel, ahead_days, self._booster())

    def _booster(self) -> "Booster":
        from lightgbm import Booster

        return Booster(model_str=self.trees)

    def _chance(self, panel: pd.DataFrame, ahead: int, booster: "Booster") -> Floats:
        features = age_features(panel, np.full(len(panel), float(ahead)), self.features)
        # Summed row by row: a matrix product rounds by how many rows there are, and a score must
        # come out the same, to the last bit, among other clients.
        parts = (features - self.centre) / self.spread * self.weights[1:]
        straight = self.weights[0] + parts.sum(axis=1)
        bent = np.asarray(booster.predict(features, raw_score=True), dtype=np.float64)
        chance: Floats = expit((straight + bent) / 2)
        return chance


def fit_silence_model(
    followed: pd.DataFrame,
    as_of: str | pd.Timestamp,
    *,
    step_days: int = STEP_DAYS,
    seed: int = 0,
) -> SilenceModel | None:
    """Fit the chance of an order on all steps of silence that were over at a training cut.

    Every panel row is followed step by step until its next order or the cut. So the model
    learns from half a year of a book in which a loss takes half a year to show, and no step
    that was not over by the cut is seen; a row's last step before the cut is its embargo.

    Parameters
    ----------
    followed : DataFrame
        From `follow_silences`; month ends after the cut are not looked at, nor are orders.
    as_of : str or Timestamp
        The training cut.
    step_days : int, in days
        Length of a step.
    seed : int
        Of the sampling, where there are more than `MOST_ROWS` steps.

    Returns
    -------
    SilenceModel or None
        None where fewer than `FEWEST_ORDERS` steps had an order.

    References
    ----------
    Discrete-time survival: Singer and Willett, Journal of Educational Statistics 18, 1993;
    following every row of a panel: van Houwelingen, Scandinavian Journal of Statistics 34, 2007.
    """
    cut = pd.Timestamp(as_of)
    rows, ahead, ordered = _follow_steps(followed, cut, step_days)
    if len(rows) > MOST_ROWS:
        random = np.random.default_rng(seed)
        kept = random.choice(len(rows), MOST_ROWS, replace=False)
        rows, ahead, ordered = rows[kept], ahead[kept], ordered[kept]
    if ordered.sum() < FEWEST_ORDERS or ordered.all():
        return None
    taken = followed.iloc[rows]
    names = _choose_features(taken)
    features = age_features(taken, ahead, names)
    centre, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    design = np.column_stack([np.ones(len(rows)), (features - centre) / spread])
    ridge = np.array([0.0] + [RIDGE] * len(names))
    weights, _ = fit_logistic(design, ordered, np.ones(len(rows)), ridge=ridge)
    return SilenceModel(
        as_of=cut,
        step_days=step_days,
        rows_count=len(rows),
        clients_count=int(taken["client_id"].nunique()),
        orders_count=int(ordered.sum()),
        features=names,
        centre=centre,
        spread=spread,
        weights=weights,
        trees=_fit_trees(features, ordered, seed),
        seed=seed,
    )


def _fit_trees(features: Floats, ordered: Floats, seed: int) -> str:
    import lightgbm

    rows = lightgbm.Dataset(features, ordered, params={"verbosity": -1})
    booster = lightgbm.train({**TREES, "seed": seed}, rows, num_boost_round=TREES_COUNT)
    return str(booster.model_to_string())


def age_features(panel: pd.DataFrame, ahead: Floats, names: tuple[str, ...]) -> Floats:
    """Describe rows as they will look after more silence; what silence does not change stays.

    Parameters
    ----------
    panel : DataFrame, shape (n_rows, ...)
        Rows of `build_panel`.
    ahead : array of float, in days, shape (n_rows,)
        Further days of silence.
    names : tuple of str
        Which of the panel's columns and of `AGED`.

    Returns
    -------
    array of float, shape (n_rows, n_names)
        The features in that order.
    """
    aged = _age(panel, ahead)
    columns = [aged[name] if name in aged else panel[name].to_numpy(float) for name in names]
    return np.column_stack(columns)


def _age(panel: pd.DataFrame, ahead: Floats) -> dict[str, Floats]:
    silence = np.log1p(panel["silence_days"].to_numpy(float) + ahead)
    total = panel["silence_days"].to_numpy(float) + ahead
    ratio = np.log1p(total / panel["usual_gap_days"].to_numpy(float))
    known = panel["known_days"].to_numpy(float) + ahead
    orders = panel["log_order_days"].to_numpy(float)
    longest = np.log1p(total / panel["longest_gap_days"].to_numpy(float))
    gap = panel["log_usual_gap"].to_numpy(float)
    single, second = (
        (panel["order_days_count"].to_numpy() == count).astype(np.float64) for count in (1, 2)
    )
    values = (
        np.log1p(ahead),
        silence,
        ratio,
        longest,
        np.log1p(known),
        orders - np.log(known + 30.0),
        silence**2,
        ratio**2,
        single,
        second,
        single * silence,
        second * silence,
        orders * silence,
        orders * ratio,
        orders**2,
        gap * ratio,
        gap * silence,
        gap**2,
        panel["gap_spread"].to_numpy(float) * ratio,
        silence * ratio,
        orders * longest,
    )
    return dict(zip(AGED, values, strict=True))


def _choose_features(rows: pd.DataFrame) -> tuple[str, ...]:
    """Leave out the time of year while each season has been seen but once."""
    span = (rows["month_end"].max() - rows["month_end"].min()).days
    seasonal = SEASONAL if span < SEASONS_NEED_DAYS else ()
    return (*(name for name in FEATURES if name not in seasonal), *AGED)


def _follow_steps(
    followed: pd.DataFrame, cut: pd.Timestamp, step_days: int
) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """List row, days ahead and outcome of every step that was over by the cut."""
    over = (cut - followed["month_end"]).dt.days.to_numpy()
    wait = (followed["ordered_next_on"] - followed["month_end"]).dt.days.to_numpy(float)
    wait = np.where(wait <= over, wait, np.inf)
    rows, aheads, ordered = [], [], []
    for ahead in range(0, LONGEST_AHEAD_DAYS, step_days):
        found = np.flatnonzero((ahead + step_days <= over) & (wait > ahead))
        rows.append(found)
        aheads.append(np.full(len(found), float(ahead)))
        ordered.append((wait[found] <= ahead + step_days).astype(np.float64))
    return np.concatenate(rows), np.concatenate(aheads), np.concatenate(ordered)
