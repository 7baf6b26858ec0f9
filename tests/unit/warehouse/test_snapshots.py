from datetime import UTC, datetime, timedelta

import pytest

from clientlib.errors import InputError
from clientlib.warehouse import Snapshots, open_warehouse

NOON = datetime(2025, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def snapshots(tmp_path) -> Snapshots:
    return Snapshots(tmp_path)


def switch(snapshots: Snapshots, now: datetime = NOON) -> str:
    build_id = snapshots.new_id(now)
    snapshots.draft(build_id).write_text(f"written for {build_id}")
    snapshots.switch_to(build_id)
    return build_id


def test_builds_of_one_second_get_names_of_their_own_in_their_order(snapshots):
    names = [switch(snapshots) for _ in range(12)]
    assert names[:2] == ["20250701T120000", "20250701T120000-002"]
    assert len(set(names)) == 12
    assert snapshots.ids() == names


def test_name_is_later_than_all_others_though_the_clock_was_set_back(snapshots):
    names = [switch(snapshots), switch(snapshots, NOON - timedelta(hours=1))]
    assert snapshots.ids() == names


def test_name_of_a_pruned_snapshot_is_not_given_again_within_its_second(snapshots):
    first, second = switch(snapshots), switch(snapshots)
    snapshots.prune(1, frozenset())
    assert switch(snapshots) not in (first, second)


def test_switching_makes_the_draft_the_current_snapshot(snapshots):
    assert snapshots.current() is None
    build_id = switch(snapshots)
    assert snapshots.current() == build_id
    assert snapshots.current_path().read_text() == f"written for {build_id}"
    assert not snapshots.draft(build_id).exists()


def test_pruning_keeps_the_newest_the_current_and_those_that_are_named(snapshots):
    names = [switch(snapshots, NOON + timedelta(days=day)) for day in range(5)]
    (snapshots.folder / "current").write_text(names[0])
    snapshots.prune(2, frozenset({names[1]}))
    assert snapshots.ids() == [names[0], names[1], names[3], names[4]]


def test_pruning_fewer_than_are_kept_removes_none(snapshots):
    names = [switch(snapshots) for _ in range(3)]
    snapshots.prune(5, frozenset())
    assert snapshots.ids() == names


def test_sweeping_removes_drafts_and_nothing_else(snapshots):
    build_id = switch(snapshots)
    for name in ("20250702T120000.draft", "20250702T120000.draft.wal", "current.draft"):
        (snapshots.folder / name).touch()
    (snapshots.folder / "raw.duckdb").touch()
    snapshots.sweep()
    kept = sorted(path.name for path in snapshots.folder.iterdir())
    assert kept == [f"{build_id}.duckdb", "current", "raw.duckdb"]


def test_warehouse_without_a_snapshot_says_what_to_do(snapshots):
    with pytest.raises(InputError, match=r"no snapshot yet[\s\S]*clientlib load"):
        snapshots.current_path()
    assert snapshots.ids() == []


def test_pointer_to_a_snapshot_that_is_gone_names_it(snapshots):
    build_id = switch(snapshots)
    snapshots.path(build_id).unlink()
    with pytest.raises(InputError, match=f"snapshot {build_id} is gone"):
        open_warehouse(snapshots.folder)


def test_store_of_raw_rows_is_no_snapshot(snapshots):
    (snapshots.folder / "raw.duckdb").touch()
    assert snapshots.ids() == []
