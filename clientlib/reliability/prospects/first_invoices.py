"""When the first invoice of somebody without history would be paid."""

import numpy as np
import pandas as pd

from clientlib.reliability.timing import TimingModel
from clientlib.reliability.timing.invoices import HISTORY_COLUMNS

USUAL_DAYS = 30
INVOICE_COLUMNS = ("expected_days_late", "days_late_low", "days_late_high", "late_30_probability")
_UNKNOWN = ("usual_amount", "recent_late_share", "recent_days_late", "last_days_late",
            "last_3_days_late", "since_settled_days")  # fmt: skip


def expect_first_invoices(
    timing: TimingModel | None, facts: pd.DataFrame, *, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """Say how late a first invoice would be paid, by what all clients have in common.

    Parameters
    ----------
    timing : TimingModel or None
        From `fit_timing`; None where there was not enough data.
    facts : DataFrame, one row per prospect
        month_amount (of the invoice, money) and payment_days; where null, the usual invoice of
        all and 30 days. Only those without a judged invoice should be asked of.
    as_of : str or Timestamp
        Day of the invoice.

    Returns
    -------
    DataFrame, index as ``facts``
        Columns `INVOICE_COLUMNS`: expected days from the due day to payment, the ends of the 90 %
        interval, and the probability of more than 30 days late; null without a model.
    """
    if timing is None or facts.empty:
        return pd.DataFrame(np.nan, index=facts.index, columns=list(INVOICE_COLUMNS))
    told = timing.predict(_without_history(timing, facts, pd.Timestamp(as_of)))
    return pd.DataFrame(
        {
            "expected_days_late": told["expected_days"].to_numpy(float),
            "days_late_low": told["low_days"].to_numpy(float),
            "days_late_high": told["high_days"].to_numpy(float),
            "late_30_probability": told["late_30"].to_numpy(float),
        },
        index=facts.index,
    )


def _without_history(timing: TimingModel, facts: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    days = facts["payment_days"].astype(float).fillna(USUAL_DAYS).clip(lower=0.0)
    due = day + pd.to_timedelta(days.to_numpy(), unit="D")
    usual = _usual_amount(timing)
    amount = facts["month_amount"].astype(float).clip(lower=1.0).fillna(usual)
    rows = pd.DataFrame(0.0, index=range(len(facts)), columns=list(HISTORY_COLUMNS)).astype(object)
    rows["invoice_id"] = [f"first {place}" for place in range(len(facts))]
    rows["client_id"] = [f"new {place}" for place in range(len(facts))]
    rows["issued_on"] = rows["known_on"] = day
    rows["due_on"], rows["due_month"] = due, due.month
    rows["terms_days"], rows["amount"] = days.to_numpy(), amount.to_numpy()
    rows[list(_UNKNOWN)] = np.nan
    return rows.assign(paid_days=np.nan, open_days=0.0, sent_alike_share=np.nan)


def _usual_amount(timing: TimingModel) -> float:
    """Give the amount that the model takes as the usual one."""
    names = list(timing.pace.priors.names)
    return float(np.exp(timing.pace.centre[names.index("size")]))
