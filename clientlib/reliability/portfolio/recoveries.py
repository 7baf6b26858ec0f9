"""What came of defaults: which part of what was overdue then was paid within a year."""

import pandas as pd

from clientlib.reliability.events import LossRules
from clientlib.reliability.risks.targets import is_in_default

WATCHED_MONTHS = 12
RECOVERY_COLUMNS = ("client_id", "defaulted_on", "overdue_amount", "recovered_share")


def find_recoveries(invoices: pd.DataFrame, rows: pd.DataFrame, rules: LossRules) -> pd.DataFrame:
    """Follow every default to its end, or for a year.

    A default begins at the first month end at which a client is in default; what is looked at
    are the invoices that were seriously overdue then. Defaults that are not a year old are left
    out, the paid ones too: to count only those that ended well would flatter.

    Parameters
    ----------
    invoices : DataFrame, one row per invoice
        From `timing.join_outcomes`: client_id, due_on, amount, heard_on, open_days.
    rows : DataFrame, one row per client and month end
        Of `RiskPanels`, up to the same day.
    rules : LossRules
        What a default is.

    Returns
    -------
    DataFrame, one row per default that is over
        Columns `RECOVERY_COLUMNS`; the part recovered is 0..1.
    """
    starts = _starts(rows, rules)
    owed = starts.merge(invoices[["client_id", "due_on", "amount", "heard_on"]], on="client_id")
    age = (owed["defaulted_on"] - owed["due_on"]).dt.days
    owed = owed[(age > rules.overdue_days) & ~(owed["heard_on"] <= owed["defaulted_on"])]
    until = owed["defaulted_on"] + pd.DateOffset(months=WATCHED_MONTHS)
    amount = owed["amount"].astype(float)
    owed = owed.assign(amount=amount, paid=amount.where(owed["heard_on"] <= until, 0.0))
    found = owed.groupby(["client_id", "defaulted_on"], as_index=False)[["amount", "paid"]].sum()
    share = (found["paid"] / found["amount"].where(found["amount"] > 0)).clip(0.0, 1.0)
    is_over = (
        found["defaulted_on"] + pd.DateOffset(months=WATCHED_MONTHS) <= rows["month_end"].max()
    )
    table = found.rename(columns={"amount": "overdue_amount"}).assign(recovered_share=share)
    kept: pd.DataFrame = table[is_over & share.notna()].reset_index(drop=True)
    return kept[list(RECOVERY_COLUMNS)]


def _starts(rows: pd.DataFrame, rules: LossRules) -> pd.DataFrame:
    ordered = rows.sort_values(["client_id", "month_end"], kind="stable")
    now = is_in_default(ordered, rules)
    before = now.groupby(ordered["client_id"]).shift(fill_value=False)
    begun = ordered.loc[now & ~before, ["client_id", "month_end"]]
    return begun.rename(columns={"month_end": "defaulted_on"})
