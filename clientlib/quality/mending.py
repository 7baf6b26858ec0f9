"""What to mend first: the issues of all parts in one list, by the money they touch."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import show_number
from clientlib.quality.issues import ISSUE_COLUMNS, HasIssues


@dataclass(frozen=True)
class Mending:
    """Issues, the dearest first.

    Parameters
    ----------
    issues : DataFrame
        rank (from 1), then `issues.ISSUE_COLUMNS`. Issues whose money is not known follow those
        with money, most rows first.
    headline : str
        Whether the data can be rested on, and what to mend first.
    """

    issues: pd.DataFrame
    headline: str

    @property
    def priced(self) -> pd.DataFrame:
        """Issues that touch known money, with a label for a chart."""
        priced = self.issues[self.issues["amount"].fillna(0) > 0]
        return priced.assign(label=priced["table_name"] + ": " + priced["issue"])


def rank_issues(*parts: HasIssues, currency: str) -> Mending:
    """Rank what all parts found by the money it touches.

    One row may stand in several issues, so their money does not add up.

    Parameters
    ----------
    *parts : Completeness, Keys, Freshness, Volume, Balances or Loads
        What was found.
    currency : str
        The currency of all money, for the headline.

    Returns
    -------
    Mending
        Every issue once.
    """
    found = [part.issues for part in parts if len(part.issues)]
    if not found:
        empty = pd.DataFrame(columns=["rank", *ISSUE_COLUMNS])
        return Mending(
            empty, "The data can be rested on: no fault was found in what was looked at."
        )
    issues = pd.concat(found, ignore_index=True)
    issues["amount"] = issues["amount"].abs()
    issues = issues.sort_values(
        ["amount", "rows_count", "table_name", "issue"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    issues.insert(0, "rank", range(1, len(issues) + 1))
    return Mending(issues, _say_first(issues, currency))


def _say_first(issues: pd.DataFrame, currency: str) -> str:
    first = issues.iloc[0]
    rows = ""
    if pd.notna(first["rows_count"]):
        noun = "row" if first["rows_count"] == 1 else "rows"
        rows = f" in {show_number(first['rows_count'])} {noun}"
    money = "money not known"
    if pd.notna(first["amount"]):
        money = f"{show_number(first['amount'])} {currency} touched"
    return (
        f"The data can be rested on but for {len(issues)} issues; mend first: "
        f"{first['table_name']}, {first['issue']}{rows} ({money})."
    )
