def test_competitor_product_is_seen_from_its_first_known_price_on(warehouse):
    warehouse.connection.execute(
        "insert into raw.loads (load_id, loaded_on) values (1, '2025-09-01')"
    )
    warehouse.given(
        "raw.competitor_products",
        "competitor_id competitor_product_id name load_id\nX X-1 Hose 1\nX X-2 Pump 1",
    )
    warehouse.given(
        "raw.competitor_prices",
        """
        competitor_id  competitor_product_id  observed_on  price  known_on
        X              X-1                    2025-02-10   5      2025-02-10
        X              X-1                    2025-01-10   5      2025-03-01
        """,
    )
    warehouse.build("marts.competitor_ranges")
    rows = warehouse.rows("marts.competitor_ranges", "competitor_product_id, name, seen_on")
    assert rows == [("X-1", "Hose", "2025-02-10"), ("X-2", "Pump", "2025-09-01")]
