import pytest

TARGET = """
    target_id  version  manager_id  measure  starts_on   ends_on     target_value  set_on      known_on    known_until
    T-1        1        M-1         revenue  2025-01-01  2025-03-31  9000          2024-12-20  2024-12-20  -
"""
COLUMNS = "month_end, days_count, target_value, is_spread"


def test_goal_of_a_quarter_is_spread_by_days_and_adds_up(warehouse):
    warehouse.given("raw.targets", TARGET)
    warehouse.build("marts.target_months")
    rows = warehouse.rows("marts.target_months", COLUMNS)
    assert rows == [
        ("2025-01-31", 31, 3100, True),
        ("2025-02-28", 28, 2800, True),
        ("2025-03-31", 31, 3100, True),
    ]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        pytest.param("2025-02-01", "2025-02-28", [("2025-02-28", 28, 9000, False)],
                     id="a goal for one month is not spread"),
        pytest.param("2025-01-30", "2025-02-02",
                     [("2025-01-31", 2, 4500, True), ("2025-02-28", 2, 4500, True)],
                     id="a goal that begins within a month has only its days there"),
    ],
)  # fmt: skip
def test_months_hold_the_days_of_the_goal(warehouse, starts_on, ends_on, expected):
    drawn = TARGET.replace("2025-01-01", starts_on).replace("2025-03-31", ends_on)
    warehouse.given("raw.targets", drawn)
    warehouse.build("marts.target_months")
    assert warehouse.rows("marts.target_months", COLUMNS) == expected


def test_goal_that_was_set_anew_keeps_both_versions_with_their_days(warehouse):
    warehouse.given(
        "raw.targets",
        """
        target_id  version  measure  starts_on   ends_on     target_value  known_on    known_until
        T-1        1        revenue  2025-01-01  2025-01-31  100           2024-12-20  2025-01-15
        T-1        2        revenue  2025-01-01  2025-01-31  80            2025-01-15  -
        """,
    )
    warehouse.build("marts.target_months")
    rows = warehouse.rows("marts.target_months", "version, target_value, known_on, known_until")
    assert rows == [(1, 100, "2024-12-20", "2025-01-15"), (2, 80, "2025-01-15", None)]
