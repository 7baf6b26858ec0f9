"""A small company of three clients and five products."""

import pandas as pd
import pytest
from small_sales import drawn, sales

from clientlib import results

PRODUCTS = """
    product_id  name  family  unit  launched_on  ended_on
    P-1         One   tools   pcs   2020-01-01   -
    P-2         Two   tools   pcs   2020-01-01   -
    P-3         Three cables  m     2020-01-01   -
    P-new       New   tools   pcs   2025-02-01   -
    P-old       Old   tools   pcs   2020-01-01   2024-11-30
"""
CLIENTS = """
    client_id  name   manager_id  region
    C-1        Alpha  M-1         north
    C-2        Beta   M-2         south
    C-3        Gamma  M-2         -
"""


@pytest.fixture
def products() -> pd.DataFrame:
    return drawn(PRODUCTS)


@pytest.fixture
def clients() -> pd.DataFrame:
    return drawn(CLIENTS)


@pytest.fixture
def lines_of(products, clients):
    """Give a function from drawn sales (client, product, month, quantity, price) to lines."""

    def make(text: str, as_of: str = "2025-12-31") -> pd.DataFrame:
        return results.join_parts(sales(drawn(text)), products, clients, as_of=as_of)

    return make
