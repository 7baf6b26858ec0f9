def test_day_moved_to_another_client_and_back_is_believed_twice(warehouse):
    warehouse.given(
        "raw.orders",
        """
        order_id  version  client_id  ordered_on  status     known_on    known_until
        O-1       1        C-1        2025-01-10  delivered  2025-01-10  2025-03-02
        O-1       2        C-2        2025-01-10  delivered  2025-03-02  2025-04-05
        O-1       3        C-1        2025-01-10  delivered  2025-04-05  -
        """,
    )
    warehouse.build("marts.order_facts", "marts.order_days")
    assert warehouse.rows("marts.order_days", "client_id, counted_on, until_on") == [
        ("C-1", "2025-01-10", "2025-03-02"),
        ("C-1", "2025-04-05", None),
        ("C-2", "2025-03-02", "2025-04-05"),
    ]


def test_day_with_two_orders_stays_when_one_of_them_is_moved(warehouse):
    warehouse.given(
        "raw.orders",
        """
        order_id  version  client_id  ordered_on  status     known_on    known_until
        O-1       1        C-1        2025-01-10  delivered  2025-01-10  2025-03-02
        O-1       2        C-1        2025-01-11  delivered  2025-03-02  -
        O-2       1        C-1        2025-01-10  delivered  2025-01-10  -
        """,
    )
    warehouse.build("marts.order_facts", "marts.order_days")
    assert warehouse.rows("marts.order_days", "ordered_on, counted_on, until_on") == [
        ("2025-01-10", "2025-01-10", None),
        ("2025-01-11", "2025-03-02", None),
    ]
