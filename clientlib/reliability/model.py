"""The late-payment model: a weighted logistic regression, recalibrated on a later window."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from clientlib.pooling import SharePrior, fit_share_prior
from clientlib.reliability.history import FEATURES, build_features, mean_days_late

Floats = npt.NDArray[np.float64]

CALIBRATION_MONTHS = 3
FEWEST_TRAINING_MONTHS = 3
FEWEST_TRAINING_INVOICES = 200
RIDGE = 10.0
LONGEST_STEP = 5.0


@dataclass(frozen=True)
class LateModel:
    """A fitted model of the share of invoices that will be paid late.

    Parameters
    ----------
    as_of : Timestamp
        The training cut: every outcome that it has seen was over by then.
    rows_count, clients_count, invoices_count : int
        What it was trained on: panel rows, their clients, the invoices judged in their windows.
    prior, usual_days_late : SharePrior, float
        What the features are steadied by.
    centre, spread : array, shape (n_features,)
        Standardisation, from the training rows.
    weights : array, shape (1 + n_features,)
        Intercept and effect of one spread of each feature, in log-odds, before recalibration.
    covariance : array, shape (1 + n_features, 1 + n_features)
        Of ``weights``, robust to the likeness of a client's rows.
    shift, stretch : float
        Recalibration: log-odds become shift + stretch * log-odds; 0 and 1 where the history
        was too short for a window of its own.
    """

    as_of: pd.Timestamp
    rows_count: int
    clients_count: int
    invoices_count: int
    prior: SharePrior
    usual_days_late: float
    centre: Floats
    spread: Floats
    weights: Floats
    covariance: Floats
    shift: float
    stretch: float
    features: tuple[str, ...] = FEATURES

    def design(self, rows: pd.DataFrame) -> Floats:
        """Standardise the features of panel rows.

        Parameters
        ----------
        rows : DataFrame, shape (n_rows, ...)
            Rows of marts.client_punctuality.

        Returns
        -------
        array, shape (n_rows, 1 + n_features)
            A column of ones, then the features.
        """
        features = build_features(rows, self.prior, self.usual_days_late).to_numpy()
        return np.column_stack([np.ones(len(rows)), (features - self.centre) / self.spread])

    def predict(self, rows: pd.DataFrame) -> pd.Series:
        """Give the probability that an invoice due in the horizon will be paid late.

        Parameters
        ----------
        rows : DataFrame, shape (n_rows, ...)
            Rows of marts.client_punctuality.

        Returns
        -------
        Series of float, shape (n_rows,), index as ``rows``
            Probabilities, 0..1.
        """
        log_odds = self.shift + self.stretch * (self.design(rows) @ self.weights)
        return pd.Series(expit(log_odds), index=rows.index, name="probability_late", dtype=float)

    def explain(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Split each log-odds into a base and what every feature adds to it.

        The base is that of a client whose late share and days late are the portfolio's, whose
        last six months are like its past, with a usual overdue part and a usual record.

        Parameters
        ----------
        rows : DataFrame, shape (n_rows, ...)
            Rows of marts.client_punctuality.

        Returns
        -------
        DataFrame of float, shape (n_rows, 1 + n_features), index as ``rows``
            ``base`` and one column a feature; each row adds up to the log-odds of `predict`.
        """
        usual = np.array([logit(np.clip(self.prior.share, 1e-4, 1 - 1e-4)), 0.0, *self.centre[2:]])
        usual[FEATURES.index("days_late")] = np.log1p(self.usual_days_late)
        reference = np.array([0.0, *((usual - self.centre) / self.spread)])
        parts = self.stretch * (self.design(rows) - reference) * self.weights
        parts[:, 0] += self.shift + self.stretch * float(reference @ self.weights)
        return pd.DataFrame(parts, index=rows.index, columns=["base", *self.features])

    def log_odds_variance(self, rows: pd.DataFrame) -> pd.Series:
        """Tell how unsure the log-odds are because the weights are estimates.

        Parameters
        ----------
        rows : DataFrame, shape (n_rows, ...)
            Rows of marts.client_punctuality.

        Returns
        -------
        Series of float, shape (n_rows,), index as ``rows``
            Variances, in squared log-odds.
        """
        design = self.design(rows)
        variance = self.stretch**2 * np.einsum("ij,jk,ik->i", design, self.covariance, design)
        return pd.Series(variance, index=rows.index, dtype=float)


def fit_late_model(rows: pd.DataFrame, now: pd.DataFrame, as_of: pd.Timestamp) -> LateModel | None:
    """Fit the model on the outcome windows that were over at a training cut.

    The last `CALIBRATION_MONTHS` month ends recalibrate (Platt); the weights come from the
    rows whose windows were over before these began, so that nothing is judged by outcomes
    that it has learnt. Where one of the two parts would be too small there is no
    recalibration and the weights come from all rows.

    Parameters
    ----------
    rows : DataFrame
        Panel rows with outcomes, as `add_outcomes` returns them; those whose window was not
        over at ``as_of`` are not looked at.
    now : DataFrame
        The panel rows at ``as_of``: they give the portfolio's share and its weight.
    as_of : Timestamp
        The training cut.

    Returns
    -------
    LateModel or None
        None where fewer than 3 month ends, or fewer than 200 judged invoices, could be used.

    References
    ----------
    Platt, Probabilistic outputs for support vector machines, 1999.
    """
    usable = rows[(rows["outcome_on"] <= as_of) & (rows["outcome_due_count"] > 0)]
    if not _is_enough(usable):
        return None
    ends = sorted(usable["month_end"].unique())
    later_from = ends[-min(CALIBRATION_MONTHS, len(ends))]
    earlier = usable[usable["outcome_on"] <= later_from]
    later = usable[usable["month_end"] >= later_from]
    can_calibrate = _is_enough(earlier) and _invoices(later) >= FEWEST_TRAINING_INVOICES
    model = _fit_weights(earlier if can_calibrate else usable, now, as_of)
    return _recalibrate(model, later) if can_calibrate else model


def fit_logistic(
    design: Floats,
    late: Floats,
    due: Floats,
    *,
    ridge: Floats,
    offset: Floats | None = None,
    start: Floats | None = None,
    last_step: float = 1e-10,
) -> tuple[Floats, Floats]:
    """Maximise the penalised binomial likelihood of ``late`` out of ``due``.

    Parameters
    ----------
    design : array, shape (n_rows, n_columns)
        Explanatory columns, the intercept among them.
    late, due : array, shape (n_rows,)
        Counts; a row counts as many times as it has invoices.
    ridge : array, shape (n_columns,)
        Penalty on each squared weight.
    offset : array, shape (n_rows,), optional
        Added to the log-odds as it is.
    start : array, shape (n_columns,), optional
        Weights to begin with; near ones save most of the steps. 0 if left out.
    last_step : float
        The search ends with the first step that moves no weight further; what is still lacking
        then is about its square.

    Returns
    -------
    (array, shape (n_columns,); array, shape (n_columns, n_columns))
        The weights, and the inverse of the penalised information.

    References
    ----------
    Newton's method for the logistic likelihood: Hastie, Tibshirani, Friedman, The Elements of
    Statistical Learning, 2nd ed., 2009, section 4.4.
    """
    fixed = np.zeros(len(design)) if offset is None else offset
    weights = np.zeros(design.shape[1]) if start is None else start
    inverse = np.eye(design.shape[1])
    for _ in range(50):
        share = expit(fixed + design @ weights)
        information = (design * (due * share * (1 - share))[:, None]).T @ design + np.diag(ridge)
        inverse = np.linalg.inv(information + 1e-9 * np.eye(len(weights)))
        step = inverse @ (design.T @ (late - due * share) - ridge * weights)
        weights = weights + step / max(1.0, float(np.abs(step).max()) / LONGEST_STEP)
        if np.abs(step).max() < last_step:
            break
    return weights, inverse


def _invoices(rows: pd.DataFrame) -> float:
    return float(rows["outcome_due_count"].sum())


def _is_enough(rows: pd.DataFrame) -> bool:
    months = rows["month_end"].nunique()
    return months >= FEWEST_TRAINING_MONTHS and _invoices(rows) >= FEWEST_TRAINING_INVOICES


def _fit_weights(rows: pd.DataFrame, now: pd.DataFrame, as_of: pd.Timestamp) -> LateModel:
    prior = fit_share_prior(now["late_count"], now["due_count"])
    usual = mean_days_late(now)
    features = build_features(rows, prior, usual).to_numpy()
    centre, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    design = np.column_stack([np.ones(len(rows)), (features - centre) / spread])
    late, due = _outcomes(rows)
    ridge = np.array([0.0] + [RIDGE] * len(FEATURES))
    weights, inverse = fit_logistic(design, late, due, ridge=ridge)
    return LateModel(
        as_of=as_of,
        rows_count=len(rows),
        clients_count=int(rows["client_id"].nunique()),
        invoices_count=int(due.sum()),
        prior=prior,
        usual_days_late=usual,
        centre=centre,
        spread=spread,
        weights=weights,
        covariance=_sandwich(design, late - due * expit(design @ weights), inverse, rows),
        shift=0.0,
        stretch=1.0,
    )


def _outcomes(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    late = rows["outcome_late_count"].to_numpy(dtype=np.float64)
    return late, rows["outcome_due_count"].to_numpy(dtype=np.float64)


def _sandwich(design: Floats, residual: Floats, inverse: Floats, rows: pd.DataFrame) -> Floats:
    """Covariance that lets the rows of one client be as alike as they are."""
    scores = pd.DataFrame(design * residual[:, None])
    by_client = scores.groupby(rows["client_id"].to_numpy(), sort=True).sum().to_numpy()
    covariance: Floats = inverse @ (by_client.T @ by_client) @ inverse
    return covariance


def _recalibrate(model: LateModel, rows: pd.DataFrame) -> LateModel:
    late, due = _outcomes(rows)
    log_odds = logit(model.predict(rows).to_numpy())
    design = np.column_stack([np.ones(len(rows)), log_odds])
    ridge = np.array([0.0, RIDGE])
    (shift, beyond), _ = fit_logistic(design, late, due, ridge=ridge, offset=log_odds)
    return replace(model, shift=float(shift), stretch=float(1 + beyond))
