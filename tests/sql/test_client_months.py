def test_client_stands_in_every_month_from_its_first_business_on(warehouse):
    warehouse.given("marts.month_ends", "month_end is_closed\n2025-01-31 true\n2025-02-28 true")
    warehouse.given(
        "raw.deals",
        """
        deal_id  client_id  opened_on   outcome  known_on
        D-1      C-1        2025-01-31  open     2025-01-31
        D-2      C-2        2025-02-01  open     2025-02-01
        D-3      -          2025-01-01  open     2025-01-01
        """,
    )
    warehouse.build("marts.client_months")
    assert warehouse.rows("marts.client_months", "client_id, month_end, known_months") == [
        ("C-1", "2025-01-31", 1),
        ("C-1", "2025-02-28", 2),
        ("C-2", "2025-02-28", 1),
    ]
