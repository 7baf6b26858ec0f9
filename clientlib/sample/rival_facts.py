"""What we heard of the rivals: dated facts with a source, most of them true, all of them ageing."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clientlib.sample.assortment import FAMILY_NAMES
from clientlib.sample.names import RIVAL_NAMES
from clientlib.sample.plan import known_where
from clientlib.sample.rivals import CUT_FAMILY, CUT_LEVEL, CUT_RIVAL, RIVAL_IDS, STRENGTHS
from clientlib.sample.scene import Scene, added_days, days_of, numbered
from clientlib.sample.world import REGIONS

FALSE_SHARE = 0.2
PROBABILITY_TRUE, PROBABILITY_FALSE = (0.75, 0.97), (0.4, 0.75)
VALID_DAYS = {"price": 180, "range": 365, "delivery": 365, "service": 365, "news": 120,
              "capacity": 365}  # fmt: skip
SOURCES = ("client", "price list", "trade press", "fair", "own visit")
PRICE_FACTS_PER_YEAR = 5
LOCAL_SHARE = 0.25
STRONG, WEAK = -0.4, 0.0


def draw_facts(scene: Scene) -> pd.DataFrame:
    """Draw the facts about the rivals, the cut of prices among them.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per fact, by day
        The contract's columns of ``competitor_facts``; hidden: ``is_true``. The figure of a
        price fact is the rival's level against ours in per cent; of a false one with the sign
        turned.
    """
    draws, plan = scene.draws("facts"), scene.plan
    rows = [row for year in plan.years for row in _facts_of(scene, year, draws)]
    facts = pd.DataFrame([*rows, _cut_fact(scene)])
    seen = days_of(facts, "observed_on")
    facts = facts[plan.happened(seen) & (seen >= plan.first_day)]
    facts = facts.sort_values(
        ["observed_on", "competitor_id", "kind"], kind="stable", ignore_index=True
    )
    facts["fact_id"] = numbered("F", len(facts), 4)
    valid = facts["kind"].map(VALID_DAYS).to_numpy(dtype=np.int64)
    facts["expires_on"] = added_days(days_of(facts, "observed_on"), valid)
    facts["source_name"] = draws.choice(SOURCES, size=len(facts))
    true = draws.uniform(*PROBABILITY_TRUE, size=len(facts))
    false = draws.uniform(*PROBABILITY_FALSE, size=len(facts))
    facts["probability"] = np.where(facts["is_true"], true, false).round(2)
    homes = [place for places in REGIONS.values() for place in places]
    is_local = draws.random(len(facts)) < LOCAL_SHARE
    facts["region"] = known_where(draws.choice(homes, size=len(facts)), is_local)
    facts["family"] = known_where(facts["family"], facts["family"].notna())
    return facts


def _facts_of(scene: Scene, year: int, draws: np.random.Generator) -> Iterator[dict[str, object]]:
    """Give a year's facts about each rival: prices of some families, range, delivery, service."""
    for rival, name in enumerate(RIVAL_NAMES):
        days = _days_of_year(scene, year, PRICE_FACTS_PER_YEAR + 3, draws)
        families = draws.choice(len(FAMILY_NAMES), size=PRICE_FACTS_PER_YEAR, replace=False)
        lies = draws.random(len(days)) < FALSE_SHARE
        for family, day, is_false in zip(families, days, lies, strict=False):
            yield _price_fact(scene, rival, int(family), day, bool(is_false))
        plain = {"competitor_id": RIVAL_IDS[rival], "family": None, "is_true": True}
        width = round(float(scene.rivalry.coverage[rival].mean()) * 100)
        yield {**plain, "observed_on": days[-3], "kind": "range", "figure": float(width),
               "statement": f"{name} offers about {width} % of what we sell"}  # fmt: skip
        promised = 2.0 + rival % 3
        yield {**plain, "observed_on": days[-2], "kind": "delivery", "figure": promised,
               "statement": f"{name} promises delivery in {promised:.0f} days"}  # fmt: skip
        word = (
            "strong" if STRENGTHS[rival] < STRONG else "weak" if STRENGTHS[rival] > WEAK else "fair"
        )
        yield {**plain, "observed_on": days[-1], "kind": "service", "figure": np.nan,
               "statement": f"clients call the service of {name} {word}"}  # fmt: skip


def _days_of_year(
    scene: Scene, year: int, count: int, draws: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    first = np.full(count, np.datetime64(f"{year}-01-05", "D"))
    return scene.plan.after(added_days(first, draws.integers(0, 350, size=count)), 0)


def _price_fact(
    scene: Scene, rival: int, family: int, day: np.datetime64, is_false: bool
) -> dict[str, object]:
    level = float(
        scene.rivalry.levels_on(np.array([rival]), np.array([family]), np.full(1, day))[0]
    )
    figure = round(100 * (np.exp(-level if is_false else level) - 1), 1)
    word = "dearer" if figure > 0 else "cheaper"
    much = f"{abs(figure):.0f} % {word} than we are" if abs(figure) >= 1 else "as dear as we are"
    text = f"{RIVAL_NAMES[rival]} is about {much} in {FAMILY_NAMES[family]}"
    return {
        "competitor_id": RIVAL_IDS[rival],
        "observed_on": day,
        "kind": "price",
        "family": FAMILY_NAMES[family],
        "statement": text,
        "figure": float(figure),
        "is_true": not is_false,
    }


def _cut_fact(scene: Scene) -> dict[str, object]:
    """Tell of the planted cut of prices on the first working day of its month."""
    figure = round(100 * (np.exp(CUT_LEVEL) - 1), 1)
    return {
        "competitor_id": RIVAL_IDS[CUT_RIVAL],
        "observed_on": scene.plan.after(np.full(1, scene.rivalry.cut_on), 0)[0],
        "kind": "news",
        "family": CUT_FAMILY,
        "statement": f"{RIVAL_NAMES[CUT_RIVAL]} cut its prices in {CUT_FAMILY}",
        "figure": float(figure),
        "is_true": True,
    }
