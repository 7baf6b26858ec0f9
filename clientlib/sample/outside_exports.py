"""What comes from outside: facts about rivals, and a credit bureau's statements and events."""

from clientlib.sample.dialects import WATCH, Export

OUTSIDE_EXPORTS = (
    Export(
        "rival_facts",
        "competitor_facts",
        WATCH,
        {"FactNo": "fact_id", "RivalNo": "competitor_id", "SeenOn": "observed_on", "Kind": "kind",
         "Family": "family", "Region": "region", "Statement": "statement", "Figure": "figure",
         "Probability": "probability", "SeenAt": "source_name", "Expires": "expires_on",
         "Recorded": "known_on"},
        ("FactNo",),
    ),
    Export(
        "bureau_statements",
        "client_financials",
        WATCH,
        {"ClientNo": "client_id", "YearEnd": "ends_on", "Published": "published_on",
         "Staff": "staff_count", "Sales": "sales_amount", "TotalIncome": "total_income_amount",
         "TotalCosts": "total_cost", "CostOfSales": "products_cost",
         "OperatingCosts": "operating_cost", "Depreciation": "depreciation_cost",
         "SalesProfit": "sales_profit_amount", "OperatingProfit": "operating_profit_amount",
         "FinancialCosts": "financial_cost", "Interest": "interest_cost",
         "Extraordinary": "extraordinary_amount", "GrossProfit": "gross_profit_amount",
         "NetProfit": "net_profit_amount", "TotalAssets": "total_assets_amount",
         "FixedAssets": "fixed_assets_amount", "CurrentAssets": "current_assets_amount",
         "Inventory": "inventory_amount", "Receivables": "receivables_amount",
         "Securities": "securities_amount", "Cash": "cash_amount", "Equity": "equity_amount",
         "ShareCapital": "share_capital_amount", "RetainedEarnings": "retained_earnings_amount",
         "Liabilities": "total_liabilities_amount", "LongTerm": "long_liabilities_amount",
         "ShortTerm": "short_liabilities_amount", "Recorded": "known_on"},
        ("ClientNo", "YearEnd"),
    ),
    Export(
        "bureau_events",
        "registry_events",
        WATCH,
        {"EventNo": "event_id", "ClientNo": "client_id", "Happened": "happened_on",
         "Published": "published_on", "Kind": "kind", "Amount": "amount", "Grade": "grade",
         "Ended": "ended_on", "Recorded": "known_on"},
        ("EventNo",),
    ),
)  # fmt: skip
