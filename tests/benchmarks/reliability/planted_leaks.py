"""Four leaks planted among the signs of sample companies: which are found, and who is accused."""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from projects import fill

from clientlib.config import load_settings
from clientlib.reliability.leaks import Evidence, find_leaks
from clientlib.reliability.risks import (
    SIGNS,
    LossRules,
    add_targets,
    build_signs,
    read_risk_panels,
)
from clientlib.sample import write_sample
from clientlib.starter import write_project
from clientlib.warehouse import open_warehouse

COLUMNS = ("measure", "protocol", "figure", "spread", "must", "aim")
SEEDS, CLIENTS = (7, 8, 9), 300
HORIZON_MONTHS, SEEN_LATER_DAYS, CORRECTED_SHARE = 6, 45, 0.01
PLANTED = ("corrected_amount", "whole_period_share", "is_cut_off", "settled_on")


def read_signs(root: Path, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Make a sample company, and give the signs of its clients with what came of them."""
    write_project(root)
    write_sample(root / "data/raw/sample", seed=seed, clients=CLIENTS)
    fill(load_settings(root))
    with open_warehouse(root / "data/warehouse") as warehouse:
        last, _ = warehouse.month_ends()[-1]
        panels = read_risk_panels(warehouse.read, as_of=last)
    targets = add_targets(panels, LossRules(), horizon_months=HORIZON_MONTHS)
    signs = build_signs(panels)
    owed = panels.rows["invoiced_12m_amount"].astype(float).fillna(0.0)
    return signs.assign(corrected_amount=owed), targets["leaves"]


def plant(signs: pd.DataFrame, outcome: pd.Series, seed: int) -> tuple[pd.DataFrame, Evidence]:
    """Plant a late correction, a mean over the whole period, a flag set later and a later date."""
    random = np.random.default_rng(seed)
    last = signs["month_end"].max()
    corrected = random.random(len(signs)) < CORRECTED_SHARE
    then = signs[["client_id", "month_end", "corrected_amount"]]
    amount = signs["corrected_amount"].where(~corrected, signs["corrected_amount"] * 0.8 + 10.0)
    is_old = signs["month_end"] < last - pd.DateOffset(months=HORIZON_MONTHS)
    later = signs["month_end"] + pd.to_timedelta(
        random.integers(1, SEEN_LATER_DAYS, len(signs)), unit="D"
    )
    planted = signs.assign(
        corrected_amount=amount,
        whole_period_share=outcome.groupby(signs["client_id"]).transform("mean"),
        is_cut_off=(outcome == 1) & is_old & (random.random(len(signs)) < 0.8),
        settled_on=later.where(later <= last),
    )
    return planted, Evidence(then=then)


def measure_planted_leaks(seeds: tuple[int, ...] = SEEDS) -> pd.DataFrame:
    """Search sample companies for what was planted.

    Parameters
    ----------
    seeds : tuple of int
        One company each.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`: found of those planted, and honest signs that were accused.
    """
    honest = [sign.name for sign in SIGNS]
    found, accused = [], []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            signs, outcome = read_signs(Path(folder), seed)
        planted, evidence = plant(signs, outcome, seed)
        suspects = find_leaks(
            planted.assign(outcome=outcome),
            [*honest, *PLANTED],
            last_known_on=signs["month_end"].max(),
            outcome="outcome",
            evidence=evidence,
        )
        named = {*suspects["feature"]}
        found.append(len(named & {*PLANTED}))
        accused.append(len(named & {*honest}))
    protocol = f"sample company, {CLIENTS} clients, seeds {', '.join(map(str, seeds))}"
    rows = [
        ("leaks found, least of the companies", protocol, min(found), np.ptp(found), 4, np.nan),
        (f"honest ones of {len(honest)} signs accused, most", protocol, max(accused),
         np.ptp(accused), 0, np.nan),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


if __name__ == "__main__":
    sys.stdout.write(measure_planted_leaks().to_string(index=False) + "\n")
