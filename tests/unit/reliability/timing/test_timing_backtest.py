import numpy as np
import pandas as pd
import pytest
from invoice_books import make_histories, read_receivables
from payers import draw_payers

from clientlib.reliability.timing import backtest_timing, fit_rule, join_outcomes, judge_timing


def test_windows_are_foretold_from_what_was_known_before_them(rows, as_of):
    tested = backtest_timing(rows, as_of=as_of)
    assert set(tested.methods["method"]) == {"model", "rule"}
    counts = tested.windows.groupby("method")["invoices_count"].sum()
    assert counts["model"] == counts["rule"] > 200
    assert (tested.windows["starts_on"] <= tested.windows["ends_on"]).all()


def test_rule_of_a_client_is_its_share_drawn_towards_everybodys(rows):
    rule = fit_rule(rows)
    row = rows[rows["settled_count"] == 10].head(1)
    expected = (row["settled_late_count"] + rule.late.weight * rule.late.share) / (
        10 + rule.late.weight
    )
    assert rule.predict(row)["late_0"].tolist() == pytest.approx(expected.tolist())


def test_without_enough_data_the_rule_is_used_and_said_so(as_of):
    few = join_outcomes(*make_histories(draw_payers(20, 120)[0]), as_of)
    tested = backtest_timing(few, as_of=as_of)
    assert tested.chosen == "rule"
    assert tested.note.startswith("Not enough data")


def test_measures_by_hand():
    said = pd.DataFrame(
        {
            "paid_days": [-3.0, 2.0, 20.0, np.nan],
            "open_days": [50.0, 50.0, 50.0, 40.0],
            "late_0": [0.1, 0.4, 0.8, 0.9],
            "late_14": [0.0, 0.1, 0.6, 0.5],
            "median_days": [-2.0, 0.0, 15.0, 30.0],
            "low_days": [-5.0, -4.0, 0.0, 0.0],
            "high_days": [0.0, 1.0, 25.0, 35.0],
        }
    )
    measured = judge_timing(said)
    assert measured["auc"] == 1.0
    assert measured["brier"] == pytest.approx((0.01 + 0.36 + 0.04 + 0.01) / 4)
    assert measured["mae_days"] == pytest.approx((1 + 2 + 5) / 3)
    assert measured["bias_days"] == pytest.approx((1 - 2 - 5) / 3)
    assert measured["coverage"] == 0.5  # the second came after its interval, the open one as well
    assert measured["recall_late_14"] == 1.0


@pytest.fixture(scope="module")
def receivables(shared_data):
    rows = join_outcomes(*make_histories(read_receivables(shared_data)), "2014-02-01")
    quarters = ("2013-01-01", "2013-04-01", "2013-07-01", "2013-10-01")
    return backtest_timing(rows, as_of="2014-02-01", starts=quarters)


@pytest.mark.parametrize(
    ("measure", "least", "most"),
    [
        ("auc", 0.880, 1.0),
        ("brier", 0.0, 0.128),
        ("mae_days", 0.0, 6.0),
        ("coverage", 0.88, 0.92),
        ("width_days", 0.0, 27.0),
        ("recall_late_14", 0.59, 1.0),
    ],
)
def test_known_receivables_are_foretold_as_well_as_promised(receivables, measure, least, most):
    found = receivables.methods.set_index("method")[measure]
    assert least <= found["model"] <= most


def test_model_beats_the_plain_rule_on_known_receivables(receivables):
    assert receivables.chosen == "model"
    assert "smaller errors than the plain rule" in receivables.note
