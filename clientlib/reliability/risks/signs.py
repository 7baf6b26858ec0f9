"""The signs of a client at a month end, from what its panels knew on that day."""

import numpy as np
import pandas as pd

from clientlib.panels import as_days
from clientlib.reliability.history import log_odds
from clientlib.reliability.risks.catalogue import ATTRIBUTES, SIGNS
from clientlib.reliability.risks.panels import KEYS, RATIOS, RiskPanels

PRIOR_INVOICES, PRIOR_ORDERS, PRIOR_CONTACTS, PRIOR_PROMISES, PRIOR_GAPS = 5.0, 5.0, 4.0, 2.0, 2.0
MONTH_DAYS = 30.4375
GRADES = {grade: float(place) for place, grade in enumerate("ABCDE", start=1)}
DEALINGS = ("quoted_12m_count", "asked_12m_count", "promised_12m_count")
SMALL_AMOUNT = 100.0  # money, so that a trend of next to nothing says little
MOST_MONTHS = 60.0  # of usual invoicing; who has no usual invoicing owes at most so much


def build_signs(panels: RiskPanels) -> pd.DataFrame:
    """Describe every client at every month end by its signs.

    Shares of few cases are drawn towards the portfolio's share of the same month end, as if a
    few more cases had gone the way that all went: a row knows nothing of later months.

    Parameters
    ----------
    panels : RiskPanels
        From `read_risk_panels`.

    Returns
    -------
    DataFrame, one row per client and month end
        client_id, month_end, the columns of `SIGNS` (float; null where the subject is not
        known), the attributes of the client as they are now (text), and dealings_count: quotes,
        contacts and promises of a year, which say how much stands behind the dealings.
    """
    rows = panels.rows
    makers = (_payments, _orders, _claims, _registers, _statements, _terms, _dealings)
    found = {name: values for make in makers for name, values in make(rows).items()}
    signs = pd.DataFrame(found, index=rows.index)[[sign.name for sign in SIGNS]].astype(float)
    attributes = [sign.name for sign in ATTRIBUTES]
    named = rows[KEYS].merge(panels.clients[["client_id", *attributes]], on="client_id", how="left")
    dealt = rows[list(DEALINGS)].astype(float).fillna(0.0).sum(axis=1).rename("dealings_count")
    return pd.concat([rows[KEYS], signs, named[attributes], dealt], axis=1)


def _payments(rows: pd.DataFrame) -> dict[str, pd.Series]:
    share = steady(rows, "late_count", "due_count", PRIOR_INVOICES)
    recent = (rows["late_6m_count"] + PRIOR_INVOICES * share) / (
        rows["due_6m_count"] + PRIOR_INVOICES
    )
    judged = rows["settled_count"] + rows["overdue_30_count"]
    over_30 = rows.assign(over=rows["late_30_count"] + rows["overdue_30_count"], judged=judged)
    owed, usual = rows["open_amount"].astype(float), _usual_month(rows)
    per_month = owed.gt(0) & rows["invoiced_12m_amount"].notna()
    return {
        "late_share": share,
        "late_6m_change": log_odds(recent) - log_odds(share),
        "late_days": steady(rows, "late_days_12m_total", "settled_12m_count", PRIOR_INVOICES),
        "late_30_share": steady(over_30, "over", "judged", PRIOR_INVOICES),
        "overdue_share": _part(rows["overdue_amount"], owed),
        "overdue_30_share": _part(rows["overdue_30_amount"], owed),
        "overdue_months": _in_months(rows["overdue_amount"], usual).where(per_month, 0.0),
        "debt_months": _in_months(owed, usual).where(per_month, 0.0),
        "disputed_12m": rows["disputed_12m_count"] / (rows["due_6m_count"] * 2 + 1),
        "evidence": _log1p(rows["due_count"].fillna(0)),
    }


def _orders(rows: pd.DataFrame) -> dict[str, pd.Series]:
    silence = (rows["month_end"] - as_days(rows["last_ordered_on"])).dt.days.astype(float)
    gap = _usual_gap(rows)
    revenue = rows["revenue_12m_amount"].astype(float).clip(lower=0.0)
    before = rows["revenue_previous_12m_amount"].astype(float).clip(lower=0.0)
    orders = rows["orders_12m_count"].astype(float)
    placed = rows.assign(
        cancelled=rows["cancelled_12m_count"].fillna(0),
        placed=orders + rows["cancelled_12m_count"].fillna(0),
    )
    costed = rows["costed_revenue_12m_amount"].astype(float)
    return {
        "silence_gaps": _log1p(silence / gap),
        "silence_days": silence,
        "usual_gap_days": gap,
        "revenue_trend": _log((revenue + SMALL_AMOUNT) / (before + SMALL_AMOUNT)),
        "orders_12m": _log1p(orders.clip(lower=0.0)),
        "order_size": _log1p(revenue / orders.where(orders > 0)),
        "margin_share": rows["margin_12m_amount"].astype(float) / costed.where(costed > 0),
        "cancelled_share": steady(placed, "cancelled", "placed", PRIOR_ORDERS),
        "known_months": rows["known_months"].astype(float),
    }


def _claims(rows: pd.DataFrame) -> dict[str, pd.Series]:
    counts = ["complaints_12m_count", "returns_12m_count", "open_complaints_count"]
    known = rows[[*KEYS, "orders_12m_count"]].join(rows[counts].fillna(0))
    return {
        "complaints_per_order": steady(
            known, "complaints_12m_count", "orders_12m_count", PRIOR_ORDERS
        ),
        "open_complaints": known["open_complaints_count"],
        "returns_per_order": steady(known, "returns_12m_count", "orders_12m_count", PRIOR_ORDERS),
        "incidents_12m": rows["incidents_12m_count"].fillna(0),
    }


def _registers(rows: pd.DataFrame) -> dict[str, pd.Series]:
    named = {
        "open_arrears": "open_arrears_count",
        "arrears_24m": "arrears_24m_count",
        "claims_24m": "claims_24m_count",
        "insolvencies": "insolvencies_count",
        "late_statements_24m": "late_statements_24m_count",
    }
    counts = {name: rows[column].fillna(0) for name, column in named.items()}
    return {**counts, "bureau_grade": rows["grade"].map(GRADES)}


def _statements(rows: pd.DataFrame) -> dict[str, pd.Series]:
    age = (rows["month_end"] - rows["statement_ends_on"]).dt.days / MONTH_DAYS
    return {**{ratio: rows[ratio] for ratio in RATIOS}, "statement_age_months": age}


def _terms(rows: pd.DataFrame) -> dict[str, pd.Series]:
    limit = rows["credit_limit_amount"].astype(float)
    return {
        "payment_days": rows["payment_days"],
        "limit_use": rows["open_amount"].astype(float) / limit.where(limit > 0),
        "is_secured": (rows["collateral_amount"].astype(float) > 0).astype(float),
    }


def _dealings(rows: pd.DataFrame) -> dict[str, pd.Series]:
    asked = rows["asked_off_12m_count"].astype(float)
    return {
        "answered_share": steady(rows, "answered_12m_count", "asked_12m_count", PRIOR_CONTACTS),
        "asked_off_share": rows["asked_off_12m_total"].astype(float) / asked.where(asked > 0),
        "longer_terms_share": steady(
            rows, "longer_terms_12m_count", "quoted_12m_count", PRIOR_CONTACTS
        ),
        "prepaid_refused": rows["prepaid_refused_12m_count"].fillna(0),
        "broken_share": steady(rows, "broken_12m_count", "promised_12m_count", PRIOR_PROMISES),
        "requisites_changes": rows["requisites_count"].fillna(0),
    }


def steady(rows: pd.DataFrame, hits: str, trials: str, weight: float) -> pd.Series:
    """Draw each row's rate towards that of all rows of its month end.

    Parameters
    ----------
    rows : DataFrame
        With month_end and the two counts; null where nothing is known.
    hits, trials : str
        Columns of counts (or totals) and of what they are counted over.
    weight : float, in trials, above 0
        How many trials the portfolio's rate counts for.

    Returns
    -------
    Series of float
        Posterior mean with a fixed prior weight; the portfolio's where nothing is known of the
        client, null where nothing is known of anybody.
    """
    counted = rows[[hits, trials]].astype(float).fillna(0.0)
    totals = counted.groupby(rows["month_end"]).transform("sum")
    common = totals[hits] / totals[trials].where(totals[trials] > 0)
    return (counted[hits] + weight * common) / (counted[trials] + weight)


def _usual_gap(rows: pd.DataFrame) -> pd.Series:
    """Usual gap of each client, drawn in logs towards the month end's median."""
    gap = _log(rows["typical_gap_days"].astype(float).clip(lower=1.0))
    gaps = (rows["order_days_count"].astype(float) - 1).clip(lower=0.0)
    common = gap.groupby(rows["month_end"]).transform("median")
    own = gap.fillna(common)
    usual = (gaps * own + PRIOR_GAPS * common) / (gaps + PRIOR_GAPS)
    return pd.Series(np.exp(usual), index=rows.index)


def _usual_month(rows: pd.DataFrame) -> pd.Series:
    months = rows["known_months"].clip(upper=12).astype(float)
    return rows["invoiced_12m_amount"].astype(float) / months


def _part(amount: pd.Series, whole: pd.Series) -> pd.Series:
    return (amount.astype(float) / whole.where(whole > 0)).fillna(0.0).clip(0.0, 1.0)


def _in_months(amount: pd.Series, usual: pd.Series) -> pd.Series:
    ratio = amount.astype(float) / usual.where(usual > 0)
    return ratio.fillna(MOST_MONTHS).clip(upper=MOST_MONTHS)


def _log(values: pd.Series) -> pd.Series:
    return pd.Series(np.log(values), index=values.index)


def _log1p(values: pd.Series) -> pd.Series:
    return pd.Series(np.log1p(values), index=values.index)
