"""How far the 90 % interval holds for books of 50 clients and 200 invoices, by simulation."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from invoice_books import make_histories
from payers import draw_payers

from clientlib.reliability.timing import fit_timing, join_outcomes

BOOKS = 40
CLIENTS, LEARNT, FORETOLD = 50, 200, 60


def measure_small_books(books: int = BOOKS) -> pd.DataFrame:
    """One row a book: share of later invoices inside, and the width of the interval."""
    found = [_measure(seed) for seed in range(books)]
    return pd.DataFrame(found, columns=["seed", "coverage", "width_days", "best_width_days"])


def _measure(seed: int) -> tuple[int, float, float, float]:
    within = float(np.random.default_rng(seed).uniform(2, 9))
    invoices, _ = draw_payers(CLIENTS, LEARNT + FORETOLD, seed=seed, within=within, days=500)
    histories, outcomes = make_histories(invoices)
    day = invoices["issued_on"].iloc[LEARNT - 1]
    model = fit_timing(join_outcomes(histories, outcomes, day), day)
    assert model is not None
    rows = join_outcomes(histories, outcomes, "2026-12-31")
    new = rows[rows["issued_on"] > day]
    said = model.predict(new)
    inside = new["paid_days"].between(said["low_days"], said["high_days"]).mean()
    width = (said["high_days"] - said["low_days"]).mean()
    return seed, float(inside), float(width), 2 * 1.645 * within


if __name__ == "__main__":
    table = measure_small_books()
    sys.stdout.write(table.describe().to_string(float_format=lambda value: f"{value:.3f}") + "\n")
