"""Programmes that reward clients, and who is in them. They change nothing of what is bought."""

import numpy as np
import pandas as pd

from clientlib.sample.plan import NEVER, Flags, Floats, Plan
from clientlib.sample.scene import Scene, added_days, days_between, days_of, stacked
from clientlib.sample.terms import HEAD_OF_SALES
from clientlib.sample.workdays import Days

JOINED_SHARE = 0.7
INELIGIBLE_SHARE = 0.03
REWARD_SHARES = {"bonus": 0.02, "loyalty": 0.01, "season": 0.03}
MINIMUM_SHARES = {"bonus": 0.8, "loyalty": 0.55, "season": 0.65}
SILVER_FROM, GOLD_FROM = 1.0, 2.0


def list_programmes(scene: Scene) -> pd.DataFrame:
    """List the programmes: a bonus and a loyalty programme a year, and one nobody approved.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per programme
        The contract's columns of ``programmes``. The rule to join is purchases of the twelve
        months before, at least the stated quantile of all buyers.
    """
    plan = scene.plan
    rows = [row for start in _starts(plan) for row in _programmes_of(start)]
    programmes = pd.DataFrame(rows)
    programmes["programme_id"] = [f"PR-{number}" for number in range(1, len(rows) + 1)]
    spent = [spent_before(scene, np.full(1, day)) for day in days_of(programmes, "starts_on")]
    quantiles = programmes["kind"].map(MINIMUM_SHARES)
    minimum = [
        np.quantile(amounts[amounts > 0], share)
        for amounts, share in zip(spent, quantiles, strict=True)
    ]
    programmes["minimum_amount"] = np.round(np.array(minimum) / 500) * 500
    programmes["reward_share"] = programmes["kind"].map(REWARD_SHARES)
    programmes["budget_amount"] = [
        round(float(a[a >= least].sum()) * share / 1000) * 1000.0
        for a, least, share in zip(
            spent, programmes["minimum_amount"], programmes["reward_share"], strict=True
        )
    ]
    return programmes


def _starts(plan: Plan) -> Days:
    """First days: each January with a whole year before it, or mid-period of a short one."""
    januaries = [np.datetime64(f"{year}-01-01", "D") for year in plan.years[1:]]
    whole = [day for day in januaries if day >= plan.first_day + 365 and day < plan.last_day - 60]
    middle = plan.first_day + (plan.last_day - plan.first_day) // 2
    return np.array(whole, dtype="datetime64[D]") if whole else np.full(1, middle)


def _programmes_of(start: np.datetime64) -> list[dict[str, object]]:
    year = int(start.astype("datetime64[Y]").astype(int)) + 1970
    end, told = start + np.timedelta64(364, "D"), start - np.timedelta64(30, "D")
    plain = {"starts_on": start, "ends_on": end, "told_on": told}
    by_head = {**plain, "approved_on": told, "approved_by": HEAD_OF_SALES}
    by_none = {**plain, "approved_on": NEVER, "approved_by": None}
    return [
        {"name": f"Bonus {year}", "kind": "bonus", **by_head},
        {"name": f"Loyal client {year}", "kind": "loyalty", **by_head},
        {"name": f"Season {year}", "kind": "season", **by_none},
    ]


def draw_members(scene: Scene) -> pd.DataFrame:
    """Draw who joined: most of those who meet the rule, and a few who do not.

    Parameters
    ----------
    scene : Scene
        With ``programmes``.

    Returns
    -------
    DataFrame, one row per programme and member
        The contract's columns of ``programme_members``; hidden: ``client``, ``is_eligible``.
        The reward is the programme's share of the purchases from joining on.
    """
    draws = scene.draws("programmes")
    programmes = scene.tables["programmes"]
    parts = [_draw_members_of(scene, row, draws) for _, row in programmes.iterrows()]
    return stacked(parts)


def _draw_members_of(
    scene: Scene, programme: pd.Series, draws: np.random.Generator
) -> pd.DataFrame:
    count = len(scene.clients)
    start = np.datetime64(programme["starts_on"], "D")
    lasts = np.minimum(np.full(count, start + 50), scene.plan.last_day - np.timedelta64(1, "D"))
    joined = scene.plan.after(days_between(np.full(count, start), lasts, draws), 0)
    spent = spent_before(scene, joined)
    is_here = (scene.with_us_until >= joined) & (scene.with_us_from <= joined)
    is_eligible = spent >= float(programme["minimum_amount"])
    lots = draws.random(count)
    joins = is_here & (lots < np.where(is_eligible, JOINED_SHARE, INELIGIBLE_SHARE))
    return _describe_members(scene, programme, joined, joins & (spent > 0), spent)


def _describe_members(
    scene: Scene, programme: pd.Series, joined: Days, joins: Flags, spent: Floats
) -> pd.DataFrame:
    client = np.flatnonzero(joins)
    members = pd.DataFrame({"client": client, "client_id": scene.ids(client)})
    members["programme_id"] = programme["programme_id"]
    members["joined_on"] = joined[client]
    minimum = float(programme["minimum_amount"])
    members["is_eligible"] = spent[client] >= minimum
    tiers = np.searchsorted([SILVER_FROM, GOLD_FROM], spent[client] / max(minimum, 1.0))
    members["tier"] = np.array(["starter", "silver", "gold"])[tiers]
    end = np.minimum(np.datetime64(programme["ends_on"], "D"), scene.plan.last_day)
    left = scene.with_us_until[client]
    members["left_on"] = np.where(left < end, left, NEVER)
    bought = _bought_since(scene, members, end)
    members["reward_amount"] = (bought * float(programme["reward_share"])).round(2)
    return members


def _bought_since(scene: Scene, members: pd.DataFrame, end: np.datetime64) -> Floats:
    sales = scene.sales[["client", "ordered_on", "net_amount"]].merge(
        members[["client", "joined_on"]], on="client"
    )
    day = days_of(sales, "ordered_on")
    counted = sales[(day >= days_of(sales, "joined_on")) & (day <= end)]
    sums = counted.groupby("client")["net_amount"].sum()
    return np.asarray(sums.reindex(members["client"]).fillna(0.0), dtype=np.float64)


def spent_before(scene: Scene, days: Days) -> Floats:
    """Sum the purchases of the twelve months before a day.

    Parameters
    ----------
    scene : Scene
        The simulated trade.
    days : array of datetime64[D], shape (1,) or (n_clients,)
        One day for all, or one for each client.

    Returns
    -------
    array of float, shape (n_clients,)
        EUR without VAT, of orders that stand.
    """
    sales = scene.sales
    client, ordered = sales["client"].to_numpy(), days_of(sales, "ordered_on")
    day = np.broadcast_to(days, len(scene.clients))[client]
    counts = (ordered < day) & (ordered >= added_days(day, np.full(len(day), -365)))
    amounts = sales["net_amount"].to_numpy(dtype=np.float64)[counts]
    sums = np.bincount(client[counts], amounts, minlength=len(scene.clients))
    return np.asarray(sums, dtype=np.float64)
