"""A statement holds every item that the 64 usual ratios of failure prediction are made of."""

import numpy as np
import pandas as pd
import pytest

# Short names of the items, as the formulas below write them.
ITEMS = {
    "sales": "sales_amount", "income": "total_income_amount", "costs": "total_cost",
    "goods": "products_cost", "opex": "operating_cost", "depr": "depreciation_cost",
    "psales": "sales_profit_amount", "pop": "operating_profit_amount", "fin": "financial_cost",
    "interest": "interest_cost", "extra": "extraordinary_amount", "gross": "gross_profit_amount",
    "net": "net_profit_amount", "assets": "total_assets_amount", "fixed": "fixed_assets_amount",
    "current": "current_assets_amount", "stock": "inventory_amount",
    "owed": "receivables_amount", "papers": "securities_amount", "cash": "cash_amount",
    "equity": "equity_amount", "capital": "share_capital_amount",
    "kept": "retained_earnings_amount", "debt": "total_liabilities_amount",
    "long": "long_liabilities_amount", "short": "short_liabilities_amount",
}  # fmt: skip
# In the order of the attributes of "Polish companies bankruptcy" (UCI, data set 365).
RATIOS = """
net / assets; debt / assets; (current - short) / assets; current / short
(cash + papers + owed - short) / (opex - depr) * 365; kept / assets; (gross + interest) / assets
equity / debt; sales / assets; equity / assets; (gross + extra + fin) / assets; gross / short
(gross + depr) / sales; (gross + interest) / assets; debt * 365 / (gross + depr)
(gross + depr) / debt; assets / debt; gross / assets; gross / sales; stock * 365 / sales
sales / sales_before; pop / assets; net / sales; gross_3 / assets; (equity - capital) / assets
(net + depr) / debt; pop / fin; (current - short) / fixed; log(assets); (debt - cash) / sales
(gross + interest) / sales; short * 365 / goods; opex / short; opex / debt; psales / assets
income / assets; (current - stock) / long; (equity + long) / assets; psales / sales
(current - stock - owed) / short; debt / ((pop + depr) * 12 / 365); pop / sales
owed * 365 / sales + stock * 365 / sales; owed * 365 / sales; net / stock
(current - stock) / short; stock * 365 / goods; (pop - depr) / assets; (pop - depr) / sales
current / debt; short / assets; short * 365 / goods; equity / fixed; (equity + long) / fixed
current - short; (sales - goods) / sales; (current - stock - short) / (sales - gross - depr)
costs / income; long / equity; sales / stock; sales / owed; short * 365 / sales; sales / short
sales / fixed
"""


@pytest.fixture(scope="module")
def ratios(tables):
    """The ratios of every statement that has two before it."""
    made = tables["client_financials"].sort_values(["client_id", "ends_on"])
    made = made[["client_id", *ITEMS.values()]].rename(columns={v: k for k, v in ITEMS.items()})
    by_client = made.groupby("client_id")
    made["sales_before"] = by_client["sales"].shift()
    made["gross_3"] = by_client["gross"].rolling(3).sum().droplevel(0)
    made = made.dropna()
    formulas = [part.strip() for part in RATIOS.replace("\n", ";").split(";") if part.strip()]
    return pd.DataFrame({n + 1: made.eval(text) for n, text in enumerate(formulas)})


def test_all_sixty_four_ratios_can_be_computed(ratios):
    finite = np.isfinite(ratios)
    assert ratios.shape[1] == 64
    assert len(ratios) > 500
    assert (finite.mean() > 0.99).all()


def test_ratios_of_the_sample_company_lie_where_those_of_real_companies_do(ratios):
    medians = ratios.median()
    assert 0.3 < medians[2] < 0.7  # debt to assets
    assert 1.0 < medians[4] < 3.0  # current ratio
    assert 1.0 < medians[9] < 3.0  # turnover of assets
    assert 0.0 < medians[39] < 0.1  # margin on sales
    assert 0.8 < medians[58] < 1.0  # costs to income
