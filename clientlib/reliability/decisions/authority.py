"""What a manager may grant alone, and what needs somebody above."""

import numpy as np
import pandas as pd

from clientlib.panels import as_days

AUTHORITY_COLUMNS = (
    "granted_limit_amount",
    "granted_payment_days",
    "needs_approval",
    "approval_of",
)
WORDS = {"credit": "credit limit", "payment_days": "days to pay"}
APPROVALS = (*WORDS.values(), ", ".join(WORDS.values()))
KINDS = {"credit": "limit_amount", "payment_days": "advised_payment_days"}


def limits_on(limits: pd.DataFrame, day: str | pd.Timestamp) -> pd.DataFrame:
    """Take the limits of authority that hold on a day.

    Parameters
    ----------
    limits : DataFrame
        staging.approval_limits: manager_id, kind, starts_on, ends_on, limit_value, known_on.
    day : str or Timestamp
        The day.

    Returns
    -------
    DataFrame, index manager_id
        A column per kind (credit in money, payment_days in days, discount as a share); null
        where the manager has no limit of that kind, and so no authority.
    """
    when = pd.Timestamp(day)
    starts, ends = as_days(limits["starts_on"]), as_days(limits["ends_on"])
    is_known = as_days(limits["known_on"]) <= when
    held = limits[is_known & (starts <= when) & ~(ends < when)].assign(starts_on=starts)
    last = held.sort_values("starts_on").drop_duplicates(["manager_id", "kind"], keep="last")
    wide = last.pivot_table(
        index="manager_id", columns="kind", values="limit_value", aggfunc="last"
    )
    return wide.reindex(columns=["credit", "discount", "payment_days"]).astype(float)


def cap_by_authority(advice: pd.DataFrame, limits: pd.DataFrame) -> pd.DataFrame:
    """Cut advice down to what the client's manager may grant alone.

    Parameters
    ----------
    advice : DataFrame
        manager_id (null for nobody), limit_amount (money), advised_payment_days (days).
    limits : DataFrame
        From `limits_on`; without any row nobody's authority is known, and nothing is cut.

    Returns
    -------
    DataFrame, index as ``advice``
        Columns `AUTHORITY_COLUMNS`: what may be granted now, whether the rest needs approval,
        and of what (one of `APPROVALS`; empty where nothing).
    """
    held = limits.reindex(advice["manager_id"]).set_axis(advice.index)
    capped, above = {}, {}
    for kind, column in KINDS.items():
        wanted = advice[column].astype(float)
        most = held[kind].fillna(0.0) if len(limits) else pd.Series(np.inf, index=advice.index)
        capped[kind] = pd.Series(np.minimum(wanted, most), index=advice.index)
        above[kind] = wanted > most
    named = [
        ", ".join(WORDS[kind] for kind in KINDS if above[kind].loc[row]) for row in advice.index
    ]
    return pd.DataFrame(
        {
            "granted_limit_amount": capped["credit"],
            "granted_payment_days": capped["payment_days"],
            "needs_approval": pd.concat(above, axis=1).any(axis=1),
            "approval_of": pd.Series(named, index=advice.index, dtype=object),
        }
    )
