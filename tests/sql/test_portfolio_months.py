import pytest

ALL = "marts.line_months", "marts.portfolio_months"


def rows(header: str, clients: int, row: str) -> str:
    """Draw one row for each of so many clients; '#' is the client's number."""
    return "\n".join([header, *(row.replace("#", str(number)) for number in range(clients))])


def panel(month_end: str, clients: int, orders: int, revenue: int) -> str:
    row = f"C-# {month_end} {orders} {revenue}"
    header = "client_id month_end orders_12m_count revenue_12m_amount"
    return rows(header, clients, row)


def orders(clients: int, month: str = "2025-01") -> str:
    header = "order_id version client_id kind ordered_on counted_on orders_count"
    return rows(header, clients, f"O-{month}-# 1 C-# placed {month}-10 {month}-10 1")


def joined(*drawings: str) -> str:
    first, *others = drawings
    return "\n".join([first, *(line for each in others for line in each.splitlines()[1:])])


def test_month_counts_what_all_clients_ordered_and_how_they_paid(warehouse):
    warehouse.given("marts.client_orders", panel("2025-01-31", 5, 2, 30))
    warehouse.given("marts.order_facts", orders(5))
    warehouse.given(
        "marts.line_facts",
        rows(
            "order_id client_id product_id kind ordered_on counted_on lines_count quantity "
            "revenue_amount",
            5,
            "O-# C-# P-1 ordered 2025-01-10 2025-01-10 1 1 10",
        ),
    )
    warehouse.given(
        "marts.invoice_facts",
        joined(
            rows(
                "invoice_id version settlement client_id kind due_on counted_on judged_count late_count",
                5,
                "V-# 1 0 C-# judged 2025-01-19 2025-01-20 1 0",
            ),
            "head\nV-0 1 0 C-0 late 2025-01-19 2025-01-20 0 1",
        ),
    )
    warehouse.build(*ALL)
    assert warehouse.rows("marts.portfolio_months", "*") == [
        ("2025-01-31", 5, 5, 5, 50, 10, 150, 5, 5, 1, 0.2)
    ]


@pytest.mark.parametrize(
    ("clients", "shown"),
    [
        pytest.param(5, [(5, 5)], id="five clients are many"),
        pytest.param(4, [], id="of four one could read the rest"),
    ],
)
def test_month_with_fewer_than_five_clients_is_left_out(warehouse, clients, shown):
    warehouse.given("marts.client_orders", panel("2025-01-31", clients, 1, 10))
    warehouse.given("marts.order_facts", orders(clients))
    warehouse.build(*ALL)
    assert warehouse.rows("marts.portfolio_months", "clients_count, orders_count") == shown


def test_month_in_which_fewer_than_five_ordered_shows_no_orders_and_no_year_that_holds_it(
    warehouse,
):
    months = ("2025-01-31", "2025-02-28", "2025-03-31")
    warehouse.given("marts.client_orders", joined(*(panel(each, 6, 1, 10) for each in months)))
    ordered = (orders(6, "2025-01"), orders(4, "2025-02"), orders(6, "2025-03"))
    warehouse.given("marts.order_facts", joined(*ordered))
    warehouse.build(*ALL)
    columns = (
        "month_end, ordering_clients_count, orders_count, orders_12m_count, revenue_12m_amount"
    )
    assert warehouse.rows("marts.portfolio_months", columns) == [
        ("2025-01-31", 6, 6, 6, 60),
        ("2025-02-28", None, None, None, None),
        ("2025-03-31", 6, 6, None, None),
    ]


def test_what_became_known_after_the_month_is_no_figure_of_it(warehouse):
    warehouse.given("marts.client_orders", panel("2025-01-31", 5, 1, 10))
    taken_back = "head\nO-9 2 C-0 cancelled 2025-01-10 2025-02-03 -1"
    warehouse.given("marts.order_facts", joined(orders(5), taken_back))
    warehouse.build(*ALL)
    assert warehouse.rows("marts.portfolio_months", "month_end, orders_count") == [
        ("2025-01-31", 5)
    ]


def test_client_that_cancelled_all_its_orders_of_the_month_did_not_order(warehouse):
    warehouse.given("marts.client_orders", panel("2025-01-31", 6, 1, 10))
    cancelled = "head\nO-2025-01-0 1 C-0 cancelled 2025-01-10 2025-01-12 -1"
    warehouse.given("marts.order_facts", joined(orders(6), cancelled))
    warehouse.build(*ALL)
    columns = "ordering_clients_count, orders_count"
    assert warehouse.rows("marts.portfolio_months", columns) == [(5, 5)]


def test_sales_without_an_account_are_nobodys(warehouse):
    warehouse.given("marts.client_orders", panel("2025-01-31", 5, 1, 10))
    without = "head\nO-9 1 - placed 2025-01-10 2025-01-10 1"
    warehouse.given("marts.order_facts", joined(orders(5), without))
    warehouse.build(*ALL)
    assert warehouse.rows("marts.portfolio_months", "orders_count") == [(5,)]


def test_open_month_ends_on_the_last_day_that_the_data_know(warehouse):
    warehouse.given("marts.client_orders", panel("2025-01-20", 5, 1, 10))
    warehouse.given("marts.order_facts", orders(5))
    warehouse.build(*ALL)
    assert warehouse.rows("marts.portfolio_months", "month_end, orders_count") == [
        ("2025-01-20", 5)
    ]
