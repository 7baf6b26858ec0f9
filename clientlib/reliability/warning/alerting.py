"""The warnings of a day: whom to call, since when, how sure, and what is at stake."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.reliability.events import LossRules
from clientlib.reliability.warning.backtest import (
    MODEL,
    Terms,
    WarningBacktest,
    backtest_warning,
)
from clientlib.reliability.warning.book import OrderBook
from clientlib.reliability.warning.counting import FEWEST_CLIENTS, set_threshold, usable_rows
from clientlib.reliability.warning.hazard import SilenceModel, fit_silence_model
from clientlib.reliability.warning.losses import follow_silences
from clientlib.reliability.warning.panel import build_panel
from clientlib.reliability.warning.plain import score_plain_rules
from clientlib.reliability.warning.watching import WatchList, WatchRule, watch_clients

# A year and the day itself: four times three panels and the last.
PANELS_LISTED = 13
PANELS_BETWEEN_FITS = 3
# Who is as calm as four in five of the healthy clients may leave the list.
CALM_SHARE = 0.20


@dataclass(frozen=True)
class EarlyWarning:
    """Who may be lost, as a day knows it.

    Parameters
    ----------
    as_of : Timestamp
        Nothing known later was used.
    tested : WarningBacktest
        How the same methods did in the second half of the history; its ``chosen`` scores.
    model : SilenceModel or None
        As fitted on the day; None where there was too little to learn from.
    clients : DataFrame, one row per client that is not lost, the most at stake first
        client_id, probability_lost (null without a model), score (of the chosen method),
        silence_days, usual_gap_days, declared_on (day on which the silence would be a loss),
        lead_days, revenue_365d_amount and at_stake_amount (probability times that revenue).
    watched : WatchList or None
        None where no threshold could be set.
    """

    as_of: pd.Timestamp
    tested: WarningBacktest
    model: SilenceModel | None
    clients: pd.DataFrame
    watched: WatchList | None


def warn_clients(
    book: OrderBook,
    month_ends: Sequence[pd.Timestamp],
    *,
    rules: LossRules | None = None,
    terms: Terms | None = None,
    decisions: pd.DataFrame | None = None,
) -> EarlyWarning:
    """Test the methods on the past, score all clients with the one that won, keep the watch list.

    Earlier panels of the list are scored by the model as it could have been fitted by then, a
    new one every third panel, so that the day of a first alert is not rewritten by what came
    later. Thresholds are those that 10 % (to enter) and 20 % (to stay) of the healthy clients
    passed in these panels.

    Parameters
    ----------
    book : OrderBook
        From `read_book`; its last day is the day of the warnings.
    month_ends : sequence of Timestamp
        Panels; those after the last day are left out.
    rules : LossRules, optional
        What counts as a loss.
    terms : Terms, optional
        Time to act, share of false alarms, seed.
    decisions : DataFrame, optional
        Owners and snoozes, see `watch_clients`.

    Returns
    -------
    EarlyWarning
        Of the last panel.
    """
    deal, as_of = terms or Terms(), pd.Timestamp(book.last_day, unit="D")
    ends = [end for end in sorted(map(pd.Timestamp, month_ends)) if end <= as_of]
    followed = follow_silences(build_panel(book, ends, rules), book, as_of=as_of, rules=rules)
    tested = backtest_warning(
        followed, trained_on=ends[(len(ends) - 1) // 2], as_of=as_of, terms=deal
    )
    model = fit_silence_model(followed, ends[-1], seed=deal.seed)
    listed = score_panels(followed, ends[-PANELS_LISTED:], tested.chosen, deal)
    rule = _set_rule(listed, deal)
    watched = watch_clients(listed, rule, as_of=as_of, decisions=decisions) if rule else None
    now = listed[listed["month_end"] == ends[-1]]
    return EarlyWarning(as_of, tested, model, _describe(now, model), watched)


def score_panels(
    followed: pd.DataFrame, ends: Sequence[pd.Timestamp], chosen: str, terms: Terms
) -> pd.DataFrame:
    """Score panels by the chosen method, as it could have been fitted by then.

    Parameters
    ----------
    followed : DataFrame
        From `follow_silences`.
    ends : sequence of Timestamp, rising
        The panels; the model is fitted anew at the last one, and at every third one before.
    chosen : str
        "model" or a plain rule.
    terms : Terms
        Gives the seed.

    Returns
    -------
    DataFrame
        Rows of these panels with score; those before the model could be fitted are left out.
    """
    rows = followed[followed["month_end"].isin(ends)]
    if chosen != MODEL:
        return rows.assign(score=score_plain_rules(rows)[chosen])
    scored = []
    for start in range((len(ends) - 1) % PANELS_BETWEEN_FITS, len(ends), PANELS_BETWEEN_FITS):
        part = ends[start : start + PANELS_BETWEEN_FITS]
        model = fit_silence_model(followed, part[0], seed=terms.seed)
        if model is not None:
            panel = rows[rows["month_end"].isin(part)]
            scored.append(panel.assign(score=model.predict(panel)))
    return pd.concat(scored) if scored else rows.assign(score=np.nan)


def _set_rule(listed: pd.DataFrame, terms: Terms) -> WatchRule | None:
    usable = usable_rows(listed, least_lead_days=terms.least_lead_days)
    if usable.loc[usable["is_lost"] == 0, "client_id"].nunique() < FEWEST_CLIENTS:
        return None
    shares = (terms.false_alarm_share, max(CALM_SHARE, terms.false_alarm_share))
    enter, leave = (set_threshold(usable, usable["score"], false_alarm_share=s) for s in shares)
    return WatchRule(enter_above=enter, leave_below=min(leave, enter))


def _describe(now: pd.DataFrame, model: SilenceModel | None) -> pd.DataFrame:
    probability = pd.Series(np.nan, index=now.index) if model is None else model.predict(now)
    revenue = now["revenue_365d_amount"].clip(lower=0.0)
    columns = [
        "client_id",
        "probability_lost",
        "score",
        "silence_days",
        "usual_gap_days",
        "declared_on",
        "lead_days",
        "revenue_365d_amount",
        "at_stake_amount",
    ]
    table = now.assign(probability_lost=probability, at_stake_amount=probability * revenue)
    order = ["at_stake_amount", "client_id"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)[columns]
