"""The watch list: who may be lost and who may not pay, since when, and who sees to it."""

from collections.abc import Callable

import pandas as pd

from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.risks.targets import DEFAULTS, exposure
from clientlib.reliability.risks.training import score_past
from clientlib.reliability.warning import (
    EarlyWarning,
    OrderBook,
    Terms,
    WatchList,
    WatchRule,
    read_book,
    warn_clients,
    watch_clients,
)
from clientlib.reliability.warning.alerting import PANELS_LISTED

LEAVING, PAYING = CAUSES = "may be lost", "may not pay"
# Of the clients whose fate is known so many were passed: to enter the list, and to stay on it.
ENTER_SHARE, STAY_SHARE = 0.10, 0.20
WATCH_COLUMNS = (
    "client_id",
    "watched_for",
    "first_alert_on",
    "months_count",
    "calm_count",
    "score",
    "enter_above",
    "leave_below",
    "at_stake_amount",
)


def read_orders(read: Callable[..., pd.DataFrame], *, as_of: pd.Timestamp) -> OrderBook:
    """Read the order book of all clients, with the family of each product.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``.
    as_of : Timestamp
        The day.

    Returns
    -------
    OrderBook
        From `read_book`.
    """
    lines = read("marts.line_facts", as_of=as_of)
    families = read("marts.products")[["product_id", "family"]]
    return read_book(lines.merge(families, on="product_id", how="left"), as_of=as_of)


def warn_of_losses(
    book: OrderBook, assessment: Assessment, *, managers: int | None = None
) -> EarlyWarning:
    """Test the methods of early warning on the past, and warn of clients that may be lost.

    Parameters
    ----------
    book : OrderBook
        From `read_orders`.
    assessment : Assessment
        Gives the day, the month ends and the rules.
    managers : int, optional
        How many managers share the alerts.

    Returns
    -------
    EarlyWarning
        From `warn_clients`.
    """
    ends = sorted(assessment.signs["month_end"].unique())
    return warn_clients(
        book,
        [pd.Timestamp(end) for end in ends],
        rules=assessment.rules,
        terms=Terms(managers_count=managers),
    )


def watch_payers(assessment: Assessment) -> WatchList | None:
    """Keep the list of clients that may not pay, month end after month end.

    Earlier month ends are scored by the method as it could have been fitted then, so that the
    day of a first alert is not rewritten by what came later.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.

    Returns
    -------
    WatchList or None
        None where no model of defaults could be fitted.
    """
    model = assessment.models[DEFAULTS]
    if not model.is_fitted:
        return None
    ends = sorted(pd.Timestamp(end) for end in assessment.signs["month_end"].unique())
    scores = score_past(
        assessment.signs, assessment.outcomes, assessment.training, model, ends[-PANELS_LISTED:]
    )
    owing = _owing(assessment)
    scores = scores.merge(owing, on=["client_id", "month_end"])
    if scores.empty:
        return None
    enter, leave = (float(scores["score"].quantile(1 - s)) for s in (ENTER_SHARE, STAY_SHARE))
    return watch_clients(scores, WatchRule(enter, min(leave, enter)), as_of=assessment.as_of)


def lay_out_watch(
    assessment: Assessment, warned: EarlyWarning, payers: WatchList | None
) -> pd.DataFrame:
    """Put both watch lists into one table that the ledger can keep.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.
    warned : EarlyWarning
        From `warn_of_losses`.
    payers : WatchList or None
        From `watch_payers`.

    Returns
    -------
    DataFrame, one row per client and cause, most at stake first
        Columns `WATCH_COLUMNS`: watched_for, first_alert_on (of this time on the list), months
        on it and of these calm ones in a row, the score with the rule of entry and exit, and
        what is at stake: a year's revenue, or what is owed and ordered.
    """
    known = assessment.known.set_index("client_id")
    revenue = known["revenue_12m_amount"].astype(float)
    owed = pd.Series(exposure(known), index=known.index)
    lists = ((LEAVING, warned.watched, revenue), (PAYING, payers, owed))
    tables = [
        _lay_out(watched, cause, stake) for cause, watched, stake in lists if watched is not None
    ]
    if not tables:
        return pd.DataFrame(columns=list(WATCH_COLUMNS))
    table = pd.concat(tables, ignore_index=True)
    order = ["at_stake_amount", "client_id", "watched_for"]
    ranked = table.sort_values(order, ascending=[False, True, True], na_position="last")
    return ranked.reset_index(drop=True)[list(WATCH_COLUMNS)]


def _owing(assessment: Assessment) -> pd.DataFrame:
    """Keep the month ends at which a client owed or had ordered something."""
    rows = assessment.panels.rows
    kept: pd.DataFrame = rows.loc[exposure(rows) > 0, ["client_id", "month_end"]]
    return kept


def _lay_out(watched: WatchList, cause: str, stake: pd.Series) -> pd.DataFrame:
    listed = watched.clients
    return listed.assign(
        watched_for=cause,
        months_count=listed["panels_count"],
        enter_above=watched.rule.enter_above,
        leave_below=watched.rule.leave_below,
        at_stake_amount=listed["client_id"].map(stake),
    )[list(WATCH_COLUMNS)]
