"""Signs and events as readers know them; the catalogues hold the same in other languages."""

from collections.abc import Mapping

from clientlib.language import retell
from clientlib.reliability.learning.encoding import PAIR_SIGN
from clientlib.reliability.risks.targets import CANCELS, CLAIMS, DEFAULTS, LEAVES, UNPROFITABLE

EVENT_WORDS: Mapping[str, str] = {
    DEFAULTS: "Default",
    LEAVES: "Client lost",
    CANCELS: "Order cancelled",
    CLAIMS: "Complaint",
    UNPROFITABLE: "Served at a loss",
}
SIGN_WORDS: Mapping[str, str] = {
    "late_share": "invoices paid late, share",
    "late_6m_change": "late payments of six months against all before",
    "late_days": "days late, mean of a year",
    "late_30_share": "invoices over 30 days late, share",
    "overdue_share": "overdue part of what is owed",
    "overdue_30_share": "part of what is owed that is overdue by 30 days",
    "overdue_months": "overdue, in months of invoicing",
    "debt_months": "owed, in months of invoicing",
    "disputed_12m": "disputed invoices of a year, per invoice due",
    "evidence": "invoices judged (logarithm)",
    "silence_gaps": "time since the last order, in usual gaps (logarithm)",
    "silence_days": "days since the last order",
    "usual_gap_days": "usual days between orders",
    "revenue_trend": "revenue of a year against the year before (logarithm)",
    "orders_12m": "orders of a year (logarithm)",
    "order_size": "size of an order (logarithm)",
    "margin_share": "margin, share of revenue",
    "cancelled_share": "cancelled orders, share",
    "known_months": "months since the first business",
    "complaints_per_order": "complaints per order",
    "open_complaints": "open complaints",
    "returns_per_order": "returns per order",
    "incidents_12m": "breaches and damages of a year",
    "open_arrears": "open arrears of taxes",
    "arrears_24m": "arrears of taxes of two years",
    "claims_24m": "court claims of two years",
    "insolvencies": "open insolvency proceedings",
    "late_statements_24m": "yearly statements filed late in two years",
    "bureau_grade": "grade of the credit bureau (A = 1 to E = 5)",
    "equity_to_assets": "equity / assets",
    "current_ratio": "current assets / short-term liabilities",
    "net_profit_to_assets": "net profit / assets",
    "sales_growth": "sales / sales of the year before",
    "receivable_days": "receivables in days of sales",
    "short_liability_days_of_sales": "short-term liabilities in days of sales",
    "cash_profit_to_liabilities": "profit and depreciation / liabilities",
    "log_assets": "total assets (logarithm)",
    "statement_age_months": "age of the latest statement, months",
    "payment_days": "days to pay by contract",
    "limit_use": "owed / credit limit",
    "is_secured": "secured by guarantee, deposit or insurance",
    "answered_share": "our calls and letters answered, share",
    "asked_off_share": "discount asked for, share of the price",
    "longer_terms_share": "quotes for which longer terms were asked, share",
    "prepaid_refused": "prepayment refused",
    "broken_share": "promises broken, share",
    "requisites_changes": "changes of register or VAT code",
    "country": "country",
    "industry": "line of business",
    "region": "region",
    "size_band": "size",
}


def word_sign(name: str) -> str:
    """Name a sign as readers know it.

    Parameters
    ----------
    name : str
        Of a sign, or of a named pair of signs.

    Returns
    -------
    str
        In English, the key of the catalogues; of a pair both names with a sign between them.
    """
    return PAIR_SIGN.join(SIGN_WORDS.get(part, part) for part in name.split(PAIR_SIGN))


def tell_sign(words: str) -> str:
    """Tell the words of a sign, or of a pair of signs, in the language that is spoken.

    Parameters
    ----------
    words : str
        From `word_sign`, as issued.

    Returns
    -------
    str
        Each sign of a pair told by itself.
    """
    return PAIR_SIGN.join(retell(part) for part in words.split(PAIR_SIGN))
