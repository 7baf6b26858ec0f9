"""Quotes, revision by revision, and the needs that clients stated."""

import numpy as np
import pandas as pd

from clientlib.sample.assortment import FAMILY_NAMES
from clientlib.sample.lines import DEAL_DISCOUNT, LARGE_ORDER, LARGE_ORDER_DISCOUNT
from clientlib.sample.plan import NEVER, Counts, Floats, known_where
from clientlib.sample.scene import Scene, added_days, days_of, numbered, stacked
from clientlib.sample.trade import DEAL_ORDERS_MEAN
from clientlib.sample.workdays import Days

MOST_REVISIONS = 4
REVISION_STEP = 0.015
GAP_WON, GAP_LOST = 0.01, 0.065
ASKED_LONGER_SHARE = 0.3
SECOND_LINE_SHARE = 0.4
VALID_DAYS = 30
MET_NEEDS_SHARE = 0.3
UNMET_NEEDS_PER_YEAR = 0.35
UNMET_THEMES = {
    "delivery within a day": 0.3,
    "smaller packs": 0.22,
    "an environmental certificate": 0.18,
    "longer guarantee": 0.16,
    "spare parts for older machines": 0.14,
}
URGENCIES = {"low": 0.3, "normal": 0.5, "high": 0.2}


def draw_quotes(scene: Scene) -> pd.DataFrame:
    """Draw the quotes of the deals that reached an offer, revision by revision.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per quote, revision and line
        The contract's columns of ``quotes``; hidden: ``gap_share`` (what the client still
        asked off the last price). The last discount of a deal is what its orders get.
    """
    draws = scene.draws("quotes")
    offers = _list_offers(scene)
    revisions = _draw_revisions(scene, offers, draws)
    quotes = _add_lines(scene, revisions, draws)
    _draw_prices(scene, quotes, draws)
    quotes = quotes[scene.plan.happened(days_of(quotes, "sent_on"))]
    return quotes.sort_values(
        ["sent_on", "quote_id", "revision_no", "line_no"], kind="stable", ignore_index=True
    )


def _list_offers(scene: Scene) -> pd.DataFrame:
    stages, deals = scene.tables["deal_stages"], scene.tables["deals"]
    offered = stages[stages["stage"] == "Offer sent"].set_index("deal_id")["entered_on"]
    offers = deals[deals["deal_id"].isin(offered.index)].reset_index(drop=True)
    offers["offered_on"] = offered.reindex(offers["deal_id"]).to_numpy()
    offers["quote_id"] = numbered("QT", len(offers))
    return offers


def _draw_revisions(scene: Scene, offers: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    counts = 1 + draws.binomial(MOST_REVISIONS - 1, 0.35, size=len(offers))
    place = np.repeat(np.arange(len(offers)), counts)
    revisions = offers.take(place).reset_index(drop=True)
    number = revisions.groupby("quote_id").cumcount().to_numpy() + 1
    revisions["revision_no"], left = number, counts[place] - number
    start, end = days_of(revisions, "offered_on"), days_of(revisions, "ends_on")
    span = np.maximum((end - start).astype(int) - 1, 0)
    step = (number - 1 + 0.6 * draws.random(len(revisions)) * (number > 1)) / counts[place]
    sent = np.maximum(scene.plan.not_after(added_days(start, span * step)), start)
    revisions["sent_on"] = sent
    revisions["expires_on"] = added_days(sent, np.full(len(sent), VALID_DAYS))
    revisions["steps_left"] = left
    is_last = (left == 0) | ~scene.plan.happened(_next_day(revisions))
    ends = {"won": "accepted", "lost": "refused", "no_decision": "refused", "open": "open"}
    revisions["is_last"] = is_last
    revisions["outcome"] = np.where(is_last, revisions["outcome"].map(ends), "replaced")
    return revisions


def _next_day(revisions: pd.DataFrame) -> Days:
    """Day of the next revision of the same quote, NaT after the last."""
    return days_of(
        revisions.assign(next_on=revisions.groupby("quote_id")["sent_on"].shift(-1)), "next_on"
    )


def _add_lines(scene: Scene, revisions: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    """Quote the deal's product, and in some quotes a second one beside it."""
    keys = revisions["quote_id"].drop_duplicates()
    has_second = pd.Series(draws.random(len(keys)) < SECOND_LINE_SHARE, index=keys)
    other = pd.Series(draws.integers(0, len(scene.stock.products), size=len(keys)), index=keys)
    first = revisions.assign(line_no=1, part=1.0)
    second = revisions[has_second.reindex(revisions["quote_id"]).to_numpy()]
    product = other.reindex(second["quote_id"]).to_numpy()
    opened = days_of(second, "opened_on")
    second = second.assign(line_no=2, part=0.35, product=scene.stock.on_offer(product, opened))
    is_other = second["product"] != first.loc[second.index, "product"]
    return stacked([first, second[is_other]])


def _draw_prices(scene: Scene, quotes: pd.DataFrame, draws: np.random.Generator) -> None:
    client, product = quotes["client"].to_numpy(), quotes["product"].to_numpy()
    listed = scene.stock.prices_on(product, np.minimum(days_of(quotes, "sent_on"), _end(scene)))
    pack = scene.stock.products["pack"].to_numpy()[product]
    parts = quotes["amount"].to_numpy() * quotes["part"].to_numpy() / listed / pack
    quotes["product_id"] = scene.stock.products["product_id"].to_numpy()[product]
    quotes["quantity"] = np.maximum(np.round(parts), 1) * pack
    discount = _discounts(scene, quotes, draws)
    quotes["list_price"], quotes["discount_share"] = listed, discount
    quotes["price"] = (listed * (1 - discount)).round(4)
    terms = scene.clients["term_days"].to_numpy()[client]
    quotes["payment_days"] = terms
    gap = _draw_gaps(quotes, draws)
    quotes["gap_share"] = gap.round(4)
    asked = (quotes["price"] * (1 - gap)).round(4)
    is_told = draws.random(len(quotes)) < 0.8
    quotes["asked_price"] = np.where(is_told, asked, np.nan)
    asks_longer = draws.random(len(quotes)) < ASKED_LONGER_SHARE
    quotes["asked_payment_days"] = np.where(asks_longer, terms + 15.0, np.nan)


def _end(scene: Scene) -> np.datetime64:
    return scene.plan.last_day


def _discounts(scene: Scene, quotes: pd.DataFrame, draws: np.random.Generator) -> Floats:
    usual = scene.clients["discount_share"].to_numpy()[quotes["client"]]
    order = scene.clients["order_amount"].to_numpy()[quotes["client"]]
    is_large = quotes["amount"].to_numpy() / DEAL_ORDERS_MEAN > LARGE_ORDER * order
    last = usual + DEAL_DISCOUNT + LARGE_ORDER_DISCOUNT * is_large
    last += draws.normal(0, 0.004, size=len(quotes))
    raw = last - REVISION_STEP * quotes["steps_left"].to_numpy()
    return np.asarray(np.clip(raw, 0.0, 0.25).round(3))


def _draw_gaps(quotes: pd.DataFrame, draws: np.random.Generator) -> Floats:
    """Ask for what is still to come, and at the end for little if won, for more if lost."""
    to_come = REVISION_STEP * quotes["steps_left"].to_numpy()
    mean = np.where(quotes["end"] == "won", GAP_WON, GAP_LOST)
    return np.asarray(to_come + draws.gamma(4.0, mean / 4.0))


def draw_needs(scene: Scene) -> pd.DataFrame:
    """Draw the needs that clients stated: met by later orders, by rivals, or by nobody.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per need, by day
        The contract's columns of ``needs``; hidden: ``met_by`` (us, rival or nobody).
    """
    draws = scene.draws("needs")
    parts = [_met_by_us(scene, draws), _met_by_rivals(scene), _unmet(scene, draws)]
    needs = stacked(parts)
    needs = needs.sort_values(["stated_on", "client", "family"], kind="stable", ignore_index=True)
    needs["need_id"] = numbered("N", len(needs), 4)
    needs["client_id"] = scene.ids(needs["client"].to_numpy())
    needs["urgency"] = draws.choice(list(URGENCIES), size=len(needs), p=list(URGENCIES.values()))
    needs["met_on"] = scene.within(days_of(needs, "met_on"))
    for column in ("order_id", "competitor_id"):
        needs[column] = known_where(needs[column], needs["met_on"].notna())
    return needs


def _met_by_us(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    """Take clients' first orders of a family, some time after they came, as needs met."""
    lines = scene.lines_sold
    family = scene.stock.products["family_no"].to_numpy()[lines["product"]]
    first = lines.assign(family_no=family).sort_values(["order_day", "order_id", "line_no"])
    first = first.drop_duplicates(["client", "family_no"])
    start = scene.with_us_from[first["client"].to_numpy()]
    is_later = days_of(first, "order_day") > added_days(start, np.full(len(first), 90))
    met = first[is_later & (draws.random(len(first)) < MET_NEEDS_SHARE)].reset_index(drop=True)
    ahead = added_days(days_of(met, "order_day"), -draws.integers(3, 60, size=len(met)))
    needs = pd.DataFrame({"client": met["client"], "stated_on": scene.plan.after(ahead, 0)})
    needs["stated_on"] = np.minimum(days_of(needs, "stated_on"), days_of(met, "order_day"))
    needs["family"] = np.array(FAMILY_NAMES)[met["family_no"]]
    needs["product_id"], needs["order_id"] = met["product_id"], met["order_id"]
    arrives = scene.sales.set_index("order_id")["arrives_on"].reindex(met["order_id"])
    needs["met_on"] = arrives.to_numpy(dtype="datetime64[D]")
    needs["statement"] = ["looks for " + name.lower() for name in needs["family"]]
    return needs.assign(met_by="us", competitor_id=None)


def _met_by_rivals(scene: Scene) -> pd.DataFrame:
    deals = scene.tables["deals"]
    lost = deals.dropna(subset="lost_to_id").reset_index(drop=True)
    needs = pd.DataFrame({"client": lost["client"], "stated_on": lost["opened_on"]})
    needs["family"] = np.array(FAMILY_NAMES)[lost["family_no"]]
    needs["product_id"], needs["competitor_id"] = lost["product_id"], lost["lost_to_id"]
    needs["met_on"] = days_of(lost, "closed_on")
    needs["statement"] = ["wants an offer for " + name.lower() for name in needs["family"]]
    return needs.assign(met_by="rival", order_id=None)


def _unmet(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    start, end = scene.with_us_from, scene.with_us_until
    years = np.maximum((end - start).astype(int), 0) / 365.25
    rate = np.where(scene.is_regular, UNMET_NEEDS_PER_YEAR, UNMET_NEEDS_PER_YEAR / 3)
    client: Counts = np.repeat(np.arange(len(start)), draws.poisson(rate * years))
    span = (end - start).astype(int)[client] * draws.random(len(client))
    needs = pd.DataFrame({"client": client})
    needs["stated_on"] = np.minimum(
        scene.plan.after(added_days(start[client], span), 0), _last_working_day(scene)
    )
    needs["family"] = draws.choice(FAMILY_NAMES, size=len(client))
    needs["statement"] = draws.choice(
        list(UNMET_THEMES), size=len(client), p=list(UNMET_THEMES.values())
    )
    plain = {"product_id": None, "order_id": None, "competitor_id": None, "met_on": NEVER}
    return needs.assign(met_by="nobody", **plain)


def _last_working_day(scene: Scene) -> np.datetime64:
    last: np.datetime64 = scene.plan.not_after(np.full(1, scene.plan.last_day))[0]
    return last
