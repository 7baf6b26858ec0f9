"""What to mend first: the issues of all parts in one list, by the money they touch."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import Sentence, retell, tell
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
    currency : str
        The currency of all money.
    """

    issues: pd.DataFrame
    headline: str
    currency: str = ""

    @property
    def priced(self) -> pd.DataFrame:
        """Issues that touch known money, with a label for a chart."""
        priced = self.issues[self.issues["amount"].fillna(0) > 0]
        labels = [
            tell("{table}: {issue}", table=table, issue=retell(issue))
            for table, issue in zip(priced["table_name"], priced["issue"], strict=True)
        ]
        return priced.assign(label=labels)

    @property
    def message(self) -> str:
        """Which issue touches the most money, for the title of their chart."""
        if self.priced.empty:
            return tell("Money that each issue touches")
        first = self.priced.iloc[0]
        return tell(
            "Most money is touched in {table}, {amount:short} {currency}: {issue}",
            table=first["table_name"],
            issue=retell(first["issue"]),
            amount=float(first["amount"]),
            currency=self.currency,
        )


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
        nothing = tell("The data can be rested on: no fault was found in what was looked at.")
        return Mending(empty, nothing, currency)
    issues = pd.concat(found, ignore_index=True)
    issues["amount"] = issues["amount"].abs()
    issues = issues.sort_values(
        ["amount", "rows_count", "table_name", "issue"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    issues.insert(0, "rank", range(1, len(issues) + 1))
    return Mending(issues, _say_first(issues, currency), currency)


def _say_first(issues: pd.DataFrame, currency: str) -> Sentence:
    first = issues.iloc[0]
    has_rows, has_money = pd.notna(first["rows_count"]), pd.notna(first["amount"])
    values: dict[str, float] = {"rows": int(first["rows_count"])} if has_rows else {}
    if has_money:
        values |= {"amount": float(first["amount"])}
    return tell(
        _HEADLINES[has_rows, has_money],
        count=len(issues),
        table=first["table_name"],
        issue=retell(first["issue"]),
        currency=currency,
        **values,
    )


# By whether the rows, and the money, of the first issue are known.
_HEADLINES = {
    (True, True): "The data can be rested on but for {count:count} issues; mend first: {table}, "
    "{issue} in {rows:count} {rows:~row} ({amount:count} {currency} touched).",
    (True, False): "The data can be rested on but for {count:count} issues; mend first: {table}, "
    "{issue} in {rows:count} {rows:~row} (money not known).",
    (False, True): "The data can be rested on but for {count:count} issues; mend first: {table}, "
    "{issue} ({amount:count} {currency} touched).",
    (False, False): "The data can be rested on but for {count:count} issues; mend first: {table}, "
    "{issue} (money not known).",
}
