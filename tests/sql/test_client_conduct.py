TABLES = (
    "marts.order_closings",
    "marts.client_order_changes",
    "marts.client_claim_changes",
    "marts.client_conduct",
)
ORDERS = """
    order_id  client_id  ordered_on  status     known_on    cancelled_on
    O-0       C-2        2024-12-01  delivered  2024-12-01  -
    O-1       C-1        2025-01-10  delivered  2025-01-10  -
    O-2       C-1        2025-02-10  cancelled  2025-02-10  2025-03-05
"""
LINES = """
    order_id  line_no  product_id  quantity  unit_price  known_on
    O-0       1        P-1         1         1           2024-12-01
    O-1       1        P-1         3         10          2025-01-10
    O-2       1        P-1         2         50          2025-02-10
"""
DELIVERIES = """
    delivery_id  order_id  delivered_on  quantity  known_on
    D-0          O-0       2024-12-02    1         2024-12-02
    D-1          O-1       2025-02-20    3         2025-02-20
"""


def build(warehouse, *, last="2025-04-30", **drawn):
    for table, drawing in drawn.items():
        warehouse.given(f"raw.{table}", drawing)
    warehouse.given_months("2025-01-01", last)
    warehouse.build(*TABLES)


def test_order_is_open_until_its_first_delivery_or_its_cancellation(warehouse):
    build(warehouse, orders=ORDERS, order_lines=LINES, deliveries=DELIVERIES)
    rows = warehouse.rows("marts.client_conduct", "open_orders_count, open_orders_amount")
    assert rows == [(1, 30), (1, 100), (0, 0), (0, 0)]


def test_invoice_closes_an_order_as_a_delivery_does(warehouse):
    build(
        warehouse,
        orders=ORDERS,
        order_lines=LINES,
        invoices="""
        invoice_id  client_id  order_id  issued_on   due_on      amount  known_on
        I-0         C-2        O-0       2024-12-03  2025-01-03  1       2024-12-03
        I-1         C-1        O-1       2025-01-31  2025-02-28  30      2025-01-31
        """,
    )
    rows = warehouse.rows("marts.client_conduct", "month_end, open_orders_amount")
    assert rows[0] == ("2025-02-28", 100)


def test_nothing_is_open_where_neither_deliveries_nor_invoices_are_brought(warehouse):
    build(warehouse, orders=ORDERS, order_lines=LINES)
    rows = warehouse.rows(
        "marts.client_conduct", "month_end, open_orders_count, cancelled_12m_count"
    )
    assert rows == [("2025-03-31", 0, 1), ("2025-04-30", 0, 1)]


def test_an_order_that_nobody_delivers_is_given_up_after_half_a_year(warehouse):
    drawn = DELIVERIES.replace("D-1          O-1       2025-02-20    3         2025-02-20", "")
    build(warehouse, last="2025-07-31", orders=ORDERS, order_lines=LINES, deliveries=drawn)
    counts = warehouse.rows("marts.client_conduct", "open_orders_count")
    assert [counts[0], *counts[5:]] == [(1,), (1,), (0,)]


COMPLAINTS = """
    complaint_id  client_id  opened_on   closed_on   cost  known_on
    K-1           C-9        2025-02-03  2025-03-20  40    2025-02-03
    K-2           C-9        2024-11-03  2024-11-20  5     2024-11-03
"""


def test_complaints_of_a_merged_client_count_while_open_and_for_a_year(warehouse):
    warehouse.given("marts.client_ids", "source_client_id client_id\nC-9 C-1")
    build(warehouse, last="2026-02-28", complaints=COMPLAINTS)
    rows = warehouse.rows(
        "marts.client_conduct",
        "complaints_count, complaints_12m_count, complaints_12m_cost, open_complaints_count",
    )
    assert rows[:3] == [(1, 1, 5, 0), (2, 2, 45, 1), (2, 2, 45, 0)]
    assert rows[9:11] == [(2, 2, 45, 0), (2, 1, 40, 0)]
    assert rows[12:] == [(2, 1, 40, 0), (2, 0, 0, 0)]


def test_a_complaint_that_nobody_closed_stays_open(warehouse):
    build(warehouse, complaints=COMPLAINTS.replace("C-9", "C-1").replace("2025-03-20", "-"))
    counts = warehouse.rows("marts.client_conduct", "open_complaints_count")
    assert counts == [(0,), (1,), (1,), (1,)]


def test_returns_belong_to_the_client_of_the_order_and_incidents_name_it(warehouse):
    build(
        warehouse,
        orders=ORDERS,
        returns="""
        return_id  order_id  product_id  returned_on  quantity  known_on
        R-1        O-1       P-1         2025-03-01   1         2025-04-02
        """,
        incidents="""
        incident_id  client_id  happened_on  kind   damage_amount  penalty_amount  known_on
        N-1          C-1        2025-02-01   spill  10             5               2025-02-01
        """,
    )
    rows = warehouse.rows(
        "marts.client_conduct", "returns_12m_count, incidents_12m_count, incidents_12m_amount"
    )
    assert rows == [(0, 1, 15), (0, 1, 15), (1, 1, 15)]
