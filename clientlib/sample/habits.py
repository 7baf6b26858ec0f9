"""How each client pays, in truth: habit, terms, chance of being late, and bad payers.

Adds the hidden columns ``habit``, ``term_days``, ``discount_share``, ``late_probability``,
``worsens_on``, ``late_probability_after``, ``late_days_mean``, ``early_days_mean``,
``unpaid_from`` and ``unpaid_share`` to the clients.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.sample.plan import NEVER, Counts, Floats, Plan
from clientlib.sample.world import INDUSTRIES


@dataclass(frozen=True)
class Habit:
    """How clients of one payment habit settle their invoices.

    Parameters
    ----------
    share : float
        Share of the clients, before the line of business changes the odds.
    late_probability : float
        Mean over the clients of the chance that an invoice is settled after its due day.
    late_days_mean : float
        Mean days late of a late invoice, before days off are left out.
    is_poor : bool
        Whether a risky line of business makes the habit more likely.
    """

    share: float
    late_probability: float
    late_days_mean: float
    is_poor: bool


HABITS = {
    "prompt": Habit(0.42, 0.09, 4.0, False),
    "usual": Habit(0.29, 0.32, 6.0, False),
    "slack": Habit(0.14, 0.58, 12.0, True),
    "worsening": Habit(0.07, 0.12, 16.0, True),
    "poor": Habit(0.055, 0.82, 24.0, True),
    "bad": Habit(0.025, 0.72, 28.0, True),
}
LATE_PROBABILITY_AFTER = 0.7
CONCENTRATION = 30.0
LATE_DAYS_SHAPE = 1.5
TERMS = (14, 30, 45, 60)
TERM_CUTS = (-0.6, 0.6, 1.4)


def add_habits(clients: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Give every client its terms and its way of paying.

    Parameters
    ----------
    clients : DataFrame
        From ``draw_clients``.
    plan : Plan
        Options of the run.

    Returns
    -------
    DataFrame
        The clients with the hidden columns named above; a bad payer is cut off four to eight
        months after it stopped paying, so its ``leaves_on`` may move forward.
    """
    draws, found = plan.draws("habits"), clients.copy()
    found["habit"] = _draw_habits(found, draws)
    found["term_days"] = _draw_terms(found["size"].to_numpy(), draws)
    found["discount_share"] = _draw_discounts(found["size"].to_numpy(), draws)
    _draw_lateness(found, draws)
    _draw_turns(found, plan, draws)
    return found


def _draw_habits(clients: pd.DataFrame, draws: np.random.Generator) -> list[str]:
    risk = (
        clients["industry"].map({name: risk for name, (_, risk) in INDUSTRIES.items()}).to_numpy()
    )
    share = np.array([habit.share for habit in HABITS.values()])
    is_poor = np.array([habit.is_poor for habit in HABITS.values()])
    odds = share * np.where(is_poor, risk[:, None], 1.0)
    steps = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
    places = (draws.random(len(clients))[:, None] > steps).sum(axis=1)
    habits = np.array(list(HABITS), dtype=object)[places]
    return _with_every_habit(habits, clients)


def _with_every_habit(
    habits: np.ndarray[tuple[int], np.dtype[np.object_]], clients: pd.DataFrame
) -> list[str]:
    """Give the first steady clients the habits that chance left out of a small company."""
    regular = np.flatnonzero(clients["type"].isin(["steady", "growing"]) & clients["is_old"])
    missing = [name for name in HABITS if name not in set(habits)]
    for place, name in zip(regular, missing, strict=False):
        habits[place] = name
    return [str(name) for name in habits]


def _draw_terms(size: Floats, draws: np.random.Generator) -> Counts:
    usual = np.searchsorted(TERM_CUTS, size)
    moved = np.clip(usual + draws.choice([-1, 0, 1], size=len(size), p=[0.1, 0.8, 0.1]), 0, 3)
    return np.asarray(np.array(TERMS, dtype=np.int64)[moved])


def _draw_discounts(size: Floats, draws: np.random.Generator) -> Floats:
    raw = 0.07 + 0.045 * size + draws.normal(0, 0.02, size=len(size))
    return np.asarray(np.round(np.clip(raw, 0.0, 0.2) * 200) / 200)


def _draw_lateness(clients: pd.DataFrame, draws: np.random.Generator) -> None:
    mean = clients["habit"].map({name: h.late_probability for name, h in HABITS.items()}).to_numpy()
    share = draws.beta(mean * CONCENTRATION, (1 - mean) * CONCENTRATION)
    clients["late_probability"] = share.round(4)
    days = clients["habit"].map({name: h.late_days_mean for name, h in HABITS.items()}).to_numpy()
    clients["late_days_mean"] = (days * np.exp(draws.normal(0, 0.2, size=len(clients)))).round(2)
    clients["early_days_mean"] = draws.uniform(1.0, 5.0, size=len(clients)).round(2)


def _draw_turns(clients: pd.DataFrame, plan: Plan, draws: np.random.Generator) -> None:
    count = len(clients)
    start = clients["active_from"].to_numpy(dtype="datetime64[D]")
    span = np.maximum((plan.last_day - start).astype(int), 1)
    turn = start + (span * draws.uniform(0.3, 0.7, size=count)).astype("timedelta64[D]")
    after = draws.beta(LATE_PROBABILITY_AFTER * 30, (1 - LATE_PROBABILITY_AFTER) * 30, size=count)
    worsens, bad = (
        (clients["habit"] == "worsening").to_numpy(),
        (clients["habit"] == "bad").to_numpy(),
    )
    clients["worsens_on"] = np.where(worsens, turn, NEVER)
    clients["late_probability_after"] = np.where(worsens, after.round(4), np.nan)
    clients["unpaid_from"] = np.where(bad, turn, NEVER)
    clients["unpaid_share"] = np.where(bad, draws.uniform(0.35, 0.7, size=count).round(3), 0.0)
    cut_off = turn + draws.integers(120, 240, size=count).astype("timedelta64[D]")
    own = clients["leaves_on"].to_numpy(dtype="datetime64[D]")
    is_cut_off = bad & plan.happened(cut_off) & ~(own < cut_off)
    clients["leaves_on"] = np.where(is_cut_off, cut_off, own)
    clients["leaves_because"] = np.where(is_cut_off, "cut off for debts", "own reasons")
