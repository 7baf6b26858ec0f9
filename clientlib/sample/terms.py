"""Contracts with their clauses, prices agreed with single clients, and who may grant what."""

import numpy as np
import pandas as pd

from clientlib.sample.plan import NEVER, Flags, Plan, known_where
from clientlib.sample.scene import Scene, added_days, days_of, numbered, stacked
from clientlib.sample.workdays import Days

CONTRACT_SHARE = 0.85
RENEWED_SHARE = 0.88
CLAUSE_SHARE, CLAUSE_SHARE_OF_REFERRERS = 0.2, 0.6
LATE_SIGNATURE_SHARE, UNSIGNED_SHARE = 0.15, 0.04
SECURED_SHARE = 0.12
TIERS = {"micro": "standard", "small": "standard", "medium": "silver", "large": "gold"}
REPLY_HOURS = {"standard": 24.0, "silver": 8.0, "gold": 4.0}
PENALTIES = {"standard": 0.0, "silver": 0.002, "gold": 0.005}
PRICE_CLAUSES = {"list": 0.5, "fixed": 0.3, "indexed": 0.2}
OWN_PRICES_FROM_SHARE, OWN_PRICES_COUNT = 0.09, 6
DISCOUNT_LIMITS = {"Home": 0.1, "Key accounts": 0.15}
OTHER_LIMITS = {"credit": {"Home": 10_000, "Key accounts": 30_000},
                "payment_days": {"Home": 45, "Key accounts": 60}}  # fmt: skip
LIMIT_RAISE_SHARE = 0.02
BREACH_SHARE = 0.06
HEAD_OF_SALES = "head of sales"


def draw_contracts(scene: Scene) -> pd.DataFrame:
    """Draw the contracts of most regular clients, renewed term by term while they stay.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per contract, by first day
        The contract's columns of ``contracts``; hidden: ``client``, ``term`` (0 for the first).
        The days to pay are those of the client's invoices.
    """
    draws, plan = scene.draws("contracts"), scene.plan
    client = np.flatnonzero(scene.is_regular & (draws.random(len(scene.clients)) < CONTRACT_SHARE))
    fixed = _draw_clauses(scene, client, draws)
    contact = days_of(scene.clients, "first_contact_on")[client]
    start = np.maximum(
        added_days(contact, draws.integers(10, 60, size=len(client))),
        added_days(np.full(len(client), plan.first_day), -draws.integers(30, 700, len(client))),
    )
    terms = _draw_terms(scene, fixed.assign(starts_on=plan.after(start, 0)), draws)
    contracts = stacked(terms)
    contracts = contracts.sort_values(["starts_on", "client"], kind="stable", ignore_index=True)
    contracts["contract_id"] = numbered("K", len(contracts), 4)
    before = contracts.groupby("client")["contract_id"].shift()
    contracts["renews_id"] = known_where(before, before.notna())
    _draw_signatures(contracts, plan, draws)
    return contracts


def _draw_clauses(
    scene: Scene, client: np.ndarray[tuple[int], np.dtype[np.int64]], draws: np.random.Generator
) -> pd.DataFrame:
    clients, count = scene.clients.iloc[client], len(client)
    clauses = pd.DataFrame({"client": client, "client_id": scene.ids(client)})
    clauses["manager_id"] = scene.managers_of(client)
    clauses["service_tier"] = clients["size_band"].map(TIERS).to_numpy()
    clauses["payment_days"] = clients["term_days"].to_numpy()
    months = draws.uniform(2.0, 4.0, size=count)
    limit = np.maximum(scene.yearly_spend[client] / 12 * months, 500)
    clauses["credit_limit_amount"] = np.round(limit / 500) * 500
    is_secured = draws.random(count) < SECURED_SHARE
    clauses["collateral_amount"] = np.where(is_secured, clauses["credit_limit_amount"] / 2, np.nan)
    clauses["late_interest_share"] = draws.choice([0.0002, 0.0005], size=count)
    clauses["delivery_penalty_share"] = clauses["service_tier"].map(PENALTIES)
    clauses["reply_hours"] = clauses["service_tier"].map(REPLY_HOURS)
    clauses["price_clause"] = draws.choice(
        list(PRICE_CLAUSES), size=count, p=list(PRICE_CLAUSES.values())
    )
    is_referrer = clauses["client_id"].isin(scene.clients["referred_by_id"]).to_numpy()
    share = np.where(is_referrer, CLAUSE_SHARE_OF_REFERRERS, CLAUSE_SHARE)
    clauses["has_referral_clause"] = draws.random(count) < share
    clauses["has_reference_consent"] = draws.random(count) < 0.4
    return clauses


def _draw_terms(
    scene: Scene, first: pd.DataFrame, draws: np.random.Generator
) -> list[pd.DataFrame]:
    """Renew each client's contract until the period ends, it leaves, or it lets it lapse."""
    terms: list[pd.DataFrame] = []
    alive = first[days_of(first, "starts_on") <= _stays_until(scene, first)]
    while len(alive):
        years = draws.choice([1, 2], size=len(alive), p=[0.6, 0.4])
        ends = added_days(days_of(alive, "starts_on"), 365 * years - 1)
        until = _stays_until(scene, alive)
        leaves = until < scene.plan.last_day
        ended = np.where(leaves & (until < ends), until, NEVER)
        terms.append(alive.assign(term=len(terms), ends_on=ends, ended_on=ended))
        goes_on = (ends < until) & (draws.random(len(alive)) < RENEWED_SHARE)
        alive = alive[goes_on].assign(starts_on=added_days(ends, np.ones(len(ends)))[goes_on])
    return terms


def _stays_until(scene: Scene, contracts: pd.DataFrame) -> Days:
    return np.asarray(scene.with_us_until[contracts["client"].to_numpy()])


def _draw_signatures(contracts: pd.DataFrame, plan: Plan, draws: np.random.Generator) -> None:
    count, starts = len(contracts), days_of(contracts, "starts_on")
    ahead = added_days(starts, -draws.integers(1, 20, size=count))
    behind = added_days(starts, draws.integers(5, 40, size=count))
    is_renewal = (contracts["term"] > 0).to_numpy()
    is_late = is_renewal & (draws.random(count) < LATE_SIGNATURE_SHARE)
    signed = plan.not_after(np.where(is_late, behind, ahead))
    is_missing = (draws.random(count) < UNSIGNED_SHARE) | ~plan.happened(signed)
    contracts["signed_on"] = np.where(is_missing, NEVER, signed)
    contracts["told_on"] = np.where(is_missing, starts, signed)


def draw_client_prices(scene: Scene) -> pd.DataFrame:
    """Agree prices with the clients of larger discounts, for what they buy most, year by year.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per client, product and year
        The contract's columns of ``client_prices``: the list price less the client's usual
        discount. Hidden: ``discount_share``, ``is_breach`` (a manager went beyond the limit).
    """
    draws, clients = scene.draws("client prices"), scene.clients
    is_chosen = scene.is_regular & (clients["discount_share"] >= OWN_PRICES_FROM_SHARE).to_numpy()
    prices = _bought_most(scene, is_chosen)
    year = prices["year"].to_numpy().astype(str).astype("datetime64[Y]")
    client, product = prices["client"].to_numpy(), prices["product"].to_numpy()
    prices["client_id"] = scene.ids(client)
    prices["product_id"] = scene.stock.products["product_id"].to_numpy()[product]
    prices["starts_on"] = year.astype("datetime64[D]")
    prices["ends_on"] = (year + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    prices["discount_share"] = clients["discount_share"].to_numpy()[client]
    listed = scene.stock.prices_on(product, days_of(prices, "starts_on"))
    prices["price"] = (listed * (1 - prices["discount_share"])).round(4)
    prices["minimum_quantity"] = scene.stock.products["pack"].to_numpy()[product]
    _draw_approvals(scene, prices, draws)
    prices["told_on"] = _announced(scene.plan, days_of(prices, "starts_on"), 20)
    return prices


def _bought_most(scene: Scene, is_chosen: Flags) -> pd.DataFrame:
    lines = scene.lines_sold
    lines = lines[is_chosen[lines["client"].to_numpy()]]
    keys = [lines["client"], lines["order_day"].dt.year.rename("year"), lines["product"]]
    bought = lines.groupby(keys)["net_amount"].sum().reset_index()
    bought = bought.sort_values(
        ["client", "year", "net_amount", "product"], ascending=[True, True, False, True]
    )
    most: pd.DataFrame = bought.groupby(["client", "year"]).head(OWN_PRICES_COUNT)
    return most.reset_index(drop=True)


def _draw_approvals(scene: Scene, prices: pd.DataFrame, draws: np.random.Generator) -> None:
    managers = scene.tables["managers"].set_index("manager_id")
    holder = scene.managers_of(prices["client"].to_numpy())
    team = managers["team"].reindex(holder)
    limit = team.map(DISCOUNT_LIMITS).to_numpy(dtype=np.float64)
    limit += LIMIT_RAISE_SHARE * (days_of(prices, "starts_on") >= raised_on(scene.plan))
    is_above = prices["discount_share"].to_numpy() > limit + 1e-9
    prices["is_breach"] = is_above & (draws.random(len(prices)) < BREACH_SHARE)
    by_head = is_above & ~prices["is_breach"].to_numpy(dtype=np.bool_)
    prices["approved_by"] = np.where(by_head, HEAD_OF_SALES, holder)


def raised_on(plan: Plan) -> np.datetime64:
    """Give the day on which all limits of discount were raised: a January in mid-period."""
    year = plan.years[len(plan.years) // 2]
    return np.datetime64(f"{year}-01-01", "D")


def _announced(plan: Plan, starts: Days, ahead: int) -> Days:
    """Give the working day on which what starts was told, not after the end of the period."""
    told = plan.not_after(added_days(starts, np.full(len(starts), -ahead)))
    return np.minimum(told, plan.last_day)


def list_limits(scene: Scene) -> pd.DataFrame:
    """List what each manager may grant alone; discounts were raised once.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per manager, kind and period
        The contract's columns of ``approval_limits``.
    """
    plan, managers = scene.plan, scene.tables["managers"]
    start = plan.first_day - np.timedelta64(400, "D")
    turn = raised_on(plan)
    rows = []
    for manager, team in zip(managers["manager_id"], managers["team"], strict=True):
        low = DISCOUNT_LIMITS[team]
        rows.append((manager, "discount", start, turn - np.timedelta64(1, "D"), low))
        rows.append((manager, "discount", turn, NEVER, round(low + LIMIT_RAISE_SHARE, 2)))
        rows += [(manager, kind, start, NEVER, most[team]) for kind, most in OTHER_LIMITS.items()]
    columns = ["manager_id", "kind", "starts_on", "ends_on", "limit_value"]
    limits = pd.DataFrame(rows, columns=columns)
    limits["limit_value"] = limits["limit_value"].astype(float)
    limits["told_on"] = _announced(plan, days_of(limits, "starts_on"), 10)
    return limits
