"""Campaigns, whom they reached, whom chance held out, and what they changed.

The orders are there before the campaigns, so the effect is planted by the choice of who is
held out. With ``p`` the share of all times at which a client orders within the window, and
``y`` whether it did so after this touch, it is held out with the chance ``h (1 - b (y - p))``.
Over ``y`` that is ``h`` for every client, so those held out are like the others in all that
happened before, yet order less often by ``b p (1 - p) / (1 - h)``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.sample.assortment import FAMILY_NAMES
from clientlib.sample.plan import NEVER, Flags, Floats, Plan, known_where
from clientlib.sample.scene import Scene, added_days, days_of, numbered, stacked
from clientlib.sample.workdays import Days


@dataclass(frozen=True)
class Kind:
    """How campaigns of one kind reach clients.

    Parameters
    ----------
    audience_share : float
        Share of the clients in the audience; where it aims at one country, four times that
        of the country's, at most half.
    cost, touch_cost : float
        EUR for the campaign, and for each client reached.
    channel : str
        Means by which clients are reached.
    answer_share : float
        Chance that a client who was reached answers.
    """

    audience_share: float
    cost: float
    touch_cost: float
    channel: str
    answer_share: float


HELD_OUT_SHARE = 0.2
TILT = 0.6
WINDOW_DAYS = 21
KINDS = {
    "mailing": Kind(0.4, 300.0, 0.8, "e-mail", 0.08),
    "exhibition": Kind(0.12, 6_500.0, 25.0, "fair", 0.35),
    "presentation": Kind(0.1, 1_400.0, 40.0, "meeting", 0.3),
    "launch": Kind(0.3, 900.0, 3.0, "letter", 0.12),
}
HELD_OUT_KINDS = ("mailing", "launch")
# Kind and first month of the campaigns of a year.
CALENDAR = (
    ("mailing", 2), ("launch", 3), ("presentation", 4), ("mailing", 5), ("exhibition", 6),
    ("mailing", 9), ("launch", 10), ("exhibition", 10), ("mailing", 11),
)  # fmt: skip
COUNTRIES = {"LT": 0.7, "LV": 0.15, "EE": 0.1, "DE": 0.05}
RESPONSES = {"asked for an offer": 0.45, "asked a question": 0.35, "wants no more": 0.2}


def draw_campaigns(scene: Scene) -> pd.DataFrame:
    """Draw the campaigns of each year of the period.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per campaign, by first day
        The contract's columns of ``campaigns``.
    """
    draws, plan = scene.draws("campaigns"), scene.plan
    planned = [(kind, year, month) for year in plan.years for kind, month in CALENDAR]
    campaigns = pd.DataFrame(planned, columns=["kind", "year", "month"])
    starts = [
        f"{year}-{month:02d}"
        for year, month in zip(campaigns["year"], campaigns["month"], strict=True)
    ]
    offset = draws.integers(1, 20, size=len(campaigns))
    first = added_days(np.array(starts, dtype="datetime64[M]").astype("datetime64[D]"), offset)
    campaigns["starts_on"] = plan.after(first, 0)
    days = np.where(campaigns["kind"] == "exhibition", 3, 10)
    campaigns["ends_on"] = added_days(days_of(campaigns, "starts_on"), days)
    family = draws.choice(FAMILY_NAMES, size=len(campaigns))
    campaigns["family"] = family
    campaigns["country"] = _draw_countries(campaigns, draws)
    spread = draws.uniform(0.8, 1.3, size=len(campaigns))
    cost = campaigns["kind"].map({name: kind.cost for name, kind in KINDS.items()})
    campaigns["cost"] = (cost * spread).round(0)
    campaigns["product_id"] = _launched(scene, campaigns)
    campaigns["name"] = [
        f"{kind.capitalize()} {family.lower()} {year}-{month:02d}"
        for kind, family, year, month in zip(
            campaigns["kind"], family, campaigns["year"], campaigns["month"], strict=True
        )
    ]
    return _within_period(plan, campaigns)


def _draw_countries(campaigns: pd.DataFrame, draws: np.random.Generator) -> list[str | None]:
    places = draws.choice(list(COUNTRIES), size=len(campaigns), p=list(COUNTRIES.values()))
    is_place = campaigns["kind"].isin(["exhibition", "presentation"])
    return [str(place) if held else None for place, held in zip(places, is_place, strict=True)]


def _launched(scene: Scene, campaigns: pd.DataFrame) -> list[str | None]:
    """Launch a product of the campaign's family: the newest that is on offer by then."""
    products = scene.stock.products
    found: list[str | None] = []
    for kind, family, day in zip(
        campaigns["kind"], campaigns["family"], days_of(campaigns, "starts_on"), strict=True
    ):
        launched = days_of(products, "launched_on")
        fits = (products["family"] == family).to_numpy() & (launched <= day)
        newest = products["product_id"].to_numpy()[fits][np.argmax(launched[fits].astype(int))]
        found.append(str(newest) if kind == "launch" else None)
    return found


def _within_period(plan: Plan, campaigns: pd.DataFrame) -> pd.DataFrame:
    starts, ends = days_of(campaigns, "starts_on"), days_of(campaigns, "ends_on")
    inside = (starts >= plan.first_day + 30) & plan.happened(ends)
    kept = campaigns[inside].sort_values(["starts_on", "kind"], kind="stable", ignore_index=True)
    kept["campaign_id"] = numbered("CA", len(kept), 3)
    told = plan.not_after(added_days(days_of(kept, "starts_on"), np.full(len(kept), -20)))
    kept["told_on"] = told
    return kept


def draw_touches(scene: Scene) -> pd.DataFrame:
    """Draw each campaign's audience, who of it is held out, and who answers.

    Parameters
    ----------
    scene : Scene
        With ``campaigns`` and ``contacts``.

    Returns
    -------
    DataFrame, one row per campaign and client, by day
        The contract's columns of ``touches``; hidden: ``client``, ``usual_share`` (p),
        ``has_ordered`` (y).
    """
    draws, campaigns = scene.draws("touches"), scene.tables["campaigns"]
    parts = [_draw_audience(scene, row, draws) for _, row in campaigns.iterrows()]
    touches = stacked(parts)
    touches["usual_share"] = usual_shares(scene)[touches["client"]]
    touches["has_ordered"] = _orders_within(scene, touches)
    _hold_out(touches, draws)
    _draw_answers(scene, touches, draws)
    touches["client_id"] = scene.ids(touches["client"].to_numpy())
    firsts = scene.tables["contacts"].drop_duplicates("client").set_index("client")["contact_id"]
    touches["contact_id"] = firsts.reindex(touches["client"]).to_numpy()
    touches = touches.sort_values(["touched_on", "campaign_id", "client"], kind="stable")
    touches["touch_id"] = numbered("TO", len(touches))
    return touches.reset_index(drop=True)


def _draw_audience(scene: Scene, campaign: pd.Series, draws: np.random.Generator) -> pd.DataFrame:
    kind = KINDS[str(campaign["kind"])]
    share = kind.audience_share
    day = np.datetime64(campaign["starts_on"], "D")
    latest = scene.plan.last_day - np.timedelta64(WINDOW_DAYS, "D")
    is_here = (scene.with_us_from < day) & (scene.with_us_until > day + WINDOW_DAYS)
    if campaign["country"] is not None:
        is_here &= (scene.clients["country"] == campaign["country"]).to_numpy()
        share = min(4 * share, 0.5)
    client = np.flatnonzero(is_here & (draws.random(len(is_here)) < share))
    days = added_days(np.full(len(client), day), draws.integers(0, 4, size=len(client)))
    touches = pd.DataFrame({"client": client, "touched_on": np.minimum(days, latest)})
    touches["touched_on"] = scene.plan.not_after(days_of(touches, "touched_on"))
    return touches.assign(
        campaign_id=campaign["campaign_id"],
        kind=campaign["kind"],
        channel=kind.channel,
        cost=kind.touch_cost,
    )


def usual_shares(scene: Scene) -> Floats:
    """Give the share of its time with us at which each client orders within the window.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    array of float, shape (n_clients,)
        0 for clients without orders.
    """
    orders = scene.sales[["client", "ordered_on"]].drop_duplicates()
    orders = orders.sort_values(["client", "ordered_on"], kind="stable")
    client, day = orders["client"].to_numpy(), days_of(orders, "ordered_on")
    since = np.where(
        np.diff(client, prepend=-1) > 0, scene.with_us_from[client], np.roll(day, 1)
    ).astype("datetime64[D]")
    covered = np.clip((day - since).astype(int), 0, WINDOW_DAYS)
    count = len(scene.clients)
    total = np.bincount(client, covered, minlength=count)
    days = (scene.with_us_until - scene.with_us_from).astype(int)
    return np.asarray(np.clip(total / np.maximum(days, 1), 0.0, 1.0))


def _orders_within(scene: Scene, touches: pd.DataFrame) -> Flags:
    """Tell after which touches the client ordered within the window."""
    orders = scene.sales[["client", "ordered_on"]].sort_values("ordered_on", kind="stable")
    asked = touches[["client", "touched_on"]].reset_index(names="place")
    asked = asked.sort_values("touched_on", kind="stable")
    asked["touched_on"] = asked["touched_on"].astype("datetime64[ns]")
    orders["ordered_on"] = orders["ordered_on"].astype("datetime64[ns]")
    found = pd.merge_asof(
        asked, orders, left_on="touched_on", right_on="ordered_on", by="client",
        direction="forward", allow_exact_matches=False,
        tolerance=pd.Timedelta(days=WINDOW_DAYS),
    )  # fmt: skip
    found = found.sort_values("place")
    return np.asarray(found["ordered_on"].notna(), dtype=np.bool_)


def _hold_out(touches: pd.DataFrame, draws: np.random.Generator) -> None:
    surprise = touches["has_ordered"].to_numpy() - touches["usual_share"].to_numpy()
    chance = HELD_OUT_SHARE * (1 - TILT * surprise)
    is_tried = touches["kind"].isin(HELD_OUT_KINDS).to_numpy()
    touches["is_held_out"] = is_tried & (draws.random(len(touches)) < chance)
    touches["cost"] = np.where(touches["is_held_out"], 0.0, touches["cost"])


def _draw_answers(scene: Scene, touches: pd.DataFrame, draws: np.random.Generator) -> None:
    count = len(touches)
    chance = (
        touches["kind"].map({name: kind.answer_share for name, kind in KINDS.items()}).to_numpy()
    )
    answers = (draws.random(count) < chance) & ~touches["is_held_out"].to_numpy(dtype=np.bool_)
    wait = draws.integers(0, 12, size=count)
    day: Days = scene.plan.after(added_days(days_of(touches, "touched_on"), wait), 0)
    answers &= scene.plan.happened(day)
    touches["responded_on"] = np.where(answers, day, NEVER)
    said = draws.choice(list(RESPONSES), size=count, p=list(RESPONSES.values()))
    touches["response"] = known_where(said, answers)
