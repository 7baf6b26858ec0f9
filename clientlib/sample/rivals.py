"""The four competitors: their true price levels, ranges, product matches and observed prices."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.sample.assortment import FAMILY_NAMES, Assortment
from clientlib.sample.names import RIVAL_NAMES, invent_stems
from clientlib.sample.plan import Counts, Flags, Floats, Plan, known_where
from clientlib.sample.workdays import Days

RIVAL_IDS = tuple(f"K{number + 1}" for number in range(len(RIVAL_NAMES)))
# Per rival: mean log ratio of its price to ours, effect on our log odds of winning, and how
# often it is in a deal.
LEVEL_MEANS = np.array([-0.06, 0.04, 0.09, -0.01])
LEVEL_SPREAD = 0.05
STRENGTHS = np.array([-0.75, -0.25, 0.15, -0.45])
PRESENCES = np.array([0.34, 0.27, 0.2, 0.16])
CUT_RIVAL, CUT_FAMILY, CUT_LEVEL = 1, "Cables", -0.10

PRODUCT_SPREAD = 0.05
OBSERVATION_SPREAD = 0.015
LIST_DISCOUNT = 0.10
FALSE_LEVEL, FALSE_SPREAD = 0.15, 0.35
SEEN_PER_MONTH = 0.42
OWN_RANGE_SHARE = 0.25
# Kind of match: share, and the two parameters of the beta distribution of its probability.
KINDS = {
    "identical": (0.4, 60.0, 2.0),
    "equivalent": (0.4, 30.0, 3.0),
    "substitute": (0.2, 12.0, 4.0),
}
_SIGHTS = {True: ("client quote", "tender"), False: ("price list", "web shop")}


@dataclass(frozen=True)
class Rivalry:
    """What is true of the competitors.

    Parameters
    ----------
    levels : array of float, shape (n_rivals, n_families)
        Log ratio of the rival's net price to our usual net price under the list of that day.
    coverage : array of float, shape (n_rivals, n_families)
        Share of our products that the rival also offers.
    cut_on : datetime64[D]
        From this day on one rival's level in one family is lower by ``CUT_LEVEL``.
    """

    levels: Floats
    coverage: Floats
    cut_on: np.datetime64

    def levels_on(self, rivals: Counts, families: Counts, days: Days) -> Floats:
        """Look up the true level for rival and family numbers and days of one shape."""
        is_cut = (rivals == CUT_RIVAL) & (families == FAMILY_NAMES.index(CUT_FAMILY))
        return np.asarray(
            self.levels[rivals, families] + CUT_LEVEL * (is_cut & (days >= self.cut_on))
        )


def draw_rivalry(plan: Plan) -> Rivalry:
    """Draw the true price levels and ranges of the rivals.

    Parameters
    ----------
    plan : Plan
        Options of the run.

    Returns
    -------
    Rivalry
        Levels, coverage and the day of the price cut, about 70 % into the period.
    """
    draws = plan.draws("rivals")
    shape = (len(RIVAL_IDS), len(FAMILY_NAMES))
    levels = LEVEL_MEANS[:, None] + draws.normal(0, LEVEL_SPREAD, size=shape)
    coverage = draws.uniform(0.35, 0.8, size=shape)
    months = 7 * 12 * len(plan.years) // 10
    cut_on = (plan.first_day.astype("datetime64[M]") + months).astype("datetime64[D]")
    return Rivalry(levels.round(4), coverage, cut_on)


def draw_rival_ranges(plan: Plan, rivalry: Rivalry, assortment: Assortment) -> pd.DataFrame:
    """Draw the rivals' products and how they were matched to ours.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    rivalry : Rivalry
        From ``draw_rivalry``.
    assortment : Assortment
        From ``draw_assortment``.

    Returns
    -------
    DataFrame, one row per product of a rival
        The contract's columns of ``competitor_products`` and ``product_matches`` (null where
        not matched); hidden: ``rival``, ``base`` (number of our product that the price starts
        from), ``is_true``, ``offset`` (log price against base and level).
    """
    draws = plan.draws("ranges")
    parts = [_draw_range(rival, rivalry, assortment, draws) for rival in range(len(RIVAL_IDS))]
    ranges = pd.concat(parts, ignore_index=True)
    _draw_judgements(ranges, plan, draws)
    ranges["known_on"] = _added_on(ranges, plan, draws)
    columns = ["rival", "known_on", "competitor_product_id"]
    return ranges.sort_values(columns, kind="stable").reset_index(drop=True)


def _draw_range(
    rival: int, rivalry: Rivalry, assortment: Assortment, draws: np.random.Generator
) -> pd.DataFrame:
    families = assortment.products["family_no"].to_numpy()
    covered = np.flatnonzero(draws.random(len(families)) < rivalry.coverage[rival, families])
    extra = draws.choice(len(families), size=int(OWN_RANGE_SHARE * len(covered)))
    base = np.concatenate([covered, extra])
    rivals = pd.DataFrame({"rival": rival, "base": base})
    rivals["is_matched"] = (np.arange(len(base)) < len(covered)) & (draws.random(len(base)) < 0.88)
    rivals["competitor_id"] = RIVAL_IDS[rival]
    numbers = draws.choice(9000, size=len(base), replace=False) + 1000
    rivals["competitor_product_id"] = [f"{RIVAL_IDS[rival]}-{number}" for number in numbers]
    ours = assortment.products.take(base).reset_index(drop=True)
    brands = draws.choice(invent_stems(8, draws), size=len(base))
    rivals["name"] = [
        f"{brand} {family.lower()} {number}"
        for brand, family, number in zip(brands, ours["family"], numbers, strict=True)
    ]
    for column in ("family", "unit"):
        rivals[column] = ours[column]
    rivals["product_id"] = known_where(ours["product_id"], rivals["is_matched"])
    return rivals


def _draw_judgements(ranges: pd.DataFrame, plan: Plan, draws: np.random.Generator) -> None:
    count = len(ranges)
    kinds = draws.choice(list(KINDS), size=count, p=[share for share, _, _ in KINDS.values()])
    first, second = (np.array([KINDS[kind][n] for kind in kinds]) for n in (1, 2))
    probability = np.clip(draws.beta(first, second), 0.3, 0.99).round(2)
    is_matched = ranges["is_matched"].to_numpy()
    is_true = is_matched & (draws.random(count) < probability)
    ranges["kind"] = known_where(kinds, is_matched)
    ranges["probability"] = np.where(is_matched, probability, np.nan)
    ranges["is_true"] = is_true
    ranges["judged_by"] = draws.choice(
        ["pricing team", "catalogue code", "name likeness"], size=count
    )
    ranges["offset"] = _draw_offsets(is_true, is_matched, draws).round(4)
    span = int((plan.last_day - plan.first_day).astype(int))
    late = plan.first_day + draws.integers(0, span, size=count).astype("timedelta64[D]")
    early = plan.first_day - draws.integers(1, 60, size=count).astype("timedelta64[D]")
    ranges["judged_on"] = plan.not_after(np.where(draws.random(count) < 0.65, early, late))


def _draw_offsets(is_true: Flags, is_matched: Flags, draws: np.random.Generator) -> Floats:
    near = draws.normal(0, PRODUCT_SPREAD, size=len(is_true))
    far = draws.normal(0, FALSE_SPREAD, size=len(is_true))
    return np.where(is_true, near, far + FALSE_LEVEL * is_matched)


def _added_on(ranges: pd.DataFrame, plan: Plan, draws: np.random.Generator) -> Days:
    """Put each rival product on the watch list up to a month before it was matched."""
    ahead = draws.integers(0, 30, size=len(ranges)).astype("timedelta64[D]")
    return plan.not_after(ranges["judged_on"].to_numpy(dtype="datetime64[D]") - ahead)


def draw_rival_prices(
    plan: Plan,
    rivalry: Rivalry,
    ranges: pd.DataFrame,
    assortment: Assortment,
    net_shares: Floats,
) -> pd.DataFrame:
    """Draw the price observations.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    rivalry : Rivalry
        From ``draw_rivalry``.
    ranges : DataFrame
        From ``draw_rival_ranges``.
    assortment : Assortment
        From ``draw_assortment``.
    net_shares : array of float, shape (n_products,)
        Our usual net price over our list price; see ``lines.net_shares``.

    Returns
    -------
    DataFrame, one row per observation
        The contract's columns of ``competitor_prices``; hidden: ``was_list``. A product is
        seen in about two months of five, some only early or only late in the period.
    """
    draws = plan.draws("observations")
    row, days = _draw_sightings(plan, ranges, draws)
    seen = ranges.iloc[row].reset_index(drop=True)
    base, rival = seen["base"].to_numpy(), seen["rival"].to_numpy()
    family = assortment.products["family_no"].to_numpy()[base]
    ours = np.log(assortment.prices_on(base, days) * net_shares[base])
    noise = draws.normal(0, OBSERVATION_SPREAD, size=len(row))
    net = np.exp(ours + rivalry.levels_on(rival, family, days) + seen["offset"].to_numpy() + noise)
    was_list = draws.random(len(row)) < 0.22
    price = np.where(was_list, net / (1 - LIST_DISCOUNT), net)
    is_told = draws.random(len(row)) < 0.95
    prices = seen[["competitor_id", "competitor_product_id"]].copy()
    prices["observed_on"] = days
    prices["price"] = np.where(price < 3, price.round(3), price.round(2))
    prices["is_net"] = known_where(~was_list, is_told)
    prices["source_name"] = [
        _SIGHTS[not flag][int(lot)]
        for flag, lot in zip(was_list, draws.integers(0, 2, len(row)), strict=True)
    ]
    prices["was_list"] = was_list
    return prices.sort_values(
        ["observed_on", "competitor_id", "competitor_product_id"], kind="stable"
    ).reset_index(drop=True)


def _draw_sightings(
    plan: Plan, ranges: pd.DataFrame, draws: np.random.Generator
) -> tuple[Counts, Days]:
    first, last = plan.first_day.astype("datetime64[M]"), plan.last_day.astype("datetime64[M]")
    months = np.arange(first, last + 1)
    count = len(ranges)
    lot, turn = draws.random(count), draws.random(count) * len(months)
    starts, stops = np.where(lot < 0.08, turn, 0), np.where(lot > 0.86, turn, len(months))
    place = np.arange(len(months))
    is_watched = (place >= starts[:, None]) & (place < stops[:, None])
    is_seen = is_watched & (draws.random((count, len(months))) < SEEN_PER_MONTH)
    row, month = np.nonzero(is_seen)
    in_month = draws.integers(0, 28, size=len(row)).astype("timedelta64[D]")
    days = plan.not_after(months[month].astype("datetime64[D]") + in_month)
    added = ranges["known_on"].to_numpy(dtype="datetime64[D]")[row]
    keep = (days >= plan.first_day) & (days <= plan.last_day) & (days >= added)
    return _once_a_day(row[keep], days[keep])


def _once_a_day(row: Counts, days: Days) -> tuple[Counts, Days]:
    """Drop second looks on one day: a first of January moves back into December."""
    seen = pd.DataFrame({"row": row, "day": days}).drop_duplicates()
    return seen["row"].to_numpy(), seen["day"].to_numpy(dtype="datetime64[D]")
