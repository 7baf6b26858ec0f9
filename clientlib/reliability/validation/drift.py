"""Have scores and features drifted: PSI and CSI with alarm levels and their sampling floor."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from clientlib.panels import as_days, check_columns
from clientlib.reliability.validation.measured import NOT_ENOUGH, is_enough, read_judged
from clientlib.reliability.validation.ranking import measure_auc

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

BINS = 10
DRAWS = 1000
WATCH_LEVEL, ALARM_LEVEL = 0.10, 0.25
FEWEST_ROWS = 50
FLOOR_LEVEL = 0.95
# A bin that is empty on one side holds half a row there: its logarithm would be endless.
EMPTY_ROWS = 0.5
STEADY, WATCH, ALARM = "steady", "watch", "alarm"


def measure_stability(
    reference: pd.Series,
    now: pd.Series,
    *,
    clients_counts: tuple[int, int] | None = None,
    seed: int = 0,
) -> dict[str, object]:
    """Measure how far a distribution has moved since it was learnt (PSI; of a feature: CSI).

    Bins are tenths of the reference, or its categories; unknown values are a bin of their own,
    and so is every category that the reference had not.

    Parameters
    ----------
    reference, now : Series of numbers or categories
        Values in development, and today.
    clients_counts : (int, int), optional
        Different clients behind both, where a client has several rows: these are as alike as
        one, so the floor is that of so many.
    seed : int
        Of the simulation of the floor.

    Returns
    -------
    dict
        psi, floor (what 95 % of samples without any drift stay below), reference_count,
        count, and level: "steady", "watch" from 0.10, "alarm" from 0.25 (both only above the
        floor), or "not enough data" below 50 rows on either side.

    References
    ----------
    Alarm levels: Siddiqi, Credit Risk Scorecards, 2006. Without drift the index of large
    samples is a chi-square times 1/n + 1/m: Yurdakul and Naranjo, Journal of Risk Model
    Validation 14, 2020; here it is simulated, which also holds for small ones.
    """
    codes, later, bins = _bin(reference, now)
    counts = np.array([np.bincount(part, minlength=bins) for part in (codes, later)])
    counts = counts[:, counts.sum(axis=0) > 0]
    psi = float(_distance(counts[0], counts[1]))
    floor = _noise(counts.sum(axis=0), clients_counts or (len(reference), len(now)), seed)
    enough = min(len(reference), len(now)) >= FEWEST_ROWS
    return {
        "psi": psi if enough else float("nan"),
        "floor": floor if enough else float("nan"),
        "reference_count": len(reference),
        "count": len(now),
        "level": _level(psi, floor) if enough else NOT_ENOUGH,
    }


def compare_features(
    reference: pd.DataFrame, now: pd.DataFrame, features: Sequence[str]
) -> pd.DataFrame:
    """Measure the drift of every feature (CSI), the furthest first.

    Parameters
    ----------
    reference, now : DataFrame
        Rows of development, and of today, with the features and, where clients have several
        rows, client_id.
    features : sequence of str
        Which columns.

    Returns
    -------
    DataFrame, one row per feature
        feature, psi, floor, reference_count, count, level.

    Raises
    ------
    InputError
        A feature is missing.
    """
    check_columns(reference, features, name="reference rows")
    check_columns(now, features, name="rows of today")
    clients = None
    if "client_id" in reference.columns and "client_id" in now.columns:
        clients = (reference["client_id"].nunique(), now["client_id"].nunique())
    table = [
        {"feature": name, **measure_stability(reference[name], now[name], clients_counts=clients)}
        for name in features
    ]
    columns = ["feature", "psi", "floor", "reference_count", "count", "level"]
    found = pd.DataFrame(table, columns=columns)
    return found.sort_values(["psi", "feature"], ascending=[False, True], ignore_index=True)


def follow_drift(developed: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    """Follow a model since training, month end by month end.

    Parameters
    ----------
    developed : DataFrame
        client_id and probability of the rows that the model was tested on when it was made.
    scored : DataFrame
        client_id, month_end, probability and happened (null while the window is not over).

    Returns
    -------
    DataFrame, one row per month end
        month_end, psi, floor and level of the scores, count, judged_count, events_count, auc,
        auc_low, auc_high, bias (predicted less observed share; both nan without enough
        outcomes).

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(scored, ("client_id", "month_end", "probability", "happened"), name="scored")
    clients = developed["client_id"].nunique()
    rows = []
    for end, month in scored.groupby(as_days(scored["month_end"]), sort=True):
        counts = (clients, month["client_id"].nunique())
        moved = measure_stability(
            developed["probability"], month["probability"], clients_counts=counts
        )
        del moved["reference_count"]
        rows.append({"month_end": end, **moved, **_judge_month(month.dropna(subset="happened"))})
    return pd.DataFrame(rows)


def _judge_month(known: pd.DataFrame) -> dict[str, object]:
    rows = read_judged(known)
    auc = measure_auc(rows)
    bias = float((rows["probability"] - rows["happened"]).mean()) if is_enough(rows) else np.nan
    return {
        "judged_count": len(rows),
        "events_count": auc.events_count,
        "auc": auc.value,
        "auc_low": auc.low,
        "auc_high": auc.high,
        "bias": bias,
    }


def _distance(before: Counts, now: Counts) -> Floats:
    """Compare counts by bin, of one pair of samples or, row by row, of many."""
    shares = [
        np.maximum(part, EMPTY_ROWS) / np.maximum(part.sum(axis=-1, keepdims=True), 1)
        for part in (before, now)
    ]
    gaps = (shares[1] - shares[0]) * np.log(shares[1] / shares[0])
    return np.asarray(gaps.sum(axis=-1), dtype=np.float64)


def _noise(together: Counts, sizes: tuple[int, int], seed: int) -> float:
    """Draw both samples from the same distribution, and see how far apart they come."""
    if not together.sum():
        return float("nan")
    random = np.random.default_rng(seed)
    shares = together / together.sum()
    drawn = [random.multinomial(size, shares, DRAWS) for size in sizes]
    return float(np.quantile(_distance(drawn[0], drawn[1]), FLOOR_LEVEL))


def _level(psi: float, floor: float) -> str:
    if psi <= floor or psi < WATCH_LEVEL:
        return STEADY
    return ALARM if psi >= ALARM_LEVEL else WATCH


def _bin(
    reference: pd.Series, now: pd.Series
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """Assign both to bins; the last one holds what is unknown."""
    if is_numeric_dtype(reference) and not is_bool_dtype(reference):
        known = reference.dropna().to_numpy(dtype=np.float64)
        tenths = np.linspace(0, 1, BINS + 1)[1:-1]
        cuts: Floats = np.unique(np.quantile(known, tenths)) if len(known) else np.zeros(0)
        parts = [_cut(values, cuts) for values in (reference, now)]
        return parts[0], parts[1], len(cuts) + 2
    both = pd.concat([reference, now], ignore_index=True).astype(object)
    codes, names = pd.factorize(both)
    placed = np.where(codes < 0, len(names), codes).astype(np.int64)
    return placed[: len(reference)], placed[len(reference) :], len(names) + 1


def _cut(values: pd.Series, cuts: Floats) -> npt.NDArray[np.int64]:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    places = np.searchsorted(cuts, numbers, side="left")
    return np.where(np.isnan(numbers), len(cuts) + 1, places).astype(np.int64)
