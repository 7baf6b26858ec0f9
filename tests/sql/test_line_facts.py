ORDERS = """
    order_id  version  client_id  ordered_on  status     known_on    known_until
    O-1       1        C-1        2025-01-10  delivered  2025-01-10  2025-02-01
    O-1       2        C-2        2025-01-10  delivered  2025-02-01  -
"""


def test_line_follows_its_order_to_another_client(warehouse):
    warehouse.given("raw.orders", ORDERS)
    warehouse.given(
        "raw.order_lines",
        """
        order_id  line_no  product_id  quantity  unit_price
        O-1       1        P-1         2         10
        """,
    )
    warehouse.build("marts.line_facts")
    rows = warehouse.rows("marts.line_facts", "client_id, kind, counted_on, revenue_amount")
    assert rows == [
        ("C-1", "ordered", "2025-01-10", 20),
        ("C-1", "ordered, taken back", "2025-02-01", -20),
        ("C-2", "ordered", "2025-02-01", 20),
    ]


def test_versions_that_were_never_believed_together_make_no_fact(warehouse):
    warehouse.given("raw.orders", ORDERS)
    warehouse.given(
        "raw.order_lines",
        """
        order_id  line_no  product_id  quantity  unit_price  known_on
        O-1       1        P-1         2         10          2025-03-05
        """,
    )
    warehouse.build("marts.line_facts")
    rows = warehouse.rows("marts.line_facts", "order_version, counted_on")
    assert rows == [(2, "2025-03-05")]


def test_amounts_are_exact_to_the_fourth_decimal(warehouse):
    warehouse.given("raw.orders", ORDERS.split("O-1       2")[0].replace("2025-02-01", "-"))
    warehouse.given(
        "raw.order_lines",
        """
        order_id  line_no  product_id  quantity  unit_price  discount_share  unit_cost
        O-1       1        P-1         3         0.3333      0.15            0.1
        O-1       2        P-1         1000000   99999       0.5             -
        """,
    )
    warehouse.build("marts.line_facts")
    rows = warehouse.rows("marts.line_facts", "revenue_amount, cost_amount")
    assert rows == [(0.8499, 0.3), (49_999_500_000, None)]
