"""Does the model rank: AUC, AUC against development, and the Kolmogorov-Smirnov distance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import norm, rankdata

from clientlib.reliability.validation.measured import (
    NOT_ENOUGH,
    OK,
    Measured,
    bootstrap_clients,
    is_enough,
    measured,
    middle,
    normal_width,
    read_judged,
    sum_by_client,
)

Floats = npt.NDArray[np.float64]

SURE = 0.05
DELONG = "DeLong et al., Biometrics 44, 1988; rows of one client: Obuchowski, Biometrics 53, 1997"
ECB = "ECB, Instructions for reporting the validation results of internal models, 2019"
SMIRNOV = "Smirnov, Annals of Mathematical Statistics 19, 1948; interval by bootstrap of clients"


@dataclass(frozen=True)
class AgainstDevelopment:
    """Whether a model still ranks as it did when it was made.

    Parameters
    ----------
    then, now : Measured
        AUC in development and today.
    change : float
        Now less then.
    p_value : float, 0..1
        Chance of so low an AUC if nothing had changed (one-sided); small says that it fell.
    has_fallen : bool
        Whether that chance is below 5 %; False without enough data.
    status : str
        "ok" or "not enough data".
    source : str
        Where the test is described.
    """

    then: Measured
    now: Measured
    change: float
    p_value: float
    has_fallen: bool
    status: str
    source: str = ECB


def measure_auc(judged: pd.DataFrame) -> Measured:
    """Measure the chance that an event got a higher probability than a non-event.

    Parameters
    ----------
    judged : DataFrame
        client_id, probability and happened.

    Returns
    -------
    Measured
        With an interval that lets rows of one client be as alike as they are.

    Raises
    ------
    InputError
        As in `read_judged`.
    """
    rows = read_judged(judged)
    if not is_enough(rows):
        return measured("auc", rows, np.nan, (np.nan, np.nan), DELONG)
    auc, error = auc_and_error(rows)
    return measured("auc", rows, auc, _bounded(auc, error), DELONG)


def auc_and_error(rows: pd.DataFrame) -> tuple[float, float]:
    """Give AUC and its standard error, by clients.

    Parameters
    ----------
    rows : DataFrame
        From `read_judged`, with both outcomes.

    Returns
    -------
    (float, float)
        With one row per client the error is DeLong's.
    """
    score = rows["probability"].to_numpy(dtype=np.float64)
    is_event = rows["happened"].to_numpy() == 1
    above, below = _placements(score, is_event)
    auc, (events, others) = float(above[is_event].mean()), (is_event.sum(), (~is_event).sum())
    parts = np.column_stack(
        [np.where(is_event, above - auc, 0.0), np.where(is_event, 0.0, below - auc)]
    )
    sums = sum_by_client(parts, rows["client_id"])
    has = sum_by_client(np.column_stack([is_event, ~is_event]).astype(float), rows["client_id"])
    own = [_spread_of(sums[:, k], has[:, k], n) for k, n in ((0, events), (1, others))]
    count = len(sums)
    shared = count / max(count - 1, 1) * float(sums[:, 0] @ sums[:, 1]) / (events * others)
    return auc, float(np.sqrt(max(own[0] + own[1] + 2 * shared, 0.0)))


def compare_with_development(judged: pd.DataFrame, developed: pd.DataFrame) -> AgainstDevelopment:
    """Test whether the model ranks worse than it did in development.

    Parameters
    ----------
    judged : DataFrame
        Predictions since, with outcomes: client_id, probability and happened.
    developed : DataFrame
        The same of the rows that it was tested on when it was made, not of training rows.

    Returns
    -------
    AgainstDevelopment
        Both errors count, where the ECB's test takes the AUC of development as known.

    Raises
    ------
    InputError
        As in `read_judged`.
    """
    now, then = read_judged(judged), read_judged(developed)
    figures = measure_auc(then), measure_auc(now)
    if not (is_enough(now) and is_enough(then)):
        return AgainstDevelopment(*figures, np.nan, np.nan, False, NOT_ENOUGH)
    errors = [auc_and_error(rows)[1] for rows in (then, now)]
    change = figures[1].value - figures[0].value
    p_value = float(norm.cdf(change / max(float(np.hypot(errors[0], errors[1])), 1e-12)))
    return AgainstDevelopment(*figures, change, p_value, p_value < SURE, OK)


def measure_ks(judged: pd.DataFrame, *, seed: int = 0) -> Measured:
    """Measure the largest distance between the distributions of scores of both outcomes.

    Parameters
    ----------
    judged : DataFrame
        client_id, probability and happened.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Measured
        0 (no difference) to 1 (no overlap).

    Raises
    ------
    InputError
        As in `read_judged`.
    """
    rows = read_judged(judged)
    if not is_enough(rows):
        return measured("ks", rows, np.nan, (np.nan, np.nan), SMIRNOV)
    place = rankdata(rows["probability"], method="dense").astype(np.int64) - 1
    happened = rows["happened"].to_numpy(dtype=np.float64)

    def distance(weight: Floats) -> float:
        """Largest gap between the two running shares."""
        shares = [
            np.bincount(place, weights=weight * part).cumsum() for part in (happened, 1 - happened)
        ]
        return float(np.abs(shares[0] / shares[0][-1] - shares[1] / shares[1][-1]).max())

    interval = middle(bootstrap_clients(rows, distance, seed=seed))
    return measured("ks", rows, distance(np.ones(len(rows))), interval, SMIRNOV)


def _placements(score: Floats, is_event: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Tell of each event how many others it is above, of each other how many events it is below."""
    ranks = rankdata(score)
    events, others = is_event.sum(), (~is_event).sum()
    above, below = np.zeros(len(score)), np.zeros(len(score))
    above[is_event] = (ranks[is_event] - rankdata(score[is_event])) / others
    below[~is_event] = 1 - (ranks[~is_event] - rankdata(score[~is_event])) / events
    return above, below


def _spread_of(sums: Floats, counts: Floats, total: int) -> float:
    clients = float((counts > 0).sum())
    return clients / max(clients - 1, 1) * float(sums @ sums) / total**2


def _bounded(auc: float, error: float) -> tuple[float, float]:
    """Lay the interval around the log-odds, so that it stays within 0 and 1."""
    inside = min(max(auc, 1e-6), 1 - 1e-6)
    width = normal_width() * error / (inside * (1 - inside))
    low, high = expit(logit(inside) + np.array([-width, width]))
    return float(low), float(high)
