import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from clientlib.errors import InputError
from clientlib.reliability.validation import (
    compare_with_development,
    draw_reliability,
    judge_brier,
    judge_classes,
    measure_auc,
    measure_bias,
    measure_ks,
    measure_line,
)
from clientlib.reliability.validation.levels import jeffreys_p_value
from clientlib.reliability.validation.ranking import auc_and_error


def test_auc_and_delongs_error_worked_by_hand():
    rows = pd.DataFrame(
        {"client_id": range(4), "probability": [0.9, 0.4, 0.5, 0.1], "happened": [1, 1, 0, 0]}
    )
    auc, error = auc_and_error(rows)
    # Events beat 2 and 1 of 2 others, others lose to 1 and 2 of 2 events: both 1 and 1/2.
    # Variance of each pair is 1/8, divided by 2 and added: 1/8.
    assert auc == pytest.approx(0.75)
    assert error == pytest.approx(np.sqrt(1 / 8))


def test_auc_agrees_with_the_textbook_also_with_ties(simulated):
    rows = simulated().assign(probability=lambda rows: rows["probability"].round(1))
    found = measure_auc(rows)
    assert found.value == pytest.approx(roc_auc_score(rows["happened"], rows["probability"]))
    assert found.low < found.value < found.high
    assert found.rows_count == found.clients_count == 1000


def test_repeating_a_clients_rows_makes_the_auc_no_surer(simulated):
    rows = simulated(400)
    thrice = pd.concat([rows] * 3)
    once, repeated = measure_auc(rows), measure_auc(thrice)
    assert repeated.value == pytest.approx(once.value)
    assert repeated.high - repeated.low == pytest.approx(once.high - once.low, rel=1e-6)
    as_others = thrice.assign(client_id=range(len(thrice)))
    assert measure_auc(as_others).high - measure_auc(as_others).low < 0.62 * (once.high - once.low)


def test_interval_of_the_auc_holds_the_true_one_in_nine_of_ten_books(simulated):
    true = measure_auc(simulated(200_000, seed=99)).value
    found = [measure_auc(simulated(300, seed=seed)) for seed in range(200)]
    covered = np.mean([figure.low <= true <= figure.high for figure in found])
    assert 0.85 <= covered <= 0.95


def test_a_model_that_ranks_no_more_is_told_from_one_that_does(simulated):
    then, same = simulated(2000, seed=1), simulated(2000, seed=2)
    mixed = same.assign(
        probability=np.random.default_rng(3).permutation(same["probability"].to_numpy())
    )
    assert not compare_with_development(same, then).has_fallen
    fallen = compare_with_development(mixed, then)
    assert fallen.has_fallen
    assert fallen.change == pytest.approx(fallen.now.value - fallen.then.value)
    assert compare_with_development(same.head(25), then).status == "not enough data"


def test_ks_by_hand():
    rows = pd.DataFrame({"client_id": range(80), "happened": [0, 1] * 40})
    score = np.where(rows["happened"] == 1, 0.7, 0.3)
    score[:20] = 0.5
    # Up to 0.3 stand 30 of 40 others and no event.
    assert measure_ks(rows.assign(probability=score)).value == pytest.approx(0.75)


def test_few_events_are_not_enough(simulated):
    rows = simulated(200).assign(happened=[1] * 19 + [0] * 181)
    for figure in (
        measure_auc(rows),
        measure_ks(rows),
        *measure_line(rows),
        judge_brier(rows).brier,
    ):
        assert figure.status == "not enough data"
        assert np.isnan(figure.value)
        assert figure.events_count == 19


def test_brier_of_a_perfect_model_lies_inside_its_band_and_of_a_bold_one_outside(simulated):
    inside = [judge_brier(simulated(800, seed=seed)).is_inside for seed in range(20)]
    assert np.mean(inside) >= 0.85
    bold = judge_brier(simulated(3000, stretch=2.5))
    assert not bold.is_inside
    assert bold.brier.value > bold.perfect_high


def test_noise_floor_by_hand():
    rows = pd.DataFrame(
        {"client_id": range(100), "probability": 0.2, "happened": [1, 0, 0, 0, 0] * 20}
    )
    judged = judge_brier(rows)
    assert judged.perfect == pytest.approx(0.16)
    assert judged.brier.value == pytest.approx(0.16)
    assert judged.base_rate == pytest.approx(0.16)


def test_calibration_line_finds_what_was_done_to_the_probabilities(simulated):
    intercept, slope = measure_line(simulated(20_000, shift=0.5, stretch=2.0))
    # true = (told - 0.5) / 2
    assert slope.value == pytest.approx(0.5, abs=0.02)
    assert intercept.value == pytest.approx(-0.25, abs=0.06)
    assert slope.low < 0.5 < slope.high
    assert slope.high < 1.0


def test_slope_interval_grows_with_the_likeness_of_a_clients_rows(simulated):
    rows = simulated(600)
    widths = [
        figure.high - figure.low
        for figure in (measure_line(rows)[1], measure_line(pd.concat([rows] * 4))[1])
    ]
    assert widths[1] == pytest.approx(widths[0], rel=1e-6)


def test_curve_of_a_perfect_model_stays_in_its_band(simulated):
    curve = draw_reliability(simulated(5000))
    inside = curve["observed_share"].between(curve["band_low"], curve["band_high"])
    assert len(curve) == 10
    assert inside.sum() >= 8
    bold = draw_reliability(simulated(5000, stretch=3.0))
    assert bold["observed_share"].between(bold["band_low"], bold["band_high"]).sum() < 5


def test_jeffreys_by_hand():
    # No event in one case: the beta distribution (1/2, 3/2) at 1/4 is
    # 2/pi * (asin(1/2) + sqrt(3)/4) = 1/3 + sqrt(3)/(2 pi).
    assert jeffreys_p_value(0.25, 0, 1) == pytest.approx(1 / 3 + np.sqrt(3) / (2 * np.pi))


def test_class_with_too_low_a_probability_is_named():
    rows = pd.DataFrame({"client_id": range(200), "probability": [0.05] * 100 + [0.5] * 100})
    rows["happened"] = [1] * 15 + [0] * 85 + [1] * 50 + [0] * 50
    table = judge_classes(rows, [0.1, 0.9])
    assert table["count"].tolist() == [100, 100, 0, 200]
    assert table["is_too_low"].tolist() == [True, False, False, False]
    assert table["status"].tolist() == ["ok", "ok", "not enough data", "ok"]
    assert not table["is_too_high"].any()
    with pytest.raises(InputError, match="rise"):
        judge_classes(rows, [0.9, 0.1])


def test_bias_by_hand():
    rows = pd.DataFrame({"client_id": [1, 2], "probability": [0.4, 0.8], "happened": [0, 1]})
    assert measure_bias(rows) == pytest.approx(0.1)


def test_open_windows_and_scores_out_of_range_are_refused(simulated):
    rows = simulated(50)
    for wrong in (rows.assign(happened=np.nan), rows.assign(probability=1.2)):
        with pytest.raises(InputError, match="from 0 to 1"):
            measure_auc(wrong)
