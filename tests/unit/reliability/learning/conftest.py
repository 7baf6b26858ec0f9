"""Applications whose risk rises with days late, falls with age, and hides in one pair."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from clientlib.reliability.learning import boosting, glassbox


def simulate(rows_count=1500, *, seed=3):
    random = np.random.default_rng(seed)
    days = random.exponential(10.0, rows_count)
    years = random.uniform(0.0, 20.0, rows_count)
    is_new, has_limit = random.integers(0, 2, (2, rows_count))
    industry = random.choice(["steel", "food", "wood"], rows_count)
    truth = 0.08 * days - 0.1 * years + 1.5 * (is_new ^ has_limit) - 2.0
    truth = truth + np.where(industry == "wood", 0.8, 0.0)
    rows = pd.DataFrame(
        {
            "days_late": np.where(random.random(rows_count) < 0.1, np.nan, days),
            "years": years,
            "is_new": is_new.astype(bool),
            "has_limit": has_limit,
            "industry": np.where(random.random(rows_count) < 0.05, None, industry),
            "always": 1.0,
        },
        index=[f"C-{number:05d}" for number in range(rows_count)],
    )
    happened = pd.Series(random.binomial(1, expit(truth)), index=rows.index, name="defaulted")
    return rows, happened, pd.Series(truth, index=rows.index)


@pytest.fixture(scope="session", autouse=True)
def one_bag():
    """Fit each glass box and each booster once where the library fits several, to save time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(glassbox, "FEWEST_BAGS", 1)
        patch.setattr(glassbox, "MOST_BAGS", 1)
        patch.setattr(boosting, "MOST_BAGS", 1)
        yield


@pytest.fixture(scope="session")
def applications():
    return simulate()


@pytest.fixture(scope="session")
def simulate_applications():
    return simulate


@pytest.fixture(scope="session")
def german_credit(shared_data):
    path = shared_data / "german_credit" / "german.data"
    table = pd.read_csv(path, sep=r"\s+", header=None)
    table.columns = [f"column_{number}" for number in range(1, 22)]
    bad = (table.pop("column_21") == 2).astype(int).rename("is_bad")
    return table, bad
