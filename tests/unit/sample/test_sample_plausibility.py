"""What a sales director would look at first: concentration, margins, lateness, churn."""

import numpy as np
import pandas as pd
import pytest

YEARS = (2023, 2024, 2025)


@pytest.fixture(scope="module")
def sold(tables):
    orders = tables["orders"]
    orders = orders[orders["status"] != "cancelled"][["order_id", "client_id", "ordered_on"]]
    sold = tables["order_lines"].merge(orders)
    net = sold["quantity"] * sold["unit_price"] * (1 - sold["discount_share"])
    return sold.assign(net_amount=net, year=sold["ordered_on"].dt.year)


@pytest.mark.parametrize("year", YEARS)
def test_one_client_in_five_brings_about_three_quarters_of_the_revenue(sold, year):
    revenue = sold[sold["year"] == year].groupby("client_id")["net_amount"].sum()
    revenue = revenue.sort_values(ascending=False)
    top_share = revenue.head(len(revenue) // 5).sum() / revenue.sum()
    assert 0.68 < top_share < 0.80
    assert revenue.iloc[0] / revenue.sum() < 0.12


def test_margins_lie_between_ten_and_thirty_five_percent(sold):
    known = sold.dropna(subset=["unit_cost"])
    cost = (known["quantity"] * known["unit_cost"]).groupby(known["client_id"]).sum()
    margin = 1 - cost / known.groupby("client_id")["net_amount"].sum()
    assert margin.quantile([0.05, 0.95]).between(0.10, 0.35).all()
    assert 0.15 < 1 - cost.sum() / known["net_amount"].sum() < 0.28


def test_larger_clients_get_larger_discounts(sold):
    clients = sold.groupby("client_id").agg(
        net=("net_amount", "sum"), share=("discount_share", "mean")
    )
    assert clients["net"].corr(clients["share"], method="spearman") > 0.4
    assert sold["discount_share"].between(0, 0.25).all()


def test_list_prices_rise_each_january_and_only_then(sold):
    kept = sold[sold["quantity"] > 0]
    prices = kept.groupby(["product_id", "year"])["unit_price"].agg(["min", "max"])
    assert (prices["min"] == prices["max"]).all()
    yearly = prices["max"].unstack()
    rises = np.log(yearly[2025] / yearly[2023]).dropna() / 2
    assert 0.02 < rises.mean() < 0.07
    assert (rises >= 0).all()


def test_a_quarter_to_a_third_of_the_invoices_is_late_and_days_outstanding_are_usual(
    tables, export
):
    end = pd.Timestamp(export.truth["end"])
    last = tables["payments"].groupby("invoice_id")["paid_on"].max()
    invoices = tables["invoices"].query("amount > 0").join(last, on="invoice_id")
    due = invoices[invoices["due_on"] < end]
    assert 0.25 < (~(due["paid_on"] <= due["due_on"])).mean() < 0.36
    quarter = invoices[invoices["issued_on"] > end - pd.Timedelta(days=90)]["amount"].sum()
    paid = tables["payments"]["amount"].sum()
    outstanding = tables["invoices"]["amount"].sum() - paid
    assert 30 < outstanding / quarter * 90 < 65


def test_one_to_two_regular_clients_in_ten_leave_a_year(export):
    clients = pd.DataFrame(export.truth["clients"])
    clients = clients[~clients["type"].isin(["prospect", "one-off"])]
    rates = []
    for year in YEARS:
        start, stop = f"{year}-01-01", f"{year + 1}-01-01"
        left = clients["left_on"].fillna("9999")
        active = (clients["active_from"] <= start) & (left >= start)
        rates.append((active & (left < stop)).sum() / active.sum())
    assert 0.09 < np.mean(rates) < 0.2
    assert max(rates) < 0.22


def test_new_clients_come_all_the_time(tables):
    contacts = tables["clients"]["first_contact_on"]
    by_quarter = contacts[contacts >= "2023-01-01"].dt.to_period("Q").value_counts()
    assert len(by_quarter) == 12
    assert by_quarter.min() >= 5


def test_revenue_of_the_company_is_steady_to_growing(sold):
    revenue = sold.groupby("year")["net_amount"].sum()
    assert revenue.between(4e6, 1.2e7).all()
    assert revenue.pct_change().dropna().between(-0.15, 0.25).all()


def test_companies_have_legal_forms_and_their_own_names(tables):
    names = tables["clients"]["name"]
    assert names.is_unique
    assert names.str.contains("uab|mb|ab|sia|oü|ou|gmbh", case=False).all()


def test_some_clients_belong_to_groups(tables):
    members = tables["clients"].dropna(subset=["parent_id"])
    heads = set(members["parent_id"])
    assert 20 < len(members) < 80
    assert not heads & set(members["client_id"])
    assert members["parent_id"].value_counts().max() >= 2
