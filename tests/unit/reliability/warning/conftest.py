"""Order books drawn as text, and simulated ones with a known way of leaving."""

from io import StringIO

import numpy as np
import pandas as pd
import pytest

from clientlib.reliability.warning import read_book


def read_lines(text):
    lines = pd.read_csv(StringIO(text), sep=r"\s+", na_values="-")
    if "counted_on" not in lines.columns:
        lines["counted_on"] = lines["ordered_on"]
    defaults = {"kind": "ordered", "revenue_amount": 100.0, "family": "A"}
    for name, value in defaults.items():
        if name not in lines.columns:
            lines[name] = value
    lines["kind"] = lines["kind"].str.replace("_", " ")
    days = ["ordered_on", "counted_on"]
    return lines.assign(**{name: pd.to_datetime(lines[name]) for name in days})


def simulate_lines(clients_count=400, *, days=720, seed=3):
    """Clients order in their own rhythm; the loyal stay, others leave after fewer, smaller orders."""
    random = np.random.default_rng(seed)
    start = pd.Timestamp("2023-01-01")
    rows = []
    for number in range(clients_count):
        gap = random.gamma(3.0, 8.0) + 3.0
        day = random.integers(0, days // 2)
        leaves = day + random.exponential(500.0) if number % 2 else np.inf
        amount = random.gamma(4.0, 50.0)
        while day < min(days, leaves):
            fading = leaves - day < 4 * gap
            rows.append((f"C-{number:04d}", int(day), amount * (0.4 if fading else 1.0)))
            day += random.gamma(2.0, gap / 2) * (2.0 if fading else 1.0) + 1.0
    table = pd.DataFrame(rows, columns=["client_id", "day", "revenue_amount"])
    on = start + pd.to_timedelta(table["day"], unit="D")
    return table.assign(ordered_on=on, counted_on=on, kind="ordered", family="A").drop(
        columns="day"
    )


@pytest.fixture
def book_of():
    return lambda text, as_of: read_book(read_lines(text), as_of=as_of)


@pytest.fixture(scope="session")
def lines_of():
    return read_lines


@pytest.fixture(scope="session")
def simulated_lines():
    return simulate_lines()
