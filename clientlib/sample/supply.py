"""Costs and list prices over time, stock, returns, and the way of orders through our units."""

import numpy as np
import pandas as pd

from clientlib.sample.plan import NEVER, Floats, Plan, known_where
from clientlib.sample.scene import Scene, added_days, days_of, stacked
from clientlib.sample.trade import number_documents
from clientlib.sample.workdays import Days

STOCK_OUT_BASE, STOCK_OUT_LATE = 0.02, 0.55
HANDOFF_ORDERS_SHARE = 0.2
LATE_PICKING_SHARE, LATE_PICKING_OTHERWISE = 0.7, 0.05
PAPERS_LATE_SHARE, DEFECT_SHARE = 0.15, 0.03
RETURNED_KINDS = ("damaged", "wrong goods", "quality")
RETURNED_SHARE = 0.85
PRICES_TOLD_DAYS = 30


def list_costs(scene: Scene) -> pd.DataFrame:
    """List the unit cost of each product from quarter to quarter.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per product and quarter
        The contract's columns of ``product_costs``.
    """
    costs = _list_periods(scene, scene.stock.unit_costs, 3, "unit_cost")
    return costs.assign(told_on=_told(scene.plan, days_of(costs, "starts_on"), 0))


def list_prices(scene: Scene) -> pd.DataFrame:
    """List the list price of each product from year to year.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per product and year
        The contract's columns of ``price_list``; clients are told a month ahead.
    """
    prices = _list_periods(scene, scene.stock.list_prices, 12, "list_price")
    return prices.assign(told_on=_told(scene.plan, days_of(prices, "starts_on"), PRICES_TOLD_DAYS))


def _list_periods(scene: Scene, values: Floats, months: int, column: str) -> pd.DataFrame:
    """Lay values by product and period out as rows, within each product's life."""
    plan, products = scene.plan, scene.stock.products
    first = np.datetime64(f"{plan.years[0]}-01", "M") + months * np.arange(values.shape[1])
    product, period = np.divmod(np.arange(values.size), values.shape[1])
    start = first.astype("datetime64[D]")[period]
    end = (first + months).astype("datetime64[D]")[period] - np.timedelta64(1, "D")
    launched = days_of(products, "launched_on")[product]
    ended = np.fmin(days_of(products, "ended_on")[product], end)
    rows = pd.DataFrame({"product_id": products["product_id"].to_numpy()[product]})
    rows["starts_on"], rows[column] = np.maximum(start, launched), values[product, period]
    is_open = (period == values.shape[1] - 1) & (ended == end)
    rows["ends_on"] = np.where(is_open, NEVER, ended)
    is_sold = (launched <= ended) & (np.maximum(start, launched) <= ended)
    kept: pd.DataFrame = rows[is_sold & plan.happened(start)]
    return kept.reset_index(drop=True)


def _told(plan: Plan, starts: Days, ahead: int) -> Days:
    told = plan.not_after(added_days(starts, np.full(len(starts), -ahead)))
    return np.minimum(told, plan.not_after(np.full(len(starts), plan.last_day)))


def draw_stock(scene: Scene) -> pd.DataFrame:
    """Count the stock of each product on the first working day of each month.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per product and month, by day
        The contract's columns of ``stock``; hidden: ``stock_out_probability``. A product was
        out of stock more often before months in which its orders came late.
    """
    draws, plan, products = scene.draws("stock"), scene.plan, scene.stock.products
    months = np.arange(
        plan.first_day.astype("datetime64[M]"), plan.last_day.astype("datetime64[M]") + 1
    )
    product, month = np.divmod(np.arange(len(products) * len(months)), len(months))
    counted = plan.after(months.astype("datetime64[D]"), 0)[month]
    stock = pd.DataFrame({"product_id": products["product_id"].to_numpy()[product]})
    stock["counted_on"] = counted
    sold, late = _sold_by_month(scene, months)
    chance = STOCK_OUT_BASE + STOCK_OUT_LATE * late.ravel()
    stock["stock_out_probability"] = chance.round(4)
    is_out = draws.random(len(stock)) < chance
    usual = np.maximum(sold.mean(axis=1), 1.0)[product] * draws.uniform(0.6, 2.2, len(stock))
    pack = products["pack"].to_numpy()[product]
    stock["quantity"] = np.where(is_out, 0.0, np.maximum(np.round(usual / pack), 1) * pack)
    reserved = stock["quantity"].to_numpy() * draws.uniform(0, 0.4, size=len(stock))
    stock["reserved_quantity"] = np.floor(reserved / pack) * pack
    arrives = plan.after(counted, draws.integers(3, 15, size=len(stock)))
    is_coming = is_out | (draws.random(len(stock)) < 0.3)
    stock["arrives_on"] = np.where(is_coming, arrives, NEVER)
    launched, ended = (days_of(products, name)[product] for name in ("launched_on", "ended_on"))
    is_kept = (counted >= launched) & ~(counted > ended) & (counted >= plan.first_day)
    stock = stock[is_kept & plan.happened(counted)]
    return stock.sort_values(["counted_on", "product_id"], kind="stable", ignore_index=True)


def _sold_by_month(scene: Scene, months: Days) -> tuple[Floats, Floats]:
    """Sum the quantity sold, and the share of orders that came late, by product and month."""
    lines, orders = scene.lines_sold, scene.sales.set_index("order_id")
    arrives = orders["arrives_on"].reindex(lines["order_id"]).to_numpy(dtype="datetime64[D]")
    promised = orders["promised_on"].reindex(lines["order_id"]).to_numpy(dtype="datetime64[D]")
    month = (days_of(lines, "order_day").astype("datetime64[M]") - months[0]).astype(int)
    cell = lines["product"].to_numpy() * len(months) + month
    size = len(scene.stock.products) * len(months)
    count = np.bincount(cell, minlength=size)
    late = np.bincount(cell, arrives > promised, minlength=size) / np.maximum(count, 1)
    sold = np.bincount(cell, lines["quantity"].to_numpy(dtype=np.float64), minlength=size)
    shape = (-1, len(months))
    return np.asarray(sold, dtype=np.float64).reshape(shape), late.reshape(shape)


def draw_returns(scene: Scene) -> pd.DataFrame:
    """Bring back the goods of most complaints about them: what was refused, or a part.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per return, by day
        The contract's columns of ``returns``.
    """
    draws, told = scene.draws("returns"), scene.tables["complaints"]
    about = told[told["kind"].isin(RETURNED_KINDS)]
    about = about[draws.random(len(about)) < RETURNED_SHARE].reset_index(drop=True)
    wait = draws.integers(1, 12, size=len(about))
    about["returned_on"] = scene.plan.after(days_of(about, "opened_on"), wait)
    lines = scene.tables["order_lines"]
    first = lines[lines["line_no"] == 1].set_index("order_id")["quantity"]
    sent = first.reindex(about["order_id"]).to_numpy(dtype=np.float64)
    part = np.maximum(np.floor(sent * draws.uniform(0.15, 1.0, size=len(about))), 1.0)
    refused = _refused(scene).reindex(about["order_id"]).to_numpy(dtype=np.float64)
    about["quantity"] = np.where(refused > 0, refused, part)
    about["reason"] = about["kind"]
    about["credit_id"] = _credit_notes(scene).reindex(about["order_id"]).to_numpy()
    about["line_no"] = 1
    about = about[scene.plan.happened(days_of(about, "returned_on"))]
    about = about.sort_values(["returned_on", "complaint_id"], kind="stable", ignore_index=True)
    about["return_id"] = number_documents("RT", days_of(about, "returned_on"))
    return about


def _refused(scene: Scene) -> pd.Series:
    return scene.tables["deliveries"].groupby("order_id")["rejected_quantity"].sum()


def _credit_notes(scene: Scene) -> pd.Series:
    """Key of the credit note of each order that has one, by the order's key."""
    orders = scene.tables["orders"]
    notes = orders[orders["is_credit"].astype(bool)]
    about = scene.tables["complaints"].drop_duplicates("order").set_index("order")["order_id"]
    key = about.reindex(notes["refers_to"].astype(int)).to_numpy()
    return pd.Series(notes["order_id"].to_numpy(), index=key)


def draw_handoffs(scene: Scene) -> pd.DataFrame:
    """Follow a part of the orders through our units: warehouse, transport, accounting.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per handoff, by day
        The contract's columns of ``handoffs``. Of orders that came late the warehouse had
        passed most on late; papers are late at a steady rate.
    """
    draws = scene.draws("handoffs")
    sales = scene.sales.dropna(subset="arrives_on")
    followed = sales[draws.random(len(sales)) < HANDOFF_ORDERS_SHARE].reset_index(drop=True)
    rows = stacked(
        [_order_to_warehouse(followed), _goods_to_transport(scene, followed, draws),
         _papers_to_accounting(scene, followed, draws)])  # fmt: skip
    rows = rows[scene.plan.happened(days_of(rows, "handed_on"))]
    rows = rows.sort_values(
        ["handed_on", "order_id", "from_unit"], kind="stable", ignore_index=True
    )
    rows["handoff_id"] = number_documents("HO", days_of(rows, "handed_on"))
    wait = draws.choice(3, size=len(rows), p=[0.8, 0.15, 0.05])
    rows["taken_on"] = scene.within(scene.plan.after(days_of(rows, "handed_on"), wait))
    rows["has_defect"] = known_where(draws.random(len(rows)) < DEFECT_SHARE, np.ones(len(rows)))
    return rows


def _order_to_warehouse(orders: pd.DataFrame) -> pd.DataFrame:
    rows = orders[["order_id"]].assign(kind="papers", from_unit="sales", to_unit="warehouse")
    return rows.assign(promised_on=orders["ordered_on"], handed_on=orders["ordered_on"])


def _goods_to_transport(
    scene: Scene, orders: pd.DataFrame, draws: np.random.Generator
) -> pd.DataFrame:
    rows = orders[["order_id"]].assign(kind="goods", from_unit="warehouse", to_unit="transport")
    ordered, arrives = days_of(orders, "ordered_on"), days_of(orders, "arrives_on")
    promised = days_of(orders, "promised_on")
    plan = scene.plan
    due = np.maximum(plan.after(promised, -1), ordered)
    is_late = arrives > promised
    share = np.where(is_late, LATE_PICKING_SHARE, LATE_PICKING_OTHERWISE)
    is_behind = draws.random(len(orders)) < share
    late = np.minimum(plan.after(due, 1), np.maximum(arrives, due))
    rows["promised_on"] = due
    rows["handed_on"] = np.where(is_behind, late, np.minimum(due, arrives))
    return rows


def _papers_to_accounting(
    scene: Scene, orders: pd.DataFrame, draws: np.random.Generator
) -> pd.DataFrame:
    rows = orders[["order_id"]].assign(kind="papers", from_unit="transport", to_unit="accounting")
    arrives = days_of(orders, "arrives_on")
    rows["promised_on"] = scene.plan.after(arrives, 1)
    is_late = draws.random(len(orders)) < PAPERS_LATE_SHARE
    wait = np.where(is_late, draws.integers(2, 8, size=len(orders)), 1)
    rows["handed_on"] = scene.plan.after(arrives, wait)
    return rows
