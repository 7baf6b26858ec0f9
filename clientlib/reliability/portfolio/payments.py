"""When money comes in: by open invoice, and of each client together."""

import numpy as np
import pandas as pd

from clientlib.language import jot
from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.scores import payment_index
from clientlib.reliability.timing.habits import Habits, count_delays
from clientlib.reliability.timing.hazard import LAST_DAY
from clientlib.reliability.timing.model import LATE_DAYS

LATE = tuple(f"late_{days}" for days in LATE_DAYS)
DATES = ("expected_on", "low_on", "high_on")
INVOICE_COLUMNS = ("invoice_id", "client_id", "issued_on", "due_on", "amount", *LATE, *DATES)
CLIENT_COLUMNS = (
    "client_id",
    "paid_count",
    "habit",
    "habit_probability",
    "habit_late_share",
    "habit_late_14_share",
    "late_14_share",
    "payment_index",
    *LATE,
    "expected_late_days",
    "low_late_days",
    "high_late_days",
    "foretold_on",
    "open_invoices_count",
    "open_invoices_amount",
    "money_expected_on",
    "timing_reason",
)
NOTHING_INVOICED = "nothing was ever invoiced"
TOO_LITTLE_PAID = (
    "not enough data: fewer than 100 invoices of the company were paid, or by fewer than 10 clients"
)


def expect_payments(assessment: Assessment) -> pd.DataFrame:
    """Say of every open invoice how late it may be, and when it will be paid.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.

    Returns
    -------
    DataFrame, one row per open invoice, largest first
        Columns `INVOICE_COLUMNS`: late_0 ... late_90 (probability of being paid more than so
        many days after it was due, 0..1, given that it is open now), and expected_on with its
        90 % interval, null for those overdue by 120 days or more; no rows where there was too
        little to learn from.
    """
    invoices, timing = assessment.open_invoices, assessment.timing
    if timing is None or invoices.empty:
        return pd.DataFrame(columns=list(INVOICE_COLUMNS))
    table = invoices.join(timing.predict(invoices, open_on=assessment.as_of))
    is_hopeless = table["open_days"] >= LAST_DAY  # the model looks no further
    table[list(DATES)] = table[list(DATES)].mask(is_hopeless)
    ranked = table.sort_values(["amount", "invoice_id"], ascending=[False, True])
    return ranked.reset_index(drop=True)[list(INVOICE_COLUMNS)]


def describe_payers(
    assessment: Assessment, expected: pd.DataFrame, habits: Habits | None
) -> pd.DataFrame:
    """Say of every client how it will pay its next invoice, and when its open money comes.

    The next invoice is foretold as its latest one was on the day of issue, with the model of
    today: that is the last day on which its history was written down.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.
    expected : DataFrame
        From `expect_payments`.
    habits : Habits or None
        Types of payers, where there are enough clients.

    Returns
    -------
    DataFrame, one row per client of the day
        Columns `CLIENT_COLUMNS`: paid_count and payment_index (of settled invoices: the
        evidence), its habit of payment (from 1, the best; null where nothing was due yet) and
        the part of its invoices later than 14 days, drawn towards its habit; late_0 ... late_90
        and days late with their 90 % interval of the next invoice, foretold_on (whose history it
        rests on), open invoices, the day by which half of the open money is expected (null where
        that is not to be foreseen), and why nothing is foretold, where it is not.
    """
    known = assessment.known
    table = known[["client_id"]].merge(_next_invoices(assessment), on="client_id", how="left")
    table = table.merge(_open_money(expected), on="client_id", how="left")
    if habits is not None:
        delays = count_delays(assessment.invoices, assessment.as_of)
        table = table.merge(habits.describe(delays), on="client_id", how="left")
    settled = known["settled_count"].astype(float).fillna(0.0)
    late = known["late_days_total"].astype(float) / settled.where(settled > 0)
    why = jot(TOO_LITTLE_PAID) if assessment.timing is None else jot(NOTHING_INVOICED)
    table = table.assign(
        paid_count=settled.astype("int64").to_numpy(),
        payment_index=payment_index(late).to_numpy(),
        timing_reason=np.where(table["late_0"].isna(), str(why), ""),
    )
    counts = ["open_invoices_count", "open_invoices_amount"]
    table[counts] = table[counts].astype(float).fillna(0.0)
    return table.reindex(columns=list(CLIENT_COLUMNS))


def _next_invoices(assessment: Assessment) -> pd.DataFrame:
    """Foretell the latest invoice of each client as on its day of issue."""
    names = [*LATE, "expected_late_days", "low_late_days", "high_late_days", "foretold_on"]
    timing = assessment.timing
    last = assessment.invoices.drop_duplicates("client_id", keep="last").reset_index(drop=True)
    if timing is None or last.empty:
        return pd.DataFrame(columns=["client_id", *names])
    foretold = timing.predict(last).rename(
        columns={f"{end}_days": f"{end}_late_days" for end in ("expected", "low", "high")}
    )
    table = last[["client_id", "issued_on"]].rename(columns={"issued_on": "foretold_on"})
    return table.join(foretold)[["client_id", *names]]


def _open_money(expected: pd.DataFrame) -> pd.DataFrame:
    """Count the open invoices of each client, and find the day by which half the money is in."""
    if expected.empty:
        columns = ["client_id", "open_invoices_count", "open_invoices_amount", "money_expected_on"]
        return pd.DataFrame(columns=columns)
    rows = expected.sort_values(["client_id", "expected_on"], kind="stable")
    amount = rows["amount"].astype(float)
    part = amount.groupby(rows["client_id"]).cumsum() / amount.groupby(rows["client_id"]).transform(
        "sum"
    )
    half = rows[part >= 0.5].drop_duplicates("client_id")  # the first day at which half is reached
    counted = rows.assign(amount=amount).groupby("client_id")["amount"].agg(["size", "sum"])
    counted.columns = pd.Index(["open_invoices_count", "open_invoices_amount"])
    dates = half.set_index("client_id")["expected_on"].rename("money_expected_on")
    return counted.join(dates).reset_index()
