"""What rows a snapshot knows as of a day that an earlier snapshot did not know as of its day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clientlib.warehouse.names import day_literal, literal, quoted
from clientlib.warehouse.reading import Warehouse

NO_ROWS = "select '' as table_name, 0 as new_count, 0 as corrected_count, 0 as later_count"
LAST_LOAD = "select coalesce(max(load_id), 0) as load_id from raw.loads"


@dataclass(frozen=True)
class RowsSince:
    """How the rows of a canonical table have changed since.

    Attributes
    ----------
    new_count : int
        Rows of keys that were not known then, and are known now.
    corrected_count : int
        Rows that were believed then, and have been replaced or withdrawn by what is known now.
    later_count : int
        Rows loaded since that became known only after the day of now.
    """

    new_count: int
    corrected_count: int
    later_count: int


def last_load(snapshot: Path) -> int:
    """Tell which load a snapshot holds last.

    Parameters
    ----------
    snapshot : Path
        Its file.

    Returns
    -------
    int
        Number of the load or release; 0 before the first.

    Raises
    ------
    ClientlibError
        It cannot be read.
    """
    with Warehouse(snapshot) as warehouse:
        return int(warehouse.query(LAST_LOAD)["load_id"].iloc[0])


def count_rows_since(
    snapshot: Path, tables: Iterable[str], *, load_id: int, then: date, now: date
) -> dict[str, RowsSince]:
    """Count the rows that have become known, or have been corrected, by canonical table.

    Parameters
    ----------
    snapshot : Path
        File of the snapshot of now, or what one reader may see of it.
    tables : iterable of str
        Names of canonical tables, such as ``orders``; those that the file lacks are left out.
    load_id : int
        Last load of the snapshot of then.
    then, now : date
        The as-of days of then and now.

    Returns
    -------
    dict of str to RowsSince
        By table, in alphabetical order; tables without a change are left out.

    Raises
    ------
    ClientlibError
        The snapshot cannot be read.
    """
    with Warehouse(snapshot) as warehouse:
        there = sorted({f"staging.{table}" for table in tables} & {*warehouse.list_tables()})
        counted = (_count_rows(name.partition(".")[2], load_id, then, now) for name in there)
        counts = warehouse.query(" union all ".join([NO_ROWS, *counted]))
    rows = counts.set_index("table_name").astype(int)
    changed = rows[rows.sum(axis=1) > 0]
    return {str(name): RowsSince(*map(int, row)) for name, row in changed.iterrows()}


def _count_rows(table: str, load_id: int, then: date, now: date) -> str:
    then_day, now_day = day_literal(then), day_literal(now)
    was_known = f"load_id <= {load_id} and known_on <= {then_day}"
    had_ended = f"ended_load_id <= {load_id} and known_until <= {then_day}"
    has_ended = f"ended_load_id is not null and known_until <= {now_day}"
    return f"""select {literal(table)} as table_name,
        count(*) filter (where version = 1 and known_on <= {now_day} and not ({was_known})),
        count(*) filter (where {was_known} and {has_ended} and not ({had_ended})),
        count(*) filter (where load_id > {load_id} and known_on > {now_day})
        from raw.{quoted(table)}"""
