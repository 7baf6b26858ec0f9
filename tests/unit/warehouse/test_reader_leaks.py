"""Nothing of another reader's clients is in a reader's file, and together the files lose nothing."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from clientlib.config import Settings, load_settings
from clientlib.sample import write_sample
from clientlib.starter import write_project
from clientlib.warehouse import (
    Editions,
    Snapshots,
    build_snapshot,
    find_duplicates,
    load_sources,
    open_warehouse,
)
from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.rules import references

from projects import NOW, correct_exports  # isort: skip

AS_OF = date(2025, 12, 31)
DOCUMENT = re.compile("DOC-[0-9]+")  # keys of documents end as those of clients do
CODES = "client_id", "name", "register_code", "vat_code"
OF_CLIENTS = [
    name
    for name, contract in read_contracts().items()
    if contract.readers.kind in ("client", "follows")
]


@pytest.fixture(scope="module")
def company(tmp_path_factory) -> Settings:
    """Give a sample company with merged clients, groups, and a history that was corrected."""
    root = tmp_path_factory.mktemp("readers")
    write_project(root)
    settings = load_settings(root)
    write_sample(root / "data/raw/sample", seed=7, clients=120)
    load_sources(settings, now=NOW)
    assert correct_exports(root / "data/raw/sample") > 20
    load_sources(settings, now=NOW.replace(month=2))
    assert find_duplicates(settings, now=NOW)[0].sure_count > 0
    build_snapshot(settings, now=NOW)
    return settings


@pytest.fixture(scope="module")
def snapshot(company) -> Path:
    return Snapshots(company.warehouse_folder).current_path()


@pytest.fixture(scope="module")
def files(company, snapshot, tmp_path_factory) -> dict[str, tuple[Path, frozenset[str]]]:
    """Write the file of every manager; give it with the clients that are in it."""
    folder, written = tmp_path_factory.mktemp("files"), {}
    with Editions(snapshot, "manager", company.readers["manager"], as_of=AS_OF) as editions:
        for reader in editions.readers:
            file = editions.write(reader, folder / f"{reader.key}.duckdb")
            written[reader.key] = (file.path, frozenset(file.clients))
    assert len(written) == 2
    return written


@pytest.fixture(scope="module")
def words(snapshot) -> dict[str, frozenset[str]]:
    """Give what names each client: keys, names and codes of every version of its entries."""
    with duckdb.connect(snapshot, read_only=True) as connection:
        rows = connection.execute(
            f"select client_id, list(distinct word) from (select client_id, "
            f"unnest([{', '.join(CODES)}]) as word from main.clients) group by client_id"
        ).fetchall()
    return {client: frozenset(word for word in found if word) for client, found in rows}


def foreign(words, clients: frozenset[str]) -> set[str]:
    """List what names others and no client of the reader, be it as a part of a longer name."""
    own = {word for client in clients for word in words.get(client, ())}
    others = {word for client in words.keys() - clients for word in words[client]}
    return {word for word in others if not any(word in mine for mine in own)}


def texts(path: Path):
    """Give every text in every table and view of a file, also those within lists."""
    with duckdb.connect(path, read_only=True) as connection:
        tables = connection.execute(
            """select table_schema, table_name from information_schema.tables
            where table_schema in ('main', 'raw', 'staging', 'marts', 'about')"""
        ).fetchall()
        assert len(tables) > 150
        for schema, table in tables:
            place = f'"{schema}"."{table}"'
            for name, kind, *_ in connection.execute(f"describe {place}").fetchall():
                if "VARCHAR" in kind:
                    query = f'select distinct cast("{name}" as varchar) from {place}'
                    for (text,) in connection.execute(query).fetchall():
                        yield f"{place}.{name}", text or ""


def test_no_text_of_a_file_names_a_client_of_another_reader(files, words):
    for path, clients in files.values():
        others = foreign(words, clients)
        assert len(others) > 100
        found = [
            (place, text)
            for place, text in texts(path)
            if any(word in DOCUMENT.sub("", text) for word in others)
        ]
        assert found == []


def test_no_byte_of_a_file_names_a_client_of_another_reader(files, words):
    for path, clients in files.values():
        contents = re.sub(DOCUMENT.pattern.encode(), b"", path.read_bytes())
        assert any(client.encode() in contents for client in clients), "names are found as bytes"
        assert [word for word in foreign(words, clients) if word.encode() in contents] == []


@pytest.mark.parametrize("table", OF_CLIENTS)
def test_files_of_all_managers_together_hold_every_row_once(files, snapshot, table):
    contract = read_contracts()[table]
    blanked = {*contract.others, *(column for column, _ in references(contract))} - {
        *contract.grain
    }
    columns = ", ".join(name for name in contract.column_names if name not in blanked)
    with open_warehouse(snapshot) as whole:
        owned = owned_rows(whole, table, frozenset().union(*(c for _, c in files.values())))
        expected = whole.query(f"select {columns} from {table} {owned} order by all")
    parts = []
    for path, _ in files.values():
        with open_warehouse(path) as warehouse:
            parts += warehouse.query(f"select {columns} from {table}").values.tolist()
    assert sorted(map(str, parts)) == sorted(map(str, expected.values.tolist()))


def owned_rows(whole, table: str, clients: frozenset[str]) -> str:
    """Leave out the rows of clients that nobody holds, and those that follow a row that is not there."""
    ownership = read_contracts()[table].readers
    listed = ", ".join(f"'{client}'" for client in sorted(clients))
    if ownership.kind == "client":
        return f"where {ownership.column} in ({listed})"
    key = read_contracts()[ownership.table].grain[0]
    return (
        f"where {ownership.column} in "
        f"(select {key} from {ownership.table} where client_id in ({listed}))"
    )


def test_cut_breaks_no_contract_and_makes_no_orphans(files, snapshot):
    with open_warehouse(snapshot) as whole:
        before = {(each.table, each.check): each.broken_count for each in whole.check()}
    for path, _ in files.values():
        with open_warehouse(path) as warehouse:
            for found in warehouse.check():
                assert found.severity == "warning"
                assert found.broken_count <= before.get((found.table, found.check), 0)


@pytest.mark.parametrize("panel", ["client_orders", "client_punctuality", "product_months"])
def test_panel_made_again_in_a_file_is_the_one_that_is_read(files, panel):
    for path, _ in files.values():
        with open_warehouse(path) as warehouse:
            month_end, _ = warehouse.month_ends()[-1]
            made = warehouse.remake(f"marts.{panel}", month_end=month_end)
            read = warehouse.read(f"marts.{panel}", as_of=month_end)
            read = read[read["month_end"] == made["month_end"].iloc[0]].reset_index(drop=True)
            pd.testing.assert_frame_equal(made, read, check_dtype=False)


@pytest.mark.parametrize("kind", ["region", "client"])
def test_readers_of_a_kind_have_all_clients_between_them(company, snapshot, kind):
    with (
        Editions(snapshot, kind, company.readers[kind], as_of=AS_OF) as editions,
        open_warehouse(snapshot) as whole,
    ):
        held = sum(reader.clients_count for reader in editions.readers)
        assert held + editions.unassigned_count == whole.tables()["marts.clients"]
        assert len(editions.readers) > 3
