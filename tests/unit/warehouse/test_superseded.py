"""Rows from quarantine against what is known of their key by now, and against the next load."""

import pytest
from test_load import GOOD, HEADING, reasons
from test_release import GONE, counts, load_and_lose, mend_states, versions


@pytest.mark.parametrize(
    ("corrected", "day"),
    [
        pytest.param("orders_2.csv", "2025-07-10", id="by a later load"),
        pytest.param("orders_0.csv", "2025-07-10", id="by a later load of an earlier name"),
        pytest.param("orders_2.csv", "2025-07-01", id="by a later file of the same load"),
    ],
)
def test_row_of_whose_key_something_later_was_heard_is_closed_and_not_written(
    project, corrected, day
):
    project.write(HEADING + GONE, "orders_1.csv")
    if day > "2025-07-01":
        project.load("2025-07-01")
    project.write(HEADING + "O-9;C-1;2025-06-05;delivered;\n", corrected)
    project.load(day)
    mend_states(project)
    release = project.release("2025-07-20")
    assert counts(release) == [(1, 0, 0, 1, 0)]
    assert release.released[0].count.superseded_count == 1
    assert [row[1] for row in versions(project)] == ["delivered"]
    assert reasons(project) == []


def test_row_of_the_later_of_two_files_is_written_over_that_of_the_earlier(project):
    project.write(HEADING + "O-9;C-1;2025-06-05;open;\n", "orders_1.csv")
    project.write(HEADING + GONE, "orders_2.csv")
    project.load("2025-07-01")
    mend_states(project)
    project.release("2025-07-20")
    assert [row[1] for row in versions(project)] == ["open", "cancelled"]


def test_row_stays_superseded_by_a_file_that_comes_after_its_own(project):
    project.write(GOOD, "orders_1.csv")
    project.write(HEADING + "O-9;C-1;2025-06-05;delivered;\n", "orders_2.csv")
    project.load("2025-07-01")
    project.write(GOOD + GONE, "orders_1.csv")
    project.load("2025-07-10")
    mend_states(project)
    assert project.release().released[0].count.superseded_count == 1
    assert [row[1] for row in versions(project)] == ["delivered"]


def test_of_two_released_rows_of_a_key_the_later_is_believed_whichever_is_mended_first(project):
    project.write(HEADING + "O-9;C-1;2025-06-05;lost;\n", "orders_1.csv")
    project.load("2025-07-01")
    project.write(HEADING + GONE, "orders_2.csv")
    project.load("2025-07-02")
    mend_states(project)
    project.release("2025-07-20")
    project.table["columns"]["status"] = "if(State in ('gone', 'lost'), 'cancelled', State)"
    project.table["columns"]["client_id"] = "if(State = 'lost', 'C-0', Client)"
    assert project.release("2025-07-21").released[0].count.superseded_count == 1
    believed = "select client_id, status from orders where known_until is null"
    assert project.raw_rows(believed) == [("C-1", "cancelled")]


def test_row_released_later_is_written_over_an_older_one_that_was_released_before_it(project):
    project.write(HEADING + GONE, "orders_1.csv")
    project.load("2025-07-01")
    project.write(HEADING + "O-9;C-1;2025-06-05;lost;\n", "orders_2.csv")
    project.load("2025-07-02")
    mend_states(project)
    project.release("2025-07-20")
    project.table["columns"]["status"] = "if(State = 'lost', 'delivered', 'cancelled')"
    assert counts(project.release("2025-07-21")) == [(1, 0, 1, 0, 0)]
    assert [row[1] for row in versions(project)] == ["cancelled", "delivered"]


def test_row_that_a_complete_extract_has_ended_since_does_not_come_back(project):
    project.table["complete"] = True
    project.write(GOOD, "orders_1.csv")
    project.load("2025-07-01")
    path = project.write(HEADING + "O-2;C-2;2025-06-02;gone;\n", "orders_2.csv")
    project.load("2025-07-05")
    path.unlink()
    project.write(
        GOOD.splitlines(keepends=True)[0] + "O-1;C-1;2025-06-01;delivered;2025-06-10\n",
        "orders_1.csv",
    )
    project.load("2025-07-10")
    mend_states(project)
    assert project.release().released[0].count.superseded_count == 1
    assert versions(project, "O-2") == [(1, "open", "2025-06-02", "2025-07-10")]


def test_row_of_a_file_that_its_complete_extract_has_dropped_is_not_written(project):
    project.table["complete"] = True
    project.write(GOOD, "orders_1.csv")
    path = project.write(HEADING + GONE, "orders_2.csv")
    project.load("2025-07-01")
    path.unlink()
    project.load("2025-07-10")
    mend_states(project)
    assert project.release().released[0].count.superseded_count == 1
    assert versions(project) == []


def test_row_of_a_complete_extract_is_written_while_no_load_has_come_without_its_file(project):
    project.table["complete"] = True
    load_and_lose(project, GOOD + GONE)
    mend_states(project)
    assert counts(project.release()) == [(1, 1, 0, 0, 0)]


@pytest.mark.parametrize(
    ("second", "told", "bad"),
    [
        pytest.param("O-9;C-1;2025-06-05;gone;\n", (2, 1, 0, 1, 0), [], id="same contents"),
        pytest.param("O-9;C-8;2025-06-05;gone;\n", (2, 1, 0, 0, 1),
                     [("repeats_key", "order_id", "O-9")], id="other contents"),
    ],
)  # fmt: skip
def test_rows_that_repeat_a_key_are_judged_as_in_one_load(project, second, told, bad):
    load_and_lose(project, GOOD + GONE + second)
    mend_states(project)
    assert counts(project.release()) == [told]
    assert reasons(project) == bad
    assert project.raw_rows("select client_id from orders where order_id = 'O-9'") == [("C-1",)]


def test_row_that_differs_from_the_good_one_of_its_file_and_key_stays_in_quarantine(project):
    project.write(GOOD + "O-2;C-2;2025-06-02;gone;\n")
    project.load()
    mend_states(project)
    assert counts(project.release()) == [(1, 0, 0, 0, 1)]
    assert reasons(project) == [("repeats_key", "order_id", "O-2")]
    assert [row[1] for row in versions(project, "O-2")] == ["open"]


def test_repeated_key_stays_in_quarantine_as_it_was_until_the_key_is_mended(project):
    load_and_lose(project, GOOD + "O-2;C-7;2025-06-02;open;\n")
    before = project.raw_rows("select * from quarantine")
    assert counts(project.release()) == [(1, 0, 0, 0, 1)]
    assert project.raw_rows("select * from quarantine") == before
    project.table["columns"]["order_id"] = "No || '/' || Client"
    assert counts(project.release()) == [(1, 1, 0, 0, 0)]
    assert len(versions(project, "O-2/C-7")) == 1


@pytest.mark.parametrize(
    ("takes", "told", "believed"),
    [
        pytest.param("first", (1, 0, 0, 1, 0), "C-2", id="the first row is known"),
        pytest.param("last", (1, 0, 1, 0, 0), "C-7", id="the last row was bad until now"),
    ],
)
def test_row_is_merged_with_the_known_one_of_its_file_and_key(project, takes, told, believed):
    project.table["one_per_key"] = takes
    load_and_lose(project, GOOD + "O-2;C-7;2025-06-02;gone;\n")
    mend_states(project)
    assert counts(project.release()) == [told]
    last = "select client_id from orders where order_id = 'O-2' and known_until is null"
    assert project.raw_rows(last) == [(believed,)]


def test_loading_the_old_file_again_after_a_release_changes_nothing(project):
    project.write(GOOD + GONE)
    project.load("2025-07-01")
    mend_states(project)
    project.release("2025-07-20")
    before = project.raw_rows("select * from orders"), project.raw_rows("select * from quarantine")
    (count,) = project.load("2025-07-21")
    assert (count.read_count, count.same_count, count.quarantined_count) == (3, 3, 0)
    after = project.raw_rows("select * from orders"), project.raw_rows("select * from quarantine")
    assert after == before
    assert project.load("2025-07-22")[0].is_unchanged


def test_unchanged_file_is_passed_over_after_a_release_and_tells_what_still_waits(project):
    project.write(GOOD + "O-9;C-1;2025-07-05;open;\nO-8;C-1;2025-06-05;gone;\n")
    project.load("2025-07-01")
    assert counts(project.release("2025-07-20")) == [(2, 1, 0, 0, 1)]
    (count,) = project.load("2025-07-21")
    assert count.is_unchanged
    assert (count.read_count, count.same_count, count.quarantined_count) == (4, 3, 1)


def test_files_of_a_complete_extract_are_not_read_again_for_a_release(project):
    project.table["complete"] = True
    project.write(GOOD + "O-9;C-1;2025-07-05;open;\n")
    project.load("2025-07-01")
    project.release("2025-07-20")
    assert [count.is_unchanged for count in project.load("2025-07-21")] == [True]
    assert len(versions(project)) == 1
