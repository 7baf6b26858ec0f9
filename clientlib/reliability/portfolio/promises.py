"""Who keeps terms and promises, both ways: clients towards us, and our units towards them."""

import numpy as np
import pandas as pd

from clientlib.panels import as_days
from clientlib.pooling import interval_of_share

US, CLIENT = "us", "client"
CLIENTS, OUR_UNITS = "clients", "our units"
SIDES = (CLIENTS, OUR_UNITS)
KEPT_COLUMNS = ("side", "who", "due_count", "late_count", "late_share", "share_low", "share_high",
                "overdue_count", "near_count")  # fmt: skip
TERM_COLUMNS = ("terms", "clients_count", "due_count", "late_share", "share_low", "share_high",
                "disputed_share")  # fmt: skip
NEAR_DAYS = 30
UNKNOWN_UNIT = "unit not named"
NO_TERMS = "no contract"


def judge_promises(obligations: pd.DataFrame, *, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Count how promises were kept: by clients together, and by each unit of ours.

    Parameters
    ----------
    obligations : DataFrame
        staging.obligations: owed_by, unit, agreed_on, due_on, done_on, known_on; those agreed or
        known later are left out.
    as_of : str or Timestamp
        The day; a promise is judged from the day after it was due.

    Returns
    -------
    DataFrame, one row per side and unit
        Columns `KEPT_COLUMNS`: how many fell due, how many of these were done late or not at all,
        their share with its 90 % interval, how many are overdue now and how many fall due within
        30 days.
    """
    day = pd.Timestamp(as_of)
    is_known = (as_days(obligations["known_on"]) <= day) & (
        as_days(obligations["agreed_on"]) <= day
    )
    rows = obligations[is_known & obligations["owed_by"].isin([US, CLIENT])]
    due, done = as_days(rows["due_on"]), as_days(rows["done_on"])
    is_open = ~(done <= day)
    is_us = rows["owed_by"] == US
    table = pd.DataFrame(
        {
            "side": np.where(is_us, OUR_UNITS, CLIENTS),
            "who": rows["unit"].fillna(UNKNOWN_UNIT).where(is_us, CLIENTS),
            "due_count": due < day,
            "late_count": (due < day) & ((done > due) | is_open),
            "overdue_count": (due < day) & is_open,
            "near_count": is_open & (due >= day) & (due <= day + pd.Timedelta(days=NEAR_DAYS)),
        }
    )
    counts = table.groupby(["side", "who"], as_index=False).sum()
    return _with_shares(counts, counts["late_count"], counts["due_count"])[list(KEPT_COLUMNS)]


def benchmark_terms(standing: pd.DataFrame, punctuality: pd.DataFrame) -> pd.DataFrame:
    """Set how clients pay beside the days to pay that their contracts grant.

    Terms were not drawn by lot: good payers may have been granted longer ones.

    Parameters
    ----------
    standing : DataFrame, one row per client
        marts.client_standing of one month end: client_id, payment_days.
    punctuality : DataFrame, one row per client
        marts.client_punctuality and marts.client_debts of the same: client_id, due_count,
        late_count, disputed_count.

    Returns
    -------
    DataFrame, one row per number of days, clients without a contract last
        Columns `TERM_COLUMNS`: the mean late share of their clients, each counted alike, with
        its 90 % interval; disputed invoices per invoice fallen due.
    """
    rows = punctuality.merge(standing[["client_id", "payment_days"]], on="client_id", how="left")
    rows = rows[rows["due_count"] > 0]
    days = rows["payment_days"].astype(float)
    named = days.map(lambda number: f"{number:.0f}", na_action="ignore").fillna(NO_TERMS)
    share = rows["late_count"].astype(float) / rows["due_count"].astype(float)
    table = pd.DataFrame(
        {
            "terms": named,
            "days": days.fillna(np.inf),
            "clients_count": 1,
            "due_count": rows["due_count"].astype("int64"),
            "late": share,
            "disputed": rows["disputed_count"].astype(float).fillna(0.0),
        }
    )
    sums = table.groupby(["days", "terms"], as_index=False).sum()
    found = _with_shares(sums, sums["late"], sums["clients_count"])
    disputed = sums["disputed"] / sums["due_count"].where(sums["due_count"] > 0)
    return found.assign(disputed_share=disputed)[list(TERM_COLUMNS)]


def _with_shares(counts: pd.DataFrame, hits: pd.Series, trials: pd.Series) -> pd.DataFrame:
    events, cases = hits.astype(float), trials.astype(float)
    known = cases > 0
    low, high = interval_of_share(events, cases)
    return counts.assign(
        late_share=events / cases.where(known),
        share_low=pd.Series(low, index=counts.index).where(known),
        share_high=pd.Series(high, index=counts.index).where(known),
    )
