"""The issued tables that pages read: their columns, so that an empty one can be shown too."""

from collections.abc import Callable, Mapping
from typing import Protocol

import pandas as pd

from clientlib.reliability.decisions.conflicts import CONFLICT_COLUMNS
from clientlib.reliability.portfolio.advising import ADVICE_COLUMNS, ORDER_COLUMNS
from clientlib.reliability.portfolio.departures import LOSS_COLUMNS, SIGN_COLUMNS
from clientlib.reliability.portfolio.papers import PAPER_COLUMNS
from clientlib.reliability.portfolio.payments import CLIENT_COLUMNS, INVOICE_COLUMNS
from clientlib.reliability.portfolio.reasoning import REASON_COLUMNS
from clientlib.reliability.portfolio.states import RISK_COLUMNS
from clientlib.reliability.portfolio.warnings import (
    COST_COLUMNS,
    COUNT_COLUMNS,
    LEAD_COLUMNS,
    METHOD_COLUMNS,
)
from clientlib.reliability.portfolio.watching import WATCH_COLUMNS

ADVICE, DECISIONS = "client_advice", "client_decisions"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    ADVICE: ADVICE_COLUMNS,
    "client_risks": RISK_COLUMNS,
    "client_payers": CLIENT_COLUMNS,
    "risk_reasons": REASON_COLUMNS,
    "open_invoices": INVOICE_COLUMNS,
    "open_orders": ORDER_COLUMNS,
    "client_conflicts": CONFLICT_COLUMNS,
    "client_watch": WATCH_COLUMNS,
    "client_losses": LOSS_COLUMNS,
    "client_papers": PAPER_COLUMNS,
    "client_defaults": ("client_id", "month_end"),
    "warning_methods": METHOD_COLUMNS,
    "warning_counts": COUNT_COLUMNS,
    "warning_leads": LEAD_COLUMNS,
    "warning_costs": COST_COLUMNS,
    "warning_signs": SIGN_COLUMNS,
    DECISIONS: ("client_id", "kind", "value", "owner", "advised", "decided_on", "until", "by",
                "because"),
}  # fmt: skip


KIND_WORDS: Mapping[str, str] = {
    "limit": "credit limit",
    "payment_days": "days to pay",
    "deposit_share": "paid in advance, share",
    "stop": "stop of deliveries",
    "snooze": "left alone",
    "owner": "owner",
}


class Issued(Protocol):
    """Rows that an earlier report issued, or why there are none."""

    @property
    def rows(self) -> pd.DataFrame:
        """The rows; without columns where there are none."""

    @property
    def missing(self) -> str:
        """Why there are none; empty where there are some."""


Find = Callable[..., Issued]


def read_tables(find: Find, *, as_of: str) -> tuple[dict[str, pd.DataFrame], str]:
    """Read all tables that the report on the models of risk has issued, and the decisions.

    Parameters
    ----------
    find : callable
        ``runs.find_issued``.
    as_of : str
        The day.

    Returns
    -------
    (dict of str to DataFrame, str)
        By name, each with its columns even where it is empty; and why no advice was issued, in
        a sentence, empty where it was.
    """
    found = {name: find(name, as_of=as_of) for name in COLUMNS}
    tables = {
        name: issued.rows if len(issued.rows) else pd.DataFrame(columns=list(COLUMNS[name]))
        for name, issued in found.items()
    }
    return tables, str(found[ADVICE].missing)
