"""Model or plain rule: which of the two foretold past windows better, and how sure that is."""

import numpy as np
import pandas as pd

from clientlib.language import jot

FEWEST_EVENTS = 10
SURE_ENOUGH, BOOTSTRAPS = 0.90, 500


def choose_method(predictions: pd.DataFrame, seed: int) -> tuple[str, str]:
    """Choose the model where it foretold past windows surely better than the plain rule.

    Parameters
    ----------
    predictions : DataFrame, one row per client and origin
        origin_on, client_id, happened, model and rule; may be empty.
    seed : int
        Of the bootstrap of clients.

    Returns
    -------
    (str, str)
        "model" or "rule", and why, in a sentence that can be told again: the model needs a lower
        log loss in 90 % of the samples, and 10 events to be judged on.
    """
    events = int(predictions["happened"].sum()) if len(predictions) else 0
    origins = int(predictions["origin_on"].nunique()) if len(predictions) else 0
    if events < FEWEST_EVENTS:
        return "rule", jot(
            "Not enough data to test a model: {events:count} events at {origins:count} past month "
            "ends, {least:count} are needed. The plain rule is used.",
            events=events,
            origins=origins,
            least=FEWEST_EVENTS,
        )
    sure = _surely_better(predictions, seed)
    values = {"events": events, "origins": origins, "sure": sure, "least": SURE_ENOUGH}
    if sure >= SURE_ENOUGH:
        return "model", jot(
            "The model foretold {events:count} events at {origins:count} past month ends better "
            "than the plain rule, in {sure:share} of bootstrap samples; the model is used.",
            **values,
        )
    return "rule", jot(
        "The model did not foretell {events:count} events at {origins:count} past month ends "
        "clearly better than the plain rule (better in {sure:share} of bootstrap samples, "
        "{least:share} are needed); the plain rule is used.",
        **values,
    )


def _surely_better(predictions: pd.DataFrame, seed: int) -> float:
    """Share of client bootstraps in which the model's log loss is below the rule's."""
    happened = predictions["happened"].astype(float)

    def loss(p: pd.Series) -> pd.Series:
        """Log loss of each row."""
        inside = p.astype(float).clip(1e-6, 1 - 1e-6)
        return -(happened * np.log(inside) + (1 - happened) * np.log(1 - inside))

    gain = loss(predictions["rule"]) - loss(predictions["model"])
    by_client = gain.groupby(predictions["client_id"]).sum().to_numpy()
    random = np.random.default_rng(seed)
    draws = random.multinomial(
        len(by_client), np.full(len(by_client), 1 / len(by_client)), BOOTSTRAPS
    )
    return float(np.mean(draws @ by_client > 0))
