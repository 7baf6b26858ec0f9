import pytest

ORDERS = """
    order_id  version  client_id  ordered_on  status     is_credit  cancelled_on  known_on    known_until
    O-1       1        C-1        2025-01-10  delivered  false      -             2025-01-10  -
    O-2       1        C-1        2025-01-20  cancelled  false      2025-02-05    2025-01-20  -
    O-3       1        C-1        2025-02-03  delivered  true       -             2025-02-03  -
    O-4       1        -          2025-02-04  delivered  false      -             2025-02-04  -
"""
LINES = """
    order_id  line_no  version  product_id  quantity  unit_price  unit_cost  known_on    known_until
    O-1       1        1        P-1         10        9           6          2025-01-10  -
    O-2       1        1        P-1         5         9           6          2025-01-20  -
    O-3       1        1        P-1         -2        9           6          2025-02-03  -
    O-4       1        1        P-1         1         9           -          2025-02-04  -
"""
MONTHS = "client_id, order_month, counted_month, quantity, sold_amount, credited_amount"


@pytest.fixture
def sold(warehouse):
    warehouse.given("raw.orders", ORDERS)
    warehouse.given("raw.order_lines", LINES)
    warehouse.build("marts.line_facts", "marts.client_product_months", "marts.client_day_sales")
    return warehouse


def test_cancellation_belongs_to_its_order_s_month_and_counts_from_when_it_was_known(sold):
    assert sold.rows("marts.client_product_months", MONTHS, "client_id = 'C-1'") == [
        ("C-1", "2025-01-31", "2025-01-31", 15, 135, 0),
        ("C-1", "2025-01-31", "2025-02-28", -5, -45, 0),
        ("C-1", "2025-02-28", "2025-02-28", 0, 0, -18),
    ]


def test_credit_note_stands_apart_from_what_was_sold(sold):
    columns = "quantity, sold_amount, credited_amount, revenue_amount, cost_amount"
    where = "client_id = 'C-1' and order_month = '2025-02-28'"
    assert sold.rows("marts.client_product_months", columns, where) == [(0, 0, -18, -18, -12)]


def test_cancelled_credit_note_gives_back_what_it_took(warehouse):
    warehouse.given(
        "raw.orders",
        ORDERS.replace("delivered  true       -         ", "cancelled  true       2025-03-01"),
    )
    warehouse.given("raw.order_lines", LINES)
    warehouse.build("marts.line_facts", "marts.client_product_months")
    columns = "counted_month, credited_amount, sold_amount"
    where = "client_id = 'C-1' and order_month = '2025-02-28'"
    assert warehouse.rows("marts.client_product_months", columns, where) == [
        ("2025-02-28", -18, 0),
        ("2025-03-31", 18, 0),
    ]


def test_sale_without_account_has_an_empty_client_and_an_unknown_cost_none_of_its_revenue(sold):
    columns = "client_id, revenue_amount, costed_revenue_amount, cost_amount"
    rows = sold.rows("marts.client_product_months", columns, "client_id = ''")
    assert rows == [("", 9, 0, 0)]


def test_days_add_up_to_the_months_of_products(sold):
    days = sold.rows("marts.client_day_sales", "client_id, ordered_on, counted_on, revenue_amount")
    assert days == [
        ("", "2025-02-04", "2025-02-04", 9),
        ("C-1", "2025-01-10", "2025-01-10", 90),
        ("C-1", "2025-01-20", "2025-01-20", 45),
        ("C-1", "2025-01-20", "2025-02-05", -45),
        ("C-1", "2025-02-03", "2025-02-03", -18),
    ]
    months = sold.rows("marts.client_product_months", "revenue_amount")
    assert sum(amount for (amount,) in months) == sum(row[3] for row in days) == 81


@pytest.mark.parametrize("table", ["client_product_months", "client_day_sales"])
def test_what_is_known_later_changes_no_row_of_an_earlier_day(warehouse, table):
    kept = {}
    for name, until in (("all", "-"), ("by the end of January", "2025-01-31")):
        warehouse.given("raw.orders", ORDERS if until == "-" else _by_january(ORDERS))
        warehouse.given("raw.order_lines", LINES if until == "-" else _by_january(LINES))
        warehouse.build("marts.line_facts", f"marts.{table}")
        day = "last_counted_on" if table == "client_product_months" else "counted_on"
        kept[name] = warehouse.rows(f"marts.{table}", "*", f"{day} <= date '2025-01-31'")
    assert len(kept["all"]) > 0
    assert kept["all"] == kept["by the end of January"]


def _by_january(drawing: str) -> str:
    """Keep what was known by the end of January: the cancellation was not."""
    lines = drawing.strip().splitlines()
    kept = [lines[0], *(line for line in lines[1:] if line.split()[0] in ("O-1", "O-2"))]
    return "\n".join(kept).replace(
        "cancelled  false      2025-02-05", "open       false      -         "
    )
