"""What loads brought: the quarantine over time, and the last load against the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clientlib.language import Claim, jot, tell, together
from clientlib.panels import check_columns
from clientlib.quality.issues import as_issues
from clientlib.quality.reasons import recall_reason

COUNTS = ("read_count", "quarantined_count", "entered_count", "released_count")


@dataclass(frozen=True)
class Loads:
    """The loads of a warehouse.

    Parameters
    ----------
    loads : DataFrame, one row per load or release from quarantine, oldest first
        load_id, loaded_on, is_release, read_count, quarantined_count, quarantined_share (of those
        read), entered_count, released_count, open_count (over all tables, after the load).
    trend : DataFrame, one row per table that two loads read, largest change first
        table_name, loaded_on, read_count, previous_read_count, read_change_share,
        quarantined_share, previous_quarantined_share. Compares the table's last load with the
        one before; releases read no files and are left out.
    tables : DataFrame, one row per table, most rows in quarantine first
        table_name, same_count (rows that came again as they were), open_count.
    reasons : DataFrame, one row per table and reason, most rows first
        table_name, reason, rows_count in quarantine now; a row counts under each of its reasons.
    open_count : int
        Rows in quarantine now.
    note : str
        What was found, in a sentence.
    issues : DataFrame, one row per table with rows in quarantine
        As `issues.ISSUE_COLUMNS`; their money is not known, since they could not be read.
    """

    loads: pd.DataFrame
    trend: pd.DataFrame
    tables: pd.DataFrame
    reasons: pd.DataFrame
    open_count: int
    note: str
    issues: pd.DataFrame


def follow_loads(history: pd.DataFrame, reasons: Sequence[Mapping[str, Any]]) -> Loads:
    """Follow the quarantine and the counts of rows from load to load.

    Parameters
    ----------
    history : DataFrame, one row per load and table
        marts.load_history.
    reasons : sequence of mappings
        Rows in quarantine now: table, reason, rows.

    Returns
    -------
    Loads
        ``trend`` is empty while no table was read by two loads.

    Raises
    ------
    InputError
        A column is missing.
    """
    told = ("load_id", "table_name", "loaded_on", "is_release")
    wanted = (*told, *COUNTS, "same_count", "open_count")
    check_columns(history, wanted, name="marts.load_history")
    ordered = history.sort_values(["load_id", "table_name"], ignore_index=True)
    loads, trend, tables = _sum_up(ordered), _compare(ordered), _sum_tables(ordered)
    waiting = int(tables["open_count"].sum())
    note = _say_loads(loads, trend, waiting)
    named = _name_reasons(reasons)
    return Loads(loads, trend, tables, named, waiting, note, _list_open(tables))


def _sum_tables(ordered: pd.DataFrame) -> pd.DataFrame:
    by_table = ordered.groupby("table_name", as_index=False)
    tables = by_table.agg(same_count=("same_count", "sum"), open_count=("open_count", "last"))
    return tables.sort_values(
        ["open_count", "table_name"], ascending=[False, True], ignore_index=True
    )


def _name_reasons(reasons: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    named = pd.DataFrame(list(reasons), columns=["table", "reason", "rows"]).set_axis(
        ["table_name", "reason", "rows_count"], axis="columns"
    )
    named["reason"] = [recall_reason(str(reason)) for reason in named["reason"]]
    return named.sort_values(
        ["rows_count", "table_name", "reason"], ascending=[False, True, True], ignore_index=True
    )


def _sum_up(ordered: pd.DataFrame) -> pd.DataFrame:
    by_load = ordered.groupby(["load_id", "loaded_on", "is_release"], as_index=False)
    loads = by_load[list(COUNTS)].sum()
    moved = (loads["entered_count"] - loads["released_count"]).cumsum()
    shares = loads["quarantined_count"] / loads["read_count"].where(loads["read_count"] > 0)
    return loads.assign(open_count=moved, quarantined_share=shares)


def _compare(ordered: pd.DataFrame) -> pd.DataFrame:
    read = ordered[(ordered["read_count"] > 0) & ~ordered["is_release"].astype(bool)]
    shares = read["quarantined_count"] / read["read_count"]
    read = read.assign(quarantined_share=shares)
    by_table = read.groupby("table_name")
    before = by_table[["read_count", "quarantined_share"]].shift().add_prefix("previous_")
    pairs = read.join(before).loc[by_table.cumcount(ascending=False) == 0]
    pairs = pairs[pairs["previous_read_count"].notna()]
    change = pairs["read_count"] / pairs["previous_read_count"] - 1
    pairs = pairs.assign(read_change_share=change, size=change.abs())
    columns = ["table_name", "loaded_on", "read_count", "previous_read_count",
               "read_change_share", "quarantined_share", "previous_quarantined_share"]  # fmt: skip
    pairs = pairs.sort_values(["size", "table_name"], ascending=[False, True], ignore_index=True)
    return pairs[columns]


def _say_loads(loads: pd.DataFrame, trend: pd.DataFrame, waiting: int) -> str:
    loads_count = int((~loads["is_release"].astype(bool)).sum())
    said = tell(
        "{waiting:count} rows are in quarantine after {loads:count} {loads:load|loads}.",
        waiting=waiting,
        loads=loads_count,
    )
    if trend.empty:
        few = tell("Not enough data for a trend: no table was read by two loads.")
        return together(said, few)
    worse = int((trend["quarantined_share"] > trend["previous_quarantined_share"]).sum())
    if not worse:
        none = tell(
            "Of {tables:count} tables that two loads read, none has a larger share of bad rows.",
            tables=len(trend),
        )
        return together(said, none)
    rose = tell(
        "Of {tables:count} tables that two loads read, the share of bad rows rose in "
        "{worse:count}.",
        tables=len(trend),
        worse=worse,
    ).resting_on(Claim.of_fact(worse))
    return together(said, rose)


def _list_open(tables: pd.DataFrame) -> pd.DataFrame:
    is_open = tables[tables["open_count"] > 0]
    return as_issues(
        is_open.assign(
            issue=jot("rows wait in quarantine"),
            rows_count=is_open["open_count"],
            amount=float("nan"),
            mend_in=[
                jot("the source of {table}; see clientlib show quarantine", table=name)
                for name in is_open["table_name"]
            ],
        )
    )
