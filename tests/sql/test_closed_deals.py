def test_open_deals_are_not_closed_and_family_comes_from_the_product(warehouse):
    warehouse.given("marts.products", "product_id name family\nP-1 Pump pumps")
    warehouse.given(
        "raw.deals",
        """
        deal_id  version  product_id  opened_on   closed_on   outcome  known_on    known_until
        D-1      1        P-1         2025-01-01  -           open     2025-01-01  2025-02-01
        D-1      2        P-1         2025-01-01  2025-01-30  won      2025-02-01  -
        D-2      1        -           2025-01-01  -           open     2025-01-01  -
        """,
    )
    warehouse.build("marts.closed_deals")
    rows = warehouse.rows("marts.closed_deals", "deal_id, outcome, family, closed_on, known_on")
    assert rows == [("D-1", "won", "pumps", "2025-01-30", "2025-02-01")]
