"""Nothing known later is used earlier: delete it, and no earlier value changes."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from forgetting import FACTS, forget
from projects import correct_exports

from clientlib.config import Settings, SourceSettings, WarehouseSettings
from clientlib.sample import write_sample
from clientlib.warehouse import build_snapshot, load_sources, open_warehouse
from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.store import open_store

DATED = [contract.name for contract in read_contracts().values() if contract.as_of]


def settings_of(root: Path) -> Settings:
    source = SourceSettings(path=Path("data/raw/sample"), preset="sample_company")
    return Settings(root=root, sources={"sample": source})


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def corrected(tmp_path_factory) -> Path:
    """Give a project whose exports were loaded, corrected and loaded again."""
    root = tmp_path_factory.mktemp("corrected")
    write_sample(root / "data/raw/sample", seed=11, clients=60)
    load_sources(settings_of(root), now=at("2026-01-05"))
    assert correct_exports(root / "data/raw/sample") > 20
    counts = load_sources(settings_of(root), now=at("2026-02-10"))
    assert sum(count.changed_count for count in counts) > 20
    build_snapshot(settings_of(root), now=at("2026-02-11"))
    return root


def last_day_with_facts(root: Path, month: str) -> date:
    with open_warehouse(root / "data/warehouse") as warehouse:
        days = warehouse.query(
            f"""select max(counted_on) as day from (
                select counted_on from marts.order_facts union all
                select counted_on from marts.invoice_facts)
            where counted_on <= last_day(date '{month}-01')"""
        )
    return days["day"][0].date()


@pytest.mark.parametrize("month", ["2024-05", "2025-01", "2025-10"])
def test_deleting_what_was_known_later_changes_nothing_earlier(corrected, tmp_path, month):
    day = last_day_with_facts(corrected, month)
    month_end = pd.Timestamp(day) + pd.offsets.MonthEnd(0)
    root = tmp_path / "forgetful"
    shutil.copytree(corrected, root)
    with open_store(root / "data/warehouse", WarehouseSettings()) as store:
        forget(store, month_end.date(), dict.fromkeys(FACTS, 1.0))
    build_snapshot(settings_of(root), now=at("2026-02-12"))
    with (
        open_warehouse(corrected / "data/warehouse") as whole,
        open_warehouse(root / "data/warehouse") as forgetful,
    ):
        for table in DATED:
            before = whole.read(table, as_of=month_end.date())
            after = forgetful.read(table, as_of=month_end.date())
            pd.testing.assert_frame_equal(
                as_seen(before, month_end), as_seen(after, month_end), obj=table
            )


def as_seen(frame: pd.DataFrame, month_end: pd.Timestamp) -> pd.DataFrame:
    """Leave aside when the history ends: which month is open, and what is believed until when."""
    frame = frame.drop(columns=["known_until", "is_closed"], errors="ignore")
    if "month_end" in frame:
        frame["month_end"] = frame["month_end"] + pd.offsets.MonthEnd(0)
        assert len(frame)
    return frame.reset_index(drop=True)


def test_corrections_do_change_what_is_known_now(corrected):
    with open_warehouse(corrected / "data/warehouse") as warehouse:
        taken_back = warehouse.query(
            "select count(*) as n from marts.order_facts where kind like '%taken back'"
        )
    assert taken_back["n"][0] > 5


@pytest.mark.parametrize("table", ["marts.client_orders", "marts.client_punctuality"])
@pytest.mark.parametrize("month_end", ["2024-05-31", "2025-01-31", "2025-10-31", "2025-12-31"])
def test_panel_made_again_from_what_was_known_then_equals_the_panel(corrected, table, month_end):
    with open_warehouse(corrected / "data/warehouse") as warehouse:
        panel = warehouse.query(
            f"select * from {table} where month_end = '{month_end}' order by client_id"
        )
        again = warehouse.remake(table, month_end=month_end, known_by=month_end)
        changes = warehouse.changes(table, month_end=month_end)
    assert len(panel) > 20
    pd.testing.assert_frame_equal(panel, again)
    assert len(changes) > 0


def test_rows_of_each_version_stand_apart_in_time(corrected):
    with open_warehouse(corrected / "data/warehouse") as warehouse:
        overlapping = warehouse.query(
            """select count(*) as n from raw.orders as earlier inner join raw.orders as later
            on earlier.order_id = later.order_id and earlier.version + 1 = later.version
            where earlier.known_until is distinct from later.known_on"""
        )
    assert overlapping["n"][0] == 0
