"""What the benchmarks of reliability share: nested folds, and the table that they print."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from clientlib.reliability.calibration import (
    find_recall,
    fit_calibration_line,
    judge_level,
    judge_probabilities,
)
from clientlib.reliability.learning import ReliabilityModel, fit_model
from clientlib.reliability.learning.mixtures import hear_models

COLUMNS = ["measure", "protocol", "figure", "spread", "must", "aim"]
FALSE_ALARMS = 0.05


@dataclass(frozen=True)
class Known:
    """A known set, ready to be learnt."""

    rows: pd.DataFrame
    happened: pd.Series
    monotone: Mapping[str, int]
    groups: pd.Series | None = None


@dataclass(frozen=True)
class Protocol:
    """How a known set is held back: folds, seeds, and the kind of model."""

    kind: str
    folds: int
    seeds: tuple[int, ...]

    def __str__(self) -> str:
        seeds = "1 seed" if len(self.seeds) == 1 else f"{len(self.seeds)} seeds"
        return f"{self.kind}, {self.folds}-fold × {seeds}, nested"


def say(line: str) -> None:
    """Print a line of the answer at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_table(figures: pd.DataFrame) -> None:
    """Print the figures beside what they must and should be."""
    say(figures.to_string(index=False, na_rep="", float_format=lambda value: f"{value:.4f}"))


def foretell(known: Known, protocol: Protocol) -> pd.DataFrame:
    """Foretell every row once a seed, by a model and a calibration that have not seen it.

    Folds are fitted side by side, one on each core.

    Returns
    -------
    DataFrame, one row per row of the set and seed
        seed, fold, happened, probability, and glass_box: the log-odds of the first model.
    """
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        tasks = [
            pool.submit(_foretell_fold, known, protocol, seed, fold, out)
            for seed in protocol.seeds
            for fold, out in enumerate(_hold_back(known, protocol, seed))
        ]
        return pd.concat([task.result() for task in tasks], ignore_index=True)


def _hold_back(known: Known, protocol: Protocol, seed: int) -> Iterator[np.ndarray]:
    rows, happened, groups = known.rows, known.happened, known.groups
    deal = StratifiedKFold if groups is None else StratifiedGroupKFold
    dealt = deal(protocol.folds, shuffle=True, random_state=seed)
    return (out for _, out in dealt.split(rows, happened, groups))


def _foretell_fold(
    known: Known, protocol: Protocol, seed: int, fold: int, out: np.ndarray
) -> pd.DataFrame:
    kept = np.setdiff1d(np.arange(len(known.rows)), out)
    groups = None if known.groups is None else known.groups.iloc[kept]
    model = fit_model(
        known.rows.iloc[kept], known.happened.iloc[kept], groups=groups,
        kind=protocol.kind, monotone=known.monotone, seed=seed,
    )  # fmt: skip
    unseen = known.rows.iloc[out]
    table = pd.DataFrame(
        {
            "seed": seed,
            "fold": fold,
            "happened": known.happened.iloc[out].to_numpy(),
            "probability": model.predict(unseen).to_numpy(),
            "glass_box": _hear_glass_box(model, unseen),
        }
    )
    say(f"  seed {seed} fold {fold}: {_tell(table)} {_tell_model(model)}")
    return table


def _hear_glass_box(model: ReliabilityModel, rows: pd.DataFrame) -> np.ndarray:
    return hear_models(model.scorer, model.encoding.encode(rows))[:, 0]


def _tell(table: pd.DataFrame) -> str:
    return " ".join(f"{name} {auc_of(table, name):.4f}" for name in ("probability", "glass_box"))


def _tell_model(model: ReliabilityModel) -> str:
    shares = [round(share, 2) for share in getattr(model.scorer, "shares", ())]
    return f"shares {shares} calibration {model.calibrator.kind} {model.calibrator.values}"


def auc_of(table: pd.DataFrame, score: str) -> float:
    """Area under the curve of one score."""
    ones = pd.Series(1, index=table.index)
    return judge_probabilities(table[score], table["happened"], ones)["auc"]


def by_fold(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Cut the table into the folds of each seed."""
    return [rows for _, rows in table.groupby(["seed", "fold"], sort=True)]


def ranking_row(
    name: str, protocol: str, values: Iterable[float], must: float, aim: float
) -> dict[str, object]:
    """Write the mean over folds, and how far the folds differ."""
    found = np.array(list(values))
    row = (name, protocol, found.mean(), found.std(ddof=1), must, aim)
    return dict(zip(COLUMNS, row, strict=True))


def recall_of(table: pd.DataFrame) -> float:
    """Share of the events flagged when 5 % of the others are flagged too."""
    return find_recall(table["probability"], table["happened"], false_alarms=FALSE_ALARMS)


def level_rows(protocol: str, table: pd.DataFrame) -> list[dict[str, object]]:
    """Write slope and noise floor of the calibration, each seed by itself."""
    by_seed = [rows for _, rows in table.groupby("seed", sort=True)]
    slopes = [_slope(rows) for rows in by_seed]
    levels = [judge_level(rows["probability"], rows["happened"], seed=1) for rows in by_seed]
    inside = float(np.mean([level.is_inside for level in levels]))
    error, most = (
        np.mean([getattr(level, name) for level in levels]) for name in ("error", "high")
    )
    spread = np.std(slopes, ddof=1) if len(slopes) > 1 else np.nan
    rows = [
        ("calibration slope", protocol, np.mean(slopes), spread, None, "0.98 to 1.02"),
        ("seeds inside the 95 % band", protocol, inside, None, "1", None),
        ("calibration error (ECE)", protocol, error, None, f"band to {most:.4f}", None),
    ]
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _slope(rows: pd.DataFrame) -> float:
    ones = pd.Series(1, index=rows.index)
    return fit_calibration_line(rows["probability"], rows["happened"], ones)[1]
