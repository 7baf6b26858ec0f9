"""The signs that models of a client's risks look at: subject, direction, and what each is."""

from dataclasses import dataclass

UP, DOWN, FREE = 1, -1, 0


@dataclass(frozen=True)
class Sign:
    """One sign: a column of `build_signs`.

    Parameters
    ----------
    name : str
        Column.
    subject : str
        Where it comes from: payments, orders, claims, registers, statements, terms, dealings or
        client.
    direction : int
        1 where the risk of not being paid may only rise with it, -1 where it may only fall, 0
        where both can be.
    about : str
        What it is, with its unit.
    """

    name: str
    subject: str
    direction: int
    about: str


SIGNS = (
    Sign("late_share", "payments", UP, "share of judged invoices paid late, steadied, 0..1"),
    Sign("late_6m_change", "payments", FREE, "the same of six months less that of all, log-odds"),
    Sign("late_days", "payments", UP, "days late per settled invoice of a year, steadied"),
    Sign(
        "late_30_share", "payments", UP, "share of invoices that were over 30 days late, steadied"
    ),
    Sign("overdue_share", "payments", UP, "overdue part of what is owed, 0..1"),
    Sign("overdue_30_share", "payments", UP, "part of what is owed that is overdue by 30 days"),
    Sign("overdue_months", "payments", UP, "what is overdue in months of usual invoicing"),
    Sign("debt_months", "payments", UP, "what is owed in months of usual invoicing"),
    Sign("disputed_12m", "payments", UP, "invoices disputed in a year per invoice fallen due"),
    Sign("evidence", "payments", FREE, "judged invoices, log(1 + n)"),
    Sign("silence_gaps", "orders", FREE, "days since the last order in usual gaps, log(1 + n)"),
    Sign("silence_days", "orders", FREE, "days since the last order"),
    Sign("usual_gap_days", "orders", FREE, "usual days from one order to the next, steadied"),
    Sign("revenue_trend", "orders", FREE, "revenue of a year against the year before, log"),
    Sign("orders_12m", "orders", FREE, "orders of a year, log(1 + n)"),
    Sign("order_size", "orders", FREE, "revenue per order of a year, log"),
    Sign("margin_share", "orders", FREE, "margin of a year / revenue whose cost is known"),
    Sign("cancelled_share", "orders", UP, "cancelled part of the orders of a year, steadied"),
    Sign("known_months", "orders", FREE, "months since the first business"),
    Sign("complaints_per_order", "claims", FREE, "complaints of a year per order, steadied"),
    Sign("open_complaints", "claims", FREE, "complaints that are not settled"),
    Sign("returns_per_order", "claims", FREE, "returns of a year per order, steadied"),
    Sign("incidents_12m", "claims", UP, "breaches and damages of a year"),
    Sign("open_arrears", "registers", UP, "arrears of taxes that are not settled"),
    Sign("arrears_24m", "registers", UP, "arrears of taxes of two years"),
    Sign("claims_24m", "registers", UP, "court claims and enforcements of two years"),
    Sign("insolvencies", "registers", UP, "insolvency proceedings that are not over"),
    Sign("late_statements_24m", "registers", UP, "statements filed late in two years"),
    Sign("bureau_grade", "registers", UP, "grade of a credit bureau, A = 1 to E = 5"),
    Sign("equity_to_assets", "statements", DOWN, "equity / total assets"),
    Sign("current_ratio", "statements", FREE, "current assets / short-term liabilities"),
    Sign("net_profit_to_assets", "statements", DOWN, "net profit / total assets"),
    Sign("sales_growth", "statements", FREE, "sales / sales of the year before"),
    Sign("receivable_days", "statements", FREE, "receivables in days of sales"),
    Sign(
        "short_liability_days_of_sales", "statements", UP, "short-term liabilities, days of sales"
    ),
    Sign("cash_profit_to_liabilities", "statements", DOWN, "profit and depreciation / liabilities"),
    Sign("log_assets", "statements", FREE, "total assets, log10"),
    Sign("statement_age_months", "statements", UP, "months since the end of the statement's year"),
    Sign("payment_days", "terms", FREE, "days to pay that the contract grants"),
    Sign("limit_use", "terms", UP, "what is owed / the credit limit"),
    Sign("is_secured", "terms", FREE, "whether a guarantee, deposit or insurance stands behind it"),
    Sign("answered_share", "dealings", DOWN, "answered part of our calls and letters, steadied"),
    Sign("asked_off_share", "dealings", FREE, "share of the list price still asked off per quote"),
    Sign("longer_terms_share", "dealings", UP, "quotes for which it asked more days to pay"),
    Sign("prepaid_refused", "dealings", UP, "quotes with prepayment that it refused in a year"),
    Sign("broken_share", "dealings", UP, "part of its promises not kept in time, steadied"),
    Sign("requisites_changes", "dealings", UP, "changes of its register or VAT code"),
)
ATTRIBUTES = (
    Sign("country", "client", FREE, "country, as it is now"),
    Sign("industry", "client", FREE, "line of business, as it is now"),
    Sign("region", "client", FREE, "sales region, as it is now"),
    Sign("size_band", "client", FREE, "size class, as it is now"),
)
BY_NAME = {sign.name: sign for sign in (*SIGNS, *ATTRIBUTES)}
