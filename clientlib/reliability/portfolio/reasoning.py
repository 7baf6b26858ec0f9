"""Why each client has its score: points that add up, and pairs of signs that act together."""

import numpy as np
import pandas as pd
from scipy.special import logit

from clientlib.reliability.decisions import CreditPolicy
from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.risks.catalogue import BY_NAME
from clientlib.reliability.risks.scoring import PAIR_SIGN, find_hidden_signs
from clientlib.reliability.risks.training import RiskModel
from clientlib.reliability.risks.wording import EVENT_WORDS, word_sign

BASE, OTHERS = "every client", "all other signs"
NAMED = 5  # signs that are named of each client and event
OTHERS_PLACE = NAMED + 1
REASON_COLUMNS = ("client_id", "event", "place", "sign", "words", "value", "usual", "points")


def explain_risks(assessment: Assessment, policy: CreditPolicy | None = None) -> pd.DataFrame:
    """Split the points of every client and event into what each sign adds.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.
    policy : CreditPolicy, optional
        Gives the scale; more points are better.

    Returns
    -------
    DataFrame, one row per client, event and part
        Columns `REASON_COLUMNS`: place 0 is what every client begins with, then the five signs
        or named pairs that count most, then all others together; their points add up to those
        of the probability within 1e-9. words name the sign to a reader; value and usual (the
        median of all clients) are null for pairs and categories.
    """
    terms = policy or CreditPolicy()
    tables = [
        _explain(model, assessment.now, terms)
        for model in assessment.models.values()
        if model.is_fitted
    ]
    columns = list(REASON_COLUMNS)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def points_of(probability: pd.Series, policy: CreditPolicy) -> pd.Series:
    """Put probabilities onto the scale without rounding.

    Parameters
    ----------
    probability : Series of float, 0..1
        Inside of both ends.
    policy : CreditPolicy
        The scale.

    Returns
    -------
    Series of float
        Points.
    """
    return policy.scale.to_points(pd.Series(logit(probability), index=probability.index))


def _explain(model: RiskModel, now: pd.DataFrame, policy: CreditPolicy) -> pd.DataFrame:
    effects = model.fitted[0].explain(now)
    base = policy.scale.to_points(effects.pop("base"))
    points = -policy.scale.per_log_odds * effects.to_numpy()
    order = np.argsort(-np.abs(points), axis=1, kind="stable")[:, :NAMED]
    strongest = np.take_along_axis(points, order, axis=1)
    rest = points.sum(axis=1) - strongest.sum(axis=1)
    clients, count = now["client_id"].to_numpy(), order.shape[1]
    row = np.repeat(np.arange(len(now)), count)
    names = effects.columns.to_numpy()[order.ravel()]
    named = pd.DataFrame(
        {
            "client_id": clients[row],
            "place": np.tile(np.arange(1, count + 1), len(now)),
            "sign": names,
            "words": [word_sign(str(name)) for name in names],
            "value": _values(now, row, names),
            "usual": _usual(now, names),
            "points": strongest.ravel(),
        }
    )
    ends = [_lay_end(clients, 0, BASE, base), _lay_end(clients, OTHERS_PLACE, OTHERS, rest)]
    table = pd.concat([*ends, named[named["points"] != 0]], ignore_index=True)
    ranked = table.assign(event=model.event).sort_values(["client_id", "place"], kind="stable")
    return ranked.reset_index(drop=True)[list(REASON_COLUMNS)]


def _lay_end(clients: np.ndarray, place: int, words: str, points: object) -> pd.DataFrame:
    values = {"client_id": clients, "place": place, "sign": "", "words": words}
    return pd.DataFrame({**values, "value": np.nan, "usual": np.nan, "points": points})


def _values(now: pd.DataFrame, rows: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Look up the value of each named sign; nan for pairs and categories."""
    found = np.full(len(names), np.nan)
    for name in np.unique(names.astype(str)):
        if _is_number(now, name):
            mine = names == name
            found[mine] = now[name].to_numpy(dtype=float)[rows[mine]]
    return found


def _usual(now: pd.DataFrame, names: np.ndarray) -> np.ndarray:
    medians = {
        name: float(now[name].median()) if _is_number(now, name) else np.nan
        for name in np.unique(names.astype(str))
    }
    return np.array([medians[str(name)] for name in names])


def _is_number(now: pd.DataFrame, name: str) -> bool:
    is_single = PAIR_SIGN not in name and name in BY_NAME
    return is_single and pd.api.types.is_numeric_dtype(now[name])


def list_pairs(assessment: Assessment) -> pd.DataFrame:
    """List the hidden signs: pairs that matter only together, which no plain rule can see.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.

    Returns
    -------
    DataFrame, strongest first
        The columns of `find_hidden_signs`, with words for the event and both signs (words and
        with_words), the sign of the plain rule beside it (rule_words), and method: who scores
        clients, the model that sees the pair or the rule that does not.
    """
    found = find_hidden_signs(assessment.models, assessment.now)
    models = assessment.models
    return found.assign(
        event_words=found["event"].map(EVENT_WORDS),
        words=[word_sign(pair.split(PAIR_SIGN)[0]) for pair in found["pair"]],
        with_words=[word_sign(pair.split(PAIR_SIGN)[-1]) for pair in found["pair"]],
        rule_words=[word_sign(models[event].rule_sign) for event in found["event"]],
        method=[models[event].chosen for event in found["event"]],
    )
