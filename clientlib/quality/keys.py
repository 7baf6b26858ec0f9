"""Keys: those that repeat, and references to keys that are not there."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import jot, tell
from clientlib.panels import check_columns
from clientlib.quality.issues import as_issues
from clientlib.quality.loads import Loads


@dataclass(frozen=True)
class Keys:
    """Repeated keys and orphans.

    Parameters
    ----------
    repeats : DataFrame, one row per table, most repeats first
        table_name, keys, rows_count, repeated_count (rows that share their key), set_aside_count
        (rows in quarantine because they repeat a key with other contents), same_count (rows that
        came again as they were, which is harmless).
    orphans : DataFrame, one row per reference with orphans, most money first, then most rows
        table_name, column_name, refers_to, rows_count, orphans_count, orphan_share, amount,
        example.
    references_count, orphans_count, repeated_count : int
        References looked at; rows that name a key which is not there; rows that share a key.
    note : str
        What was found, in a sentence.
    issues : DataFrame
        As `issues.ISSUE_COLUMNS`.
    """

    repeats: pd.DataFrame
    orphans: pd.DataFrame
    references_count: int
    orphans_count: int
    repeated_count: int
    note: str
    issues: pd.DataFrame


def judge_keys(keys: pd.DataFrame, orphans: pd.DataFrame, loads: Loads) -> Keys:
    """Say where keys repeat, and where references lead nowhere.

    Parameters
    ----------
    keys : DataFrame, one row per table
        From the warehouse's profile: table_name, keys, rows_count, repeated_count.
    orphans : DataFrame, one row per reference
        From the warehouse's profile: table_name, column_name, refers_to, rows_count,
        orphans_count, amount, example.
    loads : Loads
        From ``follow_loads``: rows set aside because they repeat a key, rows that came again.

    Returns
    -------
    Keys
        With what is to be mended.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(keys, ("table_name", "rows_count", "repeated_count"), name="the profile of keys")
    check_columns(orphans, ("table_name", "orphans_count"), name="the profile of orphans")
    repeats = _add_repeats(keys, loads)
    amounts = orphans["amount"].astype("float64")
    shares = orphans["orphans_count"] / orphans["rows_count"].clip(lower=1)
    found = orphans.assign(amount=amounts, orphan_share=shares)
    found = found[found["orphans_count"] > 0].sort_values(
        ["amount", "orphans_count", "table_name"], ascending=[False, False, True], ignore_index=True
    )
    lost, repeated = int(found["orphans_count"].sum()), int(repeats["repeated_count"].sum())
    note = tell(
        "{repeated:count} rows share a key with another; {lost:count} rows name a key that is "
        "not there, in {found:count} of {all:count} references.",
        repeated=repeated,
        lost=lost,
        found=len(found),
        all=len(orphans),
    )
    issues = pd.concat([_list_orphans(found), _list_repeats(repeats)], ignore_index=True)
    return Keys(repeats, found, len(orphans), lost, repeated, note, issues)


def _add_repeats(keys: pd.DataFrame, loads: Loads) -> pd.DataFrame:
    same = loads.tables.set_index("table_name")["same_count"]
    is_repeat = loads.reasons["reason"].astype(str).str.startswith("repeats a key")
    aside = loads.reasons[is_repeat].groupby("table_name")["rows_count"].sum()
    counted = keys.assign(
        set_aside_count=keys["table_name"].map(aside).fillna(0).astype("int64"),
        same_count=keys["table_name"].map(same).fillna(0).astype("int64"),
    )
    return counted.sort_values(
        ["repeated_count", "set_aside_count", "table_name"],
        ascending=[False, False, True],
        ignore_index=True,
    )


def _list_orphans(orphans: pd.DataFrame) -> pd.DataFrame:
    listed = orphans.assign(
        issue=[
            jot("{column} names no row of {table}", column=column, table=table)
            for column, table in zip(orphans["column_name"], orphans["refers_to"], strict=True)
        ],
        rows_count=orphans["orphans_count"],
        mend_in=[
            jot("the source of {table}: mend the key, or bring its row", table=name)
            for name in orphans["table_name"]
        ],
    )
    return as_issues(listed)


def _list_repeats(repeats: pd.DataFrame) -> pd.DataFrame:
    repeated = repeats[repeats["repeated_count"] > 0]
    listed = repeated.assign(
        issue=[jot("rows share the key {keys}", keys=keys) for keys in repeated["keys"]],
        rows_count=repeated["repeated_count"],
        amount=float("nan"),
        mend_in=[jot("the mapping of {table}", table=name) for name in repeated["table_name"]],
    )
    return as_issues(listed)
