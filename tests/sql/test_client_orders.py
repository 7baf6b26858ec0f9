ORDERS = """
    order_id  client_id  ordered_on  status     cancelled_on  is_credit  known_on
    O-1       C-1        2025-01-10  delivered  -             false      2025-01-10
    O-2       C-1        2025-02-09  cancelled  2025-03-01    false      2025-02-09
    O-3       C-1        2025-03-21  delivered  -             false      2025-03-21
    O-3a      C-1        2025-03-21  delivered  -             false      2025-03-21
    O-4       C-1        2025-03-25  delivered  -             true       2025-03-25
"""
LINES = """
    order_id  line_no  product_id  quantity  unit_price  discount_share  unit_cost
    O-1       1        P-1         10        10          0.1             6
    O-2       1        P-1         5         10          -               6
    O-3       1        P-2         1         200         -               -
    O-4       1        P-1         -2        10          -               6
"""
MONTHS = """
    client_id  month_end
    C-1        2025-01-31
    C-1        2025-02-28
    C-1        2025-03-31
"""

TABLES = (
    "marts.order_facts",
    "marts.line_months",
    "marts.order_days",
    "marts.client_sales",
    "marts.client_orders",
)


def build(warehouse):
    warehouse.given("raw.orders", ORDERS)
    warehouse.given("raw.order_lines", LINES)
    warehouse.given("marts.client_months", MONTHS)
    warehouse.build(*TABLES)


def test_cancelled_order_counts_until_the_day_it_is_cancelled(warehouse):
    build(warehouse)
    rows = warehouse.rows("marts.client_orders", "month_end, orders_count, cancelled_count")
    assert rows == [("2025-01-31", 1, 0), ("2025-02-28", 2, 0), ("2025-03-31", 3, 1)]


def test_revenue_is_net_of_discount_cancellation_and_credit(warehouse):
    build(warehouse)
    revenue = warehouse.rows("marts.client_orders", "revenue_amount")
    assert revenue == [(90,), (140,), (270,)]


def test_margin_covers_only_lines_with_a_known_cost(warehouse):
    build(warehouse)
    rows = warehouse.rows("marts.client_orders", "costed_revenue_12m_amount, margin_12m_amount")
    assert rows == [(90, 30), (140, 50), (70, 22)]


def test_rhythm_counts_days_not_orders_and_ignores_credit_notes(warehouse):
    build(warehouse)
    rows = warehouse.rows(
        "marts.client_orders", "order_days_count, last_ordered_on, typical_gap_days"
    )
    assert rows == [(1, "2025-01-10", None), (2, "2025-02-09", 30), (3, "2025-03-21", 35)]


def test_a_year_of_revenue_ends_after_twelve_months(warehouse):
    build(warehouse)
    months = [f"C-1 2025-{month:02d}-28" for month in range(1, 13)] + ["C-1 2026-01-31"]
    warehouse.given("marts.client_months", "client_id month_end\n" + "\n".join(months))
    warehouse.build("marts.client_orders")
    rows = warehouse.rows("marts.client_orders", "revenue_12m_amount, revenue_previous_12m_amount")
    assert rows[-2:] == [(270, 0), (180, 90)]


def test_order_moved_to_another_client_leaves_the_first_on_the_day_of_the_correction(warehouse):
    warehouse.given(
        "raw.orders",
        """
        order_id  version  client_id  ordered_on  status     known_on    known_until
        O-1       1        C-1        2025-01-10  delivered  2025-01-10  2025-03-02
        O-1       2        C-2        2025-01-10  delivered  2025-03-02  -
        """,
    )
    warehouse.given("raw.order_lines", LINES.split("O-2")[0])
    warehouse.given(
        "marts.client_months", MONTHS + MONTHS.split("month_end\n")[1].replace("C-1", "C-2")
    )
    warehouse.build(*TABLES)
    rows = warehouse.rows("marts.client_orders", "client_id, orders_count, revenue_amount")
    assert rows == [("C-1", 1, 90), ("C-1", 1, 90), ("C-1", 0, 0),
                    ("C-2", 0, 0), ("C-2", 0, 0), ("C-2", 1, 90)]  # fmt: skip


def test_order_day_that_a_correction_took_away_is_named_no_longer(warehouse):
    warehouse.given(
        "raw.orders",
        """
        order_id  version  client_id  ordered_on  status     known_on    known_until
        O-1       1        C-1        2025-01-10  delivered  2025-01-10  2025-03-02
        O-1       2        C-1        2025-01-20  delivered  2025-03-02  -
        O-2       1        C-1        2025-01-30  delivered  2025-01-30  -
        """,
    )
    warehouse.given("marts.client_months", MONTHS)
    warehouse.build(*TABLES)
    rows = warehouse.rows(
        "marts.client_orders", "order_days_count, first_ordered_on, typical_gap_days"
    )
    assert rows == [(2, "2025-01-10", 20), (2, "2025-01-10", 20), (2, "2025-01-20", 10)]


def test_cancelled_order_leaves_no_hole_in_the_year_after_the_next(warehouse):
    build(warehouse)
    months = [f"C-1 2025-{month:02d}-28" for month in range(1, 13)]
    months += ["C-1 2026-01-31", "C-1 2026-02-28", "C-1 2026-03-31"]
    warehouse.given("marts.client_months", "client_id month_end\n" + "\n".join(months))
    warehouse.build("marts.client_orders")
    rows = warehouse.rows("marts.client_orders", "orders_12m_count, revenue_12m_amount")
    assert rows[-3:] == [(2, 180), (2, 180), (0, 0)]
