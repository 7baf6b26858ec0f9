"""From the messy exports alone, through warehouse and models, back to what was planted."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from clientlib import competitors, reliability, segments

LAST_DAY = "2025-12-31"
EARLIER_DAY = "2025-06-30"


def test_every_planted_fault_is_found_and_every_good_row_loaded(recovered):
    tables = pd.DataFrame([vars(count) for count in recovered.counts]).groupby("table").sum()
    for name, mess in recovered.truth["mess"].items():
        found = tables.loc[name]
        assert (found["new_count"], found["same_count"], found["quarantined_count"]) == (
            mess["good"],
            mess["same"],
            mess["quarantined"],
        ), name


def test_clients_entered_twice_are_found_and_no_others(recovered):
    merged = recovered.warehouse.read("marts.client_ids")
    found = {frozenset(pair) for pair in merged[["source_client_id", "client_id"]].to_numpy()}
    twins = {frozenset((twin["client_id"], twin["twin_id"])) for twin in recovered.truth["twins"]}
    assert len(twins) == 6
    assert found == twins


def test_client_entered_twice_has_the_business_of_both_entries(recovered):
    panel = recovered.warehouse.read("marts.client_orders", as_of=LAST_DAY)
    orders = panel[panel["month_end"] == LAST_DAY].set_index("client_id")
    placed = orders["orders_count"] + orders["cancelled_count"]
    per_entry = recovered.warehouse.query(
        """select client_id, count(*) as orders_count from staging.orders
        where not coalesce(is_credit, false) group by client_id"""
    ).set_index("client_id")["orders_count"]
    for twin in recovered.truth["twins"]:
        both = per_entry[twin["client_id"]] + per_entry[twin["twin_id"]]
        assert placed.reindex([twin["client_id"], twin["twin_id"]]).sum() == both
        assert per_entry[twin["twin_id"]] == twin["orders_count"]


def test_payment_habits_are_ranked_as_they_were_planted(recovered):
    panel = recovered.warehouse.read("marts.client_punctuality", as_of=LAST_DAY)
    now = panel[panel["month_end"] == LAST_DAY].set_index("client_id")
    truth = recovered.clients
    steady = truth.index[truth["worsens_on"].isna()].intersection(now.index[now["due_count"] >= 30])
    assert len(steady) > 150
    rank = spearmanr(truth.loc[steady, "late_probability"], now.loc[steady, "late_share"])
    assert rank.statistic > 0.8


def test_late_probability_is_nearly_as_good_as_knowing_each_habit_that_day(recovered):
    panel = recovered.warehouse.read("marts.client_punctuality", as_of=LAST_DAY)
    seen = panel[panel["month_end"] <= EARLIER_DAY]
    scores = reliability.score_clients(seen, as_of=EARLIER_DAY, horizon_days=90)
    outcome = late_after(panel, EARLIER_DAY, "2025-09-30").join(
        scores.clients.set_index("client_id")["probability_late"].dropna(), how="inner"
    )
    outcome = outcome.join(true_probability(recovered.clients, EARLIER_DAY), how="inner")
    best = weighted_auc(outcome, "true_probability")
    assert weighted_auc(outcome, "probability_late") > best - 0.04


def test_clients_that_dropped_out_are_seen_as_lost_and_others_are_not(recovered):
    panel = recovered.warehouse.read("marts.client_orders", as_of=LAST_DAY)
    states = segments.segment_clients(panel, as_of=LAST_DAY).clients.set_index("client_id")
    truth = recovered.clients
    orders = panel[panel["month_end"] == LAST_DAY].set_index("client_id")["order_days_count"]
    regular = truth.index.intersection(orders.index[orders >= 6])
    left_on = pd.to_datetime(truth.loc[regular, "left_on"])
    long_gone = regular[left_on < pd.Timestamp(LAST_DAY) - pd.Timedelta(days=270)]
    still_here = regular[left_on.isna() & truth.loc[regular, "fades_from"].isna()]
    assert len(long_gone) > 40
    assert (states.loc[long_gone, "life_state"] == "lost").mean() > 0.9
    assert (states.loc[still_here, "life_state"] == "lost").mean() < 0.03


def test_price_levels_of_competitors_lie_within_their_intervals(recovered):
    read = recovered.warehouse.read
    index = competitors.price_index(
        read("marts.price_pairs", as_of=LAST_DAY),
        read("marts.product_months", as_of=LAST_DAY),
        read("marts.products", as_of=LAST_DAY),
        as_of=LAST_DAY,
        rules=competitors.IndexRules(net_prices_only=True),
        seed=1,
    )
    found = index.families[index.families["status"] == "ok"]
    true = np.array([100 * np.exp(true_level(recovered.truth, row)) for row in found.itertuples()])
    assert len(found) > 25
    assert np.mean(np.abs(found["price_index"] - true)) < 3.0
    inside = (found["price_index_low"] <= true) & (true <= found["price_index_high"])
    assert inside.mean() > 0.8


def test_we_win_least_against_the_strongest_competitor(recovered):
    rivals = recovered.warehouse.read("marts.deal_rivals", as_of=LAST_DAY)
    rates = competitors.win_rates(rivals, as_of=LAST_DAY, within_days=1200).rates
    strength = pd.Series(recovered.truth["rivals"]["strengths"])
    wins = rates.set_index("competitor_id")["win_share"]
    # A strength is the log odds that the competitor's presence adds to our winning.
    assert wins.sort_values().index.tolist() == strength.sort_values().index.tolist()


def test_revenue_of_clients_balances_with_the_lines(recovered):
    total = recovered.warehouse.query("select sum(revenue_amount) as total from marts.line_facts")
    assert total["total"][0] == pytest.approx(sum_up(recovered, "client_orders", "revenue_amount"))


@pytest.mark.parametrize("day", [EARLIER_DAY, LAST_DAY])
def test_a_year_of_revenue_is_the_same_by_client_and_by_product(recovered, day):
    by_client = sum_up(recovered, "client_orders", "revenue_12m_amount", day)
    by_product = sum_up(recovered, "product_months", "revenue_12m_amount", day)
    assert by_client == pytest.approx(by_product, abs=0.005)
    assert by_client > 1e6


def sum_up(recovered, panel: str, column: str, day: str = LAST_DAY) -> float:
    rows = recovered.warehouse.read(f"marts.{panel}", as_of=day)
    return rows.loc[rows["month_end"] == day, column].sum()


def late_after(panel: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Invoices that fell due between two month ends, and how many of them were late."""
    columns = ["due_count", "late_count"]
    ends = panel[panel["month_end"] == end].set_index("client_id")[columns]
    starts = panel[panel["month_end"] == start].set_index("client_id")[columns]
    window = (ends - starts).dropna()
    return window[window["due_count"] > 0]


def true_probability(clients: pd.DataFrame, day: str) -> pd.Series:
    worse = pd.to_datetime(clients["worsens_on"]) <= pd.Timestamp(day)
    after = clients["late_probability_after"].astype(float)
    return clients["late_probability"].where(~worse, after).rename("true_probability")


def weighted_auc(outcome: pd.DataFrame, score: str) -> float:
    late, prompt = outcome["late_count"], outcome["due_count"] - outcome["late_count"]
    return roc_auc_score(
        np.repeat([1, 0], len(outcome)),
        np.tile(outcome[score], 2),
        sample_weight=np.concatenate([late.clip(lower=0), prompt.clip(lower=0)]),
    )


def true_level(truth: dict, row: object) -> float:
    cut = truth["rivals"]["price_cut"]
    level = truth["rivals"]["levels"][row.competitor_id][row.family]
    is_cut = (cut["competitor_id"], cut["family"]) == (row.competitor_id, row.family)
    return level + cut["level_change"] * is_cut
