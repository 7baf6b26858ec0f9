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
COLUMNS = ["measure", "protocol", "figure", "spread", "must", "aim"]
CLIENTS, LEARNT, FORETOLD = 50, 200, 60


def measure_small_books(books: int = BOOKS) -> pd.DataFrame:
    """Share of later invoices inside the interval, and its width, over simulated books."""
    found = np.array([_measure(seed) for seed in range(books)])
    protocol = f"{books} books of {CLIENTS} clients, {LEARNT} invoices learnt, {FORETOLD} foretold"
    measures = (
        ("90 % interval covers", "0.85 to 0.95"),
        ("90 % interval width, days", ""),
        ("width with the truth known, days", ""),
    )
    rows = [
        (measure, protocol, found[:, place].mean(), found[:, place].std(ddof=1), must, "")
        for place, (measure, must) in enumerate(measures)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _measure(seed: int) -> tuple[float, float, float]:
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
    return float(inside), float(width), 2 * 1.645 * within


if __name__ == "__main__":
    sys.stdout.write(measure_small_books().to_string(index=False) + "\n")
