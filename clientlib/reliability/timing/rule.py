"""The plain rule beside the model: a client pays as it has paid, drawn towards all clients."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.pooling import SharePrior, fit_share_prior
from clientlib.reliability.timing.covariates import Priors, build_covariates, fit_priors
from clientlib.reliability.timing.model import LATE_DAYS

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PlainTiming:
    """Steadied late share and steadied mean days, with the errors of the past around the latter.

    Parameters
    ----------
    late : SharePrior
        Common late share of the paid invoices and its weight.
    priors : Priors
        Common mean days and their weight.
    errors : array of float, shape (n_paid,), in days
        Days of past invoices less the days expected at their issue, sorted.
    level : float, 0..1
        Share of the errors that the interval holds.
    """

    late: SharePrior
    priors: Priors
    errors: Floats
    level: float

    def predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Say of each invoice how likely it is late, and when it will be paid.

        Parameters
        ----------
        rows : DataFrame, shape (n_invoices, ...)
            As `join_outcomes` returns them.

        Returns
        -------
        DataFrame, shape (n_invoices, ...), index as ``rows``
            late_0 ... late_90, expected_days, median_days, low_days, high_days, as the model's.
        """
        days = build_covariates(rows, self.priors)["habit"].to_numpy(dtype=np.float64)
        tails = np.quantile(self.errors, [(1 - self.level) / 2, 0.5, (1 + self.level) / 2])
        found = {f"late_{limit}": self._above(limit - days) for limit in LATE_DAYS}
        found["late_0"] = self.late.steady(
            rows["settled_late_count"], rows["settled_count"]
        ).to_numpy(dtype=np.float64)
        ends = {
            "expected_days": days + self.errors.mean(),
            "median_days": days + tails[1],
            "low_days": np.maximum(np.floor(days + tails[0]), -rows["terms_days"]),
            "high_days": np.ceil(days + tails[2]),
        }
        return pd.DataFrame(found | ends, index=rows.index).astype(float)

    def _above(self, limit: Floats) -> Floats:
        """Part of the errors above a limit."""
        below = np.searchsorted(self.errors, limit, side="right")
        return np.asarray(1 - below / len(self.errors), dtype=np.float64)


def fit_rule(rows: pd.DataFrame, *, level: float = 0.90) -> PlainTiming:
    """Fit the plain rule on the paid invoices.

    Parameters
    ----------
    rows : DataFrame
        Invoices as `join_outcomes` returns them.
    level : float, 0..1
        Share of payments that the interval is meant to hold.

    Returns
    -------
    PlainTiming
        Fitted.

    Raises
    ------
    InputError
        Nothing has been paid.
    """
    paid = rows[rows["paid_days"].notna()]
    is_late = (paid["paid_days"] > 0).astype(int)
    clients = paid["client_id"].to_numpy()
    late = fit_share_prior(
        is_late.groupby(clients, sort=True).sum(), is_late.groupby(clients, sort=True).size()
    )
    priors = fit_priors(rows)
    expected = build_covariates(paid, priors)["habit"]
    errors = np.sort((paid["paid_days"] - expected).to_numpy(dtype=np.float64))
    return PlainTiming(late, priors, errors, level)
