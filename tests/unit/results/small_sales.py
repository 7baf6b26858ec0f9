"""Tables of a small company, drawn as text."""

from io import StringIO

import pandas as pd


def drawn(text: str) -> pd.DataFrame:
    """Read a drawing; '-' is null."""
    frame = pd.read_csv(StringIO(text.strip()), sep=r"\s+", na_values="-", keep_default_na=False)
    days = [name for name in frame if name.endswith(("_on", "_month", "_end", "_until"))]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in days})


def month_ends(first: str, last: str, *, open_until: str | None = None) -> pd.DataFrame:
    """List months from the one of the first day to that of the last."""
    days = pd.date_range(first, pd.Timestamp(last) + pd.offsets.MonthEnd(0), freq="ME")
    table = pd.DataFrame({"month_end": days, "is_closed": True})
    if open_until:
        table.loc[len(table) - 1] = [pd.Timestamp(open_until), False]
    return table


def sales(rows: pd.DataFrame) -> pd.DataFrame:
    """Make rows of marts.client_product_months; a negative quantity is a credit."""
    amount = rows["quantity"] * rows["price"]
    month = rows["order_month"] + pd.offsets.MonthEnd(0)
    known = rows.get("known_on", month)
    return pd.DataFrame(
        {
            "client_id": rows["client_id"],
            "product_id": rows["product_id"],
            "order_month": month,
            "counted_month": known + pd.offsets.MonthEnd(0),
            "last_counted_on": known,
            "quantity": rows["quantity"].clip(lower=0).astype(float),
            "sold_amount": amount.clip(lower=0).astype(float),
            "credited_amount": amount.clip(upper=0).astype(float),
            "revenue_amount": amount.astype(float),
            "costed_revenue_amount": amount.astype(float),
            "cost_amount": amount * 0.7,
        }
    )
