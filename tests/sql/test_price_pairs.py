import pytest

MATCHES = """
    product_id  competitor_id  competitor_product_id  kind       probability  judged_on   known_on
    P-1         X              X-1                    identical  0.9          2025-01-05  2025-01-05
"""


def pairs(warehouse, observed_on, columns, months="P-1 2025-01-31 10\nP-1 2025-02-28 12"):
    warehouse.given("raw.product_matches", MATCHES)
    warehouse.given("marts.product_months", f"product_id month_end price\n{months}")
    warehouse.given(
        "raw.competitor_prices",
        f"""
        competitor_id  competitor_product_id  observed_on    price  known_on
        X              X-1                    {observed_on}  11     {observed_on}
        """,
    )
    warehouse.build("marts.price_pairs")
    return warehouse.rows("marts.price_pairs", columns)


@pytest.mark.parametrize(
    ("observed_on", "our_price"),
    [
        pytest.param("2025-01-20", 10, id="our price of the same month"),
        pytest.param("2025-02-20", 12, id="not an older one"),
        pytest.param("2025-08-20", 12, id="six months old at most"),
        pytest.param("2025-09-01", None, id="seven months old: none"),
        pytest.param("2024-12-31", None, id="never a later one"),
    ],
)
def test_competitor_price_stands_beside_our_latest_price_up_to_then(
    warehouse, observed_on, our_price
):
    assert pairs(warehouse, observed_on, "our_price") == [(our_price,)]


def test_pair_is_known_when_both_the_price_and_the_match_are(warehouse):
    assert pairs(warehouse, "2025-01-02", "known_on") == [("2025-01-05",)]
