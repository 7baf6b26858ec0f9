def test_price_is_the_mean_of_what_was_ordered_in_the_month(warehouse):
    warehouse.given("marts.month_ends", "month_end is_closed\n2025-01-31 true\n2025-02-28 true")
    warehouse.given(
        "marts.line_facts",
        """
        order_id  line_no  product_id  kind       counted_on  quantity  revenue_amount
        O-1       1        P-1         ordered    2025-01-10  10        90
        O-2       1        P-1         ordered    2025-01-20  10        110
        O-2       1        P-1         cancelled  2025-02-05  -10       -110
        O-3       1        P-1         credited   2025-02-06  -1        -9
        """,
    )
    warehouse.build("marts.product_months")
    columns = "month_end, orders_12m_count, quantity_12m, revenue_12m_amount, price"
    assert warehouse.rows("marts.product_months", columns) == [
        ("2025-01-31", 2, 20, 200, 10),
        ("2025-02-28", 2, 9, 81, None),
    ]
