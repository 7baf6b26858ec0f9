"""What came of a client within one horizon after each month end: five events, each defined once."""

import numpy as np
import pandas as pd

from clientlib.errors import InputError
from clientlib.panels import as_days, month_ends_of
from clientlib.reliability.events import LossRules
from clientlib.reliability.risks.panels import RiskPanels

DEFAULTS, CANCELS, CLAIMS, LEAVES, UNPROFITABLE = (
    "defaults",
    "cancels",
    "claims",
    "leaves",
    "unprofitable",
)
AGES = (30, 60, 90)
TARGETS = (DEFAULTS, LEAVES, CANCELS, CLAIMS, UNPROFITABLE)


def add_targets(panels: RiskPanels, rules: LossRules, *, horizon_months: int) -> pd.DataFrame:
    """Tell for every row which of the events came within the horizon.

    A row of a month end looks at the month ends after it, up to the horizon: their panels knew
    on their own day what had come. A row is judged from the day on which its window was over.

    ============ ==================================================== ========================
    event        happened                                             asked of
    ============ ==================================================== ========================
    defaults     at a month end in the window more than               invoiced within a year,
                 ``overdue_share`` of the exposure is overdue by      and not in default now
                 ``overdue_days``
    leaves       at its end no order for max(``silence_days``,        ordered within a year,
                 ``silence_gaps`` typical gaps)                       and not silent so long now
    cancels      an order was cancelled                               ordered within a year
    claims       a complaint was opened                               ordered within a year
    unprofitable contribution of the 12 months to its end below zero  ordered within a year,
                                                                      known so long at its end
    ============ ==================================================== ========================

    Parameters
    ----------
    panels : RiskPanels
        From `read_risk_panels`.
    rules : LossRules
        What counts.
    horizon_months : int, in months
        Length of the window.

    Returns
    -------
    DataFrame, index as ``panels.rows``
        outcome_on (the month end that closes the window; null while it is open), and a column
        per event: 1 happened, 0 did not, null where it is not asked or the window is open.

    Raises
    ------
    InputError
        The rules ask for an age of debts that the panels do not count.
    """
    _check_age(rules)
    rows = panels.rows
    window = _Window(rows, horizon_months)
    asked = find_asked(rows, rules, horizon_months=horizon_months)
    events = {
        DEFAULTS: window.any(is_in_default(rows, rules)),
        LEAVES: window.last(is_silent(rows, rules)),
        CANCELS: window.growth(rows["cancelled_count"]) > 0,
        CLAIMS: window.growth(rows["complaints_count"]) > 0,
        UNPROFITABLE: window.last(contribution(rows, rules)) < 0,
    }
    found = {
        name: happened.astype(float).where(asked[name] & window.is_over)
        for name, happened in events.items()
    }
    return pd.DataFrame({"outcome_on": window.ends_on, **found}, index=rows.index)


def find_asked(rows: pd.DataFrame, rules: LossRules, *, horizon_months: int) -> pd.DataFrame:
    """Tell of which rows each event is asked, as known on their own day.

    Parameters
    ----------
    rows : DataFrame
        Of `RiskPanels`.
    rules : LossRules
        What counts.
    horizon_months : int, in months
        Length of the window.

    Returns
    -------
    DataFrame of bool, index as ``rows``
        A column per event, by the last column of the table of `add_targets`; whether the window
        is over does not matter.
    """
    ordered = rows["orders_12m_count"].astype(float) > 0
    invoiced = rows["invoiced_12m_amount"].astype(float) > 0
    known = rows["known_months"] + horizon_months >= rules.contribution_months
    asked = {
        DEFAULTS: invoiced & ~is_in_default(rows, rules),
        LEAVES: ordered & ~is_silent(rows, rules),
        CANCELS: ordered,
        CLAIMS: ordered,
        UNPROFITABLE: ordered & known,
    }
    return pd.DataFrame(asked, index=rows.index)


def is_in_default(rows: pd.DataFrame, rules: LossRules) -> "pd.Series[bool]":
    """Tell who has more than the stated part of its exposure seriously overdue.

    Parameters
    ----------
    rows : DataFrame
        Of `RiskPanels`.
    rules : LossRules
        The part, the age and the least amount.

    Returns
    -------
    Series of bool
        False where nothing is owed.
    """
    overdue = rows[f"overdue_{rules.overdue_days}_amount"].astype(float).fillna(0.0)
    least = np.maximum(rules.overdue_share * exposure(rows), rules.least_overdue_amount)
    return (overdue > 0) & (overdue > least)


def exposure(rows: pd.DataFrame) -> pd.Series:
    """Add up what a client owes and what it has ordered and not yet been billed for.

    Parameters
    ----------
    rows : DataFrame
        Of `RiskPanels`.

    Returns
    -------
    Series of float, money
        Receivables with VAT, open orders without.
    """
    owed = rows["open_amount"].astype(float).fillna(0.0)
    return owed + rows["open_orders_amount"].astype(float).fillna(0.0).clip(lower=0.0)


def is_silent(rows: pd.DataFrame, rules: LossRules) -> "pd.Series[bool]":
    """Tell who has not ordered for so long that it counts as lost.

    Parameters
    ----------
    rows : DataFrame
        Of `RiskPanels`.
    rules : LossRules
        How long.

    Returns
    -------
    Series of bool
        False for who never ordered. A client with too few order days is judged by days alone.
    """
    days = (rows["month_end"] - as_days(rows["last_ordered_on"])).dt.days.astype(float)
    has_rhythm = rows["order_days_count"].astype(float) >= rules.min_order_days
    gap = rows["typical_gap_days"].astype(float).where(has_rhythm).fillna(0.0)
    return days >= np.maximum(rules.silence_days, rules.silence_gaps * gap)


def contribution(rows: pd.DataFrame, rules: LossRules) -> pd.Series:
    """Say what serving a client brought in 12 months: margin less what it cost us besides.

    Parameters
    ----------
    rows : DataFrame
        Of `RiskPanels`.
    rules : LossRules
        Costs of orders, contacts and money.

    Returns
    -------
    Series of float, money
        Margin (of revenue whose cost is known, as a share of all revenue) less complaints,
        incidents, handling, the cost of money owed, and what is overdue by 90 days; null where
        no cost of goods is known.
    """
    known = rows["costed_revenue_12m_amount"].astype(float)
    share = rows["margin_12m_amount"].astype(float) / known.where(known > 0)
    margin = share * rows["revenue_12m_amount"].astype(float)
    lost = ["complaints_12m_cost", "incidents_12m_amount", "overdue_90_amount"]
    contacts = rows["asked_12m_count"].astype(float).fillna(0.0)
    return (
        margin
        - rows[lost].astype(float).fillna(0.0).sum(axis=1)
        - rules.order_cost * rows["orders_12m_count"].astype(float)
        - rules.contact_cost * contacts
        - rules.capital_cost_share * rows["open_amount"].astype(float).fillna(0.0)
    )


def _check_age(rules: LossRules) -> None:
    if rules.overdue_days not in AGES:
        raise InputError(
            "panels count what is overdue by 30, 60 and 90 days alone",
            example=f"overdue_days = {rules.overdue_days}",
            hint="take one of them, or find_arrears, which counts invoice by invoice",
        )


class _Window:
    """The month ends after each row, up to the horizon, of the same client."""

    def __init__(self, rows: pd.DataFrame, months: int) -> None:
        self._clients, self._months = rows["client_id"], months
        ends = month_ends_of(rows)
        closed = [end for end in ends if end.is_month_end]
        later = dict(zip(closed, closed[months:], strict=False))
        self.ends_on = pd.to_datetime(rows["month_end"].map(later))
        self.is_over = self.ends_on.notna()

    def _ahead(self, values: pd.Series, months: int) -> pd.Series:
        return values.groupby(self._clients, sort=False).shift(-months)

    def any(self, flags: "pd.Series[bool]") -> "pd.Series[bool]":
        """Tell whether a flag stood at any month end of the window."""
        ones = flags.astype(float)
        ahead = [self._ahead(ones, month) for month in range(1, self._months + 1)]
        return pd.concat(ahead, axis=1).max(axis=1) > 0

    def last(self, values: pd.Series) -> pd.Series:
        """Give the value at the end of the window."""
        return self._ahead(values.astype(float), self._months)

    def growth(self, running: pd.Series) -> pd.Series:
        """Give by how much a running count grew in the window."""
        counts = running.astype(float).fillna(0.0)
        return self._ahead(counts, self._months) - counts
