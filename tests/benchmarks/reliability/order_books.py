"""Order books to be warned of: two real ones, and the sample company with its truth."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from clientlib.sample.company import simulate_company
from clientlib.sample.plan import make_plan

SHARED = Path(__file__).parents[4] / "shared" / "data"


def read_online_retail() -> pd.DataFrame:
    """Read the lines of clients of Online Retail 2009-2010; products stand for families."""
    folder = SHARED / "online_retail_2009_2010"
    rows = pd.read_parquet(folder / "online_retail_II_2009_2010.parquet")
    rows = rows[rows["Customer ID"].notna() & (rows["Price"] > 0)]
    goes_back = rows["Invoice"].str.startswith("C") | (rows["Quantity"] < 0)
    return _as_lines(
        client_id=rows["Customer ID"].astype(int).astype(str),
        ordered_on=rows["InvoiceDate"].dt.normalize(),
        kind=np.where(goes_back, "credited", "ordered"),
        revenue_amount=rows["Quantity"] * rows["Price"],
        family=rows["StockCode"].str.upper().str.strip(),
    )


def read_cdnow() -> pd.DataFrame:
    """Read the purchases of the CDNOW sample; it names no products."""
    names = ["master", "client_id", "day", "quantity", "amount"]
    path = SHARED / "cdnow_sample" / "CDNOW_sample.txt"
    rows = pd.read_csv(path, sep=r"\s+", names=names, dtype={"client_id": str, "day": str})
    return _as_lines(
        client_id=rows["client_id"],
        ordered_on=pd.to_datetime(rows["day"]),
        kind="ordered",
        revenue_amount=rows["amount"],
        family="CD",
    )


def simulate_sample(seed: int, clients_count: int = 600) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Simulate the sample company, and tell when its clients really left.

    Returns
    -------
    (DataFrame, DataFrame)
        Lines; client_id, left_on and fades_from.
    """
    plan = make_plan(seed, clients_count, date(2023, 1, 1), date(2025, 12, 31))
    tables = simulate_company(plan).tables
    orders = tables["orders"][["order_id", "client_id", "is_credit", "cancelled_on"]]
    families = tables["products"][["product_id", "family"]]
    rows = tables["order_lines"].merge(orders, on="order_id").merge(families, on="product_id")
    placed = _as_lines(
        client_id=rows["client_id"],
        ordered_on=rows["ordered_on"],
        kind=np.where(rows["is_credit"], "credited", "ordered"),
        revenue_amount=rows["net_amount"],
        family=rows["family"],
    )
    gone = (rows["cancelled_on"].notna() & ~rows["is_credit"]).to_numpy()
    taken = placed[gone].assign(kind="cancelled", counted_on=rows["cancelled_on"].to_numpy()[gone])
    taken = taken.assign(revenue_amount=-taken["revenue_amount"])
    truth = tables["clients"][["client_id", "left_on", "fades_from"]]
    return pd.concat([placed, taken], ignore_index=True), truth


def _as_lines(**columns: object) -> pd.DataFrame:
    lines = pd.DataFrame(columns).reset_index(drop=True)
    days = lines["ordered_on"].astype("datetime64[ns]")
    return lines.assign(ordered_on=days, counted_on=days)
