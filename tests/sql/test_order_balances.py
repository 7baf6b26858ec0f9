def test_order_stands_beside_all_invoices_that_name_it(warehouse):
    warehouse.given(
        "raw.orders",
        """
        order_id  client_id  ordered_on  status     known_on
        O-1       C-1        2025-01-10  delivered  2025-01-10
        O-2       C-1        2025-01-11  delivered  2025-01-11
        """,
    )
    warehouse.given(
        "raw.order_lines",
        """
        order_id  line_no  product_id  quantity  unit_price  discount_share  known_on
        O-1       1        P-1         2         50          -               2025-01-10
        O-1       2        P-2         1         100         0.25            2025-01-10
        O-2       1        P-1         1         50          -               2025-01-11
        """,
    )
    warehouse.given(
        "raw.invoices",
        """
        invoice_id  client_id  order_id  issued_on   due_on      amount  known_on
        I-1         C-1        O-1       2025-01-12  2025-02-11  121     2025-01-12
        I-2         C-1        O-1       2025-01-13  2025-02-12  90.75   2025-01-13
        I-3         C-1        -         2025-01-13  2025-02-12  7       2025-01-13
        """,
    )
    warehouse.build("marts.order_balances")
    columns = "order_id, lines_count, ordered_amount, invoices_count, invoiced_amount"
    assert warehouse.rows("marts.order_balances", columns) == [
        ("O-1", 2, 175.0, 2, 211.75),
        ("O-2", 1, 50.0, 0, 0.0),
    ]


def test_cancelled_order_comes_to_nothing(warehouse):
    warehouse.given(
        "raw.orders",
        """
        order_id  client_id  ordered_on  status     cancelled_on  known_on
        O-1       C-1        2025-01-10  cancelled  2025-01-12    2025-01-10
        """,
    )
    warehouse.given(
        "raw.order_lines",
        """
        order_id  line_no  product_id  quantity  unit_price  known_on
        O-1       1        P-1         2         50          2025-01-10
        """,
    )
    warehouse.build("marts.order_balances")
    columns = "status, lines_count, ordered_amount"
    assert warehouse.rows("marts.order_balances", columns) == [("cancelled", 0, 0.0)]
