LOADS = """
    load_id  loaded_on   is_release
    1        2025-01-31  false
    2        2025-02-28  false
    3        2025-03-31  true
"""
COUNTS = """
    load_id  source  table_name  rows_read  new_count  changed_count  same_count  quarantined_count
    1        erp     orders      10         8          0              0           2
    1        crm     orders      5          5          0              0           0
    2        erp     orders      12         2          1              8           1
"""
QUARANTINE = """
    table_name  source  source_row  load_id  closed_load_id
    orders      erp     4           1        2
    orders      erp     7           1        -
    orders      erp     9           3        -
"""


def given_loads(warehouse):
    for table, drawing in (("loads", LOADS), ("load_counts", COUNTS), ("quarantine", QUARANTINE)):
        warehouse.connection.execute(f"delete from raw.{table}")
        lines = [line.split() for line in drawing.strip().splitlines()]
        names, marks = ", ".join(lines[0]), ", ".join("?" * len(lines[0]))
        for row in lines[1:]:
            values = [None if value == "-" else value for value in row]
            warehouse.connection.execute(
                f"insert into raw.{table} ({names}) values ({marks})", values
            )


def test_counts_of_a_load_are_summed_over_its_sources(warehouse):
    given_loads(warehouse)
    warehouse.build("marts.load_history")
    columns = "load_id, read_count, new_count, changed_count, same_count, quarantined_count"
    assert warehouse.rows("marts.load_history", columns, "load_id < 3") == [
        (1, 15, 13, 0, 0, 2),
        (2, 12, 2, 1, 8, 1),
    ]


def test_open_rows_are_those_that_entered_and_were_not_released(warehouse):
    given_loads(warehouse)
    warehouse.build("marts.load_history")
    columns = "load_id, loaded_on, is_release, entered_count, released_count, open_count"
    assert warehouse.rows("marts.load_history", columns) == [
        (1, "2025-01-31", False, 2, 0, 2),
        (2, "2025-02-28", False, 0, 1, 1),
        (3, "2025-03-31", True, 1, 0, 2),
    ]
