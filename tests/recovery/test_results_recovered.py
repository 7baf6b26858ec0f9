"""The bridge, the plan and the pipeline of the sample company, held against what was planted."""

import numpy as np
import pandas as pd
import pytest

from clientlib import deals, results

LAST_DAY = "2025-12-31"


@pytest.fixture(scope="module")
def lines(recovered) -> pd.DataFrame:
    read = recovered.warehouse.read
    return results.join_parts(
        read("marts.client_product_months", as_of=LAST_DAY), read("marts.products"),
        read("marts.clients"), as_of=LAST_DAY, assignments=read("staging.assignments"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def bridge(recovered, lines) -> results.RevenueBridge:
    ends = recovered.warehouse.read("marts.month_ends", as_of=LAST_DAY)
    return results.bridge_revenue(lines, ends, as_of=LAST_DAY, currency="EUR")


def test_price_effect_is_the_rise_of_list_prices_that_was_planted(recovered, bridge):
    """Discounts stay as they are from year to year, so that prices rise as the lists do."""
    lists = recovered.warehouse.query(
        "select product_id, year(starts_on) as year, list_price from staging.price_list"
    ).pivot_table(index="product_id", columns="year", values="list_price", aggfunc="last")
    rise = np.log(lists[2025] / lists[2024])
    pairs = bridge.lines.query("quantity_before > 0 and quantity_after > 0")
    middle = (pairs["sold_amount_before"] + pairs["sold_amount_after"]) / 2
    planted = np.average(rise.reindex(pairs["product_id"]), weights=middle)
    assert len(pairs) > 2000
    assert planted > 0.02
    assert pairs["price"].sum() / middle.sum() == pytest.approx(planted, abs=0.003)
    assert bridge.effect("price") == pytest.approx(pairs["price"].sum())


def test_clients_that_had_left_are_the_lost_ones_and_none_that_stays_is_steadily_lost(
    recovered, bridge
):
    truth = recovered.clients
    left_on = pd.to_datetime(truth["left_on"])
    change = bridge.lines.groupby("client_id")[["before_amount", "lost_clients"]].sum()
    bought = change[change["before_amount"] > 0]
    gone = truth.index[left_on < bridge.after.first_on].intersection(bought.index)
    stays = truth.index[left_on.isna() & truth["fades_from"].isna()].intersection(bought.index)
    assert len(gone) > 20
    assert (bought.loc[gone, "lost_clients"] < 0).all()
    lost_revenue = (
        -bought.loc[stays, "lost_clients"].sum() / bought.loc[stays, "before_amount"].sum()
    )
    assert lost_revenue < 0.1


def test_products_launched_and_ended_are_the_only_ones_that_are_new_or_dropped(recovered, bridge):
    products = recovered.warehouse.read("marts.products").set_index("product_id")
    new = bridge.lines.loc[bridge.lines["new_products"] > 0, "product_id"].unique()
    dropped = bridge.lines.loc[bridge.lines["dropped_products"] < 0, "product_id"].unique()
    assert min(len(new), len(dropped)) > 0
    assert (products.loc[new, "launched_on"] >= bridge.before.first_on).all()
    assert (products.loc[dropped, "ended_on"] <= bridge.after.last_on).all()


def test_bridge_and_months_and_panel_of_clients_say_the_same_revenue(recovered, lines, bridge):
    read = recovered.warehouse.read
    result = results.measure_result(
        read("marts.client_day_sales", as_of=LAST_DAY),
        read("marts.month_ends", as_of=LAST_DAY), as_of=LAST_DAY,
    )  # fmt: skip
    year = result.period("last 12 months")
    panel = read("marts.client_orders", as_of=LAST_DAY)
    now = panel[panel["month_end"] == LAST_DAY]
    nobody = lines[(lines["client_id"] == "") & (lines["order_month"] > "2024-12-31")]
    total = now["revenue_12m_amount"].sum() + nobody["revenue_amount"].sum()
    assert year["revenue_amount"] == pytest.approx(total)
    assert bridge.after_amount == pytest.approx(total)
    assert bridge.before_amount == pytest.approx(year["revenue_previous_amount"])


def test_goals_lie_as_far_above_the_result_as_they_were_set(recovered, lines):
    """Goals were drawn four per cent above what came, whatever a manager then lost in credits."""
    targets = recovered.warehouse.read("marts.target_months", as_of=LAST_DAY)
    plan = results.read_plan(targets, lines, as_of=LAST_DAY)
    history = results.measure_result(
        recovered.warehouse.read("marts.client_day_sales", as_of=LAST_DAY),
        recovered.warehouse.read("marts.month_ends", as_of=LAST_DAY), as_of=LAST_DAY, plan=plan,
    ).history  # fmt: skip
    period = results.whole_months(history, 36)
    ratio = plan.amount(period) / lines["revenue_amount"].sum()
    assert plan.grain == "manager_id"
    assert 1.0 < ratio < 1.12


def test_pipeline_closes_with_the_deals_that_are_open(recovered):
    versions = recovered.warehouse.read("marts.deal_states", as_of=LAST_DAY)
    found = deals.bridge_pipeline(versions, deals.PipelineDays.around(LAST_DAY))
    current = recovered.warehouse.query(
        "select sum(amount) as amount from staging.deals where outcome = 'open'"
    )
    won = recovered.warehouse.query(
        "select sum(amount) as amount from staging.deals where outcome = 'won' "
        "and closed_on > '2025-09-30'"
    )
    amounts = found.steps.set_index("step")["amount"]
    assert found.closing_amount == pytest.approx(current["amount"][0])
    assert -amounts["won"] == pytest.approx(won["amount"][0])
    assert amounts.iloc[:-1].sum() == pytest.approx(amounts.iloc[-1])
