from datetime import UTC, datetime

import pytest

from clientlib.errors import InputError
from clientlib.warehouse import preview_sources
from clientlib.warehouse.lock import writing
from clientlib.warehouse.preview import MappedFrom

HEADING = "No;Client;Date;State;Promised\n"
GOOD = HEADING + "O-1;C-1;2025-06-01;delivered;2025-06-10\nO-2;C-2;2025-06-02;open;\n"
NOW = datetime(2025, 7, 1, tzinfo=UTC)


def test_trial_says_where_each_column_comes_from_and_which_stay_empty(project):
    project.table["constants"] = {"channel": "shop"}
    project.write(GOOD)
    (preview,) = preview_sources(project.settings(), now=NOW)
    assert preview.mapping[:2] == (
        MappedFrom("order_id", "text", "No"),
        MappedFrom("client_id", "text?", "Client"),
    )
    assert preview.mapping[-1] == MappedFrom("channel", "text?", "'shop'")
    assert preview.not_mapped == (
        "manager_id",
        "deal_id",
        "requested_on",
        "cancelled_on",
        "is_credit",
    )


def test_trial_shows_the_first_rows_as_they_would_be_stored(project):
    project.file["date_format"] = "%d.%m.%Y"
    project.write(HEADING + " O-1 ;C-1;05.06.2025;open;\nO-2;C-2;06.06.2025;open;\n")
    (preview,) = preview_sources(project.settings(), now=NOW, shown_rows=1)
    (row,) = preview.rows
    assert (row["order_id"], str(row["ordered_on"]), row["promised_on"]) == (
        "O-1",
        "2025-06-05",
        None,
    )
    assert str(row["known_on"]) == "2025-06-05"


def test_trial_counts_reasons_with_the_first_row_of_each(project):
    bad = "O-3;C-1;soon;lost;\nO-4;C-1;later;open;\nO-1;C-9;2025-06-01;open;\nO-5;C-1\n"
    project.write(GOOD + bad)
    (preview,) = preview_sources(project.settings(), now=NOW)
    assert [(r.column, r.message, r.rows, r.example, r.example_row) for r in preview.reasons] == [
        ("ordered_on", "cannot be read as date", 2, "soon", 3),
        ("status", "is none of open, delivered, cancelled", 1, "lost", 3),
        ("order_id", "stands with other contents in row …", 1, "O-1", 5),
        (None, "line …: missing columns", 1, None, 7),
    ]
    count = preview.count
    assert (count.read_count, count.loaded_count, count.quarantined_count) == (6, 2, 4)


def test_each_file_is_judged_by_itself(project):
    project.write(GOOD, "orders_1.csv")
    project.write(GOOD.replace("open", "cancelled"), "orders_2.csv")
    previews = preview_sources(project.settings(), now=NOW)
    assert [preview.count.new_count for preview in previews] == [2, 2]
    assert [preview.rows[1]["status"] for preview in previews] == ["open", "cancelled"]


def test_trial_makes_no_warehouse_where_there_is_none(project):
    project.write(GOOD)
    preview_sources(project.settings(), now=NOW)
    assert not (project.root / "data/warehouse").exists()


def test_trial_leaves_a_warehouse_untouched_and_waits_for_nobody(project):
    project.write(GOOD)
    project.load()
    folder = project.root / "data/warehouse"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    project.write(GOOD + "O-3;C-1;soon;open;\n")
    with writing(folder, "load"):
        locked = (folder / "write.lock").read_bytes()
        (preview,) = preview_sources(project.settings(), now=NOW)
        assert (folder / "write.lock").read_bytes() == locked
    assert preview.count.quarantined_count == 1
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after == before


def test_trial_ends_with_the_error_that_would_end_the_load(project):
    project.write(GOOD.replace("Date", "Datum"))
    with pytest.raises(InputError, match="orders.csv lacks the column 'Date'"):
        preview_sources(project.settings(), now=NOW)
