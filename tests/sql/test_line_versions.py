"""marts.line_versions: which version of a line goes with which version of its order."""

ORDERS = """
    order_id  version  client_id  ordered_on  status     known_on    known_until
    O-1       1        C-1        2025-01-10  open       2025-01-10  2025-03-01
    O-1       2        C-2        2025-01-10  delivered  2025-03-01  -
"""
LINES = """
    order_id  line_no  version  product_id  quantity  unit_price  discount_share  unit_cost  known_on    known_until
    O-1       1        1        P-1         10        9           0.1             7          2025-01-12  2025-02-01
    O-1       1        2        P-1         12        9           0               -          2025-02-01  -
    O-9       1        1        P-1         1         9           -               -          2025-01-12  -
"""


def build(warehouse):
    warehouse.given("raw.orders", ORDERS)
    warehouse.given("raw.order_lines", LINES)
    warehouse.build("marts.line_versions")


def test_line_goes_with_each_version_of_its_order_that_was_believed_with_it(warehouse):
    build(warehouse)
    columns = "line_version, order_version, client_id, counted_on"
    assert warehouse.rows("marts.line_versions", columns) == [
        (1, 1, "C-1", "2025-01-12"),
        (2, 1, "C-1", "2025-02-01"),
        (2, 2, "C-2", "2025-03-01"),
    ]


def test_amounts_are_net_of_discount_and_cost_is_blank_where_it_is_not_known(warehouse):
    build(warehouse)
    assert warehouse.rows("marts.line_versions", "revenue_amount, cost_amount") == [
        (81, 70),
        (108, None),
        (108, None),
    ]
