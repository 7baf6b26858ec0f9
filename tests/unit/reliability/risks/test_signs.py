import numpy as np
import pandas as pd
import pytest

from clientlib.reliability.risks import SIGNS, build_signs
from clientlib.reliability.risks.signs import steady


def test_every_sign_of_the_catalogue_is_built_once(draw_panels):
    names = [sign.name for sign in SIGNS]
    built = build_signs(draw_panels(months=2))
    assert len({*names}) == len(names)
    assert {*names} < {*built.columns}


def test_share_lies_between_the_clients_own_and_that_of_the_same_month():
    rows = pd.DataFrame(
        {
            "month_end": pd.to_datetime(["2024-01-31"] * 2 + ["2024-02-29"]),
            "late": [4, 0, 9],
            "due": [4, 16, 10],
        }
    )
    found = steady(rows, "late", "due", 5.0)
    assert found.tolist() == pytest.approx([(4 + 1) / 9, 1 / 21, (9 + 4.5) / 15])


def test_share_of_a_client_of_whom_nothing_is_known_is_everybodys():
    rows = pd.DataFrame(
        {"month_end": pd.Timestamp("2024-01-31"), "late": [3, np.nan], "due": [6, np.nan]}
    )
    assert steady(rows, "late", "due", 5.0).tolist() == [0.5, 0.5]


def test_later_months_change_no_earlier_sign(draw_panels):
    random = np.random.default_rng(4)
    due = random.integers(0, 5, 24).cumsum().astype(float)
    columns = {
        "due_count": [*due],
        "late_count": [*(due // 3)],
        "orders_12m_count": [*random.integers(1, 9, 24).astype(float)],
        "typical_gap_days": [*random.uniform(5, 60, 24)],
        "order_days_count": [*np.arange(24.0)],
    }
    whole = draw_panels(clients=("C-1", "C-2"), **columns)
    cut = whole.rows[whole.rows["month_end"] <= "2024-12-31"].reset_index(drop=True)
    earlier = build_signs(type(whole)(cut, whole.clients, pd.Timestamp("2024-12-31")))
    both = build_signs(whole)
    both = both[both["month_end"] <= "2024-12-31"].reset_index(drop=True)
    pd.testing.assert_frame_equal(both, earlier)


def test_who_owes_money_without_usual_invoicing_owes_the_most_months(draw_panels):
    panels = draw_panels(months=1, open_amount=100.0, invoiced_12m_amount=0.0)
    assert build_signs(panels)["debt_months"].tolist() == [60.0]
    panels = draw_panels(months=1, open_amount=100.0, invoiced_12m_amount=1200.0)
    assert build_signs(panels)["debt_months"].tolist() == [1.0]


def test_silence_is_measured_in_gaps_drawn_to_the_median(draw_panels):
    panels = draw_panels(
        months=1,
        clients=("C-1", "C-2", "C-3"),
        last_ordered_on=pd.Timestamp("2024-01-01"),
        typical_gap_days=10.0,
    )
    panels.rows["order_days_count"] = [3.0, 3.0, 0.0]
    panels.rows["typical_gap_days"] = [10.0, 40.0, np.nan]
    gaps = build_signs(panels)["usual_gap_days"]
    assert gaps.tolist() == pytest.approx([np.sqrt(10 * 20), np.sqrt(40 * 20), 20.0])
