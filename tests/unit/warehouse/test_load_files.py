"""What a load makes of packed files, folders of files, and files that change under its hands."""

import gzip
import zipfile

import pytest

from clientlib.errors import ConfigError, InputError
from clientlib.warehouse import load

HEADING = "No;Client;Date;State;Promised\n"
GOOD = HEADING + "O-1;C-1;2025-06-01;open;\n"
BAD = HEADING + "O-9;C-1;never;open;\n"


def quarantined(project) -> list[tuple]:
    return project.raw_rows(
        "select source_file from quarantine where closed_load_id is null order by all"
    )


def test_bad_rows_of_equal_names_in_two_folders_do_not_replace_each_other(project):
    project.file["file"] = "**/orders.csv"
    for year in ("2024", "2025"):
        (project.raw / year).mkdir()
        project.write(BAD, f"{year}/orders.csv")
    for day in ("2025-07-01", "2025-07-02"):
        project.load(day)
        assert quarantined(project) == [("2024/orders.csv",), ("2025/orders.csv",)]
    project.write(GOOD, "2024/orders.csv")
    project.load("2025-07-03")
    assert quarantined(project) == [("2025/orders.csv",)]


def test_rows_of_packed_files_say_which_file_they_came_from(project):
    project.file["file"] = "*.csv"
    (project.raw / "a.csv.gz").write_bytes(gzip.compress(GOOD.encode()))
    with zipfile.ZipFile(project.raw / "july.zip", "w") as archive:
        archive.writestr("b.csv", GOOD.replace("O-1", "O-2"))
    project.load()
    rows = project.raw_rows("select order_id, source_file from orders order by all")
    assert rows == [("O-1", "a.csv.gz"), ("O-2", "july.zip/b.csv")]
    assert project.raw_rows("select source_file from load_counts order by all") == [
        ("a.csv.gz",),
        ("july.zip/b.csv",),
    ]


def test_file_that_changes_while_it_is_read_keeps_the_whole_load_out(project, monkeypatch):
    project.write(GOOD, "orders_1.csv")
    project.write(GOOD.replace("O-1", "O-2"), "orders_2.csv")
    scan = load._scan

    def scan_and_write(connection, part, reading):
        if part.name == "orders_2.csv":
            project.write(GOOD, "orders_2.csv")
        return scan(connection, part, reading)

    monkeypatch.setattr(load, "_scan", scan_and_write)
    with pytest.raises(InputError, match="orders_2.csv changed while it was read"):
        project.load()
    assert project.raw_rows("select count(*) from orders") == [(0,)]
    assert project.raw_rows("select count(*) from loads") == [(0,)]


def test_link_among_the_files_that_leads_outside_is_refused_unless_allowed(project, tmp_path):
    project.root = tmp_path / "inner"
    project.raw = project.root / "data/raw/erp"
    project.raw.mkdir(parents=True)
    (tmp_path / "elsewhere.csv").write_text(GOOD)
    (project.raw / "orders.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(ConfigError, match=r"sources.erp: a link among its files leads outside"):
        project.load()
    project.source["outside_project"] = True
    (count,) = project.load()
    assert count.new_count == 1
