"""What changed the revenue of each client and product: seven effects and credits, to the cent."""

import numpy as np
import pandas as pd

from clientlib.panels import as_days
from clientlib.results.periods import Period

LOST, NEW = "lost_clients", "new_clients"
DROPPED, LAUNCHED = "dropped_products", "new_products"
PRICE, VOLUME, MIX, CREDITS = "price", "volume", "mix", "credits"
EFFECTS = (LOST, NEW, DROPPED, LAUNCHED, PRICE, VOLUME, MIX, CREDITS)
KEYS = ["client_id", "product_id"]
TRAITS = ["family", "unit", "manager_id", "region", "launched_on", "ended_on"]
AMOUNTS = ["quantity", "sold_amount", "credited_amount"]
CENT = 0.005


def compare_lines(lines: pd.DataFrame, before: Period, after: Period) -> pd.DataFrame:
    """Put what each client bought of each product in two periods side by side.

    Parameters
    ----------
    lines : DataFrame
        From ``join_parts``.
    before, after : Period
        Whole months.

    Returns
    -------
    DataFrame, one row per client and product
        client_id, product_id, their traits, and quantity, sold_amount and credited_amount of both
        periods (``_before``, ``_after``), zero where there was nothing.
    """
    kept = {"_before": _within(lines, before), "_after": _within(lines, after)}
    traits = pd.concat(kept.values())[[*KEYS, *TRAITS]].drop_duplicates(KEYS)
    table = traits.set_index(KEYS)
    for side, rows in kept.items():
        sums = rows.groupby(KEYS)[AMOUNTS].sum().add_suffix(side)
        table = table.join(sums)
    amounts = [f"{name}{side}" for name in AMOUNTS for side in kept]
    table[amounts] = table[amounts].astype(float).fillna(0.0)
    return table.sort_index().reset_index()


def measure_effects(pairs: pd.DataFrame, before: Period, after: Period) -> pd.DataFrame:
    """Split the change of each client and product into effects.

    In this order: a client without sales in one of the periods is lost or new, with all that it
    bought. Of the clients kept, a product that was sold to nobody in one of the periods, and was
    launched or ended since, is new or dropped. Credits stand apart. What is left continues: for
    what a client bought in both periods, price is the change of its price at the mean of both
    quantities, and the change of its quantity is worth the mean of both prices, so that no
    product of the two changes remains. Of the change of quantities, volume is the part at the
    average price of the family (same unit) over all clients seen, mix the rest.

    Parameters
    ----------
    pairs : DataFrame
        From ``compare_lines``.
    before, after : Period
        The periods.

    Returns
    -------
    DataFrame, index as ``pairs``
        Columns `EFFECTS`; a row adds up to the change of its revenue.

    References
    ----------
    Midpoint weights: Marshall 1887 and Edgeworth 1925; their use for price and quantity without
    a cross-term: Bennet, Journal of the Royal Statistical Society 83, 1920.
    """
    change = pairs["sold_amount_after"] - pairs["sold_amount_before"]
    kind = _classify(pairs, before, after)
    effects = {name: change.where(kind == name, 0.0) for name in (LOST, NEW, DROPPED, LAUNCHED)}
    continues = kind == ""
    price, volume = _price_and_volume(pairs, continues)
    effects[PRICE], effects[VOLUME] = price, volume
    effects[MIX] = change.where(continues, 0.0) - price - volume
    effects[CREDITS] = pairs["credited_amount_after"] - pairs["credited_amount_before"]
    return pd.DataFrame(effects, columns=list(EFFECTS))


def _within(lines: pd.DataFrame, period: Period) -> pd.DataFrame:
    months = lines["order_month"]
    return lines[(months >= period.first_on) & (months <= period.last_on)]


def _classify(pairs: pd.DataFrame, before: Period, after: Period) -> pd.Series:
    """Name the step that a row belongs to; empty where client and product continue."""
    bought, buys = _is_sold(pairs, "_before"), _is_sold(pairs, "_after")
    had = bought.groupby(pairs["client_id"]).transform("any")
    has = buys.groupby(pairs["client_id"]).transform("any")
    was_on_offer = bought.groupby(pairs["product_id"]).transform("any")
    is_on_offer = buys.groupby(pairs["product_id"]).transform("any")
    launched, ended = as_days(pairs["launched_on"]), as_days(pairs["ended_on"])
    is_launched = ~was_on_offer & (launched.isna() | (launched >= before.first_on))
    is_ended = ~is_on_offer & (ended.isna() | (ended <= after.last_on))
    kind = np.select(
        [had & ~has, has & ~had, ~had & ~has, is_ended & bought, is_launched & buys],
        [LOST, NEW, "", DROPPED, LAUNCHED],
        "",
    )
    return pd.Series(kind, index=pairs.index, dtype=object)


def _is_sold(pairs: pd.DataFrame, side: str) -> pd.Series:
    return (pairs[f"sold_amount{side}"].abs() > CENT) | (pairs[f"quantity{side}"].abs() > 0)


def _price_and_volume(pairs: pd.DataFrame, continues: pd.Series) -> tuple[pd.Series, pd.Series]:
    units, prices = {}, {}
    for side in ("_before", "_after"):
        units[side] = pairs[f"quantity{side}"]
        is_priced = (units[side] > 0) & (pairs[f"sold_amount{side}"] >= 0)
        prices[side] = (pairs[f"sold_amount{side}"] / units[side].where(units[side] > 0)).where(
            is_priced
        )
    is_countable = continues & _is_clean(pairs, "_before") & _is_clean(pairs, "_after")
    mean_units = (units["_before"] + units["_after"]) / 2
    price = ((prices["_after"] - prices["_before"]) * mean_units).where(is_countable).fillna(0.0)
    mean_price = pd.DataFrame(prices).mean(axis=1)
    change = (units["_after"] - units["_before"]).where(is_countable, 0.0)
    volume = change * _average_price(pairs, mean_price, mean_units, is_countable)
    return price, volume.fillna(0.0)


def _is_clean(pairs: pd.DataFrame, side: str) -> pd.Series:
    """Tell where a quantity above zero has a price, or there is neither quantity nor money."""
    amount, units = pairs[f"sold_amount{side}"], pairs[f"quantity{side}"]
    return ((units > 0) & (amount >= 0)) | ((units == 0) & (amount.abs() <= CENT))


def _average_price(
    pairs: pd.DataFrame, price: pd.Series, units: pd.Series, chosen: pd.Series
) -> pd.Series:
    """Average the prices of a family's products that are counted in the same unit."""
    known = pairs["unit"].notna()
    group = pd.Series(
        list(
            zip(
                pairs["family"].fillna("").where(known, pairs["product_id"]),
                pairs["unit"].fillna(""),
                strict=True,
            )
        ),
        index=pairs.index,
    )
    weights = units.where(chosen & price.notna(), 0.0)
    worth = (price.fillna(0.0) * weights).groupby(group).transform("sum")
    return worth / weights.groupby(group).transform("sum").where(lambda total: total > 0)
