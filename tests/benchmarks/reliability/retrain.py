"""A full retrain: 150,000 rows learnt, calibrated out of fold, and judged, on at most 2 cores."""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from judging import COLUMNS, say_table
from reasons import simulate

from clientlib.reliability.calibration import (
    draw_curve,
    find_recall,
    fit_calibration_line,
    judge_level,
    judge_probabilities,
)
from clientlib.reliability.learning import fit_model

ROWS, CLIENTS = 150_000, 12_500


def measure_retrain(rows_count: int = ROWS) -> pd.DataFrame:
    """Learn monthly rows of 12,500 clients, whose folds keep a client's months together."""
    rows, happened = simulate(rows_count)
    clients = pd.Series(np.arange(rows_count) % CLIENTS)
    unseen, outcomes = simulate(rows_count // 5, seed=2)
    begun = time.perf_counter()
    model = fit_model(
        rows, happened, groups=clients, monotone={"ratio_0": 1, "ratio_2": -1}, seed=1
    )
    learnt = time.perf_counter()
    card = judge(model.predict(unseen), outcomes)
    judged = time.perf_counter()
    protocol = f"{model.kind}, {rows_count:,} rows × {rows.shape[1]} features, n_jobs=1"
    found = [
        ("full retrain with calibration, s", protocol, learnt - begun, None, 60.0, 20.0),
        ("figures of the card, s", protocol, judged - learnt, None, None, None),
        ("AUC on new rows", protocol, card["auc"], None, None, None),
        ("calibration slope on new rows", protocol, card["slope"], None, None, "0.98 to 1.02"),
    ]
    return pd.DataFrame(found, columns=COLUMNS)


def judge(probability: pd.Series, happened: pd.Series) -> dict[str, float]:
    """Work out the figures that a model card shows."""
    ones = pd.Series(1, index=probability.index)
    curve = pd.DataFrame({"probability": probability, "late": happened, "due": 1, "weight": 1.0})
    draw_curve(curve, seed=1)
    judge_level(probability, happened, seed=1)
    find_recall(probability, happened, false_alarms=0.05)
    slope = fit_calibration_line(probability, happened, ones)[1]
    return {**judge_probabilities(probability, happened, ones), "slope": slope}


if __name__ == "__main__":
    say_table(measure_retrain())
