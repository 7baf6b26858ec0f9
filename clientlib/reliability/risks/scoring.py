"""Scores of the clients of today: probabilities with intervals, and the signs behind each."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import logit

from clientlib.pooling import interval_of_share
from clientlib.reliability.risks.catalogue import BY_NAME
from clientlib.reliability.risks.training import RiskModel

NEAR = 0.5  # log-odds: predictions within about so much tell how often such a score came true
REASONS_COUNT = 3
WORTH_SAYING = 0.05  # log-odds
PAIR_SIGN = " × "
_FINITE = 1e-6
SCORE_COLUMNS = ("event", "client_id", "probability", "probability_low", "probability_high",
                 "rule_probability", "method")  # fmt: skip
REASON_COLUMNS = ("event", "client_id", "place", "sign", "value", "usual", "effect")


def score_risks(models: Mapping[str, RiskModel], signs: pd.DataFrame) -> pd.DataFrame:
    """Give every client the probability of every event, and how sure it is.

    The 90 % interval is that of the share of events among clients with such a score: a beta
    distribution around the probability, with as many cases as lay near the score in the
    back-test, each client counted once. A score unlike any that was tested gets a wide one.

    Parameters
    ----------
    models : mapping of str to RiskModel
        From `train_risks`.
    signs : DataFrame, one row per client
        Rows of `build_signs` at one month end.

    Returns
    -------
    DataFrame, one row per event and client
        Columns `SCORE_COLUMNS`: probability (0..1) of the chosen method, its interval, the
        rule's probability beside it, and the method; no rows for an event without a model.
    """
    tables = [_score(model, signs) for model in models.values() if model.is_fitted]
    columns = list(SCORE_COLUMNS)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def give_reasons(models: Mapping[str, RiskModel], signs: pd.DataFrame) -> pd.DataFrame:
    """Name the strongest signs behind every probability, with what each adds.

    Parameters
    ----------
    models : mapping of str to RiskModel
        From `train_risks`.
    signs : DataFrame, one row per client
        Rows of `build_signs` at one month end.

    Returns
    -------
    DataFrame, one row per event, client and reason, strongest first
        Columns `REASON_COLUMNS`: the sign (or a named pair of signs), its value, the median of
        all clients (null for categories and pairs), and what it adds to the log-odds. Effects
        under 0.05 are not named.
    """
    tables = [_reason(model, signs) for model in models.values() if model.is_fitted]
    columns = list(REASON_COLUMNS)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def find_hidden_signs(models: Mapping[str, RiskModel], signs: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of signs that matter only together, with how much they move scores.

    Parameters
    ----------
    models : mapping of str to RiskModel
        From `train_risks`.
    signs : DataFrame, one row per client
        Rows of `build_signs` at one month end.

    Returns
    -------
    DataFrame, strongest first
        event, pair, mean_effect (mean size in log-odds over the clients), largest_effect, and
        clients_count whose score it moves by 0.05 log-odds or more.
    """
    found = []
    for event, model in models.items():
        if model.model is None or not model.model.pairs:
            continue
        effects = model.model.explain(signs)[list(model.model.pairs)].abs()
        found.append(
            pd.DataFrame(
                {
                    "event": event,
                    "pair": effects.columns,
                    "mean_effect": effects.mean().to_numpy(),
                    "largest_effect": effects.max().to_numpy(),
                    "clients_count": (effects >= WORTH_SAYING).sum().to_numpy(),
                }
            )
        )
    columns = ["event", "pair", "mean_effect", "largest_effect", "clients_count"]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    order = ["mean_effect", "event", "pair"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def interval_of(
    probability: pd.Series, predictions: pd.DataFrame, method: str
) -> tuple[pd.Series, pd.Series]:
    """Give the 90 % interval of the share of events among clients with such scores.

    Parameters
    ----------
    probability : Series of float, 0..1
        Scores.
    predictions : DataFrame
        Of a `RiskModel`: scores at earlier month ends.
    method : str
        Column of ``predictions`` that the scores belong to.

    Returns
    -------
    (Series, Series)
        Lower and upper end, 0..1; nearly 0 to 1 where no score was tested near.

    References
    ----------
    Cases near a score are counted by a Gaussian kernel; the interval is `interval_of_share`.
    """
    score = _log_odds(probability)
    cases = np.zeros(len(score))
    if len(predictions):
        tested = _log_odds(predictions[method])
        repeats = predictions["client_id"].map(predictions["client_id"].value_counts())
        one_client = 1.0 / repeats.to_numpy(float)
        for start in range(0, len(score), 1_000):
            part = slice(start, start + 1_000)
            near = np.exp(-0.5 * ((score[part, None] - tested[None, :]) / NEAR) ** 2)
            cases[part] = (near * one_client).sum(axis=1)
    p = probability.to_numpy(float)
    low, high = interval_of_share(cases * p, cases)
    ends = np.minimum(low, p), np.maximum(high, p)
    return pd.Series(ends[0], index=probability.index), pd.Series(ends[1], index=probability.index)


def _score(model: RiskModel, signs: pd.DataFrame) -> pd.DataFrame:
    scorer, rule = model.fitted
    probability = scorer.predict(signs)
    low, high = interval_of(probability, model.predictions, model.chosen)
    return pd.DataFrame(
        {
            "event": model.event,
            "client_id": signs["client_id"].to_numpy(),
            "probability": probability.to_numpy(),
            "probability_low": low.to_numpy(),
            "probability_high": high.to_numpy(),
            "rule_probability": rule.predict(signs).to_numpy(),
            "method": model.chosen,
        }
    )


def _reason(model: RiskModel, signs: pd.DataFrame) -> pd.DataFrame:
    effects = model.fitted[0].explain(signs).drop(columns="base")
    names = effects.columns.to_numpy()
    values = effects.to_numpy()
    order = np.argsort(-np.abs(values), axis=1, kind="stable")[:, :REASONS_COUNT]
    rows = np.arange(len(values))[:, None]
    strongest = values[rows, order]
    kept = np.abs(strongest) >= WORTH_SAYING
    client, place = np.nonzero(kept)
    chosen = names[order[client, place]]
    return pd.DataFrame(
        {
            "event": model.event,
            "client_id": signs["client_id"].to_numpy()[client],
            "place": place + 1,
            "sign": chosen,
            "value": _values(signs, client, chosen),
            "usual": [_usual(signs, name) for name in chosen],
            "effect": strongest[client, place],
        }
    )


def _values(signs: pd.DataFrame, rows: np.ndarray, names: np.ndarray) -> list[object]:
    """Look up each sign's value; of a pair both."""
    found: list[object] = []
    for row, name in zip(rows, names, strict=True):
        parts = [signs[part].iloc[row] for part in str(name).split(PAIR_SIGN)]
        found.append(parts[0] if len(parts) == 1 else " × ".join(map(_write, parts)))
    return found


def _usual(signs: pd.DataFrame, name: str) -> float:
    is_number = name in BY_NAME and pd.api.types.is_numeric_dtype(signs[name])
    return float(signs[name].median()) if is_number else float("nan")


def _write(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _log_odds(probability: pd.Series) -> np.ndarray:
    inside = probability.to_numpy(float).clip(_FINITE, 1 - _FINITE)
    return np.asarray(logit(inside))
