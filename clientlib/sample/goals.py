"""Goals that were set, trainings of the managers, and what went wrong badly enough to record."""

import numpy as np
import pandas as pd

from clientlib.sample.plan import known_where
from clientlib.sample.scene import Scene, added_days, days_between, days_of, numbered, stacked

TARGET_STRETCH, TARGET_SPREAD = 0.04, 0.08
TOPICS = (
    "negotiation",
    "product knowledge",
    "credit risk",
    "German for sales",
    "contract law",
)
TRAINING_SHARE = 0.8
DATA_INCIDENTS_PER_YEAR = 2.0
LATE_DAYS_PENALISED = 6


def draw_targets(scene: Scene) -> pd.DataFrame:
    """Set goals for each quarter, around what came: of managers, families and regions.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per goal, by period
        The contract's columns of ``targets``; hidden: ``real_value``. Goals are four per cent
        above what was reached, on average, and were set before their quarter began.
    """
    draws, plan = scene.draws("targets"), scene.plan
    sales, deals = scene.sales, scene.tables["deals"]
    won = deals[deals["outcome"] == "won"].assign(count=1.0)
    revenue = _real_by(sales["manager_id"], sales["ordered_on"], sales["net_amount"])
    counts = _real_by(won["manager_id"], won["closed_on"], won["count"])
    parts = [
        revenue.assign(measure="revenue", step=1000.0),
        counts.assign(measure="deals_won", step=1.0),
    ]
    targets = stacked([*parts, _by_family(scene), _by_region(scene)])
    quarter = targets["quarter"].dt.to_timestamp().to_numpy(dtype="datetime64[M]")
    targets["starts_on"] = quarter.astype("datetime64[D]")
    targets["ends_on"] = (quarter + 3).astype("datetime64[D]") - np.timedelta64(1, "D")
    stretch = np.exp(draws.normal(TARGET_STRETCH, TARGET_SPREAD, size=len(targets)))
    step = targets["step"].to_numpy()
    goal = np.round(targets["real_value"].to_numpy() * stretch / step) * step
    targets["target_value"] = np.maximum(goal, step)
    set_on = plan.not_after(added_days(days_of(targets, "starts_on"), np.full(len(targets), -12)))
    targets["set_on"] = set_on
    inside = (days_of(targets, "starts_on") >= plan.first_day) & plan.happened(
        days_of(targets, "ends_on")
    )
    targets = targets[inside].sort_values(
        ["starts_on", "measure", "manager_id", "family", "region"], kind="stable", ignore_index=True
    )
    targets["target_id"] = numbered("TG", len(targets), 4)
    return targets


def _real_by(owner: pd.Series, days: pd.Series, values: pd.Series) -> pd.DataFrame:
    quarter = days.dt.to_period("Q").rename("quarter")
    real = values.groupby([owner, quarter]).sum().rename("real_value").reset_index()
    return real[real["real_value"] > 0]


def _by_family(scene: Scene) -> pd.DataFrame:
    lines = scene.lines_sold
    family = scene.stock.products["family"].to_numpy()[lines["product"]]
    owner = pd.Series(family, index=lines.index, name="family")
    real = _real_by(owner, lines["order_day"], lines["net_amount"])
    return real.assign(measure="revenue", step=1000.0)


def _by_region(scene: Scene) -> pd.DataFrame:
    sales = scene.sales
    region = scene.clients["region"].to_numpy()[sales["client"]]
    owner = pd.Series(region, index=sales.index, name="region")
    real = _real_by(owner, sales["ordered_on"], sales["net_amount"])
    return real.assign(measure="revenue", step=1000.0)


def draw_trainings(scene: Scene) -> pd.DataFrame:
    """Draw the trainings of each year; they change nothing of how deals end.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per training and manager, by day
        The contract's columns of ``trainings``.
    """
    draws, plan = scene.draws("trainings"), scene.plan
    managers = scene.tables["managers"]["manager_id"].to_numpy()
    held = []
    for year in plan.years:
        topics = draws.choice(TOPICS, size=2, replace=False)
        first = np.full(2, np.datetime64(f"{year}-01-20", "D"))
        days = plan.after(added_days(first, draws.integers(0, 300, size=2)), 0)
        for topic, day in zip(topics, days, strict=True):
            takes = draws.random(len(managers)) < TRAINING_SHARE
            takes[0] = True
            cost = float(draws.integers(8, 30)) * 10
            plain = {"held_on": day, "topic": str(topic), "hours": 8.0, "cost": cost}
            held += [{"manager_id": name, **plain} for name in managers[takes]]
    trainings = pd.DataFrame(held)
    inside = plan.happened(days_of(trainings, "held_on")) & (
        days_of(trainings, "held_on") >= plan.first_day
    )
    trainings = trainings[inside].sort_values(["held_on", "manager_id"], ignore_index=True)
    number = trainings.groupby(["held_on", "topic"], sort=True).ngroup() + 1
    trainings["training_id"] = [f"TR-{n:03d}" for n in number]
    return trainings


def draw_incidents(scene: Scene) -> pd.DataFrame:
    """Record penalties for late delivery, spoilt goods, breaches of authority and of privacy.

    Parameters
    ----------
    scene : Scene
        With ``contracts`` and ``client_prices``.

    Returns
    -------
    DataFrame, one row per incident, by day
        The contract's columns of ``incidents``.
    """
    draws = scene.draws("incidents")
    parts = [_penalties(scene), _spoilt(scene), _beyond_authority(scene), _privacy(scene, draws)]
    incidents = stacked(parts)
    incidents = incidents[scene.plan.happened(days_of(incidents, "happened_on"))]
    incidents = incidents.sort_values(["happened_on", "kind", "client_id"], kind="stable")
    incidents = incidents.reset_index(drop=True)
    incidents["incident_id"] = numbered("Y", len(incidents), 4)
    wait = draws.integers(5, 60, size=len(incidents))
    closed = scene.plan.after(added_days(days_of(incidents, "happened_on"), wait), 0)
    incidents["closed_on"] = scene.within(closed)
    for column in ("order_id", "client_id", "unit"):
        incidents[column] = known_where(incidents[column], incidents[column].notna())
    return incidents


def _penalties(scene: Scene) -> pd.DataFrame:
    """Pay what the contract says where an order came days late: its share of the order a day."""
    contracts = scene.tables["contracts"].query("delivery_penalty_share > 0")
    share = contracts.drop_duplicates("client").set_index("client")["delivery_penalty_share"]
    sales = scene.sales.dropna(subset="arrives_on")
    arrives, promised = days_of(sales, "arrives_on"), days_of(sales, "promised_on")
    late = (arrives - promised).astype(int)
    rate = share.reindex(sales["client"]).to_numpy(dtype=np.float64)
    is_due = (late >= LATE_DAYS_PENALISED) & (rate > 0)
    due = sales[is_due]
    amount = (due["net_amount"].to_numpy() * rate[is_due] * late[is_due]).round(2)
    rows = due[["client_id", "order_id", "manager_id"]].assign(penalty_amount=amount)
    return rows.assign(kind="late delivery", unit="transport", happened_on=arrives[is_due])


def _spoilt(scene: Scene) -> pd.DataFrame:
    told = scene.tables["complaints"]
    damaged = told[told["kind"] == "damaged"]
    rows = damaged[["client_id", "order_id", "manager_id", "unit"]].assign(kind="goods spoilt")
    return rows.assign(damage_amount=damaged["cost"], happened_on=damaged["opened_on"])


def _beyond_authority(scene: Scene) -> pd.DataFrame:
    """Record once per client and year where a manager granted more than the limit."""
    prices = scene.tables["client_prices"]
    granted = prices[prices["is_breach"]].drop_duplicates(["client_id", "starts_on"])
    rows = granted[["client_id"]].assign(manager_id=granted["approved_by"], unit="sales")
    return rows.assign(kind="beyond authority", happened_on=days_of(granted, "told_on"))


def _privacy(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    plan = scene.plan
    years = (plan.last_day - plan.first_day).astype(int) / 365.25
    count = 2 + int(draws.poisson(DATA_INCIDENTS_PER_YEAR * years))
    first = np.full(count, plan.first_day)
    day = plan.not_after(days_between(first + 5, np.full(count, plan.last_day), draws))
    managers = draws.choice(scene.tables["managers"]["manager_id"], size=count)
    rows = pd.DataFrame({"manager_id": managers, "happened_on": day})
    plain = {"kind": "data protection", "unit": "sales", "client_id": None, "order_id": None}
    return rows.assign(damage_amount=np.nan, penalty_amount=np.nan, **plain)
