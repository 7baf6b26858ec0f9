"""Deliveries: line by line, a few in two parts, a few units refused."""

import numpy as np
import pandas as pd

from clientlib.sample.plan import Plan
from clientlib.sample.trade import number_documents
from clientlib.sample.workdays import Days

BACK_ORDER_SHARE = 0.04


def draw_deliveries(
    plan: Plan, orders: pd.DataFrame, lines: pd.DataFrame
) -> tuple[pd.DataFrame, Days]:
    """Draw the deliveries of each line, some in two parts.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    orders, lines : DataFrame
        From ``keep_orders_of_stayers`` and ``draw_lines``.

    Returns
    -------
    DataFrame, one row per delivery of a line up to the end of the period
        The contract's columns of ``deliveries``.
    array of datetime64[D], shape (n_orders,)
        Day of each order's last delivery, also after the end; NaT where there is none.
    """
    draws = plan.draws("deliveries")
    order, quantity = lines["order"].to_numpy(), lines["quantity"].to_numpy()
    arrives = orders["arrives_on"].to_numpy(dtype="datetime64[D]")[order]
    is_split = (draws.random(len(lines)) < BACK_ORDER_SHARE) & (quantity > 1)
    part = np.maximum((quantity * draws.uniform(0.3, 0.8, size=len(lines))).astype(np.int64), 1)
    first = np.where(is_split, part, quantity)
    rest_on = plan.after(arrives, draws.integers(3, 12, size=len(lines)))
    columns = ["order", "order_id", "line_no"]
    whole = lines[columns].assign(delivered_on=arrives, quantity=first)
    rest = lines[columns].assign(delivered_on=rest_on, quantity=quantity - first)[is_split]
    sent = pd.concat([whole, rest], ignore_index=True).dropna(subset="delivered_on")
    finished = sent.groupby("order")["delivered_on"].max().reindex(range(len(orders)))
    return _number_deliveries(plan, orders, sent, draws), finished.to_numpy(dtype="datetime64[D]")


def _number_deliveries(
    plan: Plan, orders: pd.DataFrame, sent: pd.DataFrame, draws: np.random.Generator
) -> pd.DataFrame:
    sent = sent[plan.happened(sent["delivered_on"].to_numpy(dtype="datetime64[D]"))]
    sent = sent.sort_values(["delivered_on", "order", "line_no"], kind="stable")
    sent = sent.reset_index(drop=True)
    days = sent["delivered_on"].to_numpy(dtype="datetime64[D]")
    sent["delivery_id"] = number_documents("DN", days)
    complains = orders["complains_on"].notna() & orders["kind"].isin(["damaged", "wrong goods"])
    is_refused = complains.to_numpy()[sent["order"]] & (sent["line_no"] == 1).to_numpy()
    share = draws.uniform(0.1, 1.0, size=len(sent))
    refused = np.maximum((sent["quantity"].to_numpy() * share).astype(np.int64), 1)
    sent["rejected_quantity"] = np.where(is_refused, refused, 0)
    return sent
