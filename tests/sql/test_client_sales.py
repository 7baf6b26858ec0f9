def test_cancellation_belongs_to_the_month_of_its_order(warehouse):
    warehouse.given(
        "raw.orders",
        """
        order_id  client_id  ordered_on  status     cancelled_on  known_on
        O-1       C-1        2025-01-30  cancelled  2025-02-03    2025-01-30
        """,
    )
    warehouse.build("marts.order_facts", "marts.line_months", "marts.client_sales")
    rows = warehouse.rows("marts.client_sales", "month, orders_count, orders_12m_count")
    assert rows == [("2025-01-31", 1, 1), ("2025-02-28", -1, -1), ("2026-01-31", 0, 0),
                    ("2027-01-31", 0, 0)]  # fmt: skip


def test_order_learnt_of_after_its_year_never_enters_the_year(warehouse):
    warehouse.given(
        "raw.orders",
        """
        order_id  client_id  ordered_on  status     known_on
        O-1       C-1        2025-01-30  delivered  2026-02-03
        """,
    )
    warehouse.build("marts.order_facts", "marts.line_months", "marts.client_sales")
    rows = warehouse.rows("marts.client_sales", "month, orders_count, orders_12m_count")
    assert rows == [("2026-02-28", 1, 0), ("2027-01-31", 0, 0)]
