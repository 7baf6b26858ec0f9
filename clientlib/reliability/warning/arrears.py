"""Who stopped paying, and whom serving costs more than it brings: events in money and days."""

import numpy as np
import pandas as pd

from clientlib.panels import as_days, check_columns
from clientlib.reliability.events import STOPS_PAYING, UNPROFITABLE, LossRules
from clientlib.reliability.warning.losses import EVENT_COLUMNS

INVOICE_COLUMNS = ("invoice_id", "client_id", "issued_on", "due_on", "amount")
PAYMENT_COLUMNS = ("invoice_id", "paid_on", "amount")
CENT = 0.005


def find_arrears(
    invoices: pd.DataFrame,
    payments: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    rules: LossRules | None = None,
) -> pd.DataFrame:
    """List the clients that stopped paying, once for each time that it began.

    Exposure is what a client has been invoiced and has not paid. The event is *declared* on
    the first day on which more than ``overdue_share`` of it is unpaid ``overdue_days`` after
    it was due, and *dated* back by ``overdue_days``: by then that money had fallen due.

    Parameters
    ----------
    invoices : DataFrame
        invoice_id, client_id, issued_on, due_on, amount, and known_on where there is one.
    payments : DataFrame
        invoice_id, paid_on, amount, and known_on where there is one.
    as_of : str or Timestamp
        What was known later is not looked at.
    rules : LossRules, optional
        The definition.

    Returns
    -------
    DataFrame, one row per event, sorted by declared_on and client_id
        client_id, event, dated_on and declared_on.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(invoices, INVOICE_COLUMNS, name="invoices")
    check_columns(payments, PAYMENT_COLUMNS, name="payments")
    limits, day = rules or LossRules(), pd.Timestamp(as_of)
    moves = _move_money(_known(invoices, "issued_on"), _known(payments, "paid_on"), limits)
    moves = moves[moves["on"] <= day]
    daily = moves.groupby(["client_id", "on"], as_index=False)[["open", "overdue"]].sum()
    totals = daily.groupby("client_id")[["open", "overdue"]].cumsum()
    is_bad = (totals["overdue"] > limits.overdue_share * totals["open"] + CENT) & (
        totals["overdue"] > limits.least_overdue_amount + CENT
    )
    began = daily[is_bad & ~_before(is_bad, daily["client_id"])]
    dated = began["on"] - pd.Timedelta(days=limits.overdue_days)
    return _events(began["client_id"], STOPS_PAYING, dated, began["on"])


def find_unprofitable(
    panel: pd.DataFrame, *, as_of: str | pd.Timestamp, rules: LossRules | None = None
) -> pd.DataFrame:
    """List the clients whose contribution of 12 months fell below zero, each time that it did.

    The event is *declared* at the first month end with a contribution below zero, and *dated*
    back to the month end before, the last one at which it was not.

    Parameters
    ----------
    panel : DataFrame, one row per client_id and month_end
        With contribution_12m_amount (null where no cost is known) and known_months.
    as_of : str or Timestamp
        Later month ends are not looked at.
    rules : LossRules, optional
        Give the months that a client must be known.

    Returns
    -------
    DataFrame, one row per event, sorted by declared_on and client_id
        client_id, event, dated_on and declared_on.

    Raises
    ------
    InputError
        A column is missing.
    """
    columns = ("client_id", "month_end", "known_months", "contribution_12m_amount")
    check_columns(panel, columns, name="panel")
    limits = rules or LossRules()
    rows = panel[as_days(panel["month_end"]) <= pd.Timestamp(as_of)]
    rows = rows.sort_values(["client_id", "month_end"], ignore_index=True)
    ripe = rows["known_months"] >= limits.contribution_months
    is_bad = ripe & (rows["contribution_12m_amount"] < -CENT)
    began = rows[is_bad & ~_before(is_bad, rows["client_id"])]
    declared = as_days(began["month_end"])
    return _events(began["client_id"], UNPROFITABLE, declared - pd.offsets.MonthEnd(1), declared)


def _known(table: pd.DataFrame, happened: str) -> pd.DataFrame:
    """Put beside every row the day from which it counts: it had happened and was known."""
    days = as_days(table[happened])
    if "known_on" in table.columns:
        days = days.where(~(as_days(table["known_on"]) > days), as_days(table["known_on"]))
    return table.assign(counted_on=days)


def _move_money(invoices: pd.DataFrame, payments: pd.DataFrame, rules: LossRules) -> pd.DataFrame:
    """Write all that changes exposure, and its seriously overdue part, as dated amounts."""
    serious = as_days(invoices["due_on"]) + pd.Timedelta(days=rules.overdue_days)
    invoices = invoices.assign(serious_on=np.maximum(serious, invoices["counted_on"]))
    paid = payments.merge(
        invoices[["invoice_id", "client_id", "serious_on", "counted_on"]],
        on="invoice_id",
        suffixes=("", "_of_invoice"),
    )
    paid_on = np.maximum(paid["counted_on"], paid["counted_on_of_invoice"])
    parts = [
        (invoices["client_id"], invoices["counted_on"], invoices["amount"], 0.0),
        (invoices["client_id"], invoices["serious_on"], 0.0, invoices["amount"]),
        (paid["client_id"], paid_on, -paid["amount"], 0.0),
        (paid["client_id"], np.maximum(paid_on, paid["serious_on"]), 0.0, -paid["amount"]),
    ]
    columns = ("client_id", "on", "open", "overdue")
    tables = [pd.DataFrame(dict(zip(columns, part, strict=True))) for part in parts]
    return pd.concat(tables, ignore_index=True)


def _before(flags: pd.Series, client_id: pd.Series) -> pd.Series:
    return flags.astype(float).groupby(client_id).shift(fill_value=0.0) > 0


def _events(
    client_id: pd.Series, event: str, dated_on: pd.Series, declared_on: pd.Series
) -> pd.DataFrame:
    values = (client_id, event, dated_on, declared_on)
    events = pd.DataFrame(dict(zip(EVENT_COLUMNS, values, strict=True)))
    return events.sort_values(["declared_on", "client_id"], ignore_index=True)
