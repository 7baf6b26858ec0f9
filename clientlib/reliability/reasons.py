"""Why a client has its probability, in words and numbers that add up to it."""

from collections.abc import Hashable

import pandas as pd

from clientlib.language import jot
from clientlib.pooling import SharePrior
from clientlib.reliability.history import log_odds

REASONS_COUNT = 3
WORTH_SAYING = 0.05


def explain_by_rule(rows: pd.DataFrame, prior: SharePrior) -> pd.DataFrame:
    """Split the log-odds of the plain rule: the portfolio's, and what the own record adds.

    Parameters
    ----------
    rows : DataFrame, shape (n_clients, ...)
        Panel rows.
    prior : SharePrior
        Of the late share.

    Returns
    -------
    DataFrame of float, index as ``rows``
        base and own_history; they add up to the log-odds of the steadied share.
    """
    own = log_odds(prior.steady(rows["late_count"], rows["due_count"]))
    base = log_odds(pd.Series(prior.share, index=rows.index))
    return pd.DataFrame({"base": base, "own_history": own - base})


def describe_reasons(
    rows: pd.DataFrame, contributions: pd.DataFrame, prior: SharePrior
) -> pd.DataFrame:
    """Say the strongest contributions of each client, in English that can be told again.

    Parameters
    ----------
    rows : DataFrame, shape (n_clients, ...)
        Panel rows, for the numbers in the sentences.
    contributions : DataFrame, same index
        base and one column per feature, in log-odds.
    prior : SharePrior
        For the portfolio's share.

    Returns
    -------
    DataFrame of str, index as ``rows``
        reason_1, reason_2, reason_3: strongest first, each with its direction; empty text
        where less than 0.05 log-odds is left to say.
    """
    parts = contributions.drop(columns="base")
    names = [f"reason_{place}" for place in range(1, REASONS_COUNT + 1)]
    said = [
        _say(row, part, prior.share)
        for row, part in zip(
            rows.to_dict("records"), parts.reindex(rows.index).to_dict("records"), strict=True
        )
    ]
    return pd.DataFrame(said, index=rows.index, columns=names, dtype=object)


def _say(row: dict[Hashable, float], part: dict[Hashable, float], portfolio: float) -> list[str]:
    strong = [name for name in part if abs(part[name]) >= WORTH_SAYING]
    strong.sort(key=lambda name: -abs(part[name]))
    said = [
        jot(_choose(str(name), row, part[name] > 0), **_values(row, portfolio))
        for name in strong[:REASONS_COUNT]
    ]
    return said + [""] * (REASONS_COUNT - len(said))


def _choose(name: str, row: dict[Hashable, float], is_raised: bool) -> str:
    if name == "overdue_now" and not row["overdue_count"]:
        name = "nothing_overdue"
    raises, lowers = TEMPLATES[name]
    return raises if is_raised else lowers


def _values(row: dict[Hashable, float], portfolio: float) -> dict[str, float]:
    due, settled = row["due_count"], row["settled_count"]
    return {
        "late": row["late_count"],
        "due": due,
        "share": row["late_count"] / due if due else 0.0,
        "all_share": portfolio,
        "late_6m": row["late_6m_count"],
        "due_6m": row["due_6m_count"],
        "overdue": row["overdue_count"],
        "open": row["open_count"],
        "days": row["late_days_total"] / settled if settled else 0.0,
        "settled": settled,
    }


# By feature: where it raises the risk, and where it lowers it.
TEMPLATES = {
    "own_history": (
        "raises the risk: {late:count} of {due:count} invoices paid late ({share:share}; "
        "all clients {all_share:share})",
        "lowers the risk: {late:count} of {due:count} invoices paid late ({share:share}; "
        "all clients {all_share:share})",
    ),
    "recent_change": (
        "raises the risk: {late_6m:count} of {due_6m:count} late in the last six months, "
        "{late:count} of {due:count} since the start",
        "lowers the risk: {late_6m:count} of {due_6m:count} late in the last six months, "
        "{late:count} of {due:count} since the start",
    ),
    "overdue_now": (
        "raises the risk: {overdue:count} of {open:count} open invoices are overdue",
        "lowers the risk: {overdue:count} of {open:count} open invoices are overdue",
    ),
    "nothing_overdue": (
        "raises the risk: no open invoice is overdue",
        "lowers the risk: no open invoice is overdue",
    ),
    "days_late": (
        "raises the risk: {days:number1} days late on average over {settled:count} settled "
        "invoices",
        "lowers the risk: {days:number1} days late on average over {settled:count} settled "
        "invoices",
    ),
    "evidence": (
        "raises the risk: the length of its history, {due:count} invoices judged",
        "lowers the risk: the length of its history, {due:count} invoices judged",
    ),
}
