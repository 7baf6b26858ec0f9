"""Contacts, terms, programmes and offers agree with the trade, as planted."""

import numpy as np
import pandas as pd
import pytest
from chance import within_chance

FOREVER = pd.Timestamp("2200-01-01")


# Who


def test_every_order_and_deal_names_the_manager_who_held_the_client_that_day(tables):
    held = tables["assignments"].assign(ends_on=tables["assignments"]["ends_on"].fillna(FOREVER))
    for table, day in (("orders", "ordered_on"), ("deals", "opened_on")):
        rows = tables[table].dropna(subset=["manager_id"])
        joined = rows.merge(held, on="client_id", suffixes=("", "_held"))
        joined = joined[joined[day].between(joined["starts_on"], joined["ends_on"])]
        assert len(joined) == len(rows)
        assert (joined["manager_id"] == joined["manager_id_held"]).all()


def test_assignments_of_a_client_follow_one_another_up_to_the_manager_of_now(tables):
    held = tables["assignments"].sort_values(["client_id", "starts_on"])
    following = held.groupby("client_id")["starts_on"].shift(-1)
    ended = held.dropna(subset=["ends_on"])
    assert len(ended) > 100
    assert (following[ended.index] == ended["ends_on"] + pd.Timedelta(days=1)).all()
    last = held[held["ends_on"].isna()].set_index("client_id")["manager_id"]
    now = tables["clients"].set_index("client_id")["manager_id"]
    assert last.sort_index().equals(now.sort_index().rename("manager_id"))


def test_referrals_are_those_that_the_clients_cards_name(tables, first_entry):
    cards = tables["clients"].dropna(subset=["referred_by_id"])
    named = cards[~cards["client_id"].isin(first_entry)].set_index("client_id")["referred_by_id"]
    told = tables["referrals"].set_index("client_id")["referred_by_id"]
    assert len(told) > 80
    assert told.sort_index().equals(named.sort_index())


def test_referral_by_clause_names_a_clause_of_the_referrer_signed_before(tables):
    used = (
        tables["referrals"]
        .dropna(subset=["contract_id"])
        .merge(tables["contracts"], on="contract_id")
    )
    assert len(used) > 5
    assert used["has_referral_clause"].all()
    assert (used["referred_by_id"] == used["client_id_y"]).all()
    assert (used["signed_on"] <= used["referred_on"]).all()


# Terms


def test_days_to_pay_of_a_contract_are_those_of_the_clients_invoices(tables, first_entry):
    invoices = tables["invoices"].query("amount > 0")
    days = (invoices["due_on"] - invoices["issued_on"]).dt.days
    of_client = days.groupby(invoices["client_id"].replace(first_entry)).agg(["min", "max"])
    contracts = tables["contracts"].join(of_client, on="client_id").dropna(subset=["min"])
    assert len(contracts) > 500
    assert (contracts["payment_days"] == contracts["min"]).all()
    assert (contracts["payment_days"] == contracts["max"]).all()


def test_a_renewal_follows_the_contract_that_it_renews(tables):
    contracts = tables["contracts"]
    pairs = contracts.merge(
        contracts, left_on="renews_id", right_on="contract_id", suffixes=("", "_before")
    )
    assert len(pairs) > 300
    assert (pairs["client_id"] == pairs["client_id_before"]).all()
    assert (pairs["starts_on"] == pairs["ends_on_before"] + pd.Timedelta(days=1)).all()


def test_clients_that_refer_others_have_the_clause_more_often(truth, tables):
    firsts = tables["contracts"].drop_duplicates("client_id").set_index("client_id")
    refers = firsts.index.isin(tables["referrals"]["referred_by_id"])
    shares = firsts["has_referral_clause"].astype(bool).groupby(refers).agg(["mean", "size"])
    terms = truth["terms"]
    for flag, share in ((False, terms["clause_share"]), (True, terms["clause_share_of_referrers"])):
        assert within_chance(shares.loc[flag, "mean"], share, shares.loc[flag, "size"])


def test_clients_keep_their_promises_as_they_pay(tables, hidden):
    owed = tables["obligations"].query("owed_by == 'client'").dropna(subset=["done_on"])
    late = (owed["done_on"] > owed["due_on"]).groupby(owed["client_id"].map(hidden["habit"])).mean()
    assert late["poor"] > late["usual"] + 0.2 > late["prompt"] + 0.3


def test_a_slow_carrier_is_slow_in_obligations_and_in_deliveries(tables, sales):
    owed = tables["obligations"].query("owed_by == 'partner'").dropna(subset=["done_on"])
    by_party = (owed["done_on"] > owed["due_on"]).groupby(owed["party"]).mean()
    carrier = tables["deliveries"].drop_duplicates("order_id").set_index("order_id")["carrier"]
    served = sales.dropna(subset=["delivered_on"])
    is_late = served["delivered_on"] > served["promised_on"]
    by_carrier = is_late.groupby(served["order_id"].map(carrier)).mean()
    slow = by_carrier.idxmax()
    assert by_party.idxmax() == slow == "Žvirlas Trans"
    assert by_carrier[slow] > 1.6 * by_carrier["own vans"]
    assert abs(by_party[slow] - by_carrier[slow]) < 0.04


def test_prices_agreed_with_a_client_are_those_that_it_pays(tables, sales):
    lines = tables["order_lines"].merge(sales[["order_id", "client_id", "ordered_on", "deal_id"]])
    lines = lines[lines["deal_id"].isna()]
    agreed = tables["client_prices"].merge(lines, on=["client_id", "product_id"])
    agreed = agreed[agreed["ordered_on"].between(agreed["starts_on"], agreed["ends_on"])]
    ratio = agreed["unit_price"] * (1 - agreed["discount_share"]) / agreed["price"]
    assert len(agreed) > 5_000
    assert ratio.median() == pytest.approx(1.0, abs=0.005)
    assert (ratio - 1).abs().quantile(0.9) < 0.04


def test_discounts_beyond_a_managers_limit_without_the_head_are_the_planted_ones(truth, tables):
    listed = tables["price_list"].rename(columns={"starts_on": "listed_on"})
    prices = tables["client_prices"].merge(listed[["product_id", "listed_on", "list_price"]])
    prices = prices[prices["listed_on"] <= prices["starts_on"]].sort_values("listed_on")
    prices = prices.drop_duplicates(["client_id", "product_id", "starts_on"], keep="last")
    limits = tables["approval_limits"].query("kind == 'discount'")
    own = prices.merge(
        limits, left_on="approved_by", right_on="manager_id", suffixes=("", "_limit")
    )
    ends = own["ends_on_limit"].fillna(FOREVER)
    own = own[(own["starts_on"] >= own["starts_on_limit"]) & (own["starts_on"] <= ends)]
    share = 1 - own["price"] / own["list_price"]
    beyond = set(own[share > own["limit_value"] + 0.001]["client_id"])
    assert len(beyond) > 10
    assert beyond == set(truth["terms"]["beyond_authority"])


# Programmes and goals


def test_members_had_bought_enough_in_the_twelve_months_before_but_for_the_planted(
    truth, tables, sales
):
    members = tables["programme_members"].merge(
        tables["programmes"][["programme_id", "minimum_amount"]], on="programme_id"
    )
    joined = members.merge(sales[["client_id", "ordered_on", "net_amount"]], on="client_id")
    age = (joined["joined_on"] - joined["ordered_on"]).dt.days
    keys = ["programme_id", "client_id"]
    spent = joined[age.between(1, 365)].groupby(keys)["net_amount"].sum()
    members = members.set_index(keys)
    short = members.index[spent.reindex(members.index) < members["minimum_amount"] - 0.01]
    assert len(members) > 300
    assert {tuple(key) for key in truth["programmes"]["not_eligible"]} == set(short)


def test_rewards_are_the_share_of_what_members_bought_since_they_joined(tables, sales):
    programmes = tables["programmes"].rename(columns={"ends_on": "closes_on"})
    members = tables["programme_members"].merge(
        programmes[["programme_id", "closes_on", "reward_share"]], on="programme_id"
    )
    bought = members.merge(sales[["client_id", "ordered_on", "net_amount"]], on="client_id")
    bought = bought[bought["ordered_on"].between(bought["joined_on"], bought["closes_on"])]
    keys = ["programme_id", "client_id"]
    sums = bought.groupby(keys)["net_amount"].sum().reindex(pd.MultiIndex.from_frame(members[keys]))
    expected = sums.fillna(0.0).to_numpy() * members["reward_share"]
    assert (members["reward_amount"] - expected).abs().max() < 0.011


def test_goals_lie_around_what_was_reached(truth, tables, sales):
    goals = tables["targets"].query("measure == 'revenue'").dropna(subset=["manager_id"])
    quarter = sales["ordered_on"].dt.to_period("Q")
    real = sales.groupby(["manager_id", quarter])["net_amount"].sum()
    keys = pd.MultiIndex.from_arrays([goals["manager_id"], goals["starts_on"].dt.to_period("Q")])
    ratio = np.log(goals["target_value"].to_numpy() / real.reindex(keys).to_numpy())
    assert len(goals) == 6 * 12
    assert ratio.mean() == pytest.approx(truth["targets"]["stretch"], abs=0.03)
    assert ratio.std() == pytest.approx(truth["targets"]["spread"], abs=0.025)
    assert (goals["set_on"] < goals["starts_on"]).all()


# Offers


def test_quotes_come_before_the_orders_of_their_deal_and_within_it(tables):
    quotes = tables["quotes"].merge(tables["deals"][["deal_id", "opened_on", "closed_on"]])
    assert len(quotes) == len(tables["quotes"]) > 2_000
    assert (quotes["sent_on"] >= quotes["opened_on"]).all()
    assert not (quotes["sent_on"] > quotes["closed_on"]).any()
    first = tables["orders"].groupby("deal_id")["ordered_on"].min()
    ordered = quotes["deal_id"].map(first)
    assert ordered.notna().sum() > 500
    assert not (quotes["sent_on"] >= ordered).any()


def test_discounts_rise_from_revision_to_revision_by_the_planted_step(truth, tables):
    quotes = tables["quotes"].sort_values("revision_no")
    steps = quotes.groupby(["quote_id", "line_no"])["discount_share"].diff().dropna()
    assert len(steps) > 500
    assert steps.mean() == pytest.approx(truth["offers"]["revision_step"], abs=0.002)


def test_a_won_quote_is_accepted_at_about_what_its_orders_cost(tables):
    accepted = tables["quotes"].query("outcome == 'accepted' and line_no == 1")
    orders = tables["orders"].dropna(subset=["deal_id"])[["order_id", "deal_id"]]
    lines = tables["order_lines"].merge(orders, on="order_id")
    both = accepted.merge(lines, on=["deal_id", "product_id"], suffixes=("", "_ordered"))
    assert len(both) > 300
    gap = both["discount_share_ordered"] - both["discount_share"]
    assert gap.median() == pytest.approx(0.0, abs=0.005)


def test_lost_deals_ended_further_apart_than_won_ones(truth, tables):
    last = tables["quotes"].dropna(subset=["asked_price"])
    gap = 1 - last["asked_price"] / last["price"]
    means = gap.groupby(last["outcome"]).mean()
    assert means["accepted"] == pytest.approx(truth["offers"]["gap_won"], abs=0.004)
    refused = last.merge(
        tables["deals"][["deal_id", "outcome"]], on="deal_id", suffixes=("", "_deal")
    )
    refused = refused[refused["outcome_deal"] == "lost"].query("outcome == 'refused'")
    lost = (1 - refused["asked_price"] / refused["price"]).mean()
    assert lost == pytest.approx(truth["offers"]["gap_lost"], abs=0.006)


def test_needs_are_met_by_a_later_order_or_by_the_rival_who_won(truth, tables):
    needs = tables["needs"]
    by_us = needs.dropna(subset=["order_id"]).merge(tables["orders"], on="order_id")
    lines = tables["order_lines"].merge(
        tables["products"][["product_id", "family"]], on="product_id"
    )
    bought = set(zip(lines["order_id"], lines["family"], strict=True))
    assert len(by_us) > 400
    assert (by_us["stated_on"] <= by_us["ordered_on"]).all()
    assert set(zip(by_us["order_id"], by_us["family"], strict=True)) <= bought
    by_rival = needs.dropna(subset=["competitor_id"])
    lost = tables["deals"].dropna(subset=["lost_to_id"])
    named = set(zip(lost["client_id"], lost["lost_to_id"], lost["closed_on"], strict=True))
    found = zip(by_rival["client_id"], by_rival["competitor_id"], by_rival["met_on"], strict=True)
    assert len(by_rival) > 200
    assert set(found) <= named
    assert needs["met_on"].isna().sum() >= truth["offers"]["needs_met_by"]["nobody"]
