"""The planted truth can be found again from the exports alone."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def end(export):
    return pd.Timestamp(export.truth["end"])


@pytest.fixture(scope="module")
def clients(export):
    """The truth of each client, twins under the key of the first entry."""
    truth = pd.DataFrame(export.truth["clients"])
    for column in ("active_from", "fades_from", "left_on", "worsens_on", "unpaid_from"):
        truth[column] = pd.to_datetime(truth[column])
    return truth.set_index("client_id")


@pytest.fixture(scope="module")
def first_entry(export):
    return {twin["twin_id"]: twin["client_id"] for twin in export.truth["twins"]}


@pytest.fixture(scope="module")
def orders(tables, first_entry):
    orders = tables["orders"][~tables["orders"]["is_credit"].astype(bool)]
    return orders.assign(client_id=orders["client_id"].replace(first_entry))


@pytest.fixture(scope="module")
def lines(tables, orders):
    lines = tables["order_lines"].merge(orders[["order_id", "client_id", "ordered_on", "status"]])
    net = lines["quantity"] * lines["unit_price"] * (1 - lines["discount_share"])
    return lines.assign(net_amount=net)[lines["status"] != "cancelled"]


@pytest.fixture(scope="module")
def invoices(tables, first_entry, clients, end):
    """Invoices that were due by the end, with the day on which they were settled in full."""
    invoices = tables["invoices"].query("amount > 0").copy()
    payments = tables["payments"].merge(
        tables["invoices"][["invoice_id", "amount"]], "left", "invoice_id", suffixes=("", "_due")
    )
    payments["paid"] = payments.sort_values("paid_on").groupby("invoice_id")["amount"].cumsum()
    full = payments[payments["paid"] > payments["amount_due"] - 0.005]
    invoices["settled_on"] = invoices["invoice_id"].map(full.groupby("invoice_id")["paid_on"].min())
    invoices["client_id"] = invoices["client_id"].replace(first_entry)
    invoices = invoices[invoices["due_on"] < end].join(clients, on="client_id")
    is_late = ~(invoices["settled_on"] <= invoices["due_on"])
    worse = invoices["issued_on"] >= invoices["worsens_on"]
    probability = invoices["late_probability"].where(~worse, invoices["late_probability_after"])
    return invoices.assign(is_late=is_late, probability=probability, is_worse=worse)


def within_chance(observed, probabilities, errors=4.0):
    """Tell whether a share lies within sampling error of the mean of its true chances."""
    spread = np.sqrt((probabilities * (1 - probabilities)).sum()) / len(probabilities)
    return abs(observed - probabilities.mean()) < errors * spread


def test_late_share_of_each_payment_habit_is_recovered(invoices):
    kept = invoices[
        invoices["disputed_on"].isna() & ~(invoices["issued_on"] >= invoices["unpaid_from"])
    ]
    groups = kept.groupby("habit")
    assert len(groups) == 6
    for habit, group in groups:
        assert within_chance(group["is_late"].mean(), group["probability"]), habit


def test_worsening_clients_are_late_more_often_from_their_day_on(invoices):
    worsening = invoices[invoices["habit"] == "worsening"]
    shares = worsening.groupby("is_worse")["is_late"].mean()
    assert shares[False] < 0.2
    assert shares[True] > 0.55


def test_days_late_follow_each_clients_mean(invoices):
    late = invoices[
        invoices["is_late"] & invoices["settled_on"].notna() & invoices["disputed_on"].isna()
    ]
    late = late[late["issued_on"] < late["due_on"].max() - pd.Timedelta(days=200)]
    days = (late["settled_on"] - late["due_on"]).dt.days
    # One day more at least, and days off move payments on by about half a day.
    excess = (days - late["late_days_mean"]).groupby(late["habit"]).agg(["mean", "sem"])
    assert ((excess["mean"] - 1.0).abs() < 3.5 * excess["sem"] + 0.3).all()


def test_bad_payers_leave_their_share_of_invoices_unpaid(invoices, end):
    bad = invoices[
        (invoices["issued_on"] >= invoices["unpaid_from"])
        & (invoices["due_on"] < end - pd.Timedelta(days=200))
    ]
    assert len(bad) > 10
    assert within_chance(bad["settled_on"].isna().mean(), bad["unpaid_share"])
    others = invoices[
        (invoices["due_on"] < end - pd.Timedelta(days=200)) & (invoices["habit"] != "bad")
    ]
    assert others["settled_on"].isna().mean() < 0.001


def test_nobody_orders_after_leaving(orders, clients):
    left_on = orders["client_id"].map(clients["left_on"])
    assert left_on.notna().sum() > 1000
    assert not (orders["ordered_on"] > left_on).any()


def test_orders_of_steady_clients_come_at_their_true_rate(orders, clients, end):
    steady = clients[clients["type"] == "steady"]
    until = steady["left_on"].fillna(end)
    years = (until - steady["active_from"]).dt.days.clip(lower=0) / 365.25
    expected = (steady["orders_per_year"] * years).sum()
    regular = orders[orders["deal_id"].isna()]
    found = regular["client_id"].isin(steady.index).sum()
    assert found == pytest.approx(expected, rel=0.03)


def test_steady_clients_order_more_evenly_than_occasional_ones(orders, clients):
    kind = orders["client_id"].map(clients["type"])
    gaps = (
        orders[orders["deal_id"].isna()]
        .sort_values("ordered_on")
        .groupby("client_id")["ordered_on"]
        .diff()
        .dt.days
    )
    spread = gaps.groupby(orders["client_id"]).std() / gaps.groupby(orders["client_id"]).mean()
    by_type = spread.groupby(clients["type"]).median()
    assert by_type["steady"] < 0.8 < by_type["occasional"]
    assert kind.notna().all()


def test_nobody_orders_or_pays_on_a_day_off(orders, tables):
    holidays = pd.to_datetime(
        ["2023-04-10", "2024-04-01", "2025-04-21", "2024-12-24", "2025-06-24"]
    )
    for days in (orders["ordered_on"], tables["payments"]["paid_on"]):
        assert days.dt.dayofweek.max() == 4
        assert not days.isin(holidays).any()


def test_autumn_sells_more_than_january(orders):
    months = orders.groupby(orders["ordered_on"].dt.month).size()
    assert months[10] > 1.2 * months[1]
    assert months[10] > 1.15 * months[7]


@pytest.fixture(scope="module")
def price_gaps(export, tables, lines):
    """Log ratio of net prices seen at rivals to our mean net price of the same month."""
    month = lines["ordered_on"].dt.to_period("M")
    sums = lines.groupby(["product_id", month])[["net_amount", "quantity"]].sum()
    ours = (sums["net_amount"] / sums["quantity"]).rename("our_price").reset_index()
    matches = pd.DataFrame(export.truth["rivals"]["matches"])
    seen = tables["competitor_prices"].merge(matches, on=["competitor_id", "competitor_product_id"])
    seen = seen[seen["is_net"].eq(True)].assign(month=seen["observed_on"].dt.to_period("M"))
    seen = seen.merge(ours, left_on=["product_id", "month"], right_on=["product_id", "ordered_on"])
    seen = seen.join(tables["products"].set_index("product_id")["family"], on="product_id")
    return seen.assign(gap=np.log(seen["price"] / seen["our_price"]))


def test_price_level_of_each_rival_and_family_is_recovered(export, price_gaps):
    cut = export.truth["rivals"]["price_cut"]
    is_cut = (price_gaps["competitor_id"] == cut["competitor_id"]) & (
        price_gaps["observed_on"] >= cut["from"]
    )
    kept = price_gaps[price_gaps["is_true"] & ~(is_cut & (price_gaps["family"] == cut["family"]))]
    by_product = kept.groupby(["competitor_id", "family", "product_id"])["gap"].mean()
    found = by_product.groupby(["competitor_id", "family"]).agg(["mean", "size"])
    truth = pd.DataFrame(export.truth["rivals"]["levels"]).T.stack()
    error = found["mean"] - truth.reindex(found.index)
    allowed = 4 * export.truth["rivals"]["product_spread"] / np.sqrt(found["size"]) + 0.02
    assert len(found) == 44
    assert (error.abs() < allowed).all()
    assert abs(error.mean()) < 0.015


def test_the_price_cut_of_one_rival_shows_in_its_family(export, price_gaps):
    cut = export.truth["rivals"]["price_cut"]
    rows = price_gaps[
        (price_gaps["competitor_id"] == cut["competitor_id"])
        & (price_gaps["family"] == cut["family"])
        & price_gaps["is_true"]
    ]
    sides = (
        rows.groupby([rows["product_id"], rows["observed_on"] >= cut["from"]])["gap"]
        .mean()
        .unstack()
        .dropna()
    )
    assert len(sides) >= 3
    assert (sides[True] - sides[False]).mean() == pytest.approx(cut["level_change"], abs=0.03)


def test_list_prices_are_dearer_than_net_ones_by_the_planted_discount(export, tables):
    prices = tables["competitor_prices"].dropna(subset=["is_net"])
    keys = [prices["competitor_id"], prices["competitor_product_id"], prices["observed_on"].dt.year]
    means = np.log(prices["price"]).groupby([*keys, prices["is_net"].astype(bool)]).mean().unstack()
    share = 1 - np.exp((means[True] - means[False]).mean())
    assert share == pytest.approx(export.truth["rivals"]["list_discount"], abs=0.015)


def test_probabilities_of_matches_are_calibrated(export, tables):
    truth = pd.DataFrame(export.truth["rivals"]["matches"])
    keys = ["product_id", "competitor_id", "competitor_product_id"]
    judged = tables["product_matches"].merge(truth, on=keys)
    assert len(judged) == len(truth)
    for _, group in judged.groupby(judged["probability"] > 0.9):
        assert within_chance(group["is_true"].mean(), group["probability"])
    assert 0.04 < 1 - judged["is_true"].mean() < 0.16


def test_win_rate_against_each_rival_is_recovered(export, tables):
    deals = tables["deals"].merge(pd.DataFrame(export.truth["deals"]["list"]), on="deal_id")
    decided = deals[deals["outcome"].isin(["won", "lost"])]
    rivals = tables["deal_competitors"].merge(decided, on="deal_id")
    groups = rivals.groupby("competitor_id")
    assert len(groups) == 4
    for rival, group in groups:
        assert within_chance((group["outcome"] == "won").mean(), group["win_probability"]), rival
    shares = (rivals["outcome"] == "won").groupby(rivals["competitor_id"]).mean()
    assert shares["K1"] < shares["K3"]


def test_deals_are_won_more_often_where_rivals_are_dearer(export, tables):
    deals = tables["deals"].merge(pd.DataFrame(export.truth["deals"]["list"]), on="deal_id")
    decided = deals[deals["outcome"].isin(["won", "lost"]) & (deals["price_gap"] != 0)]
    is_dearer = decided["price_gap"] > decided["price_gap"].median()
    shares = (decided["outcome"] == "won").groupby(is_dearer).mean()
    assert shares[True] > shares[False] + 0.05


def test_share_of_deals_without_decision_is_recovered(export, tables):
    closed = tables["deals"][tables["deals"]["outcome"] != "open"]
    share = (closed["outcome"] == "no_decision").mean()
    assert share == pytest.approx(export.truth["deals"]["no_decision_share"], abs=0.035)
    assert (tables["deals"]["outcome"] == "open").sum() > 30


def test_a_lost_deal_names_only_a_rival_that_was_in_it(tables):
    named = tables["deals"].dropna(subset=["lost_to_id"])
    rivals = set(
        zip(
            tables["deal_competitors"]["deal_id"],
            tables["deal_competitors"]["competitor_id"],
            strict=True,
        )
    )
    assert len(named) > 200
    assert set(named["outcome"]) == {"lost"}
    assert set(zip(named["deal_id"], named["lost_to_id"], strict=True)) <= rivals


def test_delivery_lateness_at_home_and_abroad_is_recovered(export, tables, orders, end):
    first = tables["deliveries"].groupby("order_id")["delivered_on"].min()
    served = orders.join(first, on="order_id").dropna(subset=["delivered_on"])
    served = served[served["promised_on"] < end - pd.Timedelta(days=30)]
    service, country = export.truth["service"], tables["clients"].set_index("client_id")["country"]
    is_abroad = served["client_id"].map(country) != "LT"
    is_autumn = served["ordered_on"].dt.month >= 10
    probability = (
        service["late_base"]
        + service["late_abroad"] * is_abroad
        + service["late_autumn"] * is_autumn
    )
    is_late = served["delivered_on"] > served["promised_on"]
    for cell in (
        (is_abroad, is_autumn),
        (is_abroad, ~is_autumn),
        (~is_abroad, is_autumn),
        (~is_abroad, ~is_autumn),
    ):
        rows = cell[0] & cell[1]
        assert within_chance(is_late[rows].mean(), probability[rows])


def test_late_orders_bring_more_complaints(export, tables, orders, end):
    first = tables["deliveries"].groupby("order_id")["delivered_on"].min()
    served = orders.join(first, on="order_id").dropna(subset=["delivered_on"])
    served = served[served["delivered_on"] < end - pd.Timedelta(days=20)]
    complains = served["order_id"].isin(tables["complaints"]["order_id"])
    shares = complains.groupby(served["delivered_on"] > served["promised_on"]).agg(["mean", "size"])
    service = export.truth["service"]
    for is_late, factor in ((False, 1.0), (True, service["complaint_factor_late"])):
        truth = np.full(shares.loc[is_late, "size"], service["complaint_probability"] * factor)
        assert within_chance(shares.loc[is_late, "mean"], truth)


def test_complaints_drive_clients_away_at_the_planted_rate(export, tables, clients, first_entry):
    complaints = tables["complaints"].assign(
        client_id=tables["complaints"]["client_id"].replace(first_entry)
    )
    known = complaints.join(clients[["left_on", "left_because"]], on="client_id")
    soon = (known["left_on"] - known["opened_on"]).dt.days.between(5, 45)
    driven = soon & (known["left_because"] == "complaint")
    assert within_chance(
        driven.mean(), np.full(len(known), export.truth["service"]["leave_probability"])
    )


def test_one_order_in_twenty_is_cancelled_before_delivery(export, tables, orders):
    cancelled = orders[orders["status"] == "cancelled"]
    assert len(cancelled) / len(orders) == pytest.approx(
        export.truth["service"]["cancelled_share"], abs=0.008
    )
    assert cancelled["cancelled_on"].notna().all()
    assert not cancelled["order_id"].isin(tables["deliveries"]["order_id"]).any()
    assert not cancelled["order_id"].isin(tables["invoices"]["order_id"]).any()


def test_open_orders_are_from_the_last_weeks(orders, end):
    open_orders = orders[orders["status"] == "open"]
    assert 20 < len(open_orders) < 500
    assert open_orders["ordered_on"].min() > end - pd.Timedelta(days=60)


def test_invoices_bill_the_lines_with_vat(export, tables):
    lines = tables["order_lines"]
    net = (lines["quantity"] * lines["unit_price"] * (1 - lines["discount_share"])).round(2)
    billed = tables["invoices"].set_index("order_id")["amount"]
    expected = net.groupby(lines["order_id"]).sum().reindex(billed.index) * (
        1 + export.truth["vat_share"]
    )
    assert (billed - expected).abs().max() < 0.011


def test_payments_never_exceed_the_invoice_and_some_come_in_two_parts(tables):
    paid = tables["payments"].groupby("invoice_id")["amount"].agg(["sum", "size"])
    billed = tables["invoices"].set_index("invoice_id")["amount"].reindex(paid.index)
    assert ((paid["sum"] - billed).abs()[billed < 0] < 0.005).all()
    assert (paid["sum"] <= billed + 0.005)[billed > 0].all()
    assert 0.03 < (paid["size"] > 1).mean() < 0.06


def test_credit_notes_take_back_a_part_of_an_order(tables):
    notes = tables["orders"][tables["orders"]["is_credit"].astype(bool)]
    taken = tables["order_lines"][tables["order_lines"]["order_id"].isin(notes["order_id"])]
    assert len(notes) > 50
    assert (taken["quantity"] < 0).all()
    assert set(taken["order_id"]) == set(notes["order_id"])
