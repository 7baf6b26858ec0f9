def test_price_is_the_mean_of_what_was_ordered_in_the_month(warehouse):
    warehouse.given("marts.month_ends", "month_end is_closed\n2025-01-31 true\n2025-02-28 true")
    warehouse.given(
        "marts.line_facts",
        """
        order_id  product_id  kind       ordered_on  counted_on  lines_count  quantity  revenue_amount
        O-1       P-1         ordered    2025-01-10  2025-01-10  1            10        90
        O-2       P-1         ordered    2025-01-20  2025-01-20  1            10        110
        O-2       P-1         cancelled  2025-01-20  2025-02-05  -1           -10       -110
        O-3       P-1         credited   2025-02-06  2025-02-06  1            -1        -9
        """,
    )
    warehouse.build("marts.line_months", "marts.product_months")
    columns = "month_end, orders_12m_count, quantity_12m, revenue_12m_amount, price"
    assert warehouse.rows("marts.product_months", columns) == [
        ("2025-01-31", 2, 20, 200, 10),
        ("2025-02-28", 2, 9, 81, None),
    ]


def test_correction_of_an_old_order_is_counted_once_and_is_no_price_of_its_month(warehouse):
    warehouse.given("marts.month_ends", "month_end is_closed\n2025-01-31 true\n2025-05-31 true")
    warehouse.given(
        "raw.orders",
        """
        order_id  client_id  ordered_on  status     known_on
        O-1       C-1        2025-01-10  delivered  2025-01-10
        """,
    )
    warehouse.given(
        "raw.order_lines",
        """
        order_id  line_no  version  product_id  quantity  unit_price  known_on    known_until
        O-1       1        1        P-1         10        9           2025-01-10  2025-05-20
        O-1       1        2        P-1         12        9           2025-05-20  -
        """,
    )
    warehouse.build("marts.line_months", "marts.product_months")
    columns = "month_end, orders_12m_count, quantity_12m, price"
    assert warehouse.rows("marts.product_months", columns) == [
        ("2025-01-31", 1, 10, 9),
        ("2025-05-31", 1, 12, None),
    ]
