"""Scores of prospects: a probability with its interval, how deep it rests, and what it rests on."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from clientlib.panels import check_columns
from clientlib.pooling import interval_of_share
from clientlib.reliability.learning.encoding import BASE
from clientlib.reliability.prospects.depths import NEEDED, NOT_ENOUGH
from clientlib.reliability.prospects.models import EventModels, ProspectModels
from clientlib.reliability.prospects.scorers import PlaceScorer, probability_of
from clientlib.reliability.risks.places import LEVELS
from clientlib.reliability.risks.scoring import interval_of

SCORE_COLUMNS = (
    "event",
    "client_id",
    "probability",
    "probability_low",
    "probability_high",
    "depth",
    "cases_count",
    "outcomes_count",
    "credibility",
)
REASON_COLUMNS = ("event", "client_id", "sign", "value", "effect")
WORTH_SAYING = 0.05  # log-odds


def score_prospects(models: ProspectModels, prospects: pd.DataFrame) -> pd.DataFrame:
    """Give every prospect the probability of every event, and say how much it rests on.

    Parameters
    ----------
    models : ProspectModels
        From `train_prospects`.
    prospects : DataFrame, one row per prospect
        client_id (or another key), the signs, industry, region and size_band: rows of
        `build_signs`, or of `read_prospects`.

    Returns
    -------
    DataFrame, one row per event and prospect
        Columns `SCORE_COLUMNS`: probability (0..1) with its 90 % interval; depth, the deepest
        evidence that is used; cases_count, the clients behind it (of place those of its cell and
        of what it is drawn towards); outcomes_count, judged invoices of its own; credibility, the
        weight of its own record, 0..1. Where nothing was fitted depth is "not enough data" and
        the probability null.

    Raises
    ------
    InputError
        A sign is missing.
    """
    rows = _check(prospects)
    tables = [_score(event, rows) for event in models.events.values()]
    return pd.concat(tables, ignore_index=True)[list(SCORE_COLUMNS)]


def explain_prospects(
    models: ProspectModels, prospects: pd.DataFrame, *, events: Sequence[str] | None = None
) -> pd.DataFrame:
    """Split every score into what all have in common and what each sign adds to it.

    Parameters
    ----------
    models : ProspectModels
        From `train_prospects`.
    prospects : DataFrame, one row per prospect
        As for `score_prospects`.
    events : sequence of str, optional
        Which; all that were fitted, if left out.

    Returns
    -------
    DataFrame, one row per event, prospect and sign that adds anything, strongest first
        Columns `REASON_COLUMNS`; of each event and prospect the effects, with that of ``base``,
        add up to the log-odds of its probability within 1e-9.

    Raises
    ------
    InputError
        A sign is missing.
    """
    rows = _check(prospects)
    wanted = models.events if events is None else events
    fitted = [models.events[event] for event in wanted if models.events[event].is_fitted]
    tables = [_explain(event, rows) for event in fitted]
    columns = list(REASON_COLUMNS)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _check(prospects: pd.DataFrame) -> pd.DataFrame:
    needed = [name for name in (*NEEDED, *LEVELS) if name != "month_end"]
    check_columns(prospects, needed, name="the list of prospects")
    return prospects.reset_index(drop=True)


def _score(event: EventModels, rows: pd.DataFrame) -> pd.DataFrame:
    known = {"event": event.event, "client_id": rows["client_id"]}
    if not event.is_fitted or rows.empty:
        unknown = dict.fromkeys(["probability", "probability_low", "probability_high"], np.nan)
        counts = {"cases_count": 0, "outcomes_count": np.nan, "credibility": np.nan}
        return pd.DataFrame({**known, **unknown, "depth": NOT_ENOUGH, **counts}, index=rows.index)
    reached = event.reach(rows)
    probability = probability_of(event.log_odds(rows))
    found = pd.DataFrame({**known, "probability": probability}).join(reached)
    ends = [_bound(event, rows[found["depth"] == depth], depth, probability)
            for depth in found["depth"].unique()]  # fmt: skip
    return found.join(pd.concat(ends)).astype({"cases_count": "int64"})


def _bound(
    event: EventModels, rows: pd.DataFrame, depth: str, probability: pd.Series
) -> pd.DataFrame:
    """Give interval and cases of the rows that rest on one depth."""
    model, own = event.by_depth[depth], probability[rows.index]
    if isinstance(model.scorer, PlaceScorer):
        behind = model.scorer.prior.predict(rows)
        weight = behind["weight"].clip(upper=float(model.clients_count))
        ends = interval_of_share(own * weight, weight)
        low, high = (pd.Series(end, index=rows.index) for end in ends)
        cases = weight.round()
    else:
        low, high = interval_of(own, model.tested, "probability")
        cases = pd.Series(float(model.clients_count), index=rows.index)
    inside = {"probability_low": np.minimum(low, own), "probability_high": np.maximum(high, own)}
    return pd.DataFrame({**inside, "cases_count": cases}, index=rows.index)


def _explain(event: EventModels, rows: pd.DataFrame) -> pd.DataFrame:
    parts = event.explain(rows)
    long = (
        parts.rename_axis(index="row")
        .reset_index()
        .melt("row", var_name="sign", value_name="effect")
    )
    long = long[(long["effect"] != 0) | (long["sign"] == BASE)]
    keyed = long.assign(
        event=event.event,
        client_id=rows["client_id"].reindex(long["row"]).to_numpy(),
        value=_values(rows, long),
        size=np.where(long["sign"] == BASE, np.inf, long["effect"].abs()),
    )
    order = ["row", "size", "sign"]
    ranked = keyed.sort_values(order, ascending=[True, False, True], kind="stable")
    return ranked[list(REASON_COLUMNS)].reset_index(drop=True)


def _values(rows: pd.DataFrame, long: pd.DataFrame) -> pd.Series:
    """Look up the value of each sign; null for what is none."""
    pairs = zip(long["row"], long["sign"], strict=True)
    found = [rows.at[row, sign] if sign in rows.columns else None for row, sign in pairs]
    return pd.Series(found, index=long.index, dtype=object)
