"""Small companies drawn as text, built into a snapshot the way that a project builds one."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from clientlib.config import Settings, WarehouseSettings
from clientlib.warehouse import Snapshots, build_snapshot
from clientlib.warehouse.contracts import canonical
from clientlib.warehouse.merging import pairs_file
from clientlib.warehouse.review import content, write_pairs
from clientlib.warehouse.store import open_store

BUILT_AT = datetime(2026, 1, 5, tzinfo=UTC)


def snapshot_of(
    root: Path, tables: dict[str, str], merged: tuple[tuple[str, str], ...] = ()
) -> Path:
    """Build a snapshot of drawn canonical tables: '-' is null, a row is version 1 unless it says so.

    ``merged`` are pairs of clients that a person has called the same.
    """
    settings = Settings(root=root)
    for left, right in merged:
        _decide(settings, left, right)
    settings.warehouse_folder.mkdir(parents=True)
    with open_store(settings.warehouse_folder, WarehouseSettings()) as store:
        store.execute("insert into raw.loads (load_id, loaded_on) values (1, date '2026-01-05')")
        for table, drawing in tables.items():
            columns, rows = _read(table, drawing)
            names, marks = ", ".join(columns), ", ".join("?" * len(columns))
            store.executemany(f"insert into raw.{table} ({names}) values ({marks})", rows)
    build_snapshot(settings, now=BUILT_AT)
    return Snapshots(settings.warehouse_folder).current_path()


def _read(table: str, drawing: str) -> tuple[list[str], list[list[str | None]]]:
    lines = [line.split() for line in drawing.strip().splitlines()]
    columns = lines[0]
    rows = [[None if value == "-" else value for value in line] for line in lines[1:]]
    if "version" not in columns:
        columns, rows = [*columns, "version"], [[*row, "1"] for row in rows]
    happened = canonical(table).happened
    if "known_on" not in columns and happened in columns:
        place = columns.index(happened)
        columns, rows = [*columns, "known_on"], [[*row, row[place]] for row in rows]
    return columns, rows


def _decide(settings: Settings, left: str, right: str) -> None:
    pair = {"left_id": left, "right_id": right, "evidence": "a person knows", "probability": 1.0}
    found = {"proposed": "doubtful", "left_history": 1, "right_history": 1}
    decided = {"decision": "same", "decided_by": "Rūta", "decided_on": "2026-01-04"}
    path = pairs_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_pairs(path, pd.DataFrame([pair | found | decided]), before=content(path))
