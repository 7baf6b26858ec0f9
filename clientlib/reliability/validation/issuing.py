"""What is issued of a validation: the cards and the figures of all tests, in English."""

from collections.abc import Iterable

import pandas as pd

from clientlib.reliability.validation.examining import Examined
from clientlib.reliability.validation.measured import NOT_ENOUGH, OK
from clientlib.reliability.validation.page import Validation
from clientlib.reliability.validation.tables import list_cards, list_models


def issue_cards(validation: Validation) -> pd.DataFrame:
    """Give the cards as they are issued: one row per model, in English.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per model
        event, method, verdict, expires_on, reason, rows_count, events_count (of the training),
        auc, auc_low, auc_high, brier, slope and status ("ok" or "not enough data").
    """
    cards = list_cards(validation)
    models = list_models(validation)[["event", "auc", "auc_low", "auc_high", "brier", "slope"]]
    kept = ["event", "method", "verdict", "expires_on", "reason", "rows_count", "events_count"]
    found = cards[kept].merge(models, on="event", validate="one_to_one")
    return found.assign(
        reason=found["reason"].map(str),
        status=[OK if each.has_data else NOT_ENOUGH for each in validation.examined],
    )


def issue_tests(validation: Validation) -> pd.DataFrame:
    """Give the figures of all tests as they are issued, in English.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per model and test
        event, test (a measure, or psi), value, low, high (90 % interval; of psi nought and its
        floor), rows_count, events_count and status.
    """
    rows = [row for each in validation.examined for row in _list_tests(each)]
    return pd.DataFrame(rows)


def _list_tests(examined: Examined) -> Iterable[dict[str, object]]:
    for each in examined.measures:
        yield {
            "event": examined.event,
            "test": each.name,
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "rows_count": each.rows_count,
            "events_count": each.events_count,
            "status": each.status,
        }
    found = examined.stability
    is_measured = found["level"] != NOT_ENOUGH
    yield {
        "event": examined.event,
        "test": "psi",
        "value": found["psi"],
        "low": 0.0 if is_measured else float("nan"),
        "high": found["floor"],
        "rows_count": found["count"],
        "events_count": 0,
        "status": OK if is_measured else NOT_ENOUGH,
    }
