"""Predictions with a known truth."""

import numpy as np
import pandas as pd
import pytest


def simulate_judged(count=1000, *, seed=1, per_client=1, shift=0.0, stretch=1.0):
    """Outcomes drawn from true probabilities, and log-odds told as shift + stretch * true."""
    random = np.random.default_rng(seed)
    log_odds = random.normal(-1.0, 1.2, count)
    told = shift + stretch * log_odds
    return pd.DataFrame(
        {
            "client_id": np.arange(count) // per_client,
            "probability": 1 / (1 + np.exp(-told)),
            "happened": (random.random(count) < 1 / (1 + np.exp(-log_odds))).astype(int),
            "region": np.where(random.random(count) < 0.9, "north", "south"),
        }
    )


@pytest.fixture
def simulated():
    return simulate_judged
