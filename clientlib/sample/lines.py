"""What is in the orders: lines with products, quantities, prices, discounts, costs."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.sample.assortment import FAMILIES, Assortment
from clientlib.sample.plan import Counts, Floats, Plan
from clientlib.sample.workdays import Days
from clientlib.sample.world import INDUSTRIES

EXTRA_LINES_MEAN = 2.0
HABIT_SHARE = 0.85
FEWEST_HABITS, MOST_HABITS = 5, 26
LARGE_ORDER, LARGE_ORDER_DISCOUNT, DEAL_DISCOUNT = 2.5, 0.02, 0.03
COST_UNKNOWN_SHARE = 0.03


def draw_lines(
    plan: Plan, clients: pd.DataFrame, orders: pd.DataFrame, assortment: Assortment
) -> pd.DataFrame:
    """Draw the lines of all orders.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    clients : DataFrame
        From ``add_habits``.
    orders : DataFrame
        From ``keep_orders_of_stayers``.
    assortment : Assortment
        From ``draw_assortment``.

    Returns
    -------
    DataFrame, one row per line
        The contract's columns of ``order_lines``; hidden: ``order`` (row of the order),
        ``product`` (row of the product), ``net_amount`` (EUR without VAT).
    """
    draws = plan.draws("lines")
    counts = 1 + draws.poisson(EXTRA_LINES_MEAN, size=len(orders))
    lines = pd.DataFrame({"order": np.repeat(np.arange(len(orders)), counts)})
    order = lines["order"].to_numpy()
    days = orders["ordered_on"].to_numpy(dtype="datetime64[D]")[order]
    products = _draw_products(clients, orders, order, assortment, draws)
    asked = orders["product"].to_numpy()[order]
    is_first = np.diff(order, prepend=-1) > 0
    products = np.where(is_first & (asked >= 0), asked, products)
    lines["product"] = assortment.on_offer(products, days)
    _draw_amounts(lines, orders, days, assortment, draws)
    _draw_terms(lines, clients, orders, days, assortment, draws)
    lines = lines.drop_duplicates(["order", "product"]).reset_index(drop=True)
    lines["line_no"] = lines.groupby("order").cumcount() + 1
    lines["order_id"] = orders["order_id"].to_numpy()[lines["order"]]
    lines["product_id"] = assortment.products["product_id"].to_numpy()[lines["product"]]
    return lines


def _draw_products(
    clients: pd.DataFrame,
    orders: pd.DataFrame,
    order: Counts,
    assortment: Assortment,
    draws: np.random.Generator,
) -> Counts:
    """Take most lines from the client's few usual products, the rest from its trade's taste."""
    steps = _taste_steps(assortment)
    industry = clients["industry"].map({name: n for n, name in enumerate(INDUSTRIES)}).to_numpy()
    habits = _pick(steps, np.repeat(industry, MOST_HABITS), draws).reshape(-1, MOST_HABITS)
    client = orders["client"].to_numpy()[order]
    widths = draws.integers(FEWEST_HABITS, MOST_HABITS + 1, size=len(clients))[client]
    place = (widths * draws.random(len(order)) ** 1.8).astype(np.int64)
    usual = habits[client, place]
    other = _pick(steps, industry[client], draws)
    return np.where(draws.random(len(order)) < HABIT_SHARE, usual, other)


def _taste_steps(assortment: Assortment) -> Floats:
    families = assortment.products["family_no"].to_numpy()
    popularity = assortment.products["popularity"].to_numpy()
    demand = np.array([f.weight for f in FAMILIES.values()])
    within = popularity / np.bincount(families, popularity, minlength=len(demand))[families]
    odds = (0.6 * assortment.tastes + 0.4 * demand / demand.sum())[:, families] * within
    return np.asarray(np.cumsum(odds, axis=1) / odds.sum(axis=1, keepdims=True))


def _pick(steps: Floats, rows: Counts, draws: np.random.Generator) -> Counts:
    """Draw a column for each row number from cumulated odds; all in one sorted search."""
    ladder = (steps + np.arange(len(steps))[:, None]).ravel()
    place = np.searchsorted(ladder, rows + draws.random(len(rows)))
    return np.asarray(np.minimum(place - rows * steps.shape[1], steps.shape[1] - 1))


def _draw_amounts(
    lines: pd.DataFrame,
    orders: pd.DataFrame,
    days: Days,
    assortment: Assortment,
    draws: np.random.Generator,
) -> None:
    order, product = lines["order"].to_numpy(), lines["product"].to_numpy()
    parts = draws.gamma(1.3, size=len(lines))
    spend = orders["spend"].to_numpy()[order] * parts / np.bincount(order, parts)[order]
    price = assortment.prices_on(product, days)
    pack = assortment.products["pack"].to_numpy()[product]
    lines["quantity"] = np.maximum(np.round(spend / price / pack), 1).astype(np.int64) * pack
    lines["unit_price"] = price


def _draw_terms(
    lines: pd.DataFrame,
    clients: pd.DataFrame,
    orders: pd.DataFrame,
    days: Days,
    assortment: Assortment,
    draws: np.random.Generator,
) -> None:
    order = lines["order"].to_numpy()
    client = orders["client"].to_numpy()
    usual = clients["order_amount"].to_numpy()[client]
    is_large = orders["spend"].to_numpy() > LARGE_ORDER * usual
    base = clients["discount_share"].to_numpy()[client] + LARGE_ORDER_DISCOUNT * is_large
    base += DEAL_DISCOUNT * (orders["deal"].to_numpy() >= 0)
    raw = base[order] + draws.normal(0, 0.012, size=len(lines))
    discount = np.round(np.clip(raw, 0, 0.25) * 200) / 200
    cost = assortment.costs_on(lines["product"].to_numpy(), days)
    is_unknown = draws.random(len(lines)) < COST_UNKNOWN_SHARE
    lines["discount_share"] = discount.round(3)
    lines["unit_cost"] = np.where(is_unknown, np.nan, cost)
    lines["net_amount"] = net_amounts(lines)


def net_amounts(lines: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Value lines after discount.

    Parameters
    ----------
    lines : DataFrame
        With ``quantity``, ``unit_price`` and ``discount_share``.

    Returns
    -------
    array of float, shape (n_lines,)
        EUR without VAT, rounded to the cent.
    """
    amount = lines["quantity"] * lines["unit_price"] * (1 - lines["discount_share"])
    return amount.to_numpy(dtype=np.float64).round(2)


def net_shares(lines: pd.DataFrame, assortment: Assortment) -> Floats:
    """Say what is left of our list price after discounts, by product.

    Parameters
    ----------
    lines : DataFrame
        Lines of orders, with ``ordered_on``, without credit notes.
    assortment : Assortment
        From ``draw_assortment``.

    Returns
    -------
    array of float, shape (n_products,)
        Geometric mean over the months with sales of our mean net price over the list price,
        so that single months scatter around it; the mean of all for a product never sold.
    """
    sold = lines.assign(
        month=lines["ordered_on"].to_numpy(dtype="datetime64[M]").astype(int),
        gross_amount=lines["quantity"] * lines["unit_price"],
    )
    monthly = sold.groupby(["product", "month"])[["net_amount", "gross_amount"]].sum()
    ratio = (monthly["net_amount"] / monthly["gross_amount"]).map(np.log)
    usual = ratio.groupby("product").mean().reindex(range(len(assortment.products)))
    return np.asarray(np.exp(usual.fillna(ratio.mean())), dtype=np.float64)
