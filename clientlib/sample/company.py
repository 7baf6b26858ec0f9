"""The whole company, simulated: its canonical tables and what is true behind them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.sample import assortment as ranges
from clientlib.sample import (
    complaints,
    deals,
    deliveries,
    habits,
    lines,
    money,
    rivals,
    service,
    trade,
    world,
)
from clientlib.sample.entry import Entry, entered_on, known_on
from clientlib.sample.names import RIVAL_NAMES, spell_otherwise
from clientlib.sample.plan import Floats, Plan, known_where
from clientlib.sample.relations import add_relations
from clientlib.sample.scene import Scene

# In this order, so that nothing is entered before the row it belongs to.
ENTRIES = {
    "clients": Entry("first_contact_on"),
    "products": Entry("launched_on"),
    "deals": Entry("opened_on", "clients", "client_id"),
    "deal_stages": Entry("entered_on", "deals", "deal_id"),
    "deal_competitors": Entry("named_on", "deals", "deal_id"),
    "orders": Entry("ordered_on"),
    "deliveries": Entry("delivered_on", "orders", "order_id"),
    "invoices": Entry("issued_on", "orders", "order_id"),
    "payments": Entry("paid_on", "invoices", "invoice_id"),
    "complaints": Entry("opened_on", "orders", "order_id"),
    "product_matches": Entry("judged_on"),
    "competitor_prices": Entry("observed_on"),
}
TWIN_SHARE, TWIN_ORDERS_SHARE = 0.01, 0.25


@dataclass(frozen=True)
class Company:
    """A simulated company.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    tables : dict of str to DataFrame
        The canonical tables without any mess, with ``known_on`` and with hidden columns of
        the truth.
    rivalry : Rivalry
        True levels and ranges of the rivals.
    net_shares : Series of float, indexed by product_id
        What is usually left of our list price after discounts.
    twins : DataFrame, one row per client entered twice
        ``client_id``, ``twin_id``, ``orders_count`` (orders under the second entry).
    """

    plan: Plan
    tables: dict[str, pd.DataFrame]
    rivalry: rivals.Rivalry
    net_shares: pd.Series
    twins: pd.DataFrame


def simulate_company(plan: Plan) -> Company:
    """Simulate the sample company.

    Parameters
    ----------
    plan : Plan
        Options of the run.

    Returns
    -------
    Company
        The same for the same options; each subject has its own stream of random numbers.
    """
    clients = habits.add_habits(world.draw_clients(plan), plan)
    stock = ranges.draw_assortment(plan)
    rivalry = rivals.draw_rivalry(plan)
    tables = _simulate_sales(plan, clients, stock, rivalry)
    tables |= _simulate_money(plan, tables)
    share = lines.net_shares(tables["order_lines"][tables["order_lines"]["quantity"] > 0], stock)
    tables |= _simulate_rivals(plan, rivalry, stock, share)
    tables["managers"] = world.draw_managers(plan, tables["clients"])
    tables["products"] = stock.products
    twins = _enter_twice(plan, tables)
    for table in ("orders", "invoices", "complaints", "deals"):
        _name_clients(tables, table)
    _record(plan, tables)
    add_relations(Scene(plan, tables, stock, rivalry))
    return Company(
        plan, tables, rivalry, pd.Series(share, index=stock.products["product_id"]), twins
    )


def _simulate_sales(
    plan: Plan, clients: pd.DataFrame, stock: ranges.Assortment, rivalry: rivals.Rivalry
) -> dict[str, pd.DataFrame]:
    wanted = deals.draw_deals(plan, clients, stock, rivalry)
    orders = service.add_service(plan, clients, trade.draw_orders(plan, clients, wanted))
    clients = trade.settle_departures(plan, clients, orders)
    left_on = clients["left_on"].to_numpy(dtype="datetime64[D]")
    kept = deals.keep_deals_of_stayers(wanted, left_on)
    kept["product_id"] = stock.products["product_id"].to_numpy()[kept["product"]]
    ids = pd.Series(kept["deal_id"].to_numpy(), index=kept["place"].to_numpy())
    orders = trade.keep_orders_of_stayers(orders, left_on, ids)
    told = deals.tell_deals(kept, plan)
    return {
        "clients": clients,
        "orders": orders,
        "order_lines": lines.draw_lines(plan, clients, orders, stock),
        "deals": told,
        "deal_stages": deals.list_stages(told, plan),
        "deal_competitors": deals.list_deal_rivals(told, plan),
    }


def _simulate_money(plan: Plan, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    clients, orders, parts = tables["clients"], tables["orders"], tables["order_lines"]
    sent, finished = deliveries.draw_deliveries(plan, orders, parts)
    orders = trade.order_status(plan, orders, finished).assign(is_credit=False)
    arrives = orders["arrives_on"].to_numpy(dtype="datetime64[D]")
    told = complaints.draw_complaints(plan, orders, parts, arrives)
    notes, taken = complaints.draw_credits(plan, orders, parts, told)
    orders = pd.concat([orders, notes.dropna(axis=1, how="all")], ignore_index=True)
    parts = pd.concat([parts, taken], ignore_index=True)
    days = orders.set_index("order_id")["ordered_on"]
    parts["ordered_on"] = days.reindex(parts["order_id"]).to_numpy()
    invoices = money.draw_invoices(plan, clients, orders, parts)
    invoices = money.draw_settlements(plan, clients, invoices, told)
    return {
        "orders": orders.sort_values(["ordered_on", "order_id"], kind="stable", ignore_index=True),
        "order_lines": parts.sort_values(
            ["ordered_on", "order_id", "line_no"], kind="stable", ignore_index=True
        ),
        "deliveries": sent,
        "complaints": told,
        "invoices": invoices,
        "payments": money.draw_payments(plan, invoices),
    }


def _simulate_rivals(
    plan: Plan, rivalry: rivals.Rivalry, stock: ranges.Assortment, share: Floats
) -> dict[str, pd.DataFrame]:
    offered = rivals.draw_rival_ranges(plan, rivalry, stock)
    names = dict(zip(rivals.RIVAL_IDS, RIVAL_NAMES, strict=True))
    offered["competitor_name"] = offered["competitor_id"].map(names)
    return {
        "competitor_products": offered,
        "product_matches": offered[offered["is_matched"]]
        .drop(columns="known_on")
        .reset_index(drop=True),
        "competitor_prices": rivals.draw_rival_prices(plan, rivalry, offered, stock, share),
    }


def _enter_twice(plan: Plan, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Enter a few clients a second time, with a part of their later orders."""
    draws, clients, orders = plan.draws("twins"), tables["clients"], tables["orders"]
    orders["client_id"] = clients["client_id"].to_numpy()[orders["client"]]
    buyers = clients[
        clients["type"].isin(["steady", "growing", "seasonal"]) & clients["parent_id"].isna()
    ]
    chosen = draws.choice(
        buyers.index, size=max(2, round(TWIN_SHARE * len(clients))), replace=False
    )
    doubles = clients.loc[chosen].reset_index(drop=True)
    originals = list(doubles["client_id"])
    doubles["client_id"] = [f"C-{len(clients) + n + 1:04d}" for n in range(len(doubles))]
    doubles["name"] = [spell_otherwise(name, draws) for name in doubles["name"]]
    has_code = draws.random(len(doubles)) < 0.5
    doubles["register_code"] = known_where(doubles["register_code"], has_code)
    doubles["vat_code"] = None
    start = doubles["first_contact_on"].to_numpy(dtype="datetime64[D]")
    start = np.maximum(start, plan.first_day) + draws.integers(30, 300, len(doubles)).astype(
        "timedelta64[D]"
    )
    doubles["first_contact_on"] = np.minimum(
        plan.after(start, 0), plan.not_after(np.full(len(start), plan.last_day))
    )
    counts = [
        _move_orders(orders, old, twin, day, draws)
        for old, twin, day in zip(
            originals, doubles["client_id"], doubles["first_contact_on"], strict=True
        )
    ]
    tables["clients"] = pd.concat(
        [clients.assign(is_twin=False), doubles.assign(is_twin=True)], ignore_index=True
    )
    return pd.DataFrame(
        {"client_id": originals, "twin_id": doubles["client_id"], "orders_count": counts}
    )


def _move_orders(
    orders: pd.DataFrame, old: str, twin: str, since: pd.Timestamp, draws: np.random.Generator
) -> int:
    is_moved = (
        (orders["client_id"] == old)
        & (orders["ordered_on"] > since)
        & ~orders["is_credit"].astype(bool)
    )
    is_moved &= draws.random(len(orders)) < TWIN_ORDERS_SHARE
    orders.loc[is_moved, "client_id"] = twin
    return int(is_moved.sum())


def _name_clients(tables: dict[str, pd.DataFrame], table: str) -> None:
    """Write client and manager keys; what follows from an order goes under the order's client."""
    frame, clients, orders = tables[table], tables["clients"], tables["orders"]
    if table in {"invoices", "complaints"}:
        owner = orders.set_index("order_id")["client_id"]
        frame["client_id"] = owner.reindex(frame["order_id"]).to_numpy()
    elif table == "deals":
        frame["client_id"] = clients["client_id"].to_numpy()[frame["client"]]
    frame["manager_id"] = clients["manager_id"].to_numpy()[frame["client"]]


def _record(plan: Plan, tables: dict[str, pd.DataFrame]) -> None:
    """Draw the recording dates; an order's lines are entered with it."""
    draws = plan.draws("entry")
    for table, entry in ENTRIES.items():
        tables[table]["known_on"] = entered_on(plan, tables, tables[table], entry, draws)
    parts = tables["order_lines"]
    parts["known_on"] = known_on(tables["orders"], "order_id", parts["order_id"])
