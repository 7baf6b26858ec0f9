"""German credit: applications ranked, with the personal columns and without them."""

import sys
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
    say_table,
)

from clientlib.reliability.learning.presets import german_credit
from clientlib.sources.published import read_published

PLACE = Path(__file__).parents[4] / "shared" / "data" / "german_credit" / "german.data"
FOLDS, SEEDS = 5, (0, 1, 2)
KINDS = ("accuracy", "scorecard", "rules")


def measure_credit(
    path: Path = PLACE, seeds: tuple[int, ...] = SEEDS, kinds: tuple[str, ...] = KINDS
) -> pd.DataFrame:
    """Fit, foretell and judge, with all 20 columns and without the three personal ones."""
    table = read_published(path)
    rows = []
    for with_personal in (True, False):
        preset = german_credit(table, with_personal=with_personal)
        known = Known(preset.rows, preset.target, preset.monotone)
        columns = "all 20 columns" if with_personal else "without 9, 13 and 20"
        for protocol in (Protocol(kind, FOLDS, seeds) for kind in kinds):
            rows += judge_credit(foretell(known, protocol), f"{protocol}, {columns}")
    return pd.DataFrame(rows, columns=COLUMNS)


def judge_credit(table: pd.DataFrame, protocol: str) -> list[dict[str, object]]:
    """Write the figures of rows that were foretold."""
    aucs = [auc_of(fold, "probability") for fold in by_fold(table)]
    rows = [ranking_row("AUC", protocol, aucs, 0.800, 0.815)]
    if protocol.startswith("accuracy"):
        box = [auc_of(fold, "glass_box") for fold in by_fold(table)]
        rows.append(ranking_row("AUC, glass box", protocol, box, 0.800, 0.815))
    return rows + level_rows(protocol, table)


if __name__ == "__main__":
    say_table(measure_credit(kinds=tuple(sys.argv[1:]) or KINDS))
