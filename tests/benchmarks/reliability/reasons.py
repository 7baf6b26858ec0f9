"""Reasons: rows explained a second on one core, and how exactly they add up to the score."""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from judging import COLUMNS, say_table

from clientlib.reliability.learning import ReliabilityModel, fit_model

ROWS, LEARNT, REPEATS = 1_000_000, 5_000, 3
NUMBERS, CATEGORIES = 17, 3
KINDS = {"ebm": ROWS, "scorecard": ROWS, "boosted": 5_000}


def simulate(rows_count: int, seed: int = 1) -> tuple[pd.DataFrame, pd.Series]:
    """Draw 20 features, 17 of them numbers, and an outcome of 15 %."""
    random = np.random.default_rng(seed)
    rows = pd.DataFrame(
        random.lognormal(size=(rows_count, NUMBERS)), columns=[f"ratio_{n}" for n in range(NUMBERS)]
    )
    for number in range(CATEGORIES):
        drawn = random.choice(["steel", "food", "wood", "glass"], rows_count)
        rows[f"class_{number}"] = pd.Categorical(drawn)
    truth = np.log(rows["ratio_0"] * rows["ratio_1"] / rows["ratio_2"]) - 2.0
    happened = random.binomial(1, 1 / (1 + np.exp(-truth)))
    return rows, pd.Series(happened, name="defaulted")


def measure_reasons(kinds: dict[str, int] = KINDS) -> pd.DataFrame:
    """Fit each kind once on 5,000 rows, and let it explain new ones."""
    learnt, happened = simulate(LEARNT)
    asked, _ = simulate(max(kinds.values()), seed=2)
    rows = []
    for kind, count in kinds.items():
        model = fit_model(learnt, happened, kind=kind, seed=1)
        rows += _measure(model, asked.head(count))
    return pd.DataFrame(rows, columns=COLUMNS)


def _measure(model: ReliabilityModel, rows: pd.DataFrame) -> list[dict[str, object]]:
    seconds = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        reasons = model.explain(rows)
        seconds.append(time.perf_counter() - begun)
    away = float((reasons.sum(axis=1) - model.log_odds(rows)).abs().max())
    protocol = f"{model.kind}, {len(rows):,} rows × 20 features, {len(model.pairs)} pairs, 1 core"
    speeds = len(rows) / np.array(seconds)
    is_table = model.kind != "boosted"
    must, aim = (100_000, 1_000_000) if is_table else (None, None)
    found = [
        ("reasons, rows/s, best of 3", protocol, speeds.max(), speeds.std(ddof=1), must, aim),
        ("reasons, furthest from the score", protocol, away, None, 1e-9, None),
    ]
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]


if __name__ == "__main__":
    table = measure_reasons()
    say_table(table.assign(figure=table["figure"].map("{:.3g}".format)))
