"""What can be said of each client and event: foretold, come already, not asked, too little data."""

import numpy as np
import pandas as pd

from clientlib.language import jot
from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.risks.scoring import SCORE_COLUMNS, score_risks
from clientlib.reliability.risks.targets import (
    DEFAULTS,
    LEAVES,
    find_asked,
    is_in_default,
    is_silent,
)

FORETOLD, COME, NOT_ASKED, TOO_LITTLE = "foretold", "come already", "not asked", "not enough data"
STATES = (FORETOLD, COME, NOT_ASKED, TOO_LITTLE)
RISK_COLUMNS = (
    "client_id",
    "event",
    "state",
    "probability",
    "probability_low",
    "probability_high",
    "rule_probability",
    "method",
    "evidence_count",
    "horizon_months",
    "reason",
)
COME_ALREADY = {
    DEFAULTS: "{amount:short} is overdue by more than {days:count} {days:day|days}",
    LEAVES: "no order for {days:count} {days:day|days}",
}
NOT_INVOICED = "nothing was invoiced in twelve months"
NOT_ORDERED = "nothing was ordered in twelve months"


def describe_risks(assessment: Assessment) -> pd.DataFrame:
    """Say of every client and event how probable it is, or why that cannot be said.

    A client in default or lost already is not foretold: that is a fact, of probability 1. One
    that did no business within a year is unlike those that models have learnt from.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.

    Returns
    -------
    DataFrame, one row per event and client of the day
        Columns `RISK_COLUMNS`: state (one of `STATES`), probability (0..1) with its 90 %
        interval (both null where not asked or not enough is known), the plain rule's beside it,
        evidence_count (judged invoices for defaults, orders of 12 months else), and reason (why
        there is no forecast, in a sentence that can be told again; empty where there is one).
    """
    scores = score_risks(assessment.models, assessment.now)
    tables = [_describe(assessment, event, scores) for event in assessment.models]
    return pd.concat(tables, ignore_index=True)[list(RISK_COLUMNS)]


def _describe(assessment: Assessment, event: str, scores: pd.DataFrame) -> pd.DataFrame:
    known, model = assessment.known, assessment.models[event]
    own = scores.loc[scores["event"] == event, list(SCORE_COLUMNS)].set_index("client_id")
    table = own.reindex(known["client_id"]).reset_index().assign(event=event)
    table["state"] = _states(assessment, event)
    is_told = table["state"].isin([FORETOLD, COME])
    ends = ["probability", "probability_low", "probability_high"]
    table[ends] = table[ends].where(is_told, np.nan).mask(table["state"] == COME, 1.0)
    told = table["state"] == FORETOLD
    return table.assign(
        rule_probability=table["rule_probability"].where(told),
        method=table["method"].where(told, ""),
        evidence_count=_evidence(known, event),
        horizon_months=assessment.horizon_months,
        reason=_reasons(assessment, event, table["state"], str(model.note)),
    )


def _states(assessment: Assessment, event: str) -> pd.Series:
    known, rules = assessment.known, assessment.rules
    asked = find_asked(known, rules, horizon_months=assessment.horizon_months)
    state = pd.Series(FORETOLD, index=known.index, dtype=object)
    if not assessment.models[event].is_fitted:
        state[:] = TOO_LITTLE
    state[~asked[event]] = NOT_ASKED
    if event == DEFAULTS:
        state[is_in_default(known, rules)] = COME
    if event == LEAVES:
        state[is_silent(known, rules)] = COME
    return state


def _evidence(known: pd.DataFrame, event: str) -> pd.Series:
    column = "due_count" if event == DEFAULTS else "orders_12m_count"
    counts: pd.Series = known[column].fillna(0).astype("int64")
    return counts


def _reasons(assessment: Assessment, event: str, states: pd.Series, note: str) -> list[str]:
    known, days = assessment.known, assessment.rules.overdue_days
    silent = (known["month_end"] - pd.to_datetime(known["last_ordered_on"])).dt.days
    amounts = known[f"overdue_{days}_amount"].astype(float)
    not_asked = jot(NOT_INVOICED) if event == DEFAULTS else jot(NOT_ORDERED)

    def say(row: int, state: str) -> str:
        """Give the reason of one client."""
        if state == COME and event == DEFAULTS:
            return str(jot(COME_ALREADY[event], amount=float(amounts[row]), days=days))
        if state == COME:
            return str(jot(COME_ALREADY[event], days=int(silent[row])))
        return {NOT_ASKED: str(not_asked), TOO_LITTLE: note}.get(state, "")

    return [say(row, state) for row, state in enumerate(states)]
