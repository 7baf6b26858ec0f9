"""The form in which each part of the report hands over what is to be mended."""

from typing import Protocol

import pandas as pd

ISSUE_COLUMNS = ("issue", "table_name", "rows_count", "amount", "mend_in")


class HasIssues(Protocol):
    """A result that found issues."""

    @property
    def issues(self) -> pd.DataFrame:
        """One row per issue, with `ISSUE_COLUMNS`."""


def as_issues(rows: pd.DataFrame) -> pd.DataFrame:
    """Give issues the columns and types that all parts share.

    Parameters
    ----------
    rows : DataFrame, one row per issue
        With `ISSUE_COLUMNS`; an amount that is not known is missing.

    Returns
    -------
    DataFrame
        With just these columns; rows_count whole or missing, amount float.
    """
    listed = rows.reindex(columns=list(ISSUE_COLUMNS))
    return listed.astype({"rows_count": "Int64", "amount": "float64"}).reset_index(drop=True)
