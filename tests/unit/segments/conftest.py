"""Clients with a rhythm and a size of order, as a panel of marts.client_orders."""

import numpy as np
import pandas as pd
import pytest


def panel_of(orders, ends):
    """Make the panel from a list of orders: client_id, ordered_on, amount."""
    parts = [_client(key, rows, ends) for key, rows in orders.groupby("client_id")]
    return pd.concat(parts, ignore_index=True)


def _client(key, rows, ends):
    rows = rows.sort_values("ordered_on")
    days, amounts = rows["ordered_on"].to_numpy(), np.append(0.0, rows["amount"].cumsum())
    ends = ends[ends >= days[0]]
    until = np.searchsorted(days, ends.to_numpy(), side="right")
    year, two = (
        np.searchsorted(days, (ends - pd.DateOffset(months=back)).to_numpy(), side="right")
        for back in (12, 24)
    )
    last = days[until - 1]
    span = (last - days[0]) / np.timedelta64(1, "D")
    gaps = np.where(until > 1, span / np.maximum(until - 1, 1), np.nan)
    return pd.DataFrame(
        {
            "client_id": key,
            "month_end": ends,
            "orders_count": until,
            "order_days_count": until,
            "first_ordered_on": days[0],
            "last_ordered_on": last,
            "typical_gap_days": gaps,
            "revenue_amount": amounts[until],
            "orders_12m_count": until - year,
            "revenue_12m_amount": amounts[until] - amounts[year],
            "revenue_previous_12m_amount": amounts[year] - amounts[two],
            "margin_12m_amount": 0.2 * (amounts[until] - amounts[year]),
        }
    )


def simulate(clients_count=200, months=36, seed=1):
    random = np.random.default_rng(seed)
    ends = pd.date_range("2022-07-31", periods=months, freq="ME")
    rows = []
    for number in range(clients_count):
        gap, size = random.uniform(10, 60), np.exp(random.normal(5, 1.3))
        start = pd.Timestamp("2022-07-01") + pd.Timedelta(days=int(random.integers(0, 1000)))
        leaves = start + pd.Timedelta(days=int(random.exponential(900)) + 60)
        waits = np.cumsum(random.gamma(3.0, gap / 3, 150))
        days = start + pd.to_timedelta(np.append(0, waits).astype(int), "D")
        days = days[(days <= ends[-1]) & (days <= leaves)].unique()
        amounts = size * np.exp(random.normal(0, 0.4, len(days)))
        orders = {"client_id": f"C-{number:04d}", "ordered_on": days, "amount": amounts}
        rows.append(pd.DataFrame(orders))
    return panel_of(pd.concat(rows, ignore_index=True), ends)


@pytest.fixture(scope="session")
def make_panel():
    return panel_of


@pytest.fixture(scope="session")
def simulate_orders():
    return simulate


@pytest.fixture(scope="session")
def orders_panel():
    return simulate(clients_count=250, seed=6)


@pytest.fixture
def one_client():
    """One row at 2025-06-30 of a client that orders every 30 days; change what matters."""

    def build(**changes):
        row = {
            "client_id": "C-1",
            "month_end": pd.Timestamp("2025-06-30"),
            "orders_count": 20,
            "order_days_count": 20,
            "first_ordered_on": pd.Timestamp("2023-01-10"),
            "last_ordered_on": pd.Timestamp("2025-06-20"),
            "typical_gap_days": 30.0,
            "revenue_amount": 9000.0,
            "orders_12m_count": 12,
            "revenue_12m_amount": 4000.0,
            "revenue_previous_12m_amount": 3000.0,
        }
        row |= {
            name: pd.Timestamp(value) if name.endswith("_on") else value
            for name, value in changes.items()
        }
        return pd.DataFrame([row])

    return build
