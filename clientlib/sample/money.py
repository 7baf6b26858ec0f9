"""Invoices with VAT and payments that follow each client's true habit."""

import numpy as np
import pandas as pd

from clientlib.sample.habits import LATE_DAYS_SHAPE
from clientlib.sample.plan import NEVER, Flags, Floats, Plan
from clientlib.sample.trade import number_documents
from clientlib.sample.workdays import Days

VAT_SHARE = 0.21
PART_PAYMENT_SHARE = 0.05
DISPUTE_DELAY_DAYS = (10, 41)


def draw_invoices(
    plan: Plan, clients: pd.DataFrame, orders: pd.DataFrame, lines: pd.DataFrame
) -> pd.DataFrame:
    """Bill each delivered order on the day of its first delivery, and each credit note.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    clients : DataFrame
        From ``add_habits``.
    orders, lines : DataFrame
        Orders and credit notes with all their lines.

    Returns
    -------
    DataFrame, one row per invoice, by day
        The contract's columns of ``invoices``; the amount holds VAT of 21 %, of clients abroad
        too. Hidden: ``client``, ``is_credit``.
    """
    is_credit = orders["is_credit"].to_numpy(dtype=np.bool_)
    day = np.where(is_credit, orders["ordered_on"], orders["arrives_on"]).astype("datetime64[D]")
    invoices = orders[["order_id", "client", "is_credit"]].assign(issued_on=day)
    invoices = invoices[plan.happened(day)]
    invoices = invoices.sort_values(["issued_on", "order_id"], kind="stable").reset_index(drop=True)
    issued = invoices["issued_on"].to_numpy(dtype="datetime64[D]")
    invoices["invoice_id"] = number_documents("INV", issued)
    terms = clients["term_days"].to_numpy()[invoices["client"]]
    terms = np.where(invoices["is_credit"].to_numpy(dtype=np.bool_), 0, terms)
    invoices["due_on"] = issued + terms.astype("timedelta64[D]")
    net = lines.groupby("order_id")["net_amount"].sum().reindex(invoices["order_id"])
    invoices["amount"] = (net.to_numpy() * (1 + VAT_SHARE)).round(2)
    return invoices


def draw_settlements(
    plan: Plan, clients: pd.DataFrame, invoices: pd.DataFrame, complaints: pd.DataFrame
) -> pd.DataFrame:
    """Decide when each invoice is settled in full, if ever.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    clients : DataFrame
        From ``add_habits``.
    invoices : DataFrame
        From ``draw_invoices``.
    complaints : DataFrame
        From ``draw_complaints``; those disputed hold up an invoice that is not yet paid.

    Returns
    -------
    DataFrame
        The invoices with ``late_probability``, ``settles_on`` (NaT for never, also after the
        end of the period) and ``disputed_on``. Late days are 1 plus a gamma draw, then moved
        on to a working day; the others are moved back to one, so the chance stays exact.
    """
    draws, settled = plan.draws("money"), invoices.copy()
    client = invoices["client"].to_numpy()
    due, issued = _days(invoices, "due_on"), _days(invoices, "issued_on")
    probability = late_probabilities(clients, invoices)
    is_late = draws.random(len(invoices)) < probability
    late_mean = clients["late_days_mean"].to_numpy()[client]
    early_mean = clients["early_days_mean"].to_numpy()[client]
    late = 1 + draws.gamma(LATE_DAYS_SHAPE, late_mean / LATE_DAYS_SHAPE)
    early = draws.exponential(early_mean)
    in_time = np.maximum(due - early.astype("timedelta64[D]"), issued)
    after = plan.after(due + late.astype("timedelta64[D]"), 0)
    settles = np.where(is_late, after, plan.not_after(in_time))
    settled["late_probability"] = probability
    settled["settles_on"] = np.where(_is_never_paid(clients, invoices, draws), NEVER, settles)
    settled.loc[settled["is_credit"], "settles_on"] = issued[settled["is_credit"]]
    _hold_up(settled, complaints, plan, draws)
    return settled


def late_probabilities(clients: pd.DataFrame, invoices: pd.DataFrame) -> Floats:
    """Look up the true chance that each invoice is settled after its due day.

    Parameters
    ----------
    clients : DataFrame
        From ``add_habits``.
    invoices : DataFrame
        With ``client`` and ``issued_on``.

    Returns
    -------
    array of float, shape (n_invoices,)
        From the day a client worsens on, its later chance.
    """
    client = invoices["client"].to_numpy()
    worse = _days(invoices, "issued_on") >= _days(clients, "worsens_on")[client]
    before = clients["late_probability"].to_numpy()[client]
    after = clients["late_probability_after"].to_numpy()[client]
    return np.asarray(np.where(worse, after, before))


def _is_never_paid(
    clients: pd.DataFrame, invoices: pd.DataFrame, draws: np.random.Generator
) -> Flags:
    client = invoices["client"].to_numpy()
    stopped = _days(invoices, "issued_on") >= _days(clients, "unpaid_from")[client]
    lots = draws.random(len(invoices))
    return np.asarray(stopped & (lots < clients["unpaid_share"].to_numpy()[client]))


def _hold_up(
    invoices: pd.DataFrame, complaints: pd.DataFrame, plan: Plan, draws: np.random.Generator
) -> None:
    asked = complaints[complaints["is_disputed"]].drop_duplicates("order_id")
    opened = asked.set_index("order_id")["opened_on"].reindex(invoices["order_id"])
    day = opened.to_numpy(dtype="datetime64[D]")
    settles = _days(invoices, "settles_on")
    is_held = (settles > day) & ~np.isnat(day)
    delay = draws.integers(*DISPUTE_DELAY_DAYS, size=len(invoices)).astype("timedelta64[D]")
    invoices["disputed_on"] = np.where(is_held, day, NEVER)
    invoices["settles_on"] = np.where(is_held, plan.after(settles + delay, 0), settles)


def draw_payments(plan: Plan, invoices: pd.DataFrame) -> pd.DataFrame:
    """Write down the payments that arrived by the end of the period, some in two parts.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    invoices : DataFrame
        From ``draw_settlements``.

    Returns
    -------
    DataFrame, one row per payment, by day
        The contract's columns of ``payments``. A credit note is set off on its own day by a
        payment below 0.
    """
    draws = plan.draws("payments")
    paid = invoices.dropna(subset="settles_on").reset_index(drop=True)
    issued, settles = _days(paid, "issued_on"), _days(paid, "settles_on")
    is_split = (draws.random(len(paid)) < PART_PAYMENT_SHARE) & ~paid["is_credit"].to_numpy(
        dtype=np.bool_
    )
    wait = (draws.uniform(0.4, 0.95, size=len(paid)) * (settles - issued).astype(int)).astype(
        np.int64
    )
    part = (paid["amount"] * draws.uniform(0.3, 0.7, size=len(paid))).round(2)
    early_on = plan.not_after(issued + wait.astype("timedelta64[D]"))
    is_split &= early_on < settles
    rest = paid["amount"] - np.where(is_split, part, 0.0)
    last = pd.DataFrame(
        {"invoice_id": paid["invoice_id"], "paid_on": settles, "amount": rest.round(2)}
    )
    first = pd.DataFrame({"invoice_id": paid["invoice_id"], "paid_on": early_on, "amount": part})
    payments = pd.concat([last, first[is_split]], ignore_index=True)
    payments = payments[plan.happened(_days(payments, "paid_on"))]
    payments = payments.sort_values(["paid_on", "invoice_id"], kind="stable").reset_index(drop=True)
    payments["payment_id"] = number_documents("PY", _days(payments, "paid_on"))
    return payments


def _days(frame: pd.DataFrame, column: str) -> Days:
    return frame[column].to_numpy(dtype="datetime64[D]")
