"""Clients with a known chance of paying late, as a panel of marts.client_punctuality."""

import numpy as np
import pandas as pd
import pytest


def simulate(clients_count=150, months=24, *, seed=1, weight=3.0, mean=0.3, monthly=3.0):
    random = np.random.default_rng(seed)
    truth = random.beta(weight * mean, weight * (1 - mean), clients_count)
    pace = random.gamma(2.0, monthly / 2, clients_count)
    ends = pd.date_range("2023-01-31", periods=months, freq="ME")
    due = random.poisson(pace[:, None], (clients_count, months))
    late = random.binomial(due, truth[:, None])
    cleared = random.binomial(late, 0.7)
    overdue = late - cleared
    settled = due.cumsum(axis=1) - overdue
    opened = overdue + random.poisson(pace[:, None], (clients_count, months))
    keys = [f"C-{number:04d}" for number in range(clients_count)]
    fields = {
        "due_count": due.cumsum(axis=1),
        "late_count": late.cumsum(axis=1),
        "due_6m_count": _last_six(due),
        "late_6m_count": _last_six(late),
        "settled_count": settled,
        "late_days_total": (late.cumsum(axis=1) - overdue) * 12.0,
        "settled_late_count": late.cumsum(axis=1) - overdue,
        "open_count": opened,
        "open_amount": opened * 100.0,
        "overdue_count": overdue,
        "overdue_amount": overdue * 100.0,
    }
    panel = pd.DataFrame({name: values.ravel() for name, values in fields.items()})
    panel.insert(0, "client_id", np.repeat(keys, months))
    panel.insert(1, "month_end", np.tile(ends, clients_count))
    return panel, pd.Series(truth, index=keys)


def _last_six(counts):
    total = counts.cumsum(axis=1)
    return total - np.pad(total, ((0, 0), (6, 0)))[:, : counts.shape[1]]


@pytest.fixture(scope="session")
def simulate_panel():
    return simulate


@pytest.fixture(scope="session")
def panel_and_truth():
    return simulate(clients_count=250, months=30, seed=7)
