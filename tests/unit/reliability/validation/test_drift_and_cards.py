from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.validation import (
    SELECTION_TEXT,
    compare_features,
    compare_with_development,
    describe_selection,
    follow_drift,
    hold_contest,
    judge_slices,
    keep_accepted,
    measure_auc,
    measure_line,
    measure_stability,
    set_expiry,
    write_card,
)


def test_psi_worked_by_hand():
    before, now = (pd.Series(["a"] * n + ["b"] * (1000 - n)) for n in (500, 600))
    found = measure_stability(before, now)
    assert found["psi"] == pytest.approx(0.1 * np.log(1.2) - 0.1 * np.log(0.8))
    # Two bins: chi-square of one degree, 3.841, times 1/1000 + 1/1000.
    assert found["floor"] == pytest.approx(3.841 * 0.002, rel=0.15)
    assert found["level"] == "steady"


@pytest.mark.parametrize(
    ("shift", "level"),
    [
        pytest.param(0.0, "steady", id="the same distribution"),
        pytest.param(0.42, "watch", id="moved by two fifths of its spread"),
        pytest.param(0.8, "alarm", id="moved by four fifths"),
    ],
)
def test_psi_has_two_alarm_levels(shift, level):
    random = np.random.default_rng(1)
    reference, now = (pd.Series(random.normal(mean, 1, 4000)) for mean in (0.0, shift))
    assert measure_stability(reference, now)["level"] == level


def test_few_rows_that_differ_by_chance_raise_no_alarm():
    random = np.random.default_rng(2)
    reference = pd.Series(random.normal(0, 1, 5000))
    found = [measure_stability(reference, pd.Series(random.normal(0, 1, 60))) for _ in range(200)]
    assert np.mean([row["psi"] > 0.10 for row in found]) > 0.5
    assert np.mean([row["level"] == "steady" for row in found]) >= 0.9
    assert measure_stability(reference, reference.head(49))["level"] == "not enough data"


def test_rows_of_one_client_are_one_for_the_floor():
    reference, now = pd.Series(np.arange(1000.0)), pd.Series(np.arange(1000.0) + 80)
    assert measure_stability(reference, now)["level"] == "watch"
    assert measure_stability(reference, now, clients_counts=(40, 40))["level"] == "steady"


def test_unknown_values_and_new_categories_are_drift():
    reference = pd.Series(np.arange(1000.0))
    gone = reference.where(reference > 400)
    assert measure_stability(reference, gone)["level"] == "alarm"
    words = pd.Series(["a", "b"] * 200)
    assert measure_stability(words, words.replace("b", "c"))["level"] == "alarm"


def test_features_are_listed_by_drift():
    random = np.random.default_rng(3)
    before = pd.DataFrame({"calm": random.normal(0, 1, 2000), "moved": random.normal(0, 1, 2000)})
    now = pd.DataFrame({"calm": random.normal(0, 1, 2000), "moved": random.normal(1, 1, 2000)})
    found = compare_features(before, now, ["calm", "moved"])
    assert found["feature"].tolist() == ["moved", "calm"]
    assert found["level"].tolist() == ["alarm", "steady"]
    with pytest.raises(InputError, match="rows of today"):
        compare_features(before, now.drop(columns="calm"), ["calm"])


def test_months_since_training_show_drift_and_what_cannot_be_judged_yet(simulated):
    developed = simulated(1000, seed=1)
    months = [
        simulated(500, seed=2).assign(month_end=pd.Timestamp("2024-01-31")),
        simulated(500, seed=3, shift=1.5).assign(month_end=pd.Timestamp("2024-02-29")),
        simulated(500, seed=4).assign(month_end=pd.Timestamp("2024-03-31"), happened=np.nan),
    ]
    found = follow_drift(developed, pd.concat(months))
    assert found["level"].tolist() == ["steady", "alarm", "steady"]
    assert abs(found.loc[0, "bias"]) < 0.05 < found.loc[1, "bias"]
    assert found["judged_count"].tolist() == [500, 500, 0]
    assert np.isnan(found.loc[2, "auc"])


def contest_panel(rows, noise, seed):
    random = np.random.default_rng(seed)
    log_odds = np.log(rows["probability"] / (1 - rows["probability"]))
    worse = 1 / (1 + np.exp(-(log_odds + random.normal(0, noise, len(rows)))))
    return rows.assign(challenger=rows["probability"], champion=worse)


def test_better_challenger_takes_over_and_an_equal_one_does_not(simulated):
    rows = simulated(1500)
    better = hold_contest(contest_panel(rows, 1.0, 5))
    assert better.decision == "challenger"
    assert "takes over" in better.note
    gains = better.measures.set_index("measure")
    assert (gains["gain_low"] > 0).all()
    brier = ((rows["probability"] - rows["happened"]) ** 2).mean()
    assert gains.loc["brier", "challenger"] == pytest.approx(brier)
    same = hold_contest(rows.assign(champion=rows["probability"], challenger=rows["probability"]))
    assert same.decision == "champion"
    assert same.measures["gain"].tolist() == [0.0, 0.0]


def test_challenger_that_is_worse_or_hardly_tested_leaves_the_champion(simulated):
    panel = contest_panel(simulated(1500), 1.0, 5)
    turned = panel.rename(columns={"champion": "challenger", "challenger": "champion"})
    assert hold_contest(turned).decision == "champion"
    few = hold_contest(panel.head(30))
    assert (few.status, few.decision) == ("not enough data", "champion")


def test_slices_tell_where_the_model_is_off_and_where_nobody_knows(simulated):
    rows = simulated(3000, shift=0.0)
    off = rows["region"] == "south"
    rows.loc[off, "probability"] = rows.loc[off, "probability"] * 0.3
    rows.loc[rows.index[:20], "region"] = None
    found = judge_slices(rows, "region").set_index("slice")
    assert found.index.tolist() == ["north", "south", "unknown"]
    assert found["is_off"].tolist() == [False, True, False]
    assert found["status"].tolist() == ["ok", "ok", "not enough data"]
    assert found["count"].sum() == 3000
    assert np.isnan(found.loc["unknown", "auc"])


def test_hidden_or_false_labels_of_refused_rows_change_nothing(simulated):
    rows = simulated(2000).assign(is_accepted=lambda rows: rows["probability"] < 0.5)
    hidden = rows.assign(happened=rows["happened"].where(rows["is_accepted"]))
    false = rows.assign(happened=rows["happened"].where(rows["is_accepted"], 1))
    figures = [
        (measure_auc(keep_accepted(table)), measure_line(keep_accepted(table)))
        for table in (rows, hidden, false)
    ]
    assert figures[0] == figures[1] == figures[2]
    assert figures[0][0].rows_count == rows["is_accepted"].sum() < 2000
    assert measure_auc(rows).value > figures[0][0].value + 0.05  # what acceptance hides


def test_selection_tells_how_far_refused_clients_lie(simulated):
    rows = simulated(2000).assign(is_accepted=lambda rows: rows["probability"] < 0.5)
    found = describe_selection(rows.drop(columns="happened"))
    assert found.accepted_count + found.refused_count == 2000
    assert found.beyond_share == 1.0
    assert found.psi > 0.25
    assert found.note == SELECTION_TEXT
    assert np.isnan(describe_selection(rows[rows["is_accepted"]]).beyond_share)


def card(simulated, expiry):
    return write_card(
        {"name": "silence", "purpose": "whom to call", "owner": "M-1", "data": "orders"},
        {"as_of": "2024-06-30", "rows_count": 1000, "events_count": 90, "features": ("a", "b")},
        [measure_auc(simulated(500)), measure_auc(simulated(30))],
        expiry,
        limits=["clients of one order"],
    )


def test_card_is_complete_frozen_and_expires(simulated):
    found = card(simulated, set_expiry("2024-06-30", "2024-12-31"))
    assert found.is_valid("2025-06-30")
    assert not found.is_valid("2025-07-01")
    table = found.to_table().set_index("entry")["value"]
    assert table["trained on"] == "1\u202f000\u00a0rows, 90\u00a0events"
    assert table["ranking (AUC)"].iloc[1].startswith("not enough data")
    assert table["limit"].tolist() == [SELECTION_TEXT, "clients of one order"]
    with pytest.raises(FrozenInstanceError):
        found.owner = "nobody"


def test_card_without_an_owner_is_refused(simulated):
    with pytest.raises(InputError, match="complete"):
        write_card(
            {"name": "silence", "purpose": "whom to call", "owner": " ", "data": "orders"},
            {"as_of": "2024-06-30", "rows_count": 1, "events_count": 1, "features": ()},
            [measure_auc(simulated(100))],
            set_expiry("2024-06-30", "2024-12-31"),
        )


def test_alarm_ends_a_models_life_on_the_day_of_the_check(simulated):
    calm = set_expiry("2024-06-30", "2024-12-31", stability="watch")
    assert calm.expires_on == pd.Timestamp("2025-06-30")
    drifted = set_expiry("2024-06-30", "2024-12-31", stability="alarm")
    assert drifted.expires_on == pd.Timestamp("2024-12-31")
    then = simulated(2000)
    mixed = then.assign(probability=then["probability"].sample(frac=1, random_state=1).to_numpy())
    fallen = compare_with_development(mixed, then)
    ended = set_expiry("2024-06-30", "2024-12-31", ranking=fallen, stability="alarm")
    assert "drifted and it ranks worse" in ended.reason
