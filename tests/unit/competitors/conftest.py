"""Price worlds: families differ in level and in how well they are covered."""

import numpy as np
import pandas as pd
import pytest

AS_OF = "2025-06-30"
FAMILIES, PER_FAMILY = 12, 25


def own_range(random, *, price_sd=1.0, revenue_sd=1.0):
    count = FAMILIES * PER_FAMILY
    family = np.repeat([f"F{place:02d}" for place in range(FAMILIES)], PER_FAMILY)
    keys = [f"P{number:03d}" for number in range(count)]
    products = pd.DataFrame({"product_id": keys, "name": keys, "family": family, "unit": "piece"})
    sizes = random.normal(0, 0.7, FAMILIES).repeat(PER_FAMILY)
    months = pd.DataFrame(
        {
            "product_id": keys,
            "month_end": pd.Timestamp(AS_OF),
            "revenue_12m_amount": 1000 * np.exp(sizes + random.normal(0, revenue_sd, count)),
            "orders_12m_count": 10,
            "price": 20 * np.exp(random.normal(0, price_sd, count)),
        }
    )
    return products, months


def price_world(random, products, months, competitor, *, family_sd=0.08, product_sd=0.10):
    count = len(products)
    level = random.normal(0.04, family_sd, FAMILIES).repeat(PER_FAMILY)
    covered = random.uniform(0.1, 0.6, FAMILIES).repeat(PER_FAMILY)
    log_ratio = level + random.normal(0, product_sd, count)
    seen = random.random(count) < covered
    pairs = pd.DataFrame(
        {
            "product_id": products["product_id"],
            "competitor_id": competitor,
            "competitor_product_id": "X-" + products["product_id"],
            "observed_on": pd.Timestamp(AS_OF)
            - pd.to_timedelta(random.integers(5, 90, count), "D"),
            "known_on": pd.Timestamp(AS_OF),
            "family": products["family"],
            "kind": "identical",
            "probability": 1.0,
            "competitor_price": months["price"] * np.exp(log_ratio),
            "is_net": True,
            "our_price": months["price"],
            "our_price_on": pd.Timestamp("2025-05-01"),
        }
    )
    truth = np.average(log_ratio, weights=months["revenue_12m_amount"])
    return pairs[seen].reset_index(drop=True), truth


@pytest.fixture(scope="session")
def make_range():
    return own_range


@pytest.fixture(scope="session")
def make_world():
    return price_world


@pytest.fixture
def five_products():
    """Five products of one family that sell equally, each 8 % dearer at K-1."""
    random = np.random.default_rng(0)
    products, months = own_range(random)
    products, months = products.head(5), months.head(5).assign(revenue_12m_amount=100.0)
    pairs, _ = price_world(random, *own_range(random), "K-1")
    prices = [10.0, 20.0, 30.0, 40.0, 50.0]
    pairs = pairs.head(5).assign(
        product_id=products["product_id"].to_numpy(),
        our_price=prices,
        competitor_price=[1.08 * price for price in prices],
    )
    return pairs, months, products
