COLUMNS = "kind, counted_on, orders_count"


def facts(warehouse, drawing):
    warehouse.given("raw.orders", drawing)
    warehouse.build("marts.order_facts")
    return warehouse.rows("marts.order_facts", COLUMNS)


def test_order_entered_late_counts_from_the_day_we_knew(warehouse):
    found = facts(
        warehouse,
        """
        order_id  client_id  ordered_on  status     known_on
        O-1       C-1        2025-01-30  delivered  2025-02-02
        """,
    )
    assert found == [("placed", "2025-02-02", 1)]


def test_credit_note_is_no_order(warehouse):
    found = facts(
        warehouse,
        """
        order_id  client_id  ordered_on  status     is_credit  known_on
        O-1       C-1        2025-01-30  delivered  true       2025-01-30
        """,
    )
    assert found == []


def test_undated_cancellation_voids_the_order_from_its_first_day(warehouse):
    found = facts(
        warehouse,
        """
        order_id  client_id  ordered_on  status     known_on
        O-1       C-1        2025-01-30  cancelled  2025-01-30
        """,
    )
    assert found == [("cancelled", "2025-01-30", -1), ("placed", "2025-01-30", 1)]


def test_version_replaced_before_it_happened_cancels_itself_out(warehouse):
    found = facts(
        warehouse,
        """
        order_id  version  client_id  ordered_on  status     known_on    known_until
        O-1       1        C-1        2025-03-01  delivered  2025-01-01  2025-02-01
        """,
    )
    assert found == [("placed", "2025-03-01", 1), ("placed, taken back", "2025-03-01", -1)]
