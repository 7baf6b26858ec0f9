"""Deals: who is asked for an offer, which rivals are in it, how it ends, through which stages."""

import numpy as np
import pandas as pd

from clientlib.sample.assortment import Assortment
from clientlib.sample.plan import NEVER, Counts, Flags, Floats, Plan, known_where
from clientlib.sample.rivals import PRESENCES, RIVAL_IDS, STRENGTHS, Rivalry
from clientlib.sample.workdays import Days
from clientlib.sample.world import INDUSTRIES, managers_count

BASE_LOG_ODDS = 0.25
PRICE_EFFECT = 4.0
KNOWN_CLIENT_EFFECT = 0.35
MANAGER_SPREAD = 0.2
NO_DECISION_SHARE = 0.17
RIVAL_TOLD_SHARE = 0.8
DEALS_PER_YEAR = {"prospect": 1.6, "one-off": 0.4}
PRICE_REASON_SHARE = 0.6
STAGES = ("Inquiry", "Needs agreed", "Offer sent", "Negotiation")
REASONS = ("delivery time", "payment terms", "range", "old ties with the rival")
STALL_REASONS = ("budget frozen", "put off", "no answer")


def draw_deals(
    plan: Plan, clients: pd.DataFrame, assortment: Assortment, rivalry: Rivalry
) -> pd.DataFrame:
    """Draw all deals with their true end, also of those that are open at the end.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    clients : DataFrame
        From ``draw_clients``, with terms.
    assortment : Assortment
        From ``draw_assortment``.
    rivalry : Rivalry
        From ``draw_rivalry``.

    Returns
    -------
    DataFrame, one row per deal
        Hidden columns: ``client``, ``product``, ``family_no``, ``present`` (bits, one per
        rival), ``price_gap``, ``win_probability``, ``ends_on``, ``end`` (won, lost or
        no_decision), ``rival`` (who won it, -1 for none).
    """
    draws = plan.draws("deals")
    deals = _draw_openings(plan, clients, draws)
    count = len(deals)
    deals["product"] = _draw_products(deals, clients, assortment, draws)
    deals["family_no"] = assortment.products["family_no"].to_numpy()[deals["product"]]
    usual = clients["order_amount"].to_numpy()[deals["client"]]
    amount = np.maximum(usual * 6 * np.exp(draws.normal(0, 0.6, size=count)), 300)
    deals["amount"] = np.round(amount / 10) * 10
    present = _draw_present(deals, rivalry, draws)
    deals["present"] = present @ (1 << np.arange(len(RIVAL_IDS)))
    _draw_ends(deals, present, clients, rivalry, draws)
    _draw_cycles(deals, plan, draws)
    return deals


def _draw_openings(plan: Plan, clients: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    contact = clients["first_contact_on"].to_numpy(dtype="datetime64[D]")
    first = np.maximum(contact, plan.first_day)
    leaves = clients["leaves_on"].to_numpy(dtype="datetime64[D]")
    last = np.where(np.isnat(leaves), plan.last_day, leaves)
    days = np.maximum((last - first).astype(int), 0)
    usual = 1.3 + 0.7 * np.clip(clients["size"].to_numpy(), -1.2, 2.5)
    rate = clients["type"].map(DEALS_PER_YEAR).fillna(pd.Series(usual)).to_numpy()
    client = np.repeat(np.arange(len(clients)), draws.poisson(rate * days / 365.25))
    offset = (draws.random(len(client)) * days[client]).astype("timedelta64[D]")
    opened = np.minimum(
        plan.after(first[client] + offset, 0), plan.not_after(np.full(len(client), plan.last_day))
    )
    deals = pd.DataFrame({"client": client, "opened_on": opened})
    deals["is_known"] = opened - contact[client] > np.timedelta64(180, "D")
    return deals.sort_values(["opened_on", "client"], kind="stable").reset_index(drop=True)


def _draw_products(
    deals: pd.DataFrame, clients: pd.DataFrame, assortment: Assortment, draws: np.random.Generator
) -> Counts:
    industry = clients["industry"].map({name: n for n, name in enumerate(INDUSTRIES)}).to_numpy()
    families = assortment.products["family_no"].to_numpy()
    odds = assortment.tastes[:, families] * assortment.products["popularity"].to_numpy()
    steps = np.cumsum(odds, axis=1) / odds.sum(axis=1, keepdims=True)
    lots, kinds = draws.random(len(deals)), industry[deals["client"].to_numpy()]
    product = np.array([np.searchsorted(steps[k], lot) for k, lot in zip(kinds, lots, strict=True)])
    opened = deals["opened_on"].to_numpy(dtype="datetime64[D]")
    return assortment.on_offer(product.astype(np.int64), opened)


def _draw_present(deals: pd.DataFrame, rivalry: Rivalry, draws: np.random.Generator) -> Flags:
    coverage = rivalry.coverage[:, deals["family_no"].to_numpy()].T
    odds = PRESENCES * coverage / rivalry.coverage.mean(axis=1)
    return np.asarray(draws.random(odds.shape) < odds)


def _draw_ends(
    deals: pd.DataFrame,
    present: Flags,
    clients: pd.DataFrame,
    rivalry: Rivalry,
    draws: np.random.Generator,
) -> None:
    deals["price_gap"] = _price_gaps(deals, present, rivalry)
    managers = clients["manager_id"].to_numpy()[deals["client"]]
    effects = manager_effects(draws, len(clients))
    log_odds = BASE_LOG_ODDS + present @ STRENGTHS + PRICE_EFFECT * deals["price_gap"]
    log_odds += KNOWN_CLIENT_EFFECT * deals["is_known"]
    log_odds += effects[[int(name[2:]) - 1 for name in managers]]
    deals["win_probability"] = (1 / (1 + np.exp(-log_odds))).round(4)
    stalls = draws.random(len(deals)) < NO_DECISION_SHARE
    wins = draws.random(len(deals)) < deals["win_probability"]
    deals["end"] = np.where(stalls, "no_decision", np.where(wins, "won", "lost"))
    deals["rival"] = np.where(deals["end"] == "lost", _draw_winners(present, draws), -1)
    _draw_reasons(deals, draws)


def manager_effects(draws: np.random.Generator, clients_count: int) -> Floats:
    """Draw each manager's effect on the log odds of winning, shape (n_managers,)."""
    return draws.normal(0, MANAGER_SPREAD, size=managers_count(clients_count))


def _price_gaps(deals: pd.DataFrame, present: Flags, rivalry: Rivalry) -> Floats:
    """Mean log ratio of the present rivals' prices to ours; 0 without rivals."""
    shape = present.shape
    rivals = np.broadcast_to(np.arange(shape[1]), shape)
    families = np.broadcast_to(deals["family_no"].to_numpy()[:, None], shape)
    days = np.broadcast_to(deals["opened_on"].to_numpy(dtype="datetime64[D]")[:, None], shape)
    levels = rivalry.levels_on(rivals, families, days)
    return np.asarray(
        ((levels * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1)).round(4)
    )


def _draw_winners(present: Flags, draws: np.random.Generator) -> Counts:
    """Choose which present rival wins a deal that we lose; -1 where none is in it."""
    odds = present * np.exp(-STRENGTHS)
    steps = np.cumsum(odds, axis=1)
    lots = draws.random(len(present)) * steps[:, -1]
    winner = (lots[:, None] > steps).sum(axis=1)
    return np.where(steps[:, -1] > 0, winner, -1)


def _draw_reasons(deals: pd.DataFrame, draws: np.random.Generator) -> None:
    count = len(deals)
    is_dearer = (deals["price_gap"] < 0).to_numpy()
    blames_price = draws.random(count) < np.where(is_dearer, PRICE_REASON_SHARE, 0.25)
    lost = np.where(blames_price, "price", draws.choice(REASONS, size=count))
    stalled = draws.choice(STALL_REASONS, size=count)
    reason = np.select([deals["end"] == "lost", deals["end"] == "no_decision"], [lost, stalled], "")
    is_told = (draws.random(count) < 0.93) & (reason != "")
    deals["lost_reason"] = known_where(reason, is_told)
    is_named = (deals["rival"] >= 0) & (draws.random(count) < RIVAL_TOLD_SHARE)
    names = np.array([*RIVAL_IDS, ""], dtype=object)[deals["rival"].to_numpy()]
    deals["lost_to_id"] = known_where(names, is_named)


def _draw_cycles(deals: pd.DataFrame, plan: Plan, draws: np.random.Generator) -> None:
    count = len(deals)
    mean = np.select([deals["end"] == "won", deals["end"] == "lost"], [38.0, 46.0], default=80.0)
    mean *= np.clip(deals["amount"] / 5000, 0.4, 3.0) ** 0.25
    length = 4 + draws.gamma(2.0, mean / 2.0)
    opened = deals["opened_on"].to_numpy(dtype="datetime64[D]")
    ends = plan.after(opened + length.astype("timedelta64[D]"), 0)
    deals["ends_on"] = _pulled_to_quarter_end(ends, plan, draws)
    promised = opened + draws.integers(30, 90, size=count).astype("timedelta64[D]")
    deals["expected_close_on"] = plan.after(promised, 0)
    deals["stage_lots"] = list(np.sort(draws.random((count, 3)), axis=1))
    deals["named_lots"] = draws.random(count)
    deals["stages_count"] = np.where(deals["end"] == "won", 4, draws.integers(2, 5, size=count))


def _pulled_to_quarter_end(ends: Days, plan: Plan, draws: np.random.Generator) -> Days:
    """Bring three in ten of the closings that are near a quarter's end to its last days."""
    quarter = ends.astype("datetime64[M]").astype(int) // 3 + 1
    last = (quarter * 3).astype("datetime64[M]").astype("datetime64[D]") - np.timedelta64(1, "D")
    target = plan.not_after(last - draws.integers(0, 5, size=len(ends)).astype("timedelta64[D]"))
    is_near = (target - ends).astype(int) < 30
    is_pulled = is_near & (target > ends) & (draws.random(len(ends)) < 0.3)
    return np.where(is_pulled, target, ends)


def keep_deals_of_stayers(deals: pd.DataFrame, left_on: Days) -> pd.DataFrame:
    """Drop deals that would end after their client had left, and number the rest.

    Parameters
    ----------
    deals : DataFrame
        From ``draw_deals``.
    left_on : array of datetime64[D], shape (n_clients,)
        Day of each client's departure; NaT for those who stay.

    Returns
    -------
    DataFrame
        The deals that happened, with ``deal_id`` added; ``place`` is their old row number.
    """
    gone = left_on[deals["client"].to_numpy()]
    stays = np.isnat(gone) | (deals["ends_on"].to_numpy(dtype="datetime64[D]") <= gone)
    kept: pd.DataFrame = deals[stays].reset_index(names="place")
    kept["deal_id"] = [f"D-{number:05d}" for number in range(1, len(kept) + 1)]
    return kept


def tell_deals(deals: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Add what the CRM shows at the end of the period: outcome and closing day.

    Parameters
    ----------
    deals : DataFrame
        From ``keep_deals_of_stayers``.
    plan : Plan
        Options of the run.

    Returns
    -------
    DataFrame
        With ``outcome`` and ``closed_on``; reasons and winners only of closed deals.
    """
    told = deals.copy()
    ends = deals["ends_on"].to_numpy(dtype="datetime64[D]")
    is_closed = plan.happened(ends)
    told["outcome"] = np.where(is_closed, deals["end"], "open")
    told["closed_on"] = np.where(is_closed, ends, NEVER)
    for column in ("lost_reason", "lost_to_id"):
        told[column] = known_where(deals[column], is_closed)
    return told


def list_stages(deals: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """List the stages that each deal entered by the end of the period.

    Parameters
    ----------
    deals : DataFrame
        From ``tell_deals``.
    plan : Plan
        Options of the run.

    Returns
    -------
    DataFrame, one row per deal and stage
        The contract's columns of ``deal_stages``.
    """
    opened, length = _course(deals)
    lots = np.hstack([np.zeros((len(deals), 1)), np.vstack(deals["stage_lots"].to_list())])
    entered = opened[:, None] + (lots * 0.9 * length[:, None]).astype("timedelta64[D]")
    entered = plan.not_after(entered)
    is_reached = np.arange(len(STAGES)) < deals["stages_count"].to_numpy()[:, None]
    row, stage = np.nonzero(is_reached & plan.happened(entered))
    stages = pd.DataFrame({"deal_id": deals["deal_id"].to_numpy()[row]})
    stages["entered_on"], stages["stage"] = entered[row, stage], np.array(STAGES)[stage]
    return stages


def list_deal_rivals(deals: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """List the rivals that were named in each deal by the end of the period.

    Parameters
    ----------
    deals : DataFrame
        From ``tell_deals``.
    plan : Plan
        Options of the run.

    Returns
    -------
    DataFrame, one row per deal and rival
        The contract's columns of ``deal_competitors``.
    """
    opened, length = _course(deals)
    named = plan.not_after(
        opened + (deals["named_lots"] * 0.6 * length).to_numpy().astype("timedelta64[D]")
    )
    bits = deals["present"].to_numpy()[:, None] >> np.arange(len(RIVAL_IDS)) & 1
    row, rival = np.nonzero((bits == 1) & plan.happened(named)[:, None])
    rivals = pd.DataFrame({"deal_id": deals["deal_id"].to_numpy()[row]})
    rivals["competitor_id"], rivals["named_on"] = np.array(RIVAL_IDS)[rival], named[row]
    return rivals


def _course(deals: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give the day on which each deal was opened, and how many days it took."""
    opened = deals["opened_on"].to_numpy(dtype="datetime64[D]")
    return opened, (deals["ends_on"].to_numpy(dtype="datetime64[D]") - opened).astype(int)
