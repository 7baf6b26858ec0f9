import pytest

ORDERS = """
    order_id  client_id  ordered_on  promised_on  cancelled_on  status     known_on    known_until
    O-1       C-1        2025-02-01  2025-02-10   -             delivered  2025-02-01  -
"""
LINES = """
    order_id  line_no  product_id  quantity  unit_price  known_on
    O-1       1        P-1         6         1           2025-02-01
    O-1       2        P-2         4         1           2025-02-01
"""
DELIVERIES = """
    delivery_id  order_id  delivered_on  quantity  rejected_quantity  known_on
    D-0          O-0       2025-01-01    1         -                  2025-01-01
    D-1          O-1       2025-02-09    8         -                  2025-02-09
    D-2          O-1       2025-02-10    2         -                  2025-02-10
"""


@pytest.fixture
def judge(warehouse):
    def judge(orders=ORDERS, lines=LINES, deliveries=DELIVERIES):
        warehouse.given("raw.orders", orders)
        warehouse.given("raw.order_lines", lines)
        warehouse.given("raw.deliveries", deliveries)
        warehouse.build("marts.delivery_judgements")
        return warehouse.rows("marts.delivery_judgements", "judged_on, arrived_quantity, is_late")

    return judge


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("", "", ("2025-02-11", 10, False), id="in two parts, both in time"),
        pytest.param("O-1       2025-02-10", "O-1       2025-02-11", ("2025-02-11", 8, True),
                     id="the second part a day late"),
        pytest.param("2         -", "2         1", ("2025-02-11", 9, True), id="one unit rejected"),
        pytest.param("2         -                  2025-02-10", "2         -        2025-02-12",
                     ("2025-02-11", 8, True), id="in time, but heard of after the day of judgement"),
    ],
)  # fmt: skip
def test_order_is_late_unless_all_of_it_had_arrived_by_the_promised_day(judge, old, new, expected):
    assert judge(deliveries=DELIVERIES.replace(old, new)) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("-             delivered", "2025-02-09    cancelled", id="called off before"),
        pytest.param("2025-02-10   -", "-            -", id="nothing was promised"),
        pytest.param("2025-02-10   -", "2024-12-31   -", id="before the history of deliveries"),
    ],
)
def test_order_that_cannot_be_judged_is_left_out(judge, old, new):
    assert judge(orders=ORDERS.replace(old, new)) == []


def test_order_is_judged_by_the_first_promise_whose_day_came(judge):
    moved = """
    order_id  version  client_id  ordered_on  promised_on  status  known_on    known_until
    O-1       1        C-1        2025-02-01  2025-02-05   open    2025-02-01  2025-02-08
    O-1       2        C-1        2025-02-01  2025-02-20   open    2025-02-08  -
    """
    assert judge(orders=moved) == [("2025-02-06", 0, True)]
    in_time = moved.replace("2025-02-08", "2025-02-04")
    assert judge(orders=in_time) == [("2025-02-21", 10, False)]


def test_without_deliveries_nothing_is_judged(judge):
    assert judge(deliveries=DELIVERIES.strip().splitlines()[0]) == []
