"""The order book as running totals: order days, money, families and returns of every client."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.panels import as_days, check_columns
from clientlib.reliability.warning.running import SPAN, Running, as_day_numbers, run_totals

LINE_COLUMNS = ("client_id", "ordered_on", "counted_on", "kind", "revenue_amount", "family")
FAMILY_DAYS = 180
PLACED, TAKEN_BACK = "ordered", "taken back"


@dataclass(frozen=True)
class OrderBook:
    """What is known of the orders of all clients, ready to be looked up as of any day.

    Parameters
    ----------
    client_ids : Index of str, shape (n_clients,)
        Every client with an order; its place is the code of the other tables.
    days : DataFrame, one row per client and order day
        code, ordered (day number), counted (day number from which we knew), amount (ordered
        that day) and families_count; sorted by code and counted.
    rhythm : Running
        By order day: order_days, first_ordered, last_ordered, gaps and their logarithms.
    money : Running
        By day: ordered_amount and returned_amount (credits and cancellations).
    families : Running
        By day: families_count bought within `FAMILY_DAYS`.
    first_day, last_day : int
        Day numbers between which anything is known.
    """

    client_ids: pd.Index
    days: pd.DataFrame
    rhythm: Running
    money: Running
    families: Running
    first_day: int
    last_day: int


def read_book(lines: pd.DataFrame, *, as_of: str | pd.Timestamp) -> OrderBook:
    """Turn facts about order lines into running totals by client.

    Parameters
    ----------
    lines : DataFrame, one row per fact about an order line
        client_id, ordered_on, counted_on (day from which the fact counts), kind (ordered,
        credited, cancelled, or either with ", taken back"), revenue_amount (with its sign)
        and family, as marts.line_facts and the family of marts.products give them; without
        families a product's key does as well. Sales without a client are left out.
    as_of : str or Timestamp
        Facts that count later are not looked at.

    Returns
    -------
    OrderBook
        Ready for `build_panel` and `find_losses`.

    Raises
    ------
    InputError
        A column is missing.

    Notes
    -----
    An order day stays one when a correction takes its last order away later.
    """
    check_columns(lines, LINE_COLUMNS, name="lines")
    known = lines[
        lines["client_id"].notna() & (as_days(lines["counted_on"]) <= pd.Timestamp(as_of))
    ]
    codes, client_ids = pd.factorize(known["client_id"], sort=True)
    facts = pd.DataFrame(
        {
            "code": codes.astype(np.int64),
            "ordered": as_day_numbers(as_days(known["ordered_on"])),
            "counted": as_day_numbers(as_days(known["counted_on"])),
            "is_order": (known["kind"] == PLACED).to_numpy(),
            "is_return": ~known["kind"].str.startswith(PLACED).to_numpy(),
            "amount": known["revenue_amount"].to_numpy(dtype=np.float64),
            "family": pd.factorize(known["family"])[0].astype(np.int64),
        }
    )
    days = _order_days(facts[facts["is_order"]])
    return OrderBook(
        client_ids=pd.Index(client_ids),
        days=days,
        rhythm=_run_rhythm(days),
        money=_run_money(facts),
        families=_run_families(facts[facts["is_order"] & (facts["family"] >= 0)]),
        first_day=int(facts["counted"].min()) if len(facts) else 0,
        last_day=int(np.datetime64(pd.Timestamp(as_of), "D").astype(np.int64)),
    )


def _order_days(orders: pd.DataFrame) -> pd.DataFrame:
    """Sum up each order day by what was known of it first; what came later only moves money."""
    keys = ["code", "ordered"]
    first = orders.groupby(keys)["counted"].transform("min")
    days = (
        orders[orders["counted"] == first]
        .groupby([*keys, "counted"], as_index=False)
        .agg(amount=("amount", "sum"), families_count=("family", "nunique"))
    )
    return days.sort_values(["code", "counted", "ordered"], ignore_index=True)


def _run_rhythm(days: pd.DataFrame) -> Running:
    """Follow every client's last order day, and the gaps between order days, as they were known."""
    by_client = days.groupby("code", sort=False)
    last = by_client["ordered"].cummax()
    gap = (last - last.groupby(days["code"]).shift()).astype(float)
    gap = gap.where(gap > 0)
    log_gap = gap.transform("log")
    log_amount = days["amount"].clip(lower=0.0).transform("log1p")
    running = pd.DataFrame(
        {
            "order_days": by_client.cumcount() + 1.0,
            "first_ordered": by_client["ordered"].cummin().astype(float),
            "last_ordered": last.astype(float),
            "gaps": gap.notna().astype(float).groupby(days["code"]).cumsum(),
            "log_gaps": log_gap.fillna(0.0).groupby(days["code"]).cumsum(),
            "squared_log_gaps": (log_gap**2).fillna(0.0).groupby(days["code"]).cumsum(),
            "longest_gap": gap.fillna(0.0).groupby(days["code"]).cummax(),
            "last_log_gap": log_gap.groupby(days["code"]).ffill().fillna(0.0),
            "log_amounts": log_amount.groupby(days["code"]).cumsum(),
            "last_log_amount": log_amount,
            "last_families": days["families_count"].astype(float),
            "families_total": by_client["families_count"].cumsum().astype(float),
        }
    )
    codes = days["code"].to_numpy(dtype=np.int64)
    keys = codes * SPAN + days["counted"].to_numpy(dtype=np.int64)
    return Running(
        keys, codes, {str(name): values.to_numpy(float) for name, values in running.items()}
    )


def _run_money(facts: pd.DataFrame) -> Running:
    amount = facts["amount"].to_numpy()
    is_return = facts["is_return"].to_numpy()
    moves = {
        "ordered_amount": np.where(is_return, 0.0, amount),
        "returned_amount": np.where(is_return, -amount, 0.0),
    }
    return run_totals(facts["code"].to_numpy(), facts["counted"].to_numpy(), moves)


def _run_families(orders: pd.DataFrame) -> Running:
    """Count families bought within `FAMILY_DAYS`: each enters on a day and leaves on another."""
    bought = orders[["code", "family", "counted"]].drop_duplicates()
    bought = bought.sort_values(["code", "family", "counted"])
    by_family = bought.groupby(["code", "family"], sort=False)["counted"]
    enters = ~((bought["counted"] - by_family.shift()) <= FAMILY_DAYS)
    leaves = ~((by_family.shift(-1) - bought["counted"]) <= FAMILY_DAYS)
    codes, days = (bought[name].to_numpy(dtype=np.int64) for name in ("code", "counted"))
    moves = (enters.to_numpy(dtype=bool), leaves.to_numpy(dtype=bool))
    return run_totals(
        np.concatenate([codes[moves[0]], codes[moves[1]]]),
        np.concatenate([days[moves[0]], days[moves[1]] + FAMILY_DAYS]),
        {"families_count": np.repeat([1.0, -1.0], [moves[0].sum(), moves[1].sum()])},
    )
