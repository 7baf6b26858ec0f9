"""Scores and back-test say the same numbers in every language."""

import pandas as pd
import pytest
from told import assert_told_the_same

from clientlib.language import Kept, retell, speaking
from clientlib.reliability import score_clients

AS_OF = "2025-06-30"


@pytest.fixture(scope="module")
def scores(panel_and_truth):
    return score_clients(panel_and_truth[0], as_of=AS_OF, seed=1)


def test_scores_with_their_reasons(simulate_panel):
    panel, _ = simulate_panel(clients_count=60, months=20)
    assert_told_the_same(lambda: score_clients(panel, as_of=AS_OF, seed=1), least=60)


def test_too_little_to_score(simulate_panel):
    panel, _ = simulate_panel(clients_count=3, months=2)
    assert_told_the_same(lambda: score_clients(panel, as_of=AS_OF), least=4)
    assert_told_the_same(lambda: score_clients(panel.head(0), as_of=AS_OF), least=4)


def test_reasons_are_issued_in_english_and_told_again_in_lithuanian(scores):
    reason = scores.clients["reason_1"].iloc[0]
    assert isinstance(reason, Kept)
    assert reason.startswith(("raises the risk: ", "lowers the risk: "))
    with speaking("lt"):
        assert retell(reason).startswith(("didina riziką: ", "mažina riziką: "))


def test_issued_tables_are_the_same_whatever_language_is_spoken(panel_and_truth, scores):
    with speaking("lt"):
        again = score_clients(panel_and_truth[0], as_of=AS_OF, seed=1)
    pd.testing.assert_frame_equal(again.clients, scores.clients)


def test_titles_tell_figures_that_stand_in_their_tables(scores):
    (share,) = scores.watch_message.told
    assert share.value == scores.watch_list["probability_late"].iloc[0]
    money = scores.grades["money_at_risk_amount"]
    (part,) = scores.grades_message.told
    assert part.value == pytest.approx(money.max() / money.sum())
    worst = scores.backtest.curve.iloc[-1]
    told = {each.name: each.value for each in scores.backtest.curve_message.told}
    assert told == {"observed": worst["observed_share"], "predicted": worst["predicted_share"]}
