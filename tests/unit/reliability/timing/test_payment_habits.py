"""Habits of payment: planted ones are found, few invoices are drawn towards them."""

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.timing.habits import count_delays, fit_habits

AS_OF = "2025-12-31"
# Parts of invoices in time, to 3, 7, 14, 30, 60 days late and later.
PLANTED = {
    "prompt": (0.92, 0.04, 0.03, 0.01, 0.0, 0.0, 0.0),
    "slack": (0.40, 0.15, 0.15, 0.15, 0.10, 0.05, 0.0),
    "poor": (0.10, 0.05, 0.05, 0.10, 0.30, 0.25, 0.15),
}


@pytest.fixture(scope="module")
def simulated():
    random = np.random.default_rng(5)
    names = random.choice(list(PLANTED), size=240, p=[0.5, 0.3, 0.2])
    counts = [
        random.multinomial(
            random.poisson(15) + 1, random.dirichlet(np.array(PLANTED[n]) * 30 + 0.01)
        )
        for n in names
    ]
    index = pd.Index([f"C-{number:03d}" for number in range(240)], name="client_id")
    return pd.DataFrame(np.array(counts, dtype=float), index=index), pd.Series(names, index=index)


def test_planted_habits_are_found_with_their_shares_and_delays(simulated):
    counts, names = simulated
    table = fit_habits(counts).to_table()
    assert len(table) == 3
    planted = [(names == name).mean() for name in PLANTED]
    assert table["clients_share"].to_numpy() == pytest.approx(planted, abs=0.06)
    late = [1 - PLANTED[name][0] for name in PLANTED]
    assert table["late_0_share"].to_numpy() == pytest.approx(late, abs=0.05)
    assert table["late_14_share"].iloc[2] == pytest.approx(0.70, abs=0.05)


def test_clients_get_the_habit_that_they_have(simulated):
    counts, names = simulated
    found = fit_habits(counts).describe(counts).set_index("client_id")
    assert (found["habit"] == names.map({"prompt": 1, "slack": 2, "poor": 3})).mean() > 0.93
    assert found["habit_probability"].between(1 / 3, 1).all()
    assert (found["late_7_share"] >= found["late_14_share"]).all()
    assert (found["late_14_share"] >= found["late_30_share"]).all()


def test_alike_clients_have_one_habit():
    random = np.random.default_rng(2)
    counts = random.multinomial(12, PLANTED["slack"], size=120).astype(float)
    assert len(fit_habits(pd.DataFrame(counts)).shares) == 1


def test_one_invoice_says_less_than_ten(simulated):
    habits = fit_habits(simulated[0])
    few, many = np.zeros(7), np.zeros(7)
    few[5], many[5] = 1.0, 10.0
    found = habits.describe(pd.DataFrame([few, many], index=["few", "many"]))
    assert found["late_30_share"].iloc[0] < found["late_30_share"].iloc[1]
    assert found["habit_probability"].iloc[1] > found["habit_probability"].iloc[0]


def test_fewer_than_thirty_clients_are_not_enough(simulated):
    assert fit_habits(simulated[0].head(29)) is None
    assert fit_habits(simulated[0].head(30)) is not None


INVOICES = pd.DataFrame(
    {
        "client_id": ["C-1", "C-1", "C-1", "C-2"],
        "issued_on": pd.to_datetime(["2025-12-31", "2024-12-31", "2025-12-31", "2025-12-31"]),
        "paid_days": [0.0, 8.0, np.nan, np.nan],
        "open_days": [5.0, 300.0, 61.0, -10.0],
    }
)


def test_delays_are_counted_by_class_and_half_after_a_year():
    counts = count_delays(INVOICES, AS_OF)
    assert list(counts.index) == ["C-1"]  # nothing of C-2 is paid or overdue
    assert counts.loc["C-1"].tolist() == [1.0, 0, 0, 0.5, 0, 0, 1.0]


def test_an_impossible_half_life_is_refused():
    with pytest.raises(InputError, match="half life"):
        count_delays(INVOICES, AS_OF, half_life_days=0.0)
