"""Supply, what comes from outside, and further columns: they agree with the trade."""

import numpy as np
import pandas as pd
import pytest
from chance import within_chance

FOREVER = pd.Timestamp("2200-01-01")
END_MARGIN = pd.Timedelta(days=40)


# Supply


def test_costs_of_lines_are_those_of_the_dated_costs(tables, sales):
    lines = (
        tables["order_lines"].merge(sales[["order_id", "ordered_on"]]).dropna(subset=["unit_cost"])
    )
    dated = tables["product_costs"].rename(columns={"unit_cost": "dated_cost"})
    joined = lines.merge(
        dated[["product_id", "starts_on", "ends_on", "dated_cost"]], on="product_id"
    )
    ends = joined["ends_on"].fillna(FOREVER)
    joined = joined[joined["ordered_on"].between(joined["starts_on"], ends)]
    assert len(joined) == len(lines)
    assert (joined["dated_cost"] - joined["unit_cost"]).abs().max() < 1e-9


def test_prices_of_lines_are_those_of_the_dated_list(tables, sales):
    lines = tables["order_lines"].merge(sales[["order_id", "ordered_on"]])
    dated = tables["price_list"][["product_id", "starts_on", "ends_on", "list_price"]]
    joined = lines.merge(dated, on="product_id")
    ends = joined["ends_on"].fillna(FOREVER)
    joined = joined[joined["ordered_on"].between(joined["starts_on"], ends)]
    assert len(joined) == len(lines)
    assert (joined["list_price"] == joined["unit_price"]).all()


def test_goods_ran_out_before_months_in_which_they_came_late(truth, tables, sales):
    lines = tables["order_lines"].merge(
        sales[["order_id", "ordered_on", "promised_on", "delivered_on"]].dropna()
    )
    month = lines["ordered_on"].dt.to_period("M")
    late = lines["delivered_on"] > lines["promised_on"]
    share = late.groupby([lines["product_id"], month]).mean()
    stock = tables["stock"]
    keys = pd.MultiIndex.from_arrays([stock["product_id"], stock["counted_on"].dt.to_period("M")])
    known = share.reindex(keys).to_numpy()
    is_out = (stock["quantity"] == 0).to_numpy()[~np.isnan(known)]
    slope, base = np.polyfit(known[~np.isnan(known)], is_out, 1)
    assert slope == pytest.approx(truth["supply"]["stock_out_late"], abs=0.08)
    assert base == pytest.approx(truth["supply"]["stock_out_base"], abs=0.015)


def test_what_comes_back_was_complained_of_and_refused_units_are_those_of_the_delivery(
    truth, tables
):
    returns = tables["returns"].merge(
        tables["complaints"], on="complaint_id", suffixes=("", "_told")
    )
    assert len(returns) == len(tables["returns"])
    assert (returns["order_id"] == returns["order_id_told"]).all()
    assert (returns["returned_on"] > returns["opened_on"]).all()
    refused = tables["deliveries"].groupby("order_id")["rejected_quantity"].sum()
    known = returns["order_id"].map(refused)
    assert (known > 0).sum() > 80
    assert (returns["quantity"] == known)[known > 0].all()
    notes = tables["orders"][tables["orders"]["is_credit"].astype(bool)]["order_id"]
    assert set(returns["credit_id"].dropna()) <= set(notes)
    about = tables["complaints"]
    about = about[about["kind"].isin(["damaged", "wrong goods", "quality"])]
    about = about[about["opened_on"] < truth_end(truth) - END_MARGIN]
    share = about["complaint_id"].isin(returns["complaint_id"]).mean()
    assert within_chance(share, truth["supply"]["returned_share"], len(about))


def truth_end(truth):
    return pd.Timestamp(truth["end"])


def test_the_warehouse_passed_late_orders_on_late(truth, tables, sales):
    goods = (
        tables["handoffs"]
        .query("kind == 'goods'")
        .merge(sales, on="order_id", suffixes=("", "_order"))
    )
    is_late = goods["delivered_on"] > goods["promised_on_order"]
    behind = (goods["handed_on"] > goods["promised_on"]).groupby(is_late).agg(["mean", "size"])
    share = truth["supply"]["late_picking_share"]
    assert within_chance(behind.loc[True, "mean"], share, behind.loc[True, "size"])
    assert behind.loc[False, "mean"] < 0.06


# From outside


def test_statements_add_up(tables):
    made = tables["client_financials"]
    parts = {
        "total_assets_amount": ["fixed_assets_amount", "current_assets_amount"],
        "total_liabilities_amount": ["long_liabilities_amount", "short_liabilities_amount"],
        "sales_amount": ["operating_cost", "sales_profit_amount"],
        "equity_amount": ["share_capital_amount", "retained_earnings_amount"],
        "total_income_amount": ["total_cost", "gross_profit_amount"],
    }
    assert len(made) > 1_500
    for whole, columns in parts.items():
        assert (made[columns].sum(axis=1) - made[whole]).abs().max() == 0, whole
    both = made["equity_amount"] + made["total_liabilities_amount"]
    assert (both == made["total_assets_amount"]).all()


def test_weak_clients_owe_more_earn_less_and_publish_later(truth, tables):
    weakness = pd.DataFrame(
        truth["bureau"]["weakness"], columns=["client_id", "ends_on", "weakness"]
    )
    weakness["ends_on"] = pd.to_datetime(weakness["ends_on"])
    made = tables["client_financials"].merge(weakness, on=["client_id", "ends_on"])
    assert len(made) == len(tables["client_financials"])
    figures = {
        "debt": made["total_liabilities_amount"] / made["total_assets_amount"],
        "profit": -made["net_profit_amount"] / made["sales_amount"],
        "delay": (made["published_on"] - made["ends_on"]).dt.days,
    }
    for name, values in figures.items():
        assert values.corr(made["weakness"], method="spearman") > 0.35, name


def test_bad_payers_statements_are_worse_and_later_than_prompt_payers(tables, hidden):
    made = tables["client_financials"].assign(
        habit=tables["client_financials"]["client_id"].map(hidden["habit"])
    )
    share = made["total_liabilities_amount"] / made["total_assets_amount"]
    delay = (made["published_on"] - made["ends_on"]).dt.days
    for values in (share, delay):
        by_habit = values.groupby(made["habit"]).mean()
        assert by_habit["poor"] > by_habit["slack"] > by_habit["prompt"]


def test_most_bad_payers_had_arrears_before_they_stopped_paying(truth, tables, hidden):
    bad = pd.to_datetime(hidden["unpaid_from"]).dropna()
    arrears = tables["registry_events"].query("kind == 'tax_arrears'")
    lead = (arrears["client_id"].map(bad) - arrears["happened_on"]).dt.days
    warned = set(arrears[lead.between(20, 160)]["client_id"])
    share = np.mean([client in warned for client in bad.index])
    assert len(bad) >= 8
    assert within_chance(share, truth["bureau"]["bad_events"]["tax_arrears"], len(bad))
    good = hidden.index[hidden["habit"] == "prompt"]
    assert np.mean([client in set(arrears["client_id"]) for client in good]) < 0.2


def test_grades_follow_the_weakness_of_the_statement(truth, tables):
    weakness = pd.DataFrame(
        truth["bureau"]["weakness"], columns=["client_id", "ends_on", "weakness"]
    )
    made = tables["client_financials"].assign(
        ends_on=lambda rows: rows["ends_on"].dt.strftime("%Y-%m-%d")
    )
    made = made.merge(weakness, on=["client_id", "ends_on"])
    graded = (
        tables["registry_events"]
        .query("kind == 'grade'")
        .merge(made, left_on=["client_id", "happened_on"], right_on=["client_id", "published_on"])
    )
    means = graded.groupby("grade")["weakness"].mean()
    assert len(graded) > 1_500
    assert means.index.tolist() == list("ABCDE")
    assert means.is_monotonic_increasing


def test_facts_about_rivals_agree_with_their_prices_but_for_the_planted_false_ones(truth, tables):
    facts = tables["competitor_facts"]
    prices = facts.query("kind == 'price'")
    levels = pd.DataFrame(truth["rivals"]["levels"])
    false = {key for (key,) in truth["facts"]["not_true"]}
    cut = truth["rivals"]["price_cut"]
    wrong = set()
    for row in prices.itertuples():
        level = levels.loc[row.family, row.competitor_id]
        is_cut = (row.competitor_id, row.family) == (cut["competitor_id"], cut["family"])
        level += cut["level_change"] * (is_cut and str(row.observed_on.date()) >= cut["from"])
        if abs(100 * (np.exp(level) - 1) - row.figure) > 0.06:
            wrong.add(row.fact_id)
    assert len(prices) > 40
    assert len(false) >= 3
    assert wrong <= false
    sure = facts.groupby(facts["fact_id"].isin(false))["probability"].mean()
    assert sure[False] > sure[True]


def test_the_planted_price_cut_was_news(truth, tables):
    cut = truth["rivals"]["price_cut"]
    news = tables["competitor_facts"].query("kind == 'news'")
    assert list(news["competitor_id"]) == [cut["competitor_id"]]
    assert list(news["family"]) == [cut["family"]]
    assert (news["observed_on"].iloc[0] - pd.Timestamp(cut["from"])).days in range(5)


# Further columns of the tables of trade


def test_only_invoices_that_were_open_by_then_are_reminded_of(tables):
    reminded = tables["invoices"].dropna(subset=["reminded_on"])
    paid = tables["payments"].groupby("invoice_id")["paid_on"].max()
    settled = reminded["invoice_id"].map(paid)
    assert len(reminded) > 1_000
    assert (reminded["reminded_on"] > reminded["due_on"]).all()
    assert (
        not (settled < reminded["reminded_on"])
        .where(is_paid_in_full(tables, reminded), False)
        .any()
    )


def is_paid_in_full(tables, invoices):
    paid = tables["payments"].groupby("invoice_id")["amount"].sum()
    return invoices["invoice_id"].map(paid).fillna(0.0) > invoices["amount"] - 0.005


def test_same_article_number_means_the_same_goods(truth, tables):
    matches = pd.DataFrame(truth["rivals"]["matches"])
    offered = tables["competitor_products"].dropna(subset=["ean"])
    ours = tables["products"].set_index("ean")["product_id"]
    shared = offered[offered["ean"].isin(ours.index)].merge(
        matches, on=["competitor_id", "competitor_product_id"]
    )
    assert len(shared) > 60
    assert (shared["ean"].map(ours) == shared["product_id"]).all()
    assert shared["is_true"].all()


def test_slowly_settled_complaints_leave_clients_less_content(tables):
    told = tables["complaints"].dropna(subset=["satisfaction_score", "closed_on"])
    days = (told["closed_on"] - told["opened_on"]).dt.days
    assert len(told) > 200
    assert np.corrcoef(days, told["satisfaction_score"])[0, 1] < -0.4
    assert (told["replied_on"] <= told["closed_on"]).all()
