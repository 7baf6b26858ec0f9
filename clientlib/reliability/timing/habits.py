"""Habits of payment: how late clients pay as a rule, found as a few types in their invoices."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import digamma, gammaln, logsumexp

from clientlib.errors import InputError

Floats = npt.NDArray[np.float64]

# Days after the due day up to which a class of delay goes; the last class has no end.
DELAY_ENDS = (0, 3, 7, 14, 30, 60)
CLASSES_COUNT = len(DELAY_ENDS) + 1
HALF_LIFE_DAYS = 365.0
MOST_HABITS = 6
FEWEST_CLIENTS = 30
ROUNDS, NEWTON_ROUNDS, CLOSE_ENOUGH = 300, 3, 1e-4
WEIGHT_RANGE = (1e-3, 300.0)
START_WEIGHT = 20.0
TYPE_COLUMNS = ("habit", "clients_share", *(f"late_{days}_share" for days in (0, 7, 14, 30, 60)))
HABIT_COLUMNS = (
    "client_id",
    "habit",
    "habit_probability",
    "habit_late_share",
    "habit_late_14_share",
    "late_7_share",
    "late_14_share",
    "late_30_share",
)


@dataclass(frozen=True)
class Habits:
    """Types of payers: of each its share of clients and how late its invoices are paid.

    Parameters
    ----------
    shares : array of float, shape (n_habits,)
        Of the clients, adding up to 1; the best payers first.
    weights : array of float, shape (n_habits, 7)
        Dirichlet weights of the classes of delay: their ratios are the habit's distribution,
        their sum says how alike its clients are.
    clients_count : int
        Clients that they were found in.
    """

    shares: Floats
    weights: Floats
    clients_count: int

    @property
    def means(self) -> Floats:
        """Part of a habit's invoices in each class of delay, shape (n_habits, 7)."""
        return np.asarray(self.weights / self.weights.sum(axis=1, keepdims=True))

    def describe(self, counts: pd.DataFrame) -> pd.DataFrame:
        """Say of each client which habit it has, and how late it will pay.

        Parameters
        ----------
        counts : DataFrame, shape (n_clients, 7), index client_id
            From `count_delays`.

        Returns
        -------
        DataFrame, one row per client
            Columns `HABIT_COLUMNS`: the most probable habit (from 1, the best) and how probable
            it is; of that habit the part of invoices that are late, and later than 14 days; and
            the client's own parts above 7, 14 and 30 days, drawn towards the habits that its
            record fits.
        """
        values = counts.to_numpy(dtype=np.float64)
        posterior = np.exp(_log_posterior(values, self.weights, self.shares)[0])
        own = _pooled(values, posterior, self.weights)
        best = posterior.argmax(axis=1)
        columns: dict[str, object] = {
            "client_id": counts.index,
            "habit": best + 1,
            "habit_probability": posterior.max(axis=1),
            "habit_late_share": _above(self.means[best], 0),
            "habit_late_14_share": _above(self.means[best], 14),
        }
        columns |= {f"late_{days}_share": _above(own, days) for days in (7, 14, 30)}
        return pd.DataFrame(columns)[list(HABIT_COLUMNS)]

    def to_table(self) -> pd.DataFrame:
        """Lay the habits out.

        Returns
        -------
        DataFrame, one row per habit, the best payers first
            habit, clients_share, late_0_share, late_7_share, late_14_share, late_30_share and
            late_60_share: part of its invoices that are paid later than so many days.
        """
        late = {f"late_{days}_share": _above(self.means, days) for days in (0, 7, 14, 30, 60)}
        numbers = np.arange(1, len(self.shares) + 1)
        return pd.DataFrame({"habit": numbers, "clients_share": self.shares, **late})


def count_delays(
    invoices: pd.DataFrame, as_of: str | pd.Timestamp, *, half_life_days: float = HALF_LIFE_DAYS
) -> pd.DataFrame:
    """Count each client's invoices by how late they were paid, recent ones for more.

    An invoice that is overdue and not paid counts with the days that it is overdue by now.

    Parameters
    ----------
    invoices : DataFrame
        As `join_outcomes` returns them for ``as_of``.
    as_of : str or Timestamp
        The day.
    half_life_days : float, in days, above 0
        An invoice issued so long ago counts half.

    Returns
    -------
    DataFrame of float, shape (n_clients, 7), index client_id
        Weights by class of delay; clients without a paid or overdue invoice are not there.

    Raises
    ------
    InputError
        The half life is not above 0.
    """
    if not half_life_days > 0:
        raise InputError("the half life of invoices must be above 0", example=f"{half_life_days}")
    days = invoices["paid_days"].fillna(invoices["open_days"].where(invoices["open_days"] > 0))
    rows = invoices[days.notna()]
    age = (pd.Timestamp(as_of) - rows["issued_on"]).dt.days.to_numpy(dtype=np.float64)
    place = np.searchsorted(DELAY_ENDS, days.dropna().to_numpy(dtype=np.float64), side="left")
    clients, names = pd.factorize(rows["client_id"], sort=True)
    counts = np.zeros((len(names), CLASSES_COUNT))
    np.add.at(counts, (clients, place), 0.5 ** (age / half_life_days))
    return pd.DataFrame(counts, index=pd.Index(names, name="client_id"))


def fit_habits(counts: pd.DataFrame, *, most: int = MOST_HABITS) -> Habits | None:
    """Find the habits that explain the clients' invoices best.

    A mixture of Dirichlet-multinomials, fitted by expectation and maximisation; the number of
    habits is the one with the least Bayesian information criterion.

    Parameters
    ----------
    counts : DataFrame, shape (n_clients, 7)
        From `count_delays`.
    most : int
        Most habits that are tried.

    Returns
    -------
    Habits or None
        None, "not enough data", below 30 clients.

    References
    ----------
    Holmes, Harris and Quince, Dirichlet Multinomial Mixtures, PLoS ONE 7, 2012; the fixed point
    for weights: Minka, Estimating a Dirichlet distribution, 2000.
    """
    values = counts.to_numpy(dtype=np.float64)
    if len(values) < FEWEST_CLIENTS:
        return None
    tried = [_fit(values, number) for number in range(1, most + 1)]
    criteria = [
        (len(shares) * (CLASSES_COUNT + 1) - 1) * np.log(len(values)) - 2 * fit
        for weights, shares, fit in tried
    ]
    weights, shares, _ = tried[int(np.argmin(criteria))]
    order = np.argsort(_above(weights / weights.sum(axis=1, keepdims=True), 7), kind="stable")
    return Habits(shares[order], weights[order], len(values))


def _fit(values: Floats, number: int) -> tuple[Floats, Floats, float]:
    """Fit a number of habits, starting from clients sorted by how late they pay."""
    posterior = _start(values, number)
    means = posterior.T @ values + 0.5
    weights = START_WEIGHT * means / means.sum(axis=1, keepdims=True)
    before = -np.inf
    for _ in range(ROUNDS):
        shares = posterior.mean(axis=0)
        weights = _maximise(values, posterior, weights)
        log_posterior, fit = _log_posterior(values, weights, shares)
        posterior = np.exp(log_posterior)
        if fit - before < CLOSE_ENOUGH:
            break
        before = fit
    return weights, posterior.mean(axis=0), fit


def _start(values: Floats, number: int) -> Floats:
    late = values @ np.arange(CLASSES_COUNT) / values.sum(axis=1)
    cuts = np.quantile(late, np.linspace(0, 1, number + 1)[1:-1])
    group = np.searchsorted(cuts, late, side="right")
    return np.asarray(0.9 * np.eye(number)[group] + 0.1 / number)


def _maximise(values: Floats, posterior: Floats, weights: Floats) -> Floats:
    totals, found = values.sum(axis=1), weights.copy()
    for place, shape in enumerate(found):
        own = posterior[:, place]
        for _ in range(NEWTON_ROUNDS):
            up = own @ (digamma(values + shape) - digamma(shape)) + WEIGHT_RANGE[0]
            down = own @ (digamma(totals + shape.sum()) - digamma(shape.sum())) + WEIGHT_RANGE[0]
            shape = np.clip(shape * up / down, *WEIGHT_RANGE)  # noqa: PLW2901  (a fixed point)
        found[place] = shape
    return found


def _log_posterior(values: Floats, weights: Floats, shares: Floats) -> tuple[Floats, float]:
    """Log probability of each habit for each client, and the log likelihood of all."""
    totals, sums = values.sum(axis=1), weights.sum(axis=1)
    parts = gammaln(values[:, None, :] + weights) - gammaln(weights)
    fit = gammaln(sums) - gammaln(totals[:, None] + sums) + parts.sum(axis=2)
    joint = fit + np.log(np.maximum(shares, 1e-12))
    together = logsumexp(joint, axis=1)
    return joint - together[:, None], float(together.sum())


def _pooled(values: Floats, posterior: Floats, weights: Floats) -> Floats:
    """Expect the distribution of each client's next invoice over the classes of delay."""
    totals, sums = values.sum(axis=1), weights.sum(axis=1)
    each = (values[:, None, :] + weights) / (totals[:, None] + sums)[:, :, None]
    return np.asarray((posterior[:, :, None] * each).sum(axis=1))


def _above(shares: Floats, days: int) -> Floats:
    """Part of invoices that are paid later than so many days after they were due."""
    return np.asarray(shares[:, DELAY_ENDS.index(days) + 1 :].sum(axis=1))
