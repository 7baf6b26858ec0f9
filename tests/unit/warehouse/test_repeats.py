"""Keys that rise, keys that repeat, and rows folded into one per key."""

import duckdb
import pytest
from test_load import HEADING

from clientlib.warehouse.repeats import is_ascending, is_unique


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize(
    ("rows", "ascending", "unique"),
    [
        pytest.param("(1, 1), (1, 2), (2, 1)", True, True, id="rising, the first key repeated"),
        pytest.param("(1, 2), (1, 2)", False, False, id="the same key twice"),
        pytest.param("(1, 2), (2, 1), (1, 2)", False, False, id="the same key twice, apart"),
        pytest.param("(2, 1), (1, 1)", False, True, id="falling"),
        pytest.param("(1, 3), (2, 1), (2, 0)", False, True, id="the second key falls"),
        pytest.param("(7, 7)", True, True, id="one row"),
    ],
)
def test_keys_are_ascending_and_unique(connection, rows, ascending, unique):
    connection.execute(f"create table pairs as select * from (values {rows}) as t(a, b)")
    assert is_ascending(connection, "pairs", ("a", "b")) == ascending
    assert is_unique(connection, "pairs", ("a", "b")) == unique


def test_no_rows_are_ascending_and_unique(connection):
    connection.execute("create table pairs (a integer)")
    assert is_ascending(connection, "pairs", ("a",))
    assert is_unique(connection, "pairs", ("a",))


def test_one_repeat_among_many_unordered_rows_is_found(connection):
    numbers = "(select (i * 7919) % 300007 as a from range(300000) as t(i))"
    assert is_unique(connection, numbers, ("a",))
    connection.execute(f"create table numbers as from {numbers}")
    connection.execute("insert into numbers values (7919)")
    assert not is_unique(connection, "numbers", ("a",))


@pytest.mark.parametrize(
    ("takes", "client", "state"),
    [
        pytest.param("first", "C-2", "open", id="first good row, the bad one before it not"),
        pytest.param("last", "C-3", "delivered", id="last good row, the bad one after it not"),
    ],
)
def test_one_row_per_key_is_taken_from_the_good_rows(project, takes, client, state):
    project.table["one_per_key"] = takes
    project.write(
        HEADING + "O-1;C-1;soon;open;\nO-1;C-2;2025-06-02;open;\n"
        "O-1;C-3;2025-06-02;delivered;\nO-1;C-4;2025-06-02;gone;\n"
    )
    (count,) = project.load()
    assert (count.new_count, count.same_count, count.quarantined_count) == (1, 1, 2)
    assert project.raw_rows("select client_id, status from orders") == [(client, state)]


def test_key_with_bad_rows_only_is_not_loaded(project):
    project.table["one_per_key"] = "first"
    project.write(HEADING + "O-1;C-1;soon;open;\nO-1;C-1;never;open;\nO-2;C-1;2025-06-02;open;\n")
    (count,) = project.load()
    assert (count.new_count, count.quarantined_count) == (1, 2)
    assert project.raw_rows("select order_id from orders") == [("O-2",)]


@pytest.mark.parametrize(
    ("takes", "promised"),
    [
        pytest.param("first", None, id="a blank cell of the first row is not filled from the next"),
        pytest.param("last", "2025-06-10", id="the last row as it is"),
    ],
)
def test_folded_row_is_one_row_of_the_file(project, takes, promised):
    project.table["one_per_key"] = takes
    project.write(HEADING + "O-1;C-1;2025-06-02;open;\nO-1;C-1;2025-06-02;open;2025-06-10\n")
    project.load()
    assert project.raw_rows("select promised_on::varchar from orders") == [(promised,)]


def test_first_row_of_a_key_is_kept_and_others_that_differ_are_bad(project):
    project.write(
        HEADING + "O-2;C-1;2025-06-02;open;\nO-1;C-1;2025-06-02;open;\n"
        "O-1;C-1;2025-06-02;open;\nO-1;C-5;2025-06-02;open;\n"
    )
    (count,) = project.load()
    assert (count.new_count, count.same_count, count.quarantined_count) == (2, 1, 1)
    assert project.raw_rows("select client_id from orders where order_id = 'O-1'") == [("C-1",)]
