"""Polish bankruptcies: how well statements foretell a bankruptcy within five years.

The accuracy mode is judged on folds that neither its models nor its calibration have seen; the
glass box is the one within it. For one seed once more, with the file's exact duplicates together.
"""

import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from judging import (
    COLUMNS,
    Known,
    Protocol,
    auc_of,
    by_fold,
    foretell,
    level_rows,
    ranking_row,
    recall_of,
    say_table,
)

from clientlib.reliability.learning.presets import polish_bankruptcy
from clientlib.sources.published import read_published

PLACE = Path(__file__).parents[4] / "shared" / "data" / "polish_bankruptcy_1year" / "1year.parquet"
FOLDS, SEEDS = 10, (0, 1, 2)


def measure_statements(path: Path = PLACE, seeds: tuple[int, ...] = SEEDS) -> pd.DataFrame:
    """Fit, foretell and judge; slow: four minutes of processor time for each of 40 folds."""
    preset = polish_bankruptcy(read_published(path))
    known = Known(preset.rows, preset.target, preset.monotone)
    protocol = Protocol("accuracy", FOLDS, seeds)
    apart = judge_statements(foretell(known, protocol), str(protocol))
    together, once = replace(known, groups=preset.groups), replace(protocol, seeds=seeds[:1])
    own = f"{once}, duplicates together"
    return pd.concat([apart, judge_statements(foretell(together, once), own)])


def judge_statements(table: pd.DataFrame, protocol: str) -> pd.DataFrame:
    """Write the figures of rows that were foretold."""
    folds = by_fold(table)
    rows = [
        ranking_row("AUC, accuracy mode", protocol, map(_auc, folds), 0.962, 0.970),
        ranking_row("AUC, glass box", protocol, map(_auc_of_box, folds), 0.952, 0.960),
        ranking_row("recall at 5 % false alarms", protocol, map(recall_of, folds), 0.84, 0.90),
        *level_rows(protocol, table),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _auc(table: pd.DataFrame) -> float:
    return auc_of(table, "probability")


def _auc_of_box(table: pd.DataFrame) -> float:
    return auc_of(table, "glass_box")


if __name__ == "__main__":
    say_table(measure_statements(seeds=tuple(map(int, sys.argv[1:])) or SEEDS))
