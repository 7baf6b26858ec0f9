"""The parts that a result is looked at by: family, manager, region."""

import pandas as pd

from clientlib.language import translate
from clientlib.panels import as_days, check_columns

PRODUCT_MONTHS = "marts.client_product_months"
PARTS = ("family", "manager_id", "region")
LINE_COLUMNS = (
    "client_id",
    "product_id",
    "order_month",
    "last_counted_on",
    "quantity",
    "sold_amount",
    "credited_amount",
    "revenue_amount",
)


def join_parts(
    product_months: pd.DataFrame,
    products: pd.DataFrame,
    clients: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    assignments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Put family, manager and region beside what clients bought.

    All of a client's history stands under the manager who holds it on the day of the analysis, so
    that a part is the same in both periods of a comparison.

    Parameters
    ----------
    product_months : DataFrame
        marts.client_product_months; what counts after ``as_of`` is dropped.
    products : DataFrame
        marts.products: product_id, family, unit, launched_on, ended_on.
    clients : DataFrame
        marts.clients: client_id, manager_id, region.
    as_of : str or Timestamp
        The day of the analysis.
    assignments : DataFrame, optional
        staging.assignments: who held which client, from when until when; a client without any
        goes by ``manager_id`` of ``clients``.

    Returns
    -------
    DataFrame
        The rows with family, unit, launched_on, ended_on, manager_id and region; null where it is
        not known.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(product_months, LINE_COLUMNS, name=PRODUCT_MONTHS)
    day = pd.Timestamp(as_of)
    known = product_months[as_days(product_months["last_counted_on"]) <= day]
    lines = known.assign(order_month=as_days(known["order_month"]))
    goods = products.set_index("product_id")
    owners = clients.set_index("client_id")
    lines = lines.assign(
        **{name: lines["product_id"].map(goods[name]) for name in ("family", "unit")},
        **{
            name: as_days(lines["product_id"].map(as_days(goods[name])))
            for name in ("launched_on", "ended_on")
        },
        region=lines["client_id"].map(owners["region"]),
        manager_id=lines["client_id"].map(find_holders(clients, assignments, as_of=day)),
    )
    return lines.reset_index(drop=True)


def find_holders(
    clients: pd.DataFrame, assignments: pd.DataFrame | None, *, as_of: pd.Timestamp
) -> pd.Series:
    """Find the manager who holds each client on a day.

    Parameters
    ----------
    clients : DataFrame
        client_id, manager_id.
    assignments : DataFrame or None
        client_id, starts_on, ends_on, manager_id.
    as_of : Timestamp
        The day.

    Returns
    -------
    Series of manager_id, index client_id
        By the assignment of the day that began last; of a client that has none at all by the
        client itself.
    """
    stated = clients.set_index("client_id")["manager_id"]
    if assignments is None or assignments.empty:
        return stated
    begun = assignments[as_days(assignments["starts_on"]) <= as_of]
    ends = as_days(begun["ends_on"])
    held = begun[ends.isna() | (ends >= as_of)].sort_values(["client_id", "starts_on"])
    dated = held.drop_duplicates("client_id", keep="last").set_index("client_id")["manager_id"]
    is_dated = stated.index.isin(begun["client_id"])
    return stated.where(~is_dated, dated.reindex(stated.index))


def label_parts(parts: pd.Series, names: pd.Series | None = None) -> pd.Series:
    """Write the names of parts as readers see them.

    Parameters
    ----------
    parts : Series of str
        Keys; null where it is not known.
    names : Series of str, index = key, optional
        Names of the parts.

    Returns
    -------
    Series of str
        The name, the key where it has none, ``not known`` where there is no key.
    """
    named = parts if names is None else parts.map(names).fillna(parts)
    return named.astype(object).fillna(translate("not known"))
