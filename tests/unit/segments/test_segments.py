import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.segments import (
    SegmentRules,
    compare_labellings,
    compare_segments,
    measure_concentration,
    segment_clients,
)
from clientlib.segments.segmentation import CLIENT_COLUMNS, SEGMENT_COLUMNS

AS_OF = "2025-06-30"


@pytest.fixture(scope="module")
def found(orders_panel):
    return segment_clients(orders_panel, as_of=AS_OF)


def test_each_client_has_one_segment_with_an_action_and_an_owner(found, orders_panel):
    assert tuple(found.clients.columns) == CLIENT_COLUMNS
    assert set(found.clients["client_id"]) == set(orders_panel["client_id"])
    assert found.clients["client_id"].is_unique
    assert found.clients[["segment", "action", "owner", "value_tier"]].notna().all().all()


def test_segments_add_up_to_all_clients_and_all_revenue(found):
    assert tuple(found.segments.columns) == SEGMENT_COLUMNS
    assert found.segments["clients_count"].sum() == len(found.clients)
    assert found.segments["revenue_share"].sum() == pytest.approx(1.0)
    revenue = found.clients["revenue_12m_amount"].sum()
    assert found.segments["revenue_12m_amount"].sum() == pytest.approx(revenue)


def test_cuts_are_frozen_at_the_last_year_end_and_carried(found):
    assert found.value_cuts.fitted_on == pd.Timestamp("2024-12-31")
    assert found.rfm_cuts.fitted_on == pd.Timestamp("2024-12-31")
    assert "frozen on 2024-12-31" in found.note


def test_rows_after_the_day_of_the_analysis_change_nothing(orders_panel):
    later = orders_panel["month_end"] > "2024-09-30"
    poisoned = orders_panel.assign(
        revenue_12m_amount=orders_panel["revenue_12m_amount"].mask(later, 1e9)
    )
    tables = [
        segment_clients(panel, as_of="2024-09-30").clients
        for panel in (orders_panel, poisoned, orders_panel[~later])
    ]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    pd.testing.assert_frame_equal(tables[0], tables[2])


def test_the_order_of_rows_changes_nothing(found, orders_panel):
    again = segment_clients(orders_panel.sample(frac=1, random_state=3), as_of=AS_OF)
    pd.testing.assert_frame_equal(found.clients, again.clients)


def test_margins_and_frozen_cuts_keep_tiers_still_from_month_to_month(orders_panel):
    def flips(margin):
        rules = SegmentRules(tier_margin=margin)
        moves = [
            compare_segments(orders_panel, as_of=day, months=1, by="value_tier", rules=rules)
            for day in pd.date_range("2025-02-28", AS_OF, freq="ME")
        ]
        return 1 - np.mean([move.stay_share for move in moves])

    assert flips(0.25) < 0.75 * flips(0.0)
    assert flips(0.25) < 0.05


def test_known_clients_without_orders_are_kept_apart_with_the_reason(orders_panel):
    last = orders_panel[orders_panel["month_end"] == AS_OF].head(1)
    silent = last.assign(
        client_id="C-silent",
        order_days_count=0,
        orders_count=0,
        first_ordered_on=pd.NaT,
        last_ordered_on=pd.NaT,
    )
    clients = pd.DataFrame({"client_id": ["C-0001", "C-new"], "name": ["Alpha", "Beta"]})
    rows = pd.concat([orders_panel, silent])
    found = segment_clients(rows, as_of=AS_OF, clients=clients)
    why = found.unsegmented.set_index("client_id")["reason"].to_dict()
    assert why == {
        "C-new": "no event of this client was known by this day",
        "C-silent": "has never ordered",
    }
    assert found.clients.set_index("client_id").loc["C-0001", "name"] == "Alpha"


def test_clients_judged_by_the_portfolios_gap_are_counted_in_the_note(found):
    without = (~found.clients["has_own_rhythm"]).sum()
    assert without > 0
    assert found.note.startswith(
        f"{without} of {len(found.clients)} clients have not enough orders"
    )


def test_a_panel_without_orders_is_said_and_not_an_error(orders_panel):
    nobody = segment_clients(orders_panel.iloc[:0], as_of=AS_OF)
    assert nobody.note.startswith("Not enough data")
    assert tuple(nobody.clients.columns) == CLIENT_COLUMNS
    assert tuple(nobody.segments.columns) == SEGMENT_COLUMNS
    assert compare_segments(orders_panel.iloc[:0], as_of=AS_OF).note.startswith("Not enough data")
    assert measure_concentration(orders_panel.iloc[:0], as_of=AS_OF).note.startswith("Not enough")
    assert compare_labellings(orders_panel.iloc[:0], as_of=AS_OF).status == "not enough data"


def test_a_missing_column_is_named(orders_panel):
    with pytest.raises(InputError, match="typical_gap_days"):
        segment_clients(orders_panel.drop(columns="typical_gap_days"), as_of=AS_OF)


def test_flows_and_matrices_count_each_client_and_its_money_once(found, orders_panel):
    moved = compare_segments(orders_panel, as_of=AS_OF, months=12)
    assert moved.before_on == pd.Timestamp("2024-06-30")
    assert moved.counts.to_numpy().sum() == len(found.clients) == moved.flows["clients_count"].sum()
    assert moved.amounts.to_numpy().sum() == pytest.approx(
        found.clients["revenue_12m_amount"].sum()
    )
    assert moved.flows["change_amount"].sum() == pytest.approx(
        moved.flows["revenue_after_amount"].sum() - moved.flows["revenue_before_amount"].sum()
    )


def test_labels_of_the_earlier_day_are_those_that_were_given_then(orders_panel):
    moved = compare_segments(orders_panel, as_of=AS_OF, months=12)
    then = segment_clients(orders_panel, as_of="2024-06-30")
    sizes = then.segments.set_index("segment")["clients_count"]
    assert moved.counts.drop(index="(not yet a client)").sum(axis=1).to_dict() == sizes.to_dict()


def test_between_two_days_of_one_year_no_client_is_moved_by_cuts(orders_panel):
    within = compare_segments(orders_panel, as_of=AS_OF, months=3, by="value_tier")
    across = compare_segments(orders_panel, as_of=AS_OF, months=12, by="value_tier")
    assert within.flows["moved_by_cuts_count"].sum() == 0
    assert across.flows["moved_by_cuts_count"].sum() >= 0
    same = across.flows["label_before"] == across.flows["label_after"]
    assert across.flows.loc[same, "moved_by_cuts_count"].sum() == 0


def test_stay_share_new_and_gone_worked_by_hand(make_panel):
    ends = pd.date_range("2023-01-31", periods=24, freq="ME")
    days = {
        "stays": pd.date_range("2023-01-10", "2024-12-20", freq="30D"),
        "leaves": pd.date_range("2023-01-10", "2024-02-20", freq="30D"),
        "comes": pd.date_range("2024-11-01", "2024-12-28", freq="14D"),
    }
    orders = pd.concat(
        pd.DataFrame({"client_id": key, "ordered_on": dates, "amount": 100.0})
        for key, dates in days.items()
    )
    moved = compare_segments(make_panel(orders, ends), as_of="2024-12-31", by="life_state")
    assert (moved.stay_share, moved.new_count, moved.gone_count) == (0.5, 1, 1)
    assert moved.gone_revenue_amount == pytest.approx(1200.0)
    assert moved.counts.loc["active"].to_dict() == {"active": 1, "new": 0, "lost": 1}


def test_concentration_of_three_clients_worked_by_hand(one_client):
    amounts = {"C-1": 60.0, "C-2": 30.0, "C-3": 10.0}
    rows = [one_client(client_id=key, revenue_12m_amount=value) for key, value in amounts.items()]
    found = measure_concentration(pd.concat(rows), as_of=AS_OF, top_n=2)
    assert found.hhi == pytest.approx(0.46)
    assert found.effective_count == pytest.approx(1 / 0.46)
    assert found.top_share == pytest.approx(0.9)
    assert found.largest_share == pytest.approx(0.6)
    assert found.hhi_without_largest == pytest.approx((9 + 1) / 16)
    assert np.isnan(found.margin_at_stake_amount)


def test_equal_clients_are_as_many_as_they_are(one_client):
    rows = pd.concat([one_client(client_id=f"C-{number}") for number in range(8)])
    assert measure_concentration(rows, as_of=AS_OF).effective_count == pytest.approx(8.0)


def test_the_worth_of_labels_is_judged_out_of_time(orders_panel):
    worth = compare_labellings(orders_panel, as_of=AS_OF)
    rows = worth.labellings.set_index("labelling")
    assert worth.status == "ok"
    assert rows["eta_squared"].between(0, 1).all()
    assert (rows["explained_share"] <= rows["eta_squared"] + 1e-9).all()
    assert worth.best == rows["explained_share"].idxmax()
    assert worth.origins["origin_on"].max() == pd.Timestamp("2025-03-31")


def test_life_states_tell_more_than_abc_where_clients_leave(orders_panel):
    worth = compare_labellings(orders_panel, as_of=AS_OF).labellings.set_index("labelling")
    assert worth.loc["segment", "explained_share"] > worth.loc["abc_class", "explained_share"]


def test_a_label_that_says_nothing_explains_nothing(simulate_orders):
    panel = simulate_orders(clients_count=120, months=36, seed=2)
    shuffled = panel.assign(revenue_amount=0.0)
    worth = compare_labellings(shuffled, as_of=AS_OF)
    assert worth.labellings["explained_share"].abs().max() == 0.0
    assert worth.best == ""
    assert "No labelling" in worth.note


def test_a_short_history_cannot_judge_labels(simulate_orders):
    worth = compare_labellings(simulate_orders(clients_count=60, months=14), as_of="2023-08-31")
    assert worth.status == "not enough data"
    assert worth.note.startswith("Not enough data")


def test_without_an_earlier_month_end_nobody_is_said_to_have_come_or_gone(one_client):
    moved = compare_segments(one_client(), as_of=AS_OF)
    assert moved.before_on is None
    assert (moved.new_count, moved.gone_count) == (None, None)


def test_zero_revenue_is_no_share_in_the_headline(orders_panel):
    amounts = [name for name in orders_panel if name.endswith("_amount")]
    found = segment_clients(orders_panel.assign(**dict.fromkeys(amounts, 0.0)), as_of=AS_OF)
    assert "nan" not in found.headline
