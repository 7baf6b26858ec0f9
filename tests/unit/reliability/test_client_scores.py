import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from clientlib.reliability import score_clients
from clientlib.reliability.scores import BETTER, SCORE_COLUMNS, TOO_LITTLE, WORSE

AS_OF = "2025-06-30"


@pytest.fixture(scope="module")
def scores(panel_and_truth):
    return score_clients(panel_and_truth[0], as_of=AS_OF, seed=2)


def test_each_client_has_one_row_with_its_columns(scores, panel_and_truth):
    assert tuple(scores.clients.columns) == SCORE_COLUMNS
    assert scores.clients["client_id"].is_unique
    assert set(scores.clients["client_id"]) == set(panel_and_truth[1].index)


def test_intervals_hold_the_true_probability_nine_times_in_ten(scores, panel_and_truth):
    rows = scores.clients.dropna(subset="probability_late")
    truth = rows["client_id"].map(panel_and_truth[1])
    held = truth.between(rows["probability_low"], rows["probability_high"])
    assert 0.85 <= held.mean() <= 0.98


def test_grades_are_claimed_only_where_the_interval_says_so(scores):
    rows = scores.clients
    worse, better = rows[rows["grade"] == WORSE], rows[rows["grade"] == BETTER]
    assert (worse["probability_low"] > scores.portfolio_share).all()
    assert (better["probability_high"] < scores.portfolio_share).all()
    assert min(len(worse), len(better)) > 10


def test_money_at_risk_is_what_is_overdue_and_the_rest_by_its_probability(scores):
    row = scores.clients.iloc[0]
    rest = (row["open_amount"] - row["overdue_amount"]) * row["probability_late"]
    assert row["money_at_risk_amount"] == pytest.approx(row["overdue_amount"] + rest)
    assert scores.clients["money_at_risk_amount"].dropna().is_monotonic_decreasing


def test_grades_add_up_to_all_clients_and_all_money(scores):
    assert scores.grades["clients_count"].sum() == len(scores.clients)
    at_risk = scores.grades["money_at_risk_amount"].sum()
    assert at_risk == pytest.approx(scores.money_at_risk_amount)
    assert scores.grades["grade"].tolist()[0] == BETTER


def test_contributions_add_up_to_the_probability(scores):
    shown = scores.clients.dropna(subset="probability_late").set_index("client_id")
    total = scores.contributions.sum(axis=1).reindex(shown.index)
    assert np.abs(total - logit(shown["probability_late"])).max() < 1e-9


def test_reasons_are_sentences_with_the_clients_own_numbers(scores):
    row = scores.clients[scores.clients["grade"] == WORSE].iloc[0]
    assert row["reason_1"].startswith("raises the risk: ")
    assert f"{row['late_count']:.0f} of {row['due_count']:.0f} invoices" in row["reason_1"]


def test_the_watch_list_follows_its_rule(scores):
    assert (scores.watch_list["grade"] == WORSE).all()
    assert (scores.watch_list["open_amount"] > 0).all()
    assert "enters" in scores.watch_rule
    assert "leaves" in scores.watch_rule


def test_rows_after_the_day_of_the_analysis_change_nothing(panel_and_truth, scores):
    panel, _ = panel_and_truth
    poisoned = panel.copy()
    later = poisoned["month_end"] > "2024-12-31"
    poisoned.loc[later, "late_count"] = poisoned.loc[later, "due_count"]
    early = [score_clients(table, as_of="2024-12-31") for table in (panel, poisoned)]
    cut = score_clients(panel[~later.to_numpy()], as_of="2024-12-31")
    pd.testing.assert_frame_equal(early[0].clients, early[1].clients)
    pd.testing.assert_frame_equal(early[0].clients, cut.clients)


def test_the_order_of_rows_and_a_second_run_change_nothing(panel_and_truth, scores):
    again = score_clients(panel_and_truth[0].sample(frac=1, random_state=1), as_of=AS_OF, seed=2)
    pd.testing.assert_frame_equal(scores.clients, again.clients)
    pd.testing.assert_frame_equal(scores.backtest.curve, again.backtest.curve)


def test_fifty_clients_and_one_year_get_the_rule_and_are_told_so(simulate_panel):
    panel, _ = simulate_panel(clients_count=50, months=12, monthly=1.0, seed=9)
    small = score_clients(panel, as_of="2023-12-31")
    assert small.status == TOO_LITTLE
    assert small.note.startswith("Not enough data to test a model")
    assert set(small.clients["method"]) <= {"rule", ""}
    assert small.model is None


def test_an_untested_rule_gets_wider_intervals(simulate_panel, panel_and_truth, scores):
    panel, _ = panel_and_truth
    recent = panel[panel["month_end"] > "2025-01-01"]
    short = score_clients(recent, as_of=AS_OF).clients.set_index("client_id")
    tested = scores.clients.set_index("client_id").reindex(short.index)
    wider = (short["probability_high"] - short["probability_low"]) > (
        tested["probability_high"] - tested["probability_low"]
    )
    assert wider.mean() > 0.95


def test_a_client_with_too_few_invoices_is_shown_without_a_grade(panel_and_truth):
    panel, _ = panel_and_truth
    strict = score_clients(panel, as_of=AS_OF, min_invoices=60)
    thin = strict.clients[strict.clients["due_count"].between(1, 59)]
    assert len(thin) > 0
    assert set(thin["grade"]) == {TOO_LITTLE}
    assert set(thin["method"]) == {"rule"}
    assert thin["probability_late"].notna().all()


def test_unscored_clients_are_kept_with_the_reason(simulate_panel):
    panel, _ = simulate_panel(clients_count=20, months=12)
    counts = panel.columns.drop(["client_id", "month_end"])
    panel.loc[panel["client_id"] == "C-0003", counts] = 0
    clients = pd.DataFrame({"client_id": ["C-0003", "C-0004", "C-9"], "name": ["A", "B", "New"]})
    rows = score_clients(panel, as_of="2023-12-31", clients=clients).clients.set_index("client_id")
    assert rows.loc["C-0003", "unscored_reason"] == "no invoice has fallen due and none is open"
    assert rows.loc["C-9", "unscored_reason"] == "no event of this client was known by this day"
    assert rows.loc["C-9", "name"] == "New"
    assert rows.loc["C-0005", "name"] == "C-0005"
    assert rows["probability_late"].isna().sum() == 2


def test_a_client_with_open_invoices_only_gets_the_portfolios_share(simulate_panel):
    panel, _ = simulate_panel(clients_count=20, months=12)
    counts = panel.columns.drop(["client_id", "month_end", "open_count", "open_amount"])
    panel.loc[panel["client_id"] == "C-0003", counts] = 0
    panel.loc[panel["client_id"] == "C-0003", ["open_count", "open_amount"]] = [2, 500.0]
    scores = score_clients(panel, as_of="2023-12-31")
    row = scores.clients.set_index("client_id").loc["C-0003"]
    assert row["probability_late"] == pytest.approx(scores.portfolio_share)
    assert row["grade"] == TOO_LITTLE


def test_no_invoices_at_all_is_said_and_not_an_error(simulate_panel):
    panel, _ = simulate_panel(clients_count=3, months=3)
    for table in (panel.iloc[:0], panel.assign(due_count=0, late_count=0, open_count=0)):
        empty = score_clients(table, as_of="2023-03-31")
        assert empty.status == TOO_LITTLE
        assert empty.headline.startswith("Not enough data")
        assert tuple(empty.clients.columns) == SCORE_COLUMNS
