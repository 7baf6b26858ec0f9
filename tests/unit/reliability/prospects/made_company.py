"""A made company whose new clients default by place, by their statements, and by their habits."""

import numpy as np
import pandas as pd
from scipy.special import expit

from clientlib.reliability.prospects import train_prospects
from clientlib.reliability.prospects.depths import NEEDED
from clientlib.reliability.risks import TARGETS

AS_OF = pd.Timestamp("2025-12-31")
SEEN_MONTHS = 18  # after its first business a client stands in the panel for so long


def simulate(clients=700, seed=4, *, statements=1.5, dealings=0.0, own=2.5, prior_outcomes=2.0):
    """Give signs, outcomes and clients; each argument says how much a depth has to say."""
    random = np.random.default_rng(seed)
    ends = pd.date_range("2022-01-31", AS_OF, freq="ME")
    joined = random.integers(0, len(ends) - 1, clients)
    equity, refusal, habit = (random.normal(size=clients) for _ in range(3))
    industry = random.choice(["trade", "food"], clients)
    frames = []
    for client in range(clients):
        age = np.arange(min(SEEN_MONTHS, len(ends) - joined[client]))
        frames.append(pd.DataFrame({"client": client, "age": age, "at": joined[client] + age}))
    rows = pd.concat(frames, ignore_index=True)
    of = rows["client"].to_numpy()
    outcomes = np.minimum(rows["age"].to_numpy() // 2, 6)
    weight = outcomes / (outcomes + prior_outcomes)
    before = -2.2 - statements * equity[of] + dealings * refusal[of]
    before += np.where(industry[of] == "trade", 0.5, -0.5)
    chance = expit((1 - weight) * before + weight * (-2.2 + own * habit[of]))
    happened = (random.random(len(rows)) < chance).astype(float)
    is_over = rows["at"].to_numpy() + 6 < len(ends)
    signs = pd.DataFrame(np.nan, index=rows.index, columns=[*NEEDED[2:]]).assign(
        client_id=[f"C-{client:04d}" for client in of],
        month_end=ends[rows["at"]],
        known_months=rows["age"] + 1.0,
        equity_to_assets=equity[of],
        asked_off_share=refusal[of],
        dealings_count=3.0,
        late_share=expit(habit[of]),
        evidence=np.log1p(outcomes),
    )
    over_on = signs["month_end"] + pd.offsets.MonthEnd(6)
    came = pd.DataFrame(np.nan, index=rows.index, columns=list(TARGETS)).assign(
        outcome_on=over_on.where(is_over), defaults=np.where(is_over, happened, np.nan)
    )
    cards = pd.DataFrame({"client_id": [f"C-{client:04d}" for client in range(clients)]}).assign(
        industry=industry, region="south", size_band="small"
    )
    return signs, came, cards


def train(signs, came, cards, *, seed=1):
    return train_prospects(signs, came, cards, as_of=AS_OF, horizon_months=6, seed=seed)
