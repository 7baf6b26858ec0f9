"""Complaints that reached the company, and the credit notes that settle some of them."""

import numpy as np
import pandas as pd

from clientlib.sample.lines import net_amounts
from clientlib.sample.plan import NEVER, Plan
from clientlib.sample.service import KINDS
from clientlib.sample.trade import number_documents
from clientlib.sample.workdays import Days

DISPUTED_SHARE = 0.35
CREDITED_SHARE = 0.5
CREDITED_KINDS = ("damaged", "wrong goods", "quality")


def draw_complaints(
    plan: Plan, orders: pd.DataFrame, lines: pd.DataFrame, invoice_days: Days
) -> pd.DataFrame:
    """Write down the complaints that reached us by the end of the period.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    orders : DataFrame
        From ``keep_orders_of_stayers``.
    lines : DataFrame
        From ``draw_lines``; the complaint is about the first line of its order.
    invoice_days : array of datetime64[D], shape (n_orders,)
        Day of each order's invoice: a complaint may dispute it from the next day on.

    Returns
    -------
    DataFrame, one row per complaint
        The contract's columns of ``complaints``; hidden: ``order`` (row), ``is_credited``,
        ``is_disputed``.
    """
    draws = plan.draws("complaints")
    opened = orders["complains_on"].to_numpy(dtype="datetime64[D]")
    row = np.flatnonzero(plan.happened(opened))
    row = row[np.argsort(opened[row], kind="stable")]
    count, opened = len(row), opened[row]
    closed = plan.after(opened, draws.integers(1, 25, size=count))
    first = lines.drop_duplicates("order").set_index("order")
    found = pd.DataFrame({"complaint_id": number_documents("CP", opened), "order": row})
    found["order_id"] = orders["order_id"].to_numpy()[row]
    found["client"] = orders["client"].to_numpy()[row]
    found["product_id"] = first["product_id"].reindex(row).to_numpy()
    found["kind"] = orders["kind"].to_numpy()[row]
    found["unit"] = found["kind"].map({kind: unit for kind, (_, _, unit) in KINDS.items()})
    found["opened_on"] = opened
    found["closed_on"] = np.where(plan.happened(closed), closed, NEVER)
    cost = np.round(draws.gamma(1.2, 45.0, size=count), 2)
    found["cost"] = np.where(plan.happened(closed), cost, np.nan)
    may_credit = found["kind"].isin(CREDITED_KINDS).to_numpy()
    found["is_credited"] = may_credit & (draws.random(count) < CREDITED_SHARE)
    found["is_disputed"] = (draws.random(count) < DISPUTED_SHARE) & (opened > invoice_days[row])
    return found


def draw_credits(
    plan: Plan, orders: pd.DataFrame, lines: pd.DataFrame, complaints: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the credit notes that settle some complaints: a part of the order's first line.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    orders, lines : DataFrame
        From ``keep_orders_of_stayers`` and ``draw_lines``.
    complaints : DataFrame
        From ``draw_complaints``.

    Returns
    -------
    DataFrame, one row per credit note
        The columns of the orders, ``is_credit`` true.
    DataFrame, one row per line of a credit note
        The columns of the lines, quantity below 0.
    """
    draws = plan.draws("credits")
    asked = complaints[complaints["is_credited"]]
    opened = asked["opened_on"].to_numpy(dtype="datetime64[D]")
    days = plan.after(opened, draws.integers(2, 15, size=len(asked)))
    share = draws.uniform(0.15, 1.0, size=len(asked))
    order = asked["order"].to_numpy()
    notes = orders.take(order).assign(
        ordered_on=days, promised_on=NEVER, share=share, refers_to=order
    )
    notes = notes[plan.happened(days)].sort_values("ordered_on", kind="stable")
    notes = notes.reset_index(drop=True)
    issued = notes["ordered_on"].to_numpy(dtype="datetime64[D]")
    notes["order_id"] = number_documents("CR", issued)
    notes["status"], notes["is_credit"], notes["cancelled_on"] = "delivered", True, NEVER
    firsts = lines.drop_duplicates("order").set_index("order", drop=False)
    taken = firsts.loc[notes["refers_to"]].reset_index(drop=True)
    taken["quantity"] = -np.maximum((taken["quantity"] * notes["share"]).astype(np.int64), 1)
    taken["order_id"], taken["net_amount"] = notes["order_id"], net_amounts(taken)
    return notes, taken
