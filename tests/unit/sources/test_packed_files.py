"""Exports as they are sent: packed, in folders, cut off on the way, or still being written."""

import gzip
import os
import warnings
import zipfile
from pathlib import Path

import duckdb
import pytest

from clientlib.config import FileMapping, TableMapping
from clientlib.errors import InputError
from clientlib.sources import find_files, fits
from clientlib.sources.files import would_find

ORDERS = "No;Client\nO-1;C-1\n"


def mapping(file: str, **more) -> FileMapping:
    return FileMapping(name="orders", file=file, tables=[TableMapping(table="orders")], **more)


def names(folder: Path, file: str, **more) -> list[str]:
    return [found.name for found in find_files(folder, mapping(file, optional=True, **more))]


def rows(folder: Path, file: str, scratch: Path, **more) -> list[tuple]:
    (found,) = find_files(folder, mapping(file, **more))
    scratch.mkdir()
    with found.reading(scratch) as reading:
        answer = duckdb.execute(f"select * from {reading.relation}", reading.parameters)
        return answer.fetchall()


def pack(path: Path, **members: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw"


@pytest.fixture
def scratch(tmp_path) -> Path:
    return tmp_path / "scratch"


@pytest.mark.parametrize(
    ("name", "glob", "is_fitting"),
    [
        ("orders_1.csv", "orders_*.csv", True),
        ("orders_1.csv.gz", "orders_*.csv", True),
        ("2024/orders_1.csv", "orders_*.csv", False),
        ("2024/orders_1.csv", "*/orders_*.csv", True),
        ("orders_1.csv", "**/orders_*.csv", True),
        ("2024/q1/orders_1.csv", "**/orders_*.csv", True),
        ("2024/q1/orders_1.csv", "2024/**", True),
        ("2024/q1/clients.csv", "**/orders_*.csv", False),
        ("orders.parquet/year=2024/part-0.parquet", "orders.parquet", True),
        ("orders.parquet/_SUCCESS", "orders.parquet", False),
        ("2024/part-0.parquet", "2024", False),
    ],
)
def test_name_fits_a_glob_packed_or_not_and_stars_stay_within_a_folder(name, glob, is_fitting):
    assert fits(name, glob) is is_fitting


def test_equal_names_in_two_folders_are_two_files(folder):
    for year in ("2024", "2025"):
        (folder / year).mkdir()
        (folder / year / "orders_1.csv").write_text(ORDERS)
    assert names(folder, "**/orders_*.csv") == ["2024/orders_1.csv", "2025/orders_1.csv"]


def test_folder_that_leads_back_to_itself_is_gone_through_once(folder):
    (folder / "2024").mkdir()
    (folder / "2024" / "orders_1.csv").write_text(ORDERS)
    (folder / "2024" / "again").symlink_to(folder / "2024", target_is_directory=True)
    assert names(folder, "**/orders_*.csv") == ["2024/orders_1.csv"]


@pytest.mark.parametrize("name", ["orders.csv.gz", "orders.txt.gz"])
def test_gzip_file_is_read_as_the_file_that_it_holds(folder, scratch, name):
    (folder / name).write_bytes(gzip.compress(ORDERS.encode()))
    assert rows(folder, name.removesuffix(".gz"), scratch) == [("O-1", "C-1")]


def test_gzip_file_in_another_encoding_is_read(folder, scratch):
    text = ORDERS.replace("C-1", "Šiaulių")
    (folder / "orders.csv.gz").write_bytes(gzip.compress(text.encode("windows-1257")))
    assert rows(folder, "orders.csv", scratch, encoding="windows-1257") == [("O-1", "Šiaulių")]


def test_members_of_a_zip_are_files_of_their_own_where_they_fit(folder):
    pack(folder / "july.zip", **{"orders_1.csv": ORDERS, "orders_2.csv": ORDERS, "notes.txt": "x"})
    assert names(folder, "orders_*.csv") == ["july.zip/orders_1.csv", "july.zip/orders_2.csv"]
    assert names(folder, "july.zip/*_2.csv") == ["july.zip/orders_2.csv"]
    assert names(folder / "july.zip", "orders_*.csv") == names(folder, "orders_*.csv")


def test_archive_that_fits_gives_every_member_of_a_known_format(folder):
    pack(folder / "orders_july.zip", **{"a.csv": ORDERS, "b.csv.gz": "", "photo.png": "x"})
    assert names(folder, "orders_*") == ["orders_july.zip/a.csv", "orders_july.zip/b.csv.gz"]


@pytest.mark.parametrize(
    "glob", ["orders_*.csv", "july.zip/*_2.csv", "july*", "*/orders_*.csv", "**/*.csv", "other.csv"]
)
def test_name_is_found_by_a_mapping_that_finds_its_file(folder, glob):
    members = {"orders_1.csv": ORDERS, "orders_2.csv.gz": "", "notes.md": "x"}
    pack(folder / "july.zip", **members)
    pack(folder / "2025/june.zip", **members)
    (folder / "orders_3.csv").write_text(ORDERS)
    archived = [f"{zipped}/{name}" for zipped in ("2025/june.zip", "july.zip") for name in members]
    known = [name for name in [*archived, "orders_3.csv"] if would_find(name, mapping(glob))]
    assert known == names(folder, glob)


def test_what_a_mac_packs_beside_the_files_is_passed_over(folder):
    pack(folder / "july.zip", **{"orders_1.csv": ORDERS, "__MACOSX/orders_1.csv": "x"})
    assert names(folder, "**/orders_*.csv") == ["july.zip/orders_1.csv"]


def test_member_is_read_with_its_rows(folder, scratch):
    pack(folder / "july.zip", **{"2025/orders_1.csv": ORDERS})
    assert rows(folder, "**/orders_1.csv", scratch) == [("O-1", "C-1")]


def test_member_that_is_packed_itself_is_read(folder, scratch):
    with zipfile.ZipFile(folder / "july.zip", "w") as archive:
        archive.writestr("orders_1.csv.gz", gzip.compress(ORDERS.encode()))
    assert rows(folder, "orders_*.csv", scratch) == [("O-1", "C-1")]


def test_folder_of_parquet_files_is_read_file_by_file_with_what_its_folders_say(folder, scratch):
    target = folder / "orders.parquet"
    duckdb.execute(
        f"copy (select 'O-1' as No, 2024 as year) to '{target}' (format parquet, partition_by year)"
    )
    (target / "_SUCCESS").touch()
    (found,) = find_files(folder, mapping("orders.parquet"))
    assert found.name.startswith("orders.parquet/year=2024/")
    assert rows(folder, "orders.parquet", scratch) == [("O-1", 0, "2024")]  # and its row number


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        pytest.param(cut, "orders.csv.gz is no whole gzip file", id="cut off"),
        pytest.param(lambda path: path.write_text("No;Client"), "orders.csv.gz is no whole gzip",
                     id="never packed"),
        pytest.param(lambda path: path.write_bytes(b""), "orders.csv.gz is empty", id="empty"),
        pytest.param(lambda path: path.write_bytes(gzip.compress(b"")), "orders.csv.gz is empty",
                     id="empty within"),
    ],
)  # fmt: skip
def test_broken_gzip_file_is_an_error(folder, scratch, break_it, message):
    (folder / "orders.csv.gz").write_bytes(gzip.compress(os.urandom(4_000)))
    break_it(folder / "orders.csv.gz")
    with pytest.raises(InputError, match=message):
        rows(folder, "orders.csv", scratch)


def test_cut_off_archive_is_an_error(folder):
    cut(pack(folder / "july.zip", **{"orders_1.csv": ORDERS * 100}))
    with pytest.raises(InputError, match=r"july.zip is no zip archive that can be read"):
        names(folder, "orders_*.csv")


def test_member_whose_bytes_were_damaged_is_an_error(folder, scratch):
    path = folder / "july.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("orders_1.csv", ORDERS)
    path.write_bytes(path.read_bytes().replace(b"O-1", b"O-9"))
    with pytest.raises(InputError, match=r"july.zip is no zip archive[\s\S]*Bad CRC"):
        rows(folder, "orders_*.csv", scratch)


@pytest.mark.parametrize("name", ["../orders_1.csv", "/etc/orders_1.csv", "..\\orders_1.csv"])
def test_member_that_leads_outside_its_archive_is_refused(folder, name):
    pack(folder / "july.zip", **{name: ORDERS})
    with pytest.raises(InputError, match=r"names cannot be trusted[\s\S]*orders_1.csv"):
        names(folder, "**/orders_*.csv")


def test_two_members_of_one_name_are_refused(folder):
    with warnings.catch_warnings(), zipfile.ZipFile(folder / "july.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("orders_1.csv", ORDERS)
        archive.writestr("orders_1.csv", ORDERS)
    with pytest.raises(InputError, match="names cannot be trusted"):
        names(folder, "orders_*.csv")


def test_member_behind_a_password_is_refused(folder):
    path = pack(folder / "july.zip", **{"orders_1.csv": ORDERS})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="july.zip is locked with a password"):
        names(folder, "orders_*.csv")


def test_archive_larger_than_its_limit_is_refused_before_it_is_unpacked(folder):
    pack(folder / "july.zip", **{"orders_1.csv": "x" * 700_000, "orders_2.csv": "x" * 700_000})
    with pytest.raises(InputError, match=r"larger when unpacked[\s\S]*more than 1 MB"):
        names(folder, "orders_*.csv", unpacked_limit_mb=1)
    assert len(names(folder, "orders_1.csv", unpacked_limit_mb=1)) == 1


def test_gzip_file_is_unpacked_no_further_than_its_limit(folder, scratch):
    (folder / "orders.csv.gz").write_bytes(gzip.compress(b"x" * 3_000_000))
    with pytest.raises(InputError, match="orders.csv.gz is larger when unpacked"):
        rows(folder, "orders.csv", scratch, unpacked_limit_mb=1)
    assert (scratch / "orders.csv").stat().st_size <= 1 << 20


def test_file_that_vanished_is_an_error(folder, scratch):
    path = folder / "orders.csv"
    path.write_text(ORDERS)
    (found,) = find_files(folder, mapping("orders.csv"))
    path.unlink()
    with pytest.raises(InputError, match="orders.csv vanished"), found.reading(scratch):
        pass


def test_file_that_is_still_being_written_is_an_error(folder, scratch):
    path = folder / "orders.csv"
    path.write_text(ORDERS)
    (found,) = find_files(folder, mapping("orders.csv"))
    message = "orders.csv changed while it was read"
    with pytest.raises(InputError, match=message), found.reading(scratch):
        path.write_text(ORDERS + "O-2;C-2\n")


def test_file_that_may_not_be_read_is_an_error(folder, scratch, monkeypatch):
    path = folder / "orders.csv"
    path.write_text(ORDERS)
    (found,) = find_files(folder, mapping("orders.csv"))

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("clientlib.sources.files.open_reading", refuse)
    message = r"orders.csv cannot be read[\s\S]*Permission denied"
    with pytest.raises(InputError, match=message), found.reading(scratch):
        pass
