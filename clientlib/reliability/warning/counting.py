"""Counting alerts per client, not per row: who was warned of, how early, and who in vain."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.errors import InputError
from clientlib.panels import check_columns

Floats = npt.NDArray[np.float64]

LEAST_LEAD_DAYS = 60
FALSE_ALARM_SHARE = 0.10
FEWEST_CLIENTS = 30
FOLLOWED = ("client_id", "month_end", "declared_on", "lead_days", "is_lost", "is_over")


@dataclass(frozen=True)
class AlertCount:
    """What alerts at one threshold came to, each client counted once.

    Parameters
    ----------
    threshold : float
        An alert is raised where the score is above it.
    lost_count, healthy_count : int
        Clients with a declared loss, and those without any, in rows whose windows were over.
    flagged_share : float, 0..1
        Lost clients whose first alert came ``least_lead_days`` or more before the loss was
        declared.
    false_alarm_share : float, 0..1
        Healthy clients with an alert.
    flagged_money_share : float, 0..1
        As ``flagged_share``, every client weighing as its revenue of 365 days.
    alerts_per_healthy_year : float
        Alerts begun at healthy clients, for each year that one was looked at.
    alerts_per_manager_week : float
        All alerts begun, per week and manager; nan without the number of managers.
    precision : float, 0..1
        Of the clients with an alert, the part that was lost.
    clients : DataFrame, one row per client
        client_id, is_lost, amount, best_score, first_alert_on, declared_on, lead_days (null
        without alert or loss) and standing_share: of the panels from the first alert on, the
        part at which the score was still above the threshold.
    """

    threshold: float
    lost_count: int
    healthy_count: int
    flagged_share: float
    false_alarm_share: float
    flagged_money_share: float
    alerts_per_healthy_year: float
    alerts_per_manager_week: float
    precision: float
    clients: pd.DataFrame


def usable_rows(followed: pd.DataFrame, *, least_lead_days: int = LEAST_LEAD_DAYS) -> pd.DataFrame:
    """Keep the rows that may raise an alert, and whose fate is known without looking ahead.

    A row counts only if its window was over: a client that has ordered since is no better
    known than one that has not, so leaving out only the undecided would flatter every rule.
    An alert must leave time to act, so no alert is raised later than ``least_lead_days``
    before the loss; all rules have the same permission.

    Parameters
    ----------
    followed : DataFrame
        From `follow_silences` or `follow_events`.
    least_lead_days : int, in days
        Time to act.

    Returns
    -------
    DataFrame
        Rows in the same order, with the same index.
    """
    check_columns(followed, FOLLOWED, name="followed rows")
    return followed[followed["is_over"] & (followed["lead_days"] >= least_lead_days)]


def set_threshold(
    rows: pd.DataFrame, score: pd.Series, *, false_alarm_share: float = FALSE_ALARM_SHARE
) -> float:
    """Find the score that only so many of the healthy clients ever passed.

    Parameters
    ----------
    rows : DataFrame
        From `usable_rows`.
    score : Series of float, index as ``rows``
        Larger means that a loss is nearer.
    false_alarm_share : float, 0..1
        Healthy clients that may be alarmed.

    Returns
    -------
    float
        The smallest threshold that keeps to it; ties count as not passed.

    Raises
    ------
    InputError
        There is no healthy client.
    """
    best = best_scores(rows, score)
    healthy = np.sort(best.loc[best["is_lost"] == 0, "best_score"].to_numpy())
    if not len(healthy):
        raise InputError(
            "a threshold needs clients that were not lost",
            rows=f"{len(best)} clients, all lost",
            hint="take more month ends, or wait until more windows are over",
        )
    allowed = int(np.floor(false_alarm_share * len(healthy) + 1e-9))
    return float(healthy[len(healthy) - 1 - min(allowed, len(healthy) - 1)])


def best_scores(rows: pd.DataFrame, score: pd.Series) -> pd.DataFrame:
    """Give each client's highest score, for lost clients over the rows before their loss.

    Parameters
    ----------
    rows : DataFrame
        From `usable_rows`.
    score : Series of float, index as ``rows``
        Larger means that a loss is nearer.

    Returns
    -------
    DataFrame, index client_id, sorted
        is_lost (0 or 1) and best_score.
    """
    is_lost = rows["is_lost"].groupby(rows["client_id"]).transform("max")
    # Rows of an earlier silence, which ended in an order, are neither a success nor in vain.
    counted = rows["is_lost"] == is_lost
    table = pd.DataFrame({"client_id": rows["client_id"], "is_lost": is_lost, "best_score": score})[
        counted
    ]
    return table.groupby("client_id").agg(
        is_lost=("is_lost", "max"), best_score=("best_score", "max")
    )


def count_alerts(
    rows: pd.DataFrame,
    score: pd.Series,
    threshold: float,
    *,
    managers_count: int | None = None,
) -> AlertCount:
    """Count what alerts above a threshold came to.

    Parameters
    ----------
    rows : DataFrame
        From `usable_rows`; revenue_365d_amount weighs clients where it is there.
    score : Series of float, index as ``rows``
        Larger means that a loss is nearer.
    threshold : float
        An alert is raised where the score is above it.
    managers_count : int, optional
        Managers who get the alerts.

    Returns
    -------
    AlertCount
        Shares are nan where there is no such client.
    """
    best = best_scores(rows, score)
    clients = _first_alerts(rows, score, threshold).reindex(best.index)
    clients = best.join(clients).reset_index()
    is_lost, has_alert = clients["is_lost"] == 1, clients["best_score"] > threshold
    begun = _count_begun(rows, score, threshold)
    healthy_ids = clients.loc[~is_lost, "client_id"]
    is_healthy_row = rows["client_id"].isin(healthy_ids)
    panels = rows["month_end"].nunique()
    span = (rows["month_end"].max() - rows["month_end"].min()).days if len(rows) else 0
    between = span / (panels - 1) if panels > 1 else 30.4
    weeks = panels * between / 7
    return AlertCount(
        threshold=threshold,
        lost_count=int(is_lost.sum()),
        healthy_count=int((~is_lost).sum()),
        flagged_share=_share(has_alert, is_lost),
        false_alarm_share=_share(has_alert, ~is_lost),
        flagged_money_share=_share(has_alert, is_lost, clients["amount"]),
        alerts_per_healthy_year=_over(
            begun[is_healthy_row].sum(), is_healthy_row.sum() * between / 365.25
        ),
        alerts_per_manager_week=_over(begun.sum(), weeks * (managers_count or float("nan"))),
        precision=_share(is_lost, has_alert),
        clients=clients,
    )


def flagged_of(best: Floats, is_lost: npt.NDArray[np.bool_], false_alarm_shares: Floats) -> Floats:
    """Give the share of lost clients whose best score few of the healthy ones reach.

    Parameters
    ----------
    best : array of float, shape (n_clients,)
        Best scores, see `best_scores`.
    is_lost : array of bool, shape (n_clients,)
        Who was lost.
    false_alarm_shares : array of float, 0..1, shape (n,)
        Parts of the healthy clients that may pass the threshold.

    Returns
    -------
    array of float, 0..1, shape (n,)
        Where clients tie at the threshold, chance lets as many of them through as may pass;
        nan without lost or healthy clients.
    """
    lost, healthy = best[is_lost], np.sort(best[~is_lost])[::-1]
    if not len(lost) or not len(healthy):
        return np.full(len(false_alarm_shares), np.nan)
    allowed = false_alarm_shares * len(healthy)
    edge = healthy[np.minimum(np.floor(allowed + 1e-9).astype(int), len(healthy) - 1)]
    above = (healthy > edge[:, None]).sum(axis=1)
    tied = (healthy == edge[:, None]).sum(axis=1)
    part = np.clip((allowed - above) / tied, 0.0, 1.0)
    passed = (lost > edge[:, None]).sum(axis=1) + part * (lost == edge[:, None]).sum(axis=1)
    return np.asarray(passed / len(lost), dtype=np.float64)


def _first_alerts(rows: pd.DataFrame, score: pd.Series, threshold: float) -> pd.DataFrame:
    """Per client: first alert of the rows that decide it, its lead, and how long it stood."""
    is_lost = rows["is_lost"].groupby(rows["client_id"]).transform("max")
    amount = rows.get("revenue_365d_amount", pd.Series(1.0, index=rows.index)).clip(lower=0.0)
    table = rows[["client_id", "month_end", "declared_on", "lead_days"]].assign(
        above=score > threshold, is_lost=is_lost, amount=amount
    )[rows["is_lost"] == is_lost]
    table = table.sort_values(["client_id", "month_end"])
    first_on = table["month_end"].where(table["above"]).groupby(table["client_id"]).transform("min")
    since = table[table["month_end"] >= first_on]
    first = since.drop_duplicates("client_id").set_index("client_id")
    found = table.groupby("client_id").agg(amount=("amount", "max"))
    found["first_alert_on"] = first["month_end"]
    was_lost = first["is_lost"] == 1
    found["declared_on"] = first["declared_on"].where(was_lost)
    found["lead_days"] = first["lead_days"].where(was_lost)
    found["standing_share"] = since.groupby("client_id")["above"].mean()
    return found


def _count_begun(rows: pd.DataFrame, score: pd.Series, threshold: float) -> pd.Series:
    """Mark the rows at which an alert begins: above the threshold, and not the panel before."""
    above = (score > threshold).astype(float)
    ordered = above[rows.sort_values(["client_id", "month_end"], kind="stable").index]
    before = ordered.groupby(rows["client_id"].reindex(ordered.index)).shift(fill_value=0.0)
    return ((ordered > 0) & ~(before > 0)).reindex(rows.index)


def _share(what: pd.Series, among: pd.Series, weight: pd.Series | None = None) -> float:
    weights = (weight if weight is not None else pd.Series(1.0, index=what.index))[among]
    return _over(float(weights[what[among]].sum()), float(weights.sum()))


def _over(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
