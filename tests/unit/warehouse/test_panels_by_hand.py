"""Panels equal what plain Python finds in the raw rows that were believed at a month end."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest

from clientlib.config import Settings, SourceSettings
from clientlib.sample import write_sample
from clientlib.warehouse import build_snapshot, load_sources, open_warehouse

TABLES = ("orders", "order_lines", "invoices", "payments", "competitor_prices", "product_matches")
FIRST_LOAD, SECOND_LOAD, THIRD_LOAD = "2026-01-05", "2026-02-10", "2026-03-05"
MONTHS = ("2024-06-30", "2025-03-31", "2025-12-31", "2026-02-28", "2026-03-05")
CORRECTED = ("erp_orders_2025.csv", "erp_invoices_2025.csv", "erp_payments_2025.csv")
CORRECTED += ("erp_orders_2024.csv", "erp_invoices_2024.csv", "erp_payments_2024.csv")
CORRECTED += ("erp_order_lines_2025.csv", "erp_order_lines_2024.csv")
CLIENTS, PRODUCTS = 40, 40


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def correct(folder: Path, *, first: int) -> None:
    """Give every thirtieth row of eight exports the fields of another row, its key kept."""
    for name in CORRECTED:
        path, keys = folder / name, 2 if "lines" in name else 1
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        for number in range(first, len(lines) - 9, 30):
            fields, donor = lines[number].split(","), lines[number + 8].split(",")
            if len(fields) == len(donor):
                lines[number] = ",".join([*fields[:keys], *donor[keys:]])
        path.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module", params=["one load", "three loads"])
def project(request, tmp_path_factory) -> SimpleNamespace:
    """Give raw tables, and the panels of the warehouse that was built of them."""
    root = tmp_path_factory.mktemp("by_hand")
    source = SourceSettings(path=Path("data/raw/sample"), preset="sample_company")
    settings = Settings(root=root, sources={"sample": source})
    folder = root / "data/raw/sample"
    write_sample(folder, seed=5, clients=80)
    load_sources(settings, now=at(FIRST_LOAD))
    if request.param == "three loads":
        shutil.copytree(folder, root / "first")
        correct(folder, first=30)
        load_sources(settings, now=at(SECOND_LOAD))
        shutil.copytree(root / "first", folder, dirs_exist_ok=True)
        correct(folder, first=45)
        load_sources(settings, now=at(THIRD_LOAD))
    build_snapshot(settings, now=at(THIRD_LOAD))
    with duckdb.connect(root / "data/warehouse/raw.duckdb", read_only=True) as store:
        raw = {table: store.execute(f"select * from {table}").df() for table in TABLES}
    with open_warehouse(root / "data/warehouse") as warehouse:
        return SimpleNamespace(raw=raw, read=read_panels(warehouse))


def read_panels(warehouse) -> dict[str, pd.DataFrame]:
    names = ("client_orders", "client_punctuality", "product_months", "price_pairs", "month_ends")
    return {name: warehouse.query(f"select * from marts.{name}") for name in names}


def believed(rows: pd.DataFrame, day: pd.Timestamp) -> list[dict]:
    """Keep the versions that were believed on a day."""
    known = rows["known_on"].isna() | (rows["known_on"] <= day)
    holds = rows["known_until"].isna() | (rows["known_until"] > day)
    return rows[known & holds].to_dict("records")


def months_back(day: pd.Timestamp, now: pd.Timestamp) -> int:
    return (now.year - day.year) * 12 + now.month - day.month


def has_come(day: object, now: pd.Timestamp) -> bool:
    return pd.notna(day) and day <= now


def sales(raw: dict, now: pd.Timestamp) -> tuple[list[dict], list[dict]]:
    """Give the orders, and the lines with their orders, that were believed and had come."""
    orders = [order for order in believed(raw["orders"], now) if order["ordered_on"] <= now]
    for order in orders:
        undated = order["status"] == "cancelled" and pd.isna(order["cancelled_on"])
        order["is_void"] = undated or has_come(order["cancelled_on"], now)
        order["credit"] = pd.notna(order["is_credit"]) and bool(order["is_credit"])
    by_id = {order["order_id"]: order for order in orders}
    lines = []
    for line in believed(raw["order_lines"], now):
        if line["order_id"] in by_id:
            order = by_id[line["order_id"]]
            discount = 0 if pd.isna(line["discount_share"]) else line["discount_share"]
            amount = line["quantity"] * line["unit_price"] * (1 - discount)
            lines.append({**order, **line, "amount": amount, "line_known_on": line["known_on"],
                          "order_known_on": order["known_on"]})  # fmt: skip
    return orders, lines


def orders_by_hand(raw: dict, client: str, now: pd.Timestamp, all_sales: tuple) -> dict:
    orders = [o for o in all_sales[0] if o["client_id"] == client and not o["credit"]]
    kept = [o for o in orders if not o["is_void"]]
    lines = [x for x in all_sales[1] if x["client_id"] == client and not x["is_void"]]
    year = [x for x in lines if months_back(x["ordered_on"], now) < 12]
    before = [x for x in lines if 12 <= months_back(x["ordered_on"], now) < 24]
    costed = [x for x in year if pd.notna(x["unit_cost"])]
    days = sorted({o["ordered_on"] for o in orders})
    return {
        "orders_count": len(kept),
        "cancelled_count": len(orders) - len(kept),
        "order_days_count": len(days),
        "first_ordered_on": days[0] if days else None,
        "last_ordered_on": days[-1] if days else None,
        "typical_gap_days": (days[-1] - days[0]).days / (len(days) - 1) if len(days) > 1 else None,
        "revenue_amount": sum(x["amount"] for x in lines),
        "orders_12m_count": sum(months_back(o["ordered_on"], now) < 12 for o in kept),
        "revenue_12m_amount": sum(x["amount"] for x in year),
        "revenue_previous_12m_amount": sum(x["amount"] for x in before),
        "costed_revenue_12m_amount": sum(x["amount"] for x in costed),
        "margin_12m_amount": sum(x["amount"] - x["quantity"] * x["unit_cost"] for x in costed)
        if costed
        else None,
    }


def paid_in_full_on(invoice: dict, payments: list[dict]) -> pd.Timestamp | None:
    paid, settled_on = 0.0, None
    for payment in sorted(payments, key=lambda payment: payment["paid_on"]):
        paid += float(payment["amount"])
        if paid < float(invoice["amount"]) - 0.01 - 1e-9:
            settled_on = None
        elif settled_on is None:
            settled_on = payment["paid_on"]
    return settled_on


def invoices_of(raw: dict, now: pd.Timestamp) -> list[dict]:
    payments: dict[str, list[dict]] = {}
    for payment in believed(raw["payments"], now):
        if payment["paid_on"] <= now:
            payments.setdefault(payment["invoice_id"], []).append(payment)
    found = []
    for invoice in believed(raw["invoices"], now):
        if invoice["amount"] > 0 and invoice["issued_on"] <= now:
            settled_on = paid_in_full_on(invoice, payments.get(invoice["invoice_id"], []))
            judged_on = invoice["due_on"] + pd.Timedelta(days=1)
            is_late = settled_on is None or settled_on > invoice["due_on"]
            found.append({**invoice, "settled_on": settled_on, "judged_on": judged_on,
                          "is_late": is_late})  # fmt: skip
    return found


def punctuality_by_hand(client: str, now: pd.Timestamp, invoices: list[dict]) -> dict:
    own = [x for x in invoices if x["client_id"] == client]
    due = [x for x in own if x["judged_on"] <= now]
    recent = [x for x in due if months_back(x["judged_on"], now) < 6]
    settled = [x for x in own if x["settled_on"] is not None]
    unpaid = [x for x in own if x["settled_on"] is None]
    overdue = [x for x in unpaid if x["judged_on"] <= now]
    late_days = [max((x["settled_on"] - x["due_on"]).days, 0) for x in settled]
    late = sum(x["is_late"] for x in due)
    return {
        "due_count": len(due),
        "late_count": late,
        "late_share": late / len(due) if due else None,
        "due_6m_count": len(recent),
        "late_6m_count": sum(x["is_late"] for x in recent),
        "settled_count": len(settled),
        "settled_late_count": sum(days > 0 for days in late_days),
        "late_days_total": sum(late_days),
        "open_count": len(unpaid),
        "open_amount": sum(x["amount"] for x in unpaid),
        "overdue_count": len(overdue),
        "overdue_amount": sum(x["amount"] for x in overdue),
        "invoiced_12m_amount": sum(
            x["amount"] for x in own if months_back(x["issued_on"], now) < 12
        ),
    }


def product_by_hand(product: str, now: pd.Timestamp, all_sales: tuple) -> dict:
    lines = [x for x in all_sales[1] if x["product_id"] == product]
    year = [x for x in lines if months_back(x["ordered_on"], now) < 12]
    priced = [
        x
        for x in lines
        if not x["credit"]
        and x["quantity"] > 0
        and x["amount"] > 0
        and months_back(x["ordered_on"], now) <= 1
        and months_back(max(x["ordered_on"], x["line_known_on"], x["order_known_on"]), now) == 0
    ]
    units = sum(x["quantity"] for x in priced)
    return {
        "orders_12m_count": sum(not x["credit"] for x in year),
        "quantity_12m": sum(x["quantity"] for x in year if not x["is_void"]),
        "revenue_12m_amount": sum(x["amount"] for x in year if not x["is_void"]),
        "price": sum(x["amount"] for x in priced) / units if units else None,
    }


def differences(panel: pd.DataFrame, key: str, day: str, by_hand: dict[str, dict]) -> list[tuple]:
    rows = panel[panel["month_end"] == pd.Timestamp(day)].set_index(key)
    assert len(rows) > 20
    found = []
    for name, expected in by_hand.items():
        for column, value in expected.items():
            built = rows.loc[name, column]
            if pd.isna(value) or pd.isna(built):
                same = pd.isna(value) and pd.isna(built)
            elif isinstance(value, pd.Timestamp):
                same = built == value
            else:
                same = float(built) == pytest.approx(float(value), abs=0.005)
            if not same:
                found.append((name, day, column, built, value))
    return found


def names_of(panel: pd.DataFrame, key: str, day: str, count: int) -> list[str]:
    rows = panel[panel["month_end"] == pd.Timestamp(day)]
    return sorted(rows[key])[:count]


@pytest.mark.parametrize("day", MONTHS)
def test_orders_revenue_and_rhythm_are_those_of_the_believed_rows(project, day):
    panel, now = panel_on(project, "client_orders", day)
    found = sales(project.raw, now)
    clients = names_of(panel, "client_id", day, CLIENTS)
    by_hand = {client: orders_by_hand(project.raw, client, now, found) for client in clients}
    assert differences(panel, "client_id", day, by_hand) == []


@pytest.mark.parametrize("day", MONTHS)
def test_due_late_open_and_overdue_are_those_of_the_believed_rows(project, day):
    panel, now = panel_on(project, "client_punctuality", day)
    invoices = invoices_of(project.raw, now)
    clients = names_of(panel, "client_id", day, CLIENTS)
    by_hand = {client: punctuality_by_hand(client, now, invoices) for client in clients}
    assert differences(panel, "client_id", day, by_hand) == []


@pytest.mark.parametrize("day", MONTHS)
def test_sales_and_price_of_products_are_those_of_the_believed_rows(project, day):
    panel, now = panel_on(project, "product_months", day)
    found = sales(project.raw, now)
    products = names_of(panel, "product_id", day, PRODUCTS)
    by_hand = {product: product_by_hand(product, now, found) for product in products}
    assert differences(panel, "product_id", day, by_hand) == []


def panel_on(project: SimpleNamespace, name: str, day: str) -> tuple[pd.DataFrame, pd.Timestamp]:
    """Give a panel and the day; skip a month that this project's data do not reach."""
    if pd.Timestamp(day) not in set(project.read["month_ends"]["month_end"]):
        pytest.skip(f"the data of this project know no month end {day}")
    return project.read[name], pd.Timestamp(day)


@pytest.mark.parametrize("day", ["2025-06-30", "2025-12-31"])
def test_our_price_beside_a_rivals_is_of_our_last_month_with_sales_in_half_a_year(project, day):
    pairs, now = project.read["price_pairs"], pd.Timestamp(day)
    seen = pairs[(pairs["observed_on"] <= now) & (pairs["observed_on"].dt.year == now.year)]
    prices = project.read["product_months"].dropna(subset=["price"])
    months = {
        product: sorted(zip(rows["month_end"], rows["price"], strict=True))
        for product, rows in prices.groupby("product_id")
    }
    wrong = []
    for pair in seen.sort_values(["observed_on", "product_id"]).to_dict("records")[::7]:
        usable = [
            price
            for end, price in months.get(pair["product_id"], [])
            if 0 <= months_back(end, pair["observed_on"]) <= 6
        ]
        expected = usable[-1] if usable else None
        same = expected == pair["our_price"] or (expected is None and pd.isna(pair["our_price"]))
        wrong += [] if same else [(pair, expected)]
    assert len(seen) > 100
    assert wrong == []


@pytest.mark.parametrize("day", ["2025-06-30", "2025-12-31"])
def test_pairs_are_all_observed_prices_with_a_judged_match(project, day):
    now = pd.Timestamp(day)
    matches = [m for m in believed(project.raw["product_matches"], now)
               if pd.isna(m["judged_on"]) or m["judged_on"] <= now]  # fmt: skip
    by_key: dict[tuple, list[str]] = {}
    for match in matches:
        key = (match["competitor_id"], match["competitor_product_id"])
        by_key.setdefault(key, []).append(match["product_id"])
    expected = sorted(
        (product, price["competitor_product_id"], price["observed_on"])
        for price in believed(project.raw["competitor_prices"], now)
        if price["observed_on"] <= now
        for product in by_key.get((price["competitor_id"], price["competitor_product_id"]), [])
    )
    pairs = project.read["price_pairs"]
    then = pairs[
        (pairs["observed_on"] <= now)
        & ~(pairs["known_on"] > now)
        & ~(pairs["known_until"] <= now)
    ]  # fmt: skip
    columns = ["product_id", "competitor_product_id", "observed_on"]
    assert sorted(then[columns].itertuples(index=False, name=None)) == expected
    assert len(expected) > 100
