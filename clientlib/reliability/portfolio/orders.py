"""Open orders: placed, and neither delivered nor billed by the day, as the panels count them."""

import pandas as pd

from clientlib.panels import as_days

OPEN_DAYS = 180  # as marts.client_order_changes: what is older will hardly come any more


def list_open_orders(
    lines: pd.DataFrame, closings: pd.DataFrame, *, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """List the orders that are open at the end of a day.

    Parameters
    ----------
    lines : DataFrame
        marts.line_facts; what counts later is not looked at.
    closings : DataFrame
        marts.order_closings; where a company brings neither deliveries nor invoices there are
        none, and nobody can know which orders are open.
    as_of : str or Timestamp
        The day.

    Returns
    -------
    DataFrame, one row per open order
        order_id, client_id, ordered_on, amount (without VAT) and margin_amount (null where the
        cost of a line is not known).
    """
    day = pd.Timestamp(as_of)
    lines = lines[as_days(lines["counted_on"]) <= day]
    ordered = as_days(lines["ordered_on"])
    is_recent = (ordered > day - pd.Timedelta(days=OPEN_DAYS)) & (ordered <= day)
    closed = closings.loc[as_days(closings["closed_on"]) <= day, "order_id"]
    is_open = ~lines["order_id"].isin(closed) & lines["client_id"].notna() & ~lines["is_credit"]
    rows = lines[is_recent & is_open if len(closed) else is_recent & False]
    rows = rows.assign(
        ordered_on=as_days(rows["ordered_on"]),
        amount=rows["revenue_amount"].astype(float),
        cost=rows["cost_amount"].astype(float),
        is_costed=rows["cost_amount"].notna(),
    )
    table = rows.groupby(["order_id", "client_id"], as_index=False).agg(
        ordered_on=("ordered_on", "min"),
        amount=("amount", "sum"),
        cost=("cost", "sum"),
        is_costed=("is_costed", "all"),
    )
    margin = (table["amount"] - table["cost"]).where(table["is_costed"])
    kept = table.assign(margin_amount=margin)[table["amount"] > 0]
    return kept.drop(columns=["cost", "is_costed"]).reset_index(drop=True)
