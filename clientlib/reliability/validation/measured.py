"""A measure of a model with its interval, what it rests on, and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from clientlib.errors import InputError
from clientlib.panels import check_columns

Floats = npt.NDArray[np.float64]

OK, NOT_ENOUGH = "ok", "not enough data"
FEWEST_EVENTS = 20
LEVEL = 0.90
REPEATS = 500
JUDGED = ("client_id", "probability", "happened")


@dataclass(frozen=True)
class Measured:
    """One figure of a model.

    Parameters
    ----------
    name : str
        What was measured.
    value, low, high : float
        The figure and its 90 % interval; nan without enough data.
    rows_count, events_count, clients_count : int
        On what it rests.
    status : str
        "ok" or "not enough data".
    source : str
        Where the measure, or its interval, is described.
    """

    name: str
    value: float
    low: float
    high: float
    rows_count: int
    events_count: int
    clients_count: int
    status: str
    source: str


def read_judged(judged: pd.DataFrame) -> pd.DataFrame:
    """Check predictions whose outcome is known, and put them into a stated order.

    Parameters
    ----------
    judged : DataFrame, one row per prediction
        client_id, probability (0..1) and happened (0 or 1); further columns are kept.

    Returns
    -------
    DataFrame
        Sorted by client and as the rows came.

    Raises
    ------
    InputError
        A column is missing, a probability lies outside 0..1, or an outcome is not 0 or 1.
    """
    check_columns(judged, JUDGED, name="judged predictions")
    wrong = judged[~judged["probability"].between(0, 1) | ~judged["happened"].isin([0, 1])]
    if len(wrong):
        first = wrong.iloc[0]
        raise InputError(
            "a judged prediction needs a probability from 0 to 1 and an outcome of 0 or 1",
            rows=f"{len(wrong)} of {len(judged)} rows",
            example=f"probability {first['probability']!r}, happened {first['happened']!r}",
            hint="leave out rows whose window is not over, and give probabilities, not scores",
        )
    return judged.sort_values("client_id", kind="stable", ignore_index=True)


def is_enough(rows: pd.DataFrame) -> bool:
    """Tell whether there are 20 events and 20 others.

    Parameters
    ----------
    rows : DataFrame
        With happened.

    Returns
    -------
    bool
        Below that no measure is given.
    """
    events = float(rows["happened"].sum())
    return min(events, len(rows) - events) >= FEWEST_EVENTS


def measured(
    name: str, rows: pd.DataFrame, value: float, interval: tuple[float, float], source: str
) -> Measured:
    """Put a figure beside what it rests on; without enough data there is no figure.

    Parameters
    ----------
    name, value, interval, source
        As in `Measured`.
    rows : DataFrame
        From `read_judged`.

    Returns
    -------
    Measured
        nan for value and interval where `is_enough` says no.
    """
    enough = is_enough(rows)
    figures = (value, *interval) if enough else (float("nan"),) * 3
    counts = (len(rows), int(rows["happened"].sum()), int(rows["client_id"].nunique()))
    return Measured(name, *figures, *counts, OK if enough else NOT_ENOUGH, source)


def sum_by_client(values: Floats, client_id: pd.Series) -> Floats:
    """Add up values of each client's rows.

    Parameters
    ----------
    values : array of float, shape (n_rows, ...)
        One or several per row.
    client_id : Series, shape (n_rows,)
        Whose they are.

    Returns
    -------
    array of float, shape (n_clients, ...)
        Clients in order of appearance.
    """
    codes = pd.factorize(client_id)[0]
    sums = np.zeros((int(codes.max()) + 1 if len(codes) else 0, *values.shape[1:]))
    np.add.at(sums, codes, values)
    return sums


def design_effect(rows: pd.DataFrame, weight: Floats | float = 1.0) -> float:
    """Tell how many rows weigh as one, because rows of one client are alike.

    Parameters
    ----------
    rows : DataFrame
        From `read_judged`.
    weight : array of float, shape (n_rows,), or float
        By how much a row's outcome less its probability moves the figure.

    Returns
    -------
    float, 1 or more
        Variance of the sum with clients held together over that with rows taken apart; 1 with
        one row per client.

    References
    ----------
    Rao and Scott, A simple method for the analysis of clustered binary data, Biometrics 48, 1992.
    """
    errors = (rows["happened"] - rows["probability"]).to_numpy(dtype=np.float64) * weight
    centred = errors - errors.mean() if len(errors) else errors
    apart = float((centred**2).sum())
    held = float((sum_by_client(centred, rows["client_id"]) ** 2).sum())
    return max(held / apart, 1.0) if apart > 0 else 1.0


def bootstrap_clients(
    rows: pd.DataFrame, measure: Callable[[Floats], float], *, seed: int, repeats: int = REPEATS
) -> Floats:
    """Measure again and again on clients drawn with replacement.

    Parameters
    ----------
    rows : DataFrame
        With client_id.
    measure : function of an array of float, shape (n_rows,)
        Takes how often each row was drawn; gives the figure.
    seed : int
        Of the draws.
    repeats : int
        How many.

    Returns
    -------
    array of float, shape (repeats,)
        The figures.
    """
    codes = pd.factorize(rows["client_id"])[0]
    count = int(codes.max()) + 1 if len(codes) else 0
    random = np.random.default_rng(seed)
    draws = (random.multinomial(count, np.full(count, 1 / count)) for _ in range(repeats))
    return np.array([measure(drawn[codes].astype(np.float64)) for drawn in draws])


def middle(figures: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Cut both tails off figures of a bootstrap.

    Parameters
    ----------
    figures : array of float, shape (n,)
        Those that could not be measured (nan) are left out.
    level : float, 0..1
        Part that stays.

    Returns
    -------
    (float, float)
        Lower and upper end; nan where nothing was measured.
    """
    known = figures[np.isfinite(figures)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def normal_width(level: float = LEVEL) -> float:
    """Give how many standard errors lie to each side of a figure.

    Parameters
    ----------
    level : float, 0..1
        Probability that the interval is meant to hold.

    Returns
    -------
    float
        1.645 for 90 %.
    """
    return float(norm.ppf((1 + level) / 2))
