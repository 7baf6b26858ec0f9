"""Files that are as they were loaded are not read again, where reading them would change nothing."""

import os

import pytest
from test_load import GOOD, HEADING

STATES = "select version, status, known_until is null from orders where order_id = 'O-2' order by 1"


def unchanged(counts) -> list[bool]:
    return [count.is_unchanged for count in counts]


def test_unchanged_file_is_not_read_and_its_counts_are_told_again(project):
    project.write(GOOD + "O-3;C-3;2025-06-03;lost;\n")
    project.load()
    (count,) = project.load("2025-07-02")
    assert count.is_unchanged
    assert (count.read_count, count.same_count, count.quarantined_count) == (3, 2, 1)


def test_file_of_the_same_size_and_time_but_other_contents_is_read(project):
    path = project.write(GOOD)
    project.load()
    found = path.stat()
    project.write(GOOD.replace("C-2", "C-9"))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    (count,) = project.load("2025-07-02")
    assert (count.is_unchanged, count.changed_count) == (False, 1)


def test_file_is_read_again_when_its_mapping_changes(project):
    project.write(GOOD)
    project.load()
    project.table["constants"] = {"channel": "web"}
    (count,) = project.load("2025-07-02")
    assert (count.is_unchanged, count.changed_count) == (False, 2)


def test_row_that_waited_for_its_day_is_read_again(project):
    project.write(GOOD + "O-3;C-3;2025-07-05;open;\n")
    project.load("2025-07-01")
    (count,) = project.load("2025-07-06")
    assert (count.is_unchanged, count.new_count, count.quarantined_count) == (False, 1, 0)


def test_file_of_a_load_that_failed_is_read_again(project):
    project.write(GOOD, "orders_1.csv")
    broken = project.write("", "orders_2.csv")
    with pytest.raises(Exception, match="is empty"):
        project.load()
    broken.unlink()
    (count,) = project.load("2025-07-02")
    assert (count.is_unchanged, count.new_count) == (False, 2)


def test_of_a_key_in_two_files_the_later_file_has_the_last_word(project):
    project.write(GOOD, "orders_1.csv")
    project.write(HEADING + "O-2;C-2;2025-06-02;delivered;\n", "orders_2.csv")
    project.load()
    assert project.raw_rows(STATES) == [(1, "open", False), (2, "delivered", True)]


def test_later_file_has_the_last_word_though_only_the_earlier_one_changed(project):
    project.write(GOOD, "orders_1.csv")
    project.write(HEADING + "O-2;C-2;2025-06-02;delivered;\n", "orders_2.csv")
    project.load("2025-07-01")
    project.write(GOOD + "O-9;C-2;2025-06-02;open;\n", "orders_1.csv")
    assert unchanged(project.load("2025-07-15")) == [False, False]
    believed = "select status from orders where order_id = 'O-2' and known_until is null"
    assert project.raw_rows(believed) == [("delivered",)]
    overlaps = "select count(*) from orders where known_until < known_on"
    assert project.raw_rows(overlaps) == [(0,)]


def test_earlier_files_are_not_read_again_for_a_later_one(project):
    project.write(GOOD, "orders_1.csv")
    project.write(HEADING + "O-7;C-2;2025-06-02;open;\n", "orders_2.csv")
    project.load("2025-07-01")
    project.write(HEADING + "O-7;C-2;2025-06-02;delivered;\n", "orders_2.csv")
    assert unchanged(project.load("2025-07-15")) == [True, False]


def test_two_parts_of_a_file_for_one_table_keep_their_own_counts(project):
    project.write(GOOD + "O-3;C-3;2025-06-03;open;\n")
    settings = project.settings()
    (file,) = settings.sources["erp"].files
    (table,) = file.tables
    parts = [
        table.model_copy(update={"where": f"State = '{state}'"}) for state in ("delivered", "open")
    ]
    source = settings.sources["erp"].model_copy(
        update={"files": [file.model_copy(update={"tables": parts})]}
    )
    project.settings = lambda: settings.model_copy(update={"sources": {"erp": source}})
    first = [count.read_count for count in project.load()]
    again = project.load("2025-07-02")
    assert first == [count.read_count for count in again] == [1, 2]
    assert unchanged(again) == [True, True]
