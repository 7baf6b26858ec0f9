"""The rows that timing works on: each invoice with its client's history, and what became of it."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.errors import InputError
from clientlib.panels import check_columns

Floats = npt.NDArray[np.float64]

HISTORIES, OUTCOMES = "marts.invoice_histories", "marts.invoice_outcomes"
HISTORY_COLUMNS = (
    "invoice_id",
    "client_id",
    "issued_on",
    "known_on",
    "due_on",
    "amount",
    "terms_days",
    "due_month",
    "issued_count",
    "usual_amount",
    "judged_count",
    "late_count",
    "recent_late_share",
    "settled_count",
    "settled_late_count",
    "late_14_count",
    "late_days_total",
    "early_days_total",
    "days_squares_total",
    "recent_days_late",
    "last_days_late",
    "last_3_days_late",
    "since_settled_days",
    "open_count",
    "overdue_count",
    "oldest_overdue_days",
    "disputed_count",
)
OUTCOME_COLUMNS = ("invoice_id", "settled_on", "days_late", "known_on", "known_until")


def join_outcomes(
    histories: pd.DataFrame, outcomes: pd.DataFrame, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """Put beside each invoice what was known of its payment on a day.

    Parameters
    ----------
    histories : DataFrame, shape (n_invoices, ...)
        marts.invoice_histories.
    outcomes : DataFrame
        marts.invoice_outcomes, as of any day from ``as_of`` on.
    as_of : str or Timestamp
        Invoices issued or known later are dropped; payments known later count as open.

    Returns
    -------
    DataFrame, shape (n_known_invoices, ...)
        Sorted by issued_on and invoice_id, with ``paid_days`` (days from due day to last payment,
        below 0 when earlier; nan while open), ``heard_on`` (day on which we knew it; NaT while
        open), ``open_days`` (days from due day to ``as_of``) and ``sent_alike_share`` (part of
        the client's earlier invoices that were sent in the same way, 0..1; nan where there is
        none or nobody says how).

    Raises
    ------
    InputError
        A column is missing, or an invoice stands twice.
    """
    check_columns(histories, HISTORY_COLUMNS, name=HISTORIES)
    check_columns(outcomes, OUTCOME_COLUMNS, name=OUTCOMES)
    day = pd.Timestamp(as_of)
    known = histories[(histories["issued_on"] <= day) & (histories["known_on"] <= day)]
    rows = known.sort_values(["issued_on", "invoice_id"], kind="stable").reset_index(drop=True)
    _check_keys(rows)
    believed = _believed(outcomes, day).set_index("invoice_id")
    due = rows["due_on"]
    heard = pd.to_datetime(rows["invoice_id"].map(believed["heard_on"]))
    settled = pd.to_datetime(rows["invoice_id"].map(believed["settled_on"]))
    return rows.assign(
        paid_days=(settled - due).dt.days.astype(float),
        heard_on=heard,
        open_days=(day - due).dt.days.astype(float),
        sent_alike_share=_sent_alike_share(rows),
    )


def believed_on(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Look at joined invoices as one would have on an earlier day.

    Parameters
    ----------
    rows : DataFrame
        As `join_outcomes` returns them.
    day : Timestamp
        Invoices issued or known later are dropped; payments heard of later count as open.

    Returns
    -------
    DataFrame
        The rows with ``paid_days``, ``heard_on`` and ``open_days`` of that day.
    """
    known = rows[(rows["issued_on"] <= day) & (rows["known_on"] <= day)].reset_index(drop=True)
    heard = known["heard_on"] <= day
    return known.assign(
        paid_days=known["paid_days"].where(heard),
        heard_on=known["heard_on"].where(heard),
        open_days=(day - known["due_on"]).dt.days.astype(float),
    )


def _check_keys(rows: pd.DataFrame) -> None:
    twice = rows.loc[rows["invoice_id"].duplicated(), "invoice_id"]
    if len(twice):
        raise InputError(
            f"{HISTORIES} holds an invoice twice",
            rows=f"{len(twice)} of {len(rows)}",
            example=f"invoice_id {twice.iloc[0]!r}",
            hint="read the table from one snapshot",
        )


def _believed(outcomes: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Of each invoice the settlement that was believed on the day, and when it was heard first."""
    known = outcomes[outcomes["known_on"] <= day]
    holds = known[known["known_until"].isna() | (known["known_until"] > day)]
    return holds.rename(columns={"known_on": "heard_on"}).drop_duplicates("invoice_id", keep="last")


def _sent_alike_share(rows: pd.DataFrame) -> Floats:
    """Count, of each invoice's client, what was issued and known before its day."""
    if "sent_by" not in rows or rows.empty:
        return np.full(len(rows), np.nan)
    ways = rows["client_id"].astype(str) + "\x1f" + rows["sent_by"].astype(str)
    alike = _earlier_count(pd.factorize(ways)[0], rows)
    all_ways = _earlier_count(pd.factorize(rows["client_id"])[0], rows)
    share = np.divide(alike, all_ways, out=np.full(len(rows), np.nan), where=all_ways > 0)
    return np.where(rows["sent_by"].isna(), np.nan, share)


def _earlier_count(group: npt.NDArray[np.int64], rows: pd.DataFrame) -> Floats:
    """Count the rows of the same group that were issued and known before a row's day."""
    day = np.datetime64("1970-01-01", "D")
    issued = (rows["issued_on"].to_numpy(dtype="datetime64[D]") - day).astype(np.int64)
    known = (rows["known_on"].to_numpy(dtype="datetime64[D]") - day).astype(np.int64)
    span = int(max(issued.max(), known.max())) + 2
    keys = np.sort(group * span + np.maximum(issued, known))
    before = np.searchsorted(keys, group * span + issued) - np.searchsorted(keys, group * span)
    return before.astype(np.float64)
