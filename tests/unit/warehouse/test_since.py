"""What a snapshot knows as of a day that an earlier one did not know as of its day."""

from datetime import date

import pytest

from clientlib.config import ReaderRule
from clientlib.errors import ClientlibError
from clientlib.warehouse import Editions
from clientlib.warehouse.since import RowsSince, count_rows_since, last_load

HEADING = "No;Client;Date;State;Promised\n"
FIRST = HEADING + "O-1;C-1;2025-05-05;delivered;\nO-2;C-1;2025-06-10;open;\n"
MAY, JUNE, JULY = date(2025, 5, 31), date(2025, 6, 30), date(2025, 7, 31)


def snapshot(project, build_id):
    return project.root / "data" / "warehouse" / f"{build_id}.duckdb"


@pytest.fixture
def load(project):
    """Load a text and build; give the snapshot."""

    def load(text, day):
        project.write(text)
        project.load(day)
        return snapshot(project, project.build(day))

    return load


def since(now, then, *days):
    return count_rows_since(
        now,
        ("orders", "clients", "no_such_table"),
        load_id=last_load(then),
        then=days[0],
        now=days[1],
    )


def test_the_same_snapshot_and_day_know_nothing_new(load):
    first = load(FIRST, "2025-07-01")
    assert since(first, first, JUNE, JUNE) == {}


def test_a_later_day_knows_the_rows_between(load):
    first = load(FIRST, "2025-07-01")
    assert since(first, first, MAY, JUNE) == {"orders": RowsSince(1, 0, 0)}


def test_a_new_load_brings_new_rows_only(load):
    first = load(FIRST, "2025-07-01")
    second = load(FIRST + "O-3;C-2;2025-07-03;open;\n", "2025-07-05")
    assert since(second, first, JUNE, JULY) == {"orders": RowsSince(1, 0, 0)}


def test_a_corrected_row_is_no_new_one(load):
    first = load(FIRST, "2025-07-01")
    second = load(FIRST.replace("C-1;2025-06-10", "C-2;2025-06-10"), "2025-07-05")
    assert since(second, first, JUNE, JULY) == {"orders": RowsSince(0, 1, 0)}


def test_what_became_known_after_the_day_is_only_told_as_later(load):
    first = load(FIRST, "2025-07-01")
    changed = FIRST.replace("C-1;2025-06-10", "C-2;2025-06-10") + "O-3;C-2;2025-06-20;open;\n"
    second = load(changed, "2025-07-05")
    assert since(second, first, JUNE, JUNE) == {"orders": RowsSince(0, 0, 2)}


def test_in_the_file_of_a_reader_only_its_own_rows_are_counted(load, tmp_path):
    first = load(FIRST, "2025-07-01")
    second = load(FIRST + "O-3;C-2;2025-07-03;open;\nO-4;C-2;2025-07-04;open;\n", "2025-07-05")
    rule = ReaderRule(column="client_id")
    with Editions(second, "client", rule, as_of=JULY) as editions:
        paths = {reader.key: tmp_path / f"{reader.key}.duckdb" for reader in editions.readers}
        for reader in editions.readers:
            editions.write(reader, paths[reader.key])
    counts = {key: since(path, first, JUNE, JULY) for key, path in paths.items()}
    assert counts == {"C-1": {}, "C-2": {"orders": RowsSince(2, 0, 0)}}


def test_a_file_that_is_no_snapshot_is_named(tmp_path):
    (tmp_path / "w.duckdb").write_bytes(b"no database at all")
    with pytest.raises(ClientlibError, match="w.duckdb"):
        last_load(tmp_path / "w.duckdb")
