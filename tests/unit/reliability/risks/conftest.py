"""Panels of single clients, drawn by hand: every column that is not named is nought or unknown."""

import pandas as pd
import pytest

from clientlib.reliability.risks import RiskPanels
from clientlib.reliability.risks.panels import RATIOS
from clientlib.warehouse.contracts import read_contracts

PANELS = ("client_punctuality", "client_debts", "client_orders", "client_conduct",
          "client_standing", "client_dealings")  # fmt: skip


def draw(months=24, clients=("C-1",), **columns):
    """Give panels of clients; a column is one value for all rows, or a list by month."""
    ends = pd.date_range("2024-01-31", periods=months, freq="ME")
    names = [
        column.name
        for panel in PANELS
        for column in read_contracts()[f"marts.{panel}"].columns
        if column.name not in ("client_id", "month_end")
    ]
    rows = pd.DataFrame(
        {"client_id": [c for c in clients for _ in ends], "month_end": [*ends] * len(clients)}
    )
    plain = {name: 0.0 if name.endswith(("_count", "_amount")) else None for name in names}
    plain |= dict.fromkeys(RATIOS) | {"known_months": 12}
    given = {name: [*values] * len(clients) if isinstance(values, list) else values
             for name, values in columns.items()}  # fmt: skip
    filled = pd.DataFrame({**plain, **given}, index=rows.index)
    dates = [name for name in names if name.endswith("_on")]
    filled[dates] = filled[dates].apply(pd.to_datetime)
    attributes = ["country", "industry", "region", "size_band"]
    cards = pd.DataFrame({"client_id": [*clients]}).assign(**dict.fromkeys(attributes, "x"))
    return RiskPanels(pd.concat([rows, filled], axis=1), cards, ends[-1])


@pytest.fixture
def draw_panels():
    return draw
