"""From the store to the file of pairs, to one client in the snapshot, and back again."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from clientlib.config import Settings, SourceSettings
from clientlib.errors import InputError
from clientlib.sample import write_sample
from clientlib.warehouse import (
    MergeCounts,
    build_snapshot,
    find_duplicates,
    load_sources,
    open_warehouse,
    pairs_file,
    undo_merge,
    waiting_pairs,
)
from clientlib.warehouse.review import content, read_pairs, write_pairs
from clientlib.warehouse.snapshots import Snapshots

NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)
Tables = dict[str, list[tuple]]


@pytest.fixture
def settings(tmp_path) -> Settings:
    """Give a project of 60 clients, two of them entered twice, loaded and not built."""
    write_sample(tmp_path / "data/raw/sample", seed=11, clients=60)
    source = SourceSettings(path=Path("data/raw/sample"), preset="sample_company")
    settings = Settings(root=tmp_path, sources={"sample": source})
    load_sources(settings, now=NOW)
    return settings


def build(settings: Settings) -> tuple[Tables, MergeCounts]:
    """Build, and read every row of every table of analysis."""
    told: list[MergeCounts] = []
    build_snapshot(settings, now=NOW, on_merges=told.append)
    tables = {}
    with duckdb.connect(
        Snapshots(settings.warehouse_folder).current_path(), read_only=True
    ) as snapshot:
        names = snapshot.execute(
            """select schema_name || '.' || table_name from duckdb_tables()
            where schema_name in ('staging', 'marts')"""
        ).fetchall()
        for (name,) in names:
            tables[name] = snapshot.execute(f"select * from {name}").fetchall()
    return tables, told[0]


def decide(settings: Settings, decision: str, **where) -> None:
    path = pairs_file(settings)
    pairs = read_pairs(path)
    chosen = pd.Series(True, index=pairs.index)
    for column, value in where.items():
        chosen &= pairs[column] == value
    assert chosen.any()
    pairs.loc[chosen, ["decision", "decided_by"]] = [decision, "Rūta"]
    write_pairs(path, pairs, before=content(path))


def merged_ids(tables: Tables) -> dict[str, str]:
    return {row[0]: row[1] for row in tables["marts.client_ids"]}


def test_build_without_a_search_merges_nothing(settings):
    tables, told = build(settings)
    assert (merged_ids(tables), told) == ({}, MergeCounts(0, 0, 0, ()))
    assert len(tables["marts.clients"]) == 62


def test_clients_entered_twice_are_one_after_search_and_build(settings):
    counts = find_duplicates(settings, now=NOW)[0]
    tables, told = build(settings)
    assert (counts.searched_count, counts.sure_count, told.merged_count) == (62, 2, 2)
    assert set(merged_ids(tables)) == {"C-0061", "C-0062"}
    assert len(tables["marts.clients"]) == 60
    assert not {row[0] for row in tables["marts.client_orders"]} & {"C-0061", "C-0062"}


def test_pairs_held_apart_give_every_table_as_if_nothing_had_been_merged(settings):
    before, _ = build(settings)
    find_duplicates(settings, now=NOW)
    between, _ = build(settings)
    decide(settings, "apart", proposed="same")
    after, _ = build(settings)
    assert between["marts.clients"] != before["marts.clients"]
    assert after == before


def test_undoing_one_merge_leaves_the_other(settings):
    find_duplicates(settings, now=NOW)
    merged, _ = build(settings)
    assert undo_merge(settings, "C-0061", now=NOW, by="Rūta") == 1
    tables, _ = build(settings)
    assert set(merged_ids(tables)) == {"C-0062"}
    assert len(tables["marts.clients"]) == len(merged["marts.clients"]) + 1


def test_undone_merge_stays_undone_when_the_search_runs_again(settings):
    find_duplicates(settings, now=NOW)
    undo_merge(settings, "C-0061", now=NOW, by="Rūta")
    counts = find_duplicates(settings, now=NOW)[0]
    assert (counts.new_count, counts.sure_count) == (0, 1)
    assert set(merged_ids(build(settings)[0])) == {"C-0062"}


def test_undoing_holds_apart_from_those_too_that_a_third_client_joined(settings):
    find_duplicates(settings, now=NOW)
    path = pairs_file(settings)
    pairs = read_pairs(path)
    first = pairs[pairs["right_id"] == "C-0061"].iloc[0]
    link = first.to_dict() | {"left_id": "C-0061", "right_id": "C-0062", "probability": 0.9}
    pairs.loc[len(pairs)] = link
    write_pairs(path, pairs, before=content(path))
    assert undo_merge(settings, "C-0062", now=NOW, by="Rūta") == 3
    kept = {**merged_ids(build(settings)[0])}
    assert "C-0062" not in {*kept, *kept.values()}


def test_doubtful_pair_merges_once_a_person_says_so(settings):
    find_duplicates(settings, now=NOW)
    pairs = read_pairs(pairs_file(settings)).assign(proposed="")
    write_pairs(pairs_file(settings), pairs, before=content(pairs_file(settings)))
    assert waiting_pairs(settings) == len(pairs)
    assert merged_ids(build(settings)[0]) == {}
    decide(settings, "same", right_id="C-0061")
    tables, told = build(settings)
    assert set(merged_ids(tables)) == {"C-0061"}
    assert tables["marts.client_ids"][0][4] == "Rūta"
    assert told.waiting_count == len(pairs) - 1


def test_same_file_and_clients_give_the_same_build(settings):
    find_duplicates(settings, now=NOW)
    first = content(pairs_file(settings))
    before, _ = build(settings)
    find_duplicates(settings, now=NOW)
    assert content(pairs_file(settings)) == first
    assert build(settings)[0] == before


def test_broken_file_stops_the_build_and_the_snapshot_stays(settings):
    build(settings)
    current = Snapshots(settings.warehouse_folder).current()
    pairs_file(settings).parent.mkdir(parents=True)
    pairs_file(settings).write_text("left_id;decision\nC-1;same\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks the column"):
        build_snapshot(settings, now=NOW)
    assert Snapshots(settings.warehouse_folder).current() == current


def test_client_that_is_not_merged_cannot_be_undone(settings):
    find_duplicates(settings, now=NOW)
    with pytest.raises(InputError, match="is not merged with another"):
        undo_merge(settings, "C-0001x", now=NOW, by="Rūta")


def test_search_before_any_load_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="no clients to match"):
        find_duplicates(Settings(root=tmp_path), now=NOW)


def test_every_merged_field_says_where_it_comes_from(settings):
    find_duplicates(settings, now=NOW)
    build(settings)
    with open_warehouse(settings.warehouse_folder) as warehouse:
        fields = warehouse.read("marts.client_fields")
        clients = warehouse.read("marts.clients").set_index("client_id")
    names = fields[fields["field"] == "name"].set_index("client_id")
    assert len(names) == 2
    assert names["value"].tolist() == clients.loc[names.index, "name"].tolist()
    assert fields["reason"].notna().all()


def bring_contacts(settings: Settings) -> None:
    """Write contacts into the store as a source would: one person at both entries of a client."""
    path = settings.warehouse_folder / "raw.duckdb"
    with duckdb.connect(path) as store:
        store.execute(
            """create table if not exists contacts
            (contact_id varchar, client_id varchar, name varchar, known_until date)"""
        )
        for column in ("email", "phone"):
            store.execute(f"alter table contacts add column if not exists {column} varchar")
        store.execute("delete from contacts")
        twin, first = store.execute(
            """select twin.client_id, first.client_id from clients as twin, clients as first
            where twin.client_id = 'C-0061' and first.client_id <> 'C-0061'
            and strip_accents(lower(first.name)) like
                '%' || regexp_extract(strip_accents(lower(twin.name)), '[a-z]{6,}') || '%'"""
        ).fetchone()
        store.executemany(
            "insert into contacts (contact_id, client_id, name, email) values (?, ?, ?, ?)",
            [("P-1", first, "Rūta Petraitė", "ruta@x.example"),
             ("P-2", twin, "Ruta Petraite", "ruta@x.example")],
        )  # fmt: skip


def test_contacts_of_merged_clients_are_merged_and_can_be_undone(settings):
    bring_contacts(settings)
    _, contacts = find_duplicates(settings, now=NOW)
    assert (contacts.kind, contacts.searched_count, contacts.sure_count) == ("contact", 2, 1)
    tables, told = build(settings)
    assert [row[:2] for row in tables["marts.contact_ids"]] == [("P-2", "P-1")]
    assert (told.merged_count, told.contacts_count) == (2, 1)
    assert undo_merge(settings, "P-2", now=NOW, by="Rūta") == 1
    assert build(settings)[0]["marts.contact_ids"] == []
