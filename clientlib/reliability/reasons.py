"""Why a client has its probability, in words and numbers that add up to it."""

from collections.abc import Callable, Hashable

import pandas as pd

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
    """Say the strongest contributions of each client in plain English.

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
        f"{'raises' if part[name] > 0 else 'lowers'} the risk: {_WORDS[str(name)](row, portfolio)}"
        for name in strong[:REASONS_COUNT]
    ]
    return said + [""] * (REASONS_COUNT - len(said))


def _own_history(row: dict[Hashable, float], portfolio: float) -> str:
    share = row["late_count"] / row["due_count"] if row["due_count"] else 0.0
    return (
        f"{row['late_count']:.0f} of {row['due_count']:.0f} invoices paid late ({share:.0%}; "
        f"all clients {portfolio:.0%})"
    )


def _recent_change(row: dict[Hashable, float], _portfolio: float) -> str:
    return (
        f"{row['late_6m_count']:.0f} of {row['due_6m_count']:.0f} late in the last six months, "
        f"{row['late_count']:.0f} of {row['due_count']:.0f} since the start"
    )


def _overdue_now(row: dict[Hashable, float], _portfolio: float) -> str:
    if not row["overdue_count"]:
        return "no open invoice is overdue"
    return f"{row['overdue_count']:.0f} of {row['open_count']:.0f} open invoices are overdue"


def _days_late(row: dict[Hashable, float], _portfolio: float) -> str:
    settled = row["settled_count"]
    days = row["late_days_total"] / settled if settled else 0.0
    return f"{days:.1f} days late on average over {settled:.0f} settled invoices"


def _evidence(row: dict[Hashable, float], _portfolio: float) -> str:
    return f"the length of its history, {row['due_count']:.0f} invoices judged"


_WORDS: dict[str, Callable[[dict[Hashable, float], float], str]] = {
    "own_history": _own_history,
    "recent_change": _recent_change,
    "overdue_now": _overdue_now,
    "days_late": _days_late,
    "evidence": _evidence,
}
