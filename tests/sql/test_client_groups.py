def groups(warehouse, drawing: str) -> list[tuple]:
    warehouse.given("marts.clients", drawing)
    warehouse.build("marts.client_groups")
    return warehouse.rows("marts.client_groups", "client_id, head_id, level, path, state")


def test_group_goes_up_to_its_head(warehouse):
    assert groups(
        warehouse, "client_id name parent_id\nC-1 A -\nC-2 B C-1\nC-3 C C-2\nC-4 D -"
    ) == [
        ("C-1", "C-1", 0, "C-1", "head"),
        ("C-2", "C-1", 1, "C-1 > C-2", "member"),
        ("C-3", "C-1", 2, "C-1 > C-2 > C-3", "member"),
        ("C-4", "C-4", 0, "C-4", "alone"),
    ]


def test_parent_that_is_no_client_is_told_and_its_member_heads_the_group(warehouse):
    assert groups(warehouse, "client_id name parent_id\nC-1 A X-9\nC-2 B C-1") == [
        ("C-1", "C-1", 0, "C-1", "orphan"),
        ("C-2", "C-1", 1, "C-1 > C-2", "member"),
    ]


def test_ring_of_parents_has_its_first_key_as_head_and_is_told(warehouse):
    assert groups(
        warehouse, "client_id name parent_id\nC-1 A C-3\nC-2 B C-1\nC-3 C C-2\nC-4 D C-3"
    ) == [
        ("C-1", "C-1", 0, "C-1", "ring"),
        ("C-2", "C-1", 1, "C-1 > C-2", "ring"),
        ("C-3", "C-1", 2, "C-1 > C-2 > C-3", "ring"),
        ("C-4", "C-1", 3, "C-1 > C-2 > C-3 > C-4", "ring"),
    ]


def test_months_of_a_group_are_those_of_its_clients_together(warehouse):
    warehouse.given("marts.clients", "client_id name parent_id\nC-1 A -\nC-2 B C-1\nC-3 C -")
    warehouse.build("marts.client_groups")
    warehouse.given(
        "marts.client_orders",
        """
        client_id  month_end   orders_12m_count  revenue_12m_amount  revenue_amount
        C-1        2025-01-31  1                 10                  10
        C-1        2025-02-28  2                 30                  30
        C-2        2025-02-28  5                 50                  70
        C-3        2025-02-28  1                 1                   1
        """,
    )
    warehouse.build("marts.group_months")
    columns = (
        "head_id, month_end, clients_count, orders_12m_count, revenue_12m_amount, revenue_amount"
    )
    assert warehouse.rows("marts.group_months", columns) == [
        ("C-1", "2025-01-31", 1, 1, 10.0, 10.0),
        ("C-1", "2025-02-28", 2, 7, 80.0, 100.0),
        ("C-3", "2025-02-28", 1, 1, 1.0, 1.0),
    ]
