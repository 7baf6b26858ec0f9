"""Blanks by table and column: which are gaps, and which are as the source is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.language import jot, tell, together
from clientlib.panels import check_columns
from clientlib.quality.issues import as_issues

GAP, OFTEN, NEVER, LATER = "gap", "often blank", "never brought", "may come later"


@dataclass(frozen=True)
class Completeness:
    """Blanks by table and column.

    Parameters
    ----------
    columns : DataFrame, one row per column with a blank, worst first, gaps before the others
        table_name, column_name, rows_count, blank_count, blank_share, blank_amount, verdict.
    columns_count, gaps_count : int
        Columns looked at; those with the verdict ``gap``.
    note : str
        What was found, in a sentence.
    issues : DataFrame, one row per gap
        As `issues.ISSUE_COLUMNS`.
    """

    columns: pd.DataFrame
    columns_count: int
    gaps_count: int
    note: str
    issues: pd.DataFrame


def judge_completeness(blanks: pd.DataFrame, *, usual_share: float = 0.8) -> Completeness:
    """Tell gaps from columns that are blank by nature.

    A blank is a fault only where a value is usual. A column is a gap if at least
    ``usual_share`` of its rows are filled and some are not; a column filled less often is told
    apart, and so is a date of something that need not have happened yet.

    Parameters
    ----------
    blanks : DataFrame, one row per table and column
        From the warehouse's profile: table_name, column_name, may_come_later, rows_count,
        blank_count, blank_amount.
    usual_share : float, 0..1
        Share of filled rows from which on a value is usual.

    Returns
    -------
    Completeness
        Every column that has a blank.

    Raises
    ------
    InputError
        A column is missing.
    """
    wanted = ("table_name", "column_name", "may_come_later", "rows_count", "blank_count",
              "blank_amount")  # fmt: skip
    check_columns(blanks, wanted, name="the profile of blanks")
    shares = blanks["blank_count"] / blanks["rows_count"]
    judged = blanks.assign(blank_share=shares, verdict=_verdicts(blanks, shares, usual_share))
    judged = judged[judged["blank_count"] > 0].astype({"blank_amount": "float64"})
    judged = judged.assign(is_other=judged["verdict"] != GAP).sort_values(
        ["is_other", "blank_share", "table_name", "column_name"],
        ascending=[True, False, True, True],
        ignore_index=True,
    )
    gaps = judged[judged["verdict"] == GAP]
    return Completeness(
        columns=judged.drop(columns=["is_other", "may_come_later"]),
        columns_count=len(blanks),
        gaps_count=len(gaps),
        note=_say_gaps(gaps, len(blanks), usual_share),
        issues=_list_gaps(gaps),
    )


def _verdicts(blanks: pd.DataFrame, shares: pd.Series, usual_share: float) -> pd.Series:
    cases = [blanks["may_come_later"].astype(bool) & (shares < 1), shares == 1]
    words = np.select([*cases, shares > 1 - usual_share + 1e-12], [LATER, NEVER, OFTEN], GAP)
    return pd.Series(words, index=blanks.index)


def _say_gaps(gaps: pd.DataFrame, columns_count: int, usual_share: float) -> str:
    said = tell(
        "{gaps:count} of {columns:count} columns have gaps: filled in at least {usual:share} of "
        "the rows, but not in all.",
        gaps=len(gaps),
        columns=columns_count,
        usual=usual_share,
    )
    if gaps.empty:
        return said
    worst = gaps.iloc[0]
    most = tell(
        "The worst is {table}.{column}: blank in {blank:count} of {rows:count} rows.",
        table=worst["table_name"],
        column=worst["column_name"],
        blank=int(worst["blank_count"]),
        rows=int(worst["rows_count"]),
    )
    return together(said, most)


def _list_gaps(gaps: pd.DataFrame) -> pd.DataFrame:
    return as_issues(
        gaps.assign(
            issue=[jot("{column} is blank", column=name) for name in gaps["column_name"]],
            rows_count=gaps["blank_count"],
            amount=gaps["blank_amount"],
            mend_in=[
                jot("the source of {table}, or its mapping", table=name)
                for name in gaps["table_name"]
            ],
        )
    )
