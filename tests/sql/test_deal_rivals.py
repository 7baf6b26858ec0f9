import pytest

DEALS = """
    deal_id  opened_on   closed_on   outcome      lost_to_id  known_on
    D-1      2025-01-01  2025-02-01  won          -           2025-01-01
    D-2      2025-01-01  2025-02-02  lost         X           2025-01-01
    D-3      2025-01-01  2025-02-03  lost         -           2025-01-01
    D-4      2025-01-01  2025-02-04  no_decision  -           2025-01-01
"""


def results(warehouse, named):
    warehouse.given("raw.deals", DEALS)
    warehouse.given("raw.deal_competitors", f"deal_id competitor_id\n{named}")
    warehouse.build("marts.closed_deals", "marts.deal_rivals")
    return warehouse.rows("marts.deal_rivals", "deal_id, competitor_id, result")


def test_result_is_told_from_the_side_of_each_named_competitor(warehouse):
    named = "D-1 X\nD-2 X\nD-2 Y\nD-3 X\nD-4 Y"
    assert results(warehouse, named) == [
        ("D-1", "X", "won"),
        ("D-2", "X", "lost_to_it"),
        ("D-2", "Y", "lost_to_other"),
        ("D-3", "X", "lost_unknown"),
        ("D-4", "Y", "no_decision"),
    ]


def test_winner_counts_as_named_even_where_nobody_named_it_before(warehouse):
    assert results(warehouse, "D-1 Y") == [("D-1", "Y", "won"), ("D-2", "X", "lost_to_it")]


@pytest.mark.parametrize(
    ("known_on", "known_until"),
    [
        pytest.param("2025-06-10", "-", id="named after the loss"),
        pytest.param("2025-01-10", "2025-06-10", id="no longer named"),
        pytest.param("2025-01-10", "-", id="named before the loss"),
    ],
)
def test_winner_is_known_with_the_loss_however_long_it_was_named(warehouse, known_on, known_until):
    warehouse.given("raw.deals", DEALS)
    warehouse.given(
        "raw.deal_competitors",
        f"deal_id competitor_id known_on known_until\nD-2 X {known_on} {known_until}",
    )
    warehouse.build("marts.closed_deals", "marts.deal_rivals")
    rows = warehouse.rows("marts.deal_rivals", "deal_id, result, known_on, known_until")
    assert rows == [("D-2", "lost_to_it", "2025-01-01", None)]
