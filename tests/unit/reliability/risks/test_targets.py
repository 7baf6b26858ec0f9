import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.risks import LossRules, add_targets


def by_month(count, value, at):
    return [value if month in at else 0.0 for month in range(count)]


def outcomes(panels, event, horizon=6, rules=None):
    found = add_targets(panels, rules or LossRules(), horizon_months=horizon)
    return found[event].tolist()


def test_a_window_is_judged_when_it_is_over(draw_panels):
    found = add_targets(draw_panels(months=8), LossRules(), horizon_months=6)
    assert found["outcome_on"].dt.date.astype(str).tolist()[:3] == [
        "2024-07-31", "2024-08-31", "NaT",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("overdue", "defaults"),
    [
        pytest.param(100.0, 0.0, id="just a tenth of what is owed and ordered: not yet"),
        pytest.param(101.0, 1.0, id="over a tenth"),
    ],
)
def test_default_is_over_a_tenth_of_the_exposure_overdue_by_60_days(draw_panels, overdue, defaults):
    panels = draw_panels(
        months=10,
        invoiced_12m_amount=500.0,
        open_amount=600.0,
        open_orders_amount=400.0,
        overdue_60_amount=by_month(10, overdue, [4]),
    )
    assert outcomes(panels, "defaults")[:3] == [defaults] * 3


def test_who_is_in_default_or_was_not_invoiced_is_not_asked(draw_panels):
    owes = {"open_amount": 10.0, "overdue_60_amount": by_month(10, 10.0, [2, 3])}
    found = outcomes(draw_panels(months=10, invoiced_12m_amount=5.0, **owes), "defaults")
    assert found[1] == 1.0
    assert np.isnan(found[2])
    assert found[3:4] != [1.0]
    assert np.isnan(outcomes(draw_panels(months=10, **owes), "defaults")).all()


def test_default_that_comes_and_goes_within_the_window_counts(draw_panels):
    overdue = by_month(9, 50.0, [3])
    panels = draw_panels(
        months=9, invoiced_12m_amount=5.0, open_amount=50.0, overdue_60_amount=overdue
    )
    assert outcomes(panels, "defaults")[0] == 1.0


@pytest.mark.parametrize(
    ("gap", "order_days", "leaves"),
    [
        pytest.param(10.0, 5, 1.0, id="180 days of silence are enough for a quick client"),
        pytest.param(90.0, 5, 0.0, id="a slow client has three of its usual gaps"),
        pytest.param(90.0, 2, 1.0, id="two order days make no rhythm"),
    ],
)
def test_client_leaves_when_it_is_silent_for_half_a_year_or_three_gaps(
    draw_panels, gap, order_days, leaves
):
    panels = draw_panels(
        months=8,
        orders_12m_count=4.0,
        typical_gap_days=gap,
        order_days_count=float(order_days),
        last_ordered_on=pd.Timestamp("2024-01-20"),
    )
    assert outcomes(panels, "leaves")[0] == leaves  # 193 days at the end of July


def test_a_silent_client_is_not_asked_whether_it_leaves(draw_panels):
    panels = draw_panels(
        months=16, orders_12m_count=1.0, last_ordered_on=pd.Timestamp("2024-01-20")
    )
    found = outcomes(panels, "leaves")
    assert found[5] == 1.0
    assert np.isnan(found[6])


def test_cancellations_and_claims_are_growth_of_running_counts(draw_panels):
    grows = [1.0] * 4 + [2.0] * 6
    panels = draw_panels(
        months=10, orders_12m_count=3.0, cancelled_count=grows, complaints_count=[2.0] * 10
    )
    assert outcomes(panels, "cancels")[:4] == [1.0, 1.0, 1.0, 1.0]
    assert outcomes(panels, "claims")[:4] == [0.0] * 4


def test_contribution_counts_what_goods_claims_orders_and_money_cost(draw_panels):
    panels = draw_panels(
        months=8,
        orders_12m_count=10.0,
        revenue_12m_amount=1000.0,
        costed_revenue_12m_amount=500.0,
        margin_12m_amount=50.0,
        complaints_12m_cost=20.0,
        open_amount=100.0,
        overdue_90_amount=30.0,
    )
    assert outcomes(panels, "unprofitable")[:1] == [0.0]  # 100 - 20 - 30
    dear = LossRules(order_cost=5.0, capital_cost_share=0.01)  # less 50 and 1
    assert outcomes(panels, "unprofitable", rules=dear)[:1] == [1.0]


def test_outcomes_of_one_client_say_nothing_of_another(draw_panels):
    panels = draw_panels(months=8, clients=("C-1", "C-2"), orders_12m_count=1.0)
    panels.rows.loc[panels.rows["client_id"] == "C-2", "complaints_count"] = np.arange(8.0)
    found = add_targets(panels, LossRules(), horizon_months=6)["claims"]
    assert found[panels.rows["client_id"] == "C-1"].dropna().tolist() == [0.0, 0.0]
    assert found[panels.rows["client_id"] == "C-2"].dropna().tolist() == [1.0, 1.0]


def test_rules_choose_the_age_and_the_least_amount_of_a_default(draw_panels):
    owes = {"invoiced_12m_amount": 5.0, "open_amount": 100.0,
            "overdue_30_amount": by_month(9, 50.0, [3])}  # fmt: skip
    panels = draw_panels(months=9, **owes)
    assert outcomes(panels, "defaults", rules=LossRules(overdue_days=30))[0] == 1.0
    few = LossRules(overdue_days=30, least_overdue_amount=50.0)
    assert outcomes(panels, "defaults", rules=few)[0] == 0.0
    with pytest.raises(InputError, match="30, 60 and 90 days alone"):
        outcomes(panels, "defaults", rules=LossRules(overdue_days=45))


def test_contribution_is_asked_of_clients_known_for_a_year_at_the_end(draw_panels):
    panels = draw_panels(
        months=8, orders_12m_count=1.0, known_months=[1, 2, 3, 4, 5, 6, 7, 8],
        revenue_12m_amount=10.0, costed_revenue_12m_amount=10.0, margin_12m_amount=-1.0,
    )  # fmt: skip
    assert np.isnan(outcomes(panels, "unprofitable")[:2]).all()
    assert outcomes(panels, "unprofitable", rules=LossRules(contribution_months=7))[0] == 1.0
