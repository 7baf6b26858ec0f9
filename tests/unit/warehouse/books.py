"""The rows of a company in all their versions, in plain Python: of these panels are counted by hand."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

FOUR_PLACES = Decimal("0.0001")


class Order(NamedTuple):
    order_id: str
    client_id: str | None
    ordered_on: date
    cancelled_on: date | None
    is_credit: bool
    known_on: date | None = None
    known_until: date | None = None


class Line(NamedTuple):
    order_id: str
    product_id: str
    quantity: Decimal
    amount: Decimal
    cost: Decimal | None
    known_on: date | None = None
    known_until: date | None = None


class Invoice(NamedTuple):
    invoice_id: str
    client_id: str
    issued_on: date
    due_on: date
    amount: Decimal
    known_on: date | None = None
    known_until: date | None = None


class Payment(NamedTuple):
    invoice_id: str
    paid_on: date
    amount: Decimal
    known_on: date | None = None
    known_until: date | None = None


class Deal(NamedTuple):
    client_id: str | None
    opened_on: date
    known_on: date | None = None
    known_until: date | None = None


class RivalPrice(NamedTuple):
    competitor_id: str
    competitor_product_id: str
    observed_on: date
    known_on: date | None = None
    known_until: date | None = None


class Match(NamedTuple):
    product_id: str
    competitor_id: str
    competitor_product_id: str
    judged_on: date | None
    known_on: date | None = None
    known_until: date | None = None


@dataclass(frozen=True)
class Books:
    """What a company wrote down, each row in all its versions."""

    orders: list[Order]
    lines: list[Line]
    invoices: list[Invoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    rival_prices: list[RivalPrice] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)


def read_store(path: Path) -> Books:
    """Read the raw rows of a store."""
    with duckdb.connect(path, read_only=True) as store:
        return Books(
            orders=[order_in(row) for row in rows_of(store, "from orders")],
            lines=[line_in(row) for row in rows_of(store, "from order_lines")],
            invoices=all_of(store, "invoices", Invoice),
            payments=all_of(store, "payments", Payment),
            deals=all_of(store, "deals", Deal),
            rival_prices=all_of(store, "competitor_prices", RivalPrice),
            matches=all_of(store, "product_matches", Match),
        )


def read_online_retail(path: Path) -> Books:
    """Read the published file itself: a row is a line, C marks credit notes, A bad debt (no line)."""
    orders, lines = {}, []
    with duckdb.connect() as reader:
        for row in rows_of(reader, f"from read_parquet('{path}')"):
            order_id, client = row["Invoice"], row["Customer ID"]
            client_id = None if client is None else str(int(client))
            day, is_credit = row["InvoiceDate"].date(), order_id.startswith("C")
            orders.setdefault(order_id, Order(order_id, client_id, day, None, is_credit))
            if row["Price"] >= 0:
                quantity = Decimal(row["Quantity"])
                amount = to_four_places(quantity * Decimal(str(row["Price"])))
                product_id = row["StockCode"].strip().upper()
                lines.append(Line(order_id, product_id, quantity, amount, None))
    return Books(list(orders.values()), lines)


def rows_of(reader: duckdb.DuckDBPyConnection, query: str) -> list[dict]:
    found = reader.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def all_of(store: duckdb.DuckDBPyConnection, table: str, kind: type) -> list[NamedTuple]:
    return [fields_of(kind, row) for row in rows_of(store, f"from {table}")]


def fields_of(kind: type, row: dict) -> NamedTuple:
    return kind(**{name: row[name] for name in kind._fields})


def order_in(row: dict) -> Order:
    """Give an order; a cancellation without a day voids it from its first day."""
    undated = row["ordered_on"] if row["status"] == "cancelled" else None
    cancelled_on = row["cancelled_on"] or undated
    return fields_of(
        Order, row | {"cancelled_on": cancelled_on, "is_credit": bool(row["is_credit"])}
    )


def line_in(row: dict) -> Line:
    """Give a line with its amount after discount and its cost, each to four decimals."""
    quantity, unit_cost = row["quantity"], row["unit_cost"]
    amount = quantity * row["unit_price"] * (1 - (row["discount_share"] or 0))
    cost = None if unit_cost is None else to_four_places(quantity * unit_cost)
    return fields_of(Line, row | {"amount": to_four_places(amount), "cost": cost})


def to_four_places(amount: Decimal) -> Decimal:
    return amount.quantize(FOUR_PLACES, ROUND_HALF_UP)
