def test_every_version_of_a_deal_stands_with_the_days_on_which_it_was_believed(warehouse):
    warehouse.given("marts.products", "product_id name family\nP-1 Pump pumps")
    warehouse.given("marts.client_ids", "source_client_id client_id\nC-9 C-1")
    warehouse.given(
        "raw.deals",
        """
        deal_id  version  client_id  product_id  opened_on   expected_close_on  closed_on   outcome  amount  known_on    known_until
        D-1      1        C-9        P-1         2025-01-01  2025-03-31         -           open     100     2025-01-01  2025-02-01
        D-1      2        C-9        P-1         2025-01-01  2025-06-30         -           open     80      2025-02-01  2025-06-15
        D-1      3        C-9        P-1         2025-01-01  2025-06-30         2025-06-10  won      90      2025-06-15  -
        """,
    )
    warehouse.build("marts.deal_versions")
    columns = "client_id, family, expected_close_on, outcome, amount, known_on, known_until"
    assert warehouse.rows("marts.deal_versions", columns) == [
        ("C-1", "pumps", "2025-03-31", "open", 100, "2025-01-01", "2025-02-01"),
        ("C-1", "pumps", "2025-06-30", "open", 80, "2025-02-01", "2025-06-15"),
        ("C-1", "pumps", "2025-06-30", "won", 90, "2025-06-15", None),
    ]
