from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clientlib.reliability.calibration import weigh_auc
from clientlib.reliability.warning import (
    backtest_warning,
    build_panel,
    fit_silence_model,
    follow_silences,
    read_book,
    score_plain_rules,
)
from clientlib.reliability.warning.hazard import SilenceModel

AS_OF, CUT = "2024-12-21", pd.Timestamp("2023-12-31")


def follow(lines, as_of=AS_OF, until=AS_OF):
    book = read_book(lines, as_of=as_of)
    ends = list(pd.date_range("2023-03-31", until, freq="ME"))
    return follow_silences(build_panel(book, ends), book, as_of=as_of)


@pytest.fixture(scope="module")
def followed(simulated_lines):
    return follow(simulated_lines)


@pytest.fixture(scope="module")
def tested(followed):
    return backtest_warning(followed, trained_on=CUT, as_of=AS_OF)


def test_chances_of_silence_multiply_by_hand(followed, monkeypatch):
    model = fit_silence_model(followed, CUT)
    monkeypatch.setattr(
        SilenceModel, "_chance", lambda self, panel, ahead, booster: np.full(len(panel), 0.5)
    )
    panel = pd.DataFrame({"silence_days": [150.0, 165.0, 180.0], "lost_after_days": 180.0})
    # A chance of one half in each step of 15 days: two steps are left, one, and none.
    assert model.predict(panel).tolist() == pytest.approx([0.25, 0.5, 1.0])
    shorter = replace(model, step_days=10)
    assert shorter.predict(panel).tolist() == pytest.approx([0.125, 0.5**1.5, 1.0])


def test_model_learns_a_constant_chance(followed):
    """Clients who order by pure chance are as likely to order however long they were silent."""
    random = np.random.default_rng(2)
    panel = followed[followed["month_end"] < CUT].copy()
    wait = random.geometric(1 - 0.8 ** (1 / 15), len(panel))
    panel["ordered_next_on"] = panel["month_end"] + pd.to_timedelta(wait, unit="D")
    model = fit_silence_model(panel, CUT + pd.Timedelta(days=200))
    assert model.chance_of_order(panel, 0).mean() == pytest.approx(0.2, abs=0.02)
    assert model.chance_of_order(panel, 60).mean() == pytest.approx(0.2, abs=0.02)


def test_nothing_after_the_cut_reaches_the_model(simulated_lines, followed):
    known = simulated_lines[simulated_lines["counted_on"] <= CUT]
    earlier = follow(known, as_of=CUT, until=CUT)
    models = [fit_silence_model(rows, CUT) for rows in (followed, earlier)]
    assert models[0].rows_count > 1000
    assert models[0].weights.tolist() == models[1].weights.tolist()
    assert models[0].trees == models[1].trees
    assert models[0].features == models[1].features


def test_a_score_is_the_same_alone_and_among_others(followed):
    model = fit_silence_model(followed, CUT)
    panel = followed[followed["month_end"] == followed["month_end"].max()]
    among = model.predict(panel)
    alone = [model.predict(panel.iloc[[place]]).iloc[0] for place in range(0, len(panel), 20)]
    assert len(alone) > 5
    assert among.iloc[::20].tolist() == alone


def test_season_is_used_only_after_two_years(followed):
    assert "season_sin" not in fit_silence_model(followed, CUT).features


def test_too_few_orders_give_no_model(followed):
    assert fit_silence_model(followed.head(20), CUT) is None


def test_model_ranks_losses_better_than_every_plain_rule(tested):
    assert min(tested.lost_count, tested.healthy_count) >= 30
    auc = tested.methods.set_index("method")["auc"]
    assert auc["model"] > auc.drop("model").max()
    gains = tested.methods.set_index("method")["no_sign_auc"]
    assert gains["model"] > gains.drop("model").max()


def test_probabilities_of_loss_are_about_right(tested):
    rows = tested.rows
    assert rows["model"].mean() == pytest.approx(rows["is_lost"].mean(), abs=0.08)


def test_choice_follows_the_bootstrap_and_names_the_rule(tested):
    model = tested.methods.set_index("method").loc["model"]
    assert model["flagged_share_low"] <= model["flagged_share"] <= model["flagged_share_high"]
    gains = tested.methods.set_index("method")["gains_share"].drop("model")
    strict = tested.methods.set_index("method")["is_strict"].drop("model")
    wins = bool((gains[~strict] >= 0.9).all() and (gains[strict] >= 0.1).all())
    assert (tested.chosen == "model") == wins
    assert tested.count.false_alarm_share < 0.35
    assert f"{tested.lost_count:,} lost clients" in tested.note


def test_test_rows_lie_after_the_training_and_their_windows_are_over(tested):
    assert tested.rows["month_end"].min() >= CUT
    assert (tested.rows["declared_on"] <= pd.Timestamp(AS_OF)).all()
    assert tested.rows["is_lost"].notna().all()


def test_few_clients_get_the_plain_rule(followed):
    few = followed[followed["client_id"].isin(followed["client_id"].unique()[:20])]
    found = backtest_warning(few, trained_on=CUT, as_of=AS_OF)
    assert (found.status, found.chosen) == ("not enough data", "gap_ratio")
    assert "Not enough data" in found.note


def test_plain_rules_by_hand(followed):
    rows = followed.head(3).assign(
        silence_days=[10.0, 30.0, 20.0],
        revenue_90d_amount=[0.0, 100.0, 50.0],
        revenue_previous_90d_amount=[100.0, 0.0, 50.0],
        order_days_count=[1.0, 5.0, 1.0],
    )
    scores = score_plain_rules(rows)
    assert scores["recency_rank"].tolist() == pytest.approx([1 / 3, 1.0, 2 / 3])
    assert scores["falling_revenue"].round(1).tolist() == [1.0, -1.0, 0.0]
    assert scores["few_orders"].rank().tolist() == [2.0, 1.0, 3.0]


def test_weighted_auc_counts_a_row_as_often_as_it_weighs():
    score = np.array([1.0, 2.0, 3.0])
    assert weigh_auc(score, np.array([0.0, 2.0, 0.0]), np.array([1.0, 0.0, 1.0])) == 0.5
