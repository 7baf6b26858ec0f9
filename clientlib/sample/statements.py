"""What a credit bureau brings: yearly statements, entries in public registers, grades.

Behind all of it stands a hidden weakness per client and year, which rises with a poor payment
habit, and for worsening and bad payers from the year before their day on.
"""

import numpy as np
import pandas as pd

from clientlib.sample.plan import NEVER, Flags, Floats, known_where
from clientlib.sample.scene import Scene, added_days, days_between, days_of, numbered, stacked
from clientlib.sample.workdays import Days

YEARS_BEFORE = 3
FILED_SHARES = {"micro": 0.6, "small": 0.85, "medium": 0.96, "large": 1.0}
WEAKNESS = {"prompt": 0.0, "usual": 0.2, "slack": 0.6, "worsening": 0.2, "poor": 1.1, "bad": 0.5}
WEAKNESS_NEAR = {"worsening": 0.9, "bad": 1.6}
PUBLISHED_DAYS, WEAK_DELAY_DAYS = (95, 175), 55
GRADES = "ABCDE"
GRADE_CUTS = (-0.25, 0.35, 0.9, 1.6)
ARREARS_PER_YEAR = 0.03
# Kind of event of a bad payer: chance, first and last day against the day it stopped paying.
BAD_EVENTS = {
    "tax_arrears": (0.8, -160, -20),
    "court_claim": (0.6, 40, 200),
    "enforcement": (0.4, 90, 260),
    "insolvency": (0.35, 120, 400),
}
WORSENING_EVENTS = {"tax_arrears": (0.45, -60, 120)}


def draw_statements(scene: Scene) -> pd.DataFrame:
    """Draw the yearly statements that could be read by the end of the period.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per client and year, by day of publication
        The contract's columns of ``client_financials``, whole EUR, whose parts add up; hidden:
        ``client``, ``weakness``. The weaker a client, the later it publishes.
    """
    draws, plan, clients = scene.draws("statements"), scene.plan, scene.clients
    years = np.arange(plan.years[0] - YEARS_BEFORE, plan.years[-1])
    client, place = np.divmod(np.arange(len(clients) * len(years)), len(years))
    filed = clients["size_band"].map(FILED_SHARES).to_numpy(dtype=np.float64)
    is_filed = (draws.random(len(clients)) < filed)[client]
    made = pd.DataFrame({"client": client, "client_id": scene.ids(client)})
    year = years[place]
    made["ends_on"] = (year - 1969).astype("datetime64[Y]").astype("datetime64[D]") - 1
    made["weakness"] = _weakness(scene, made, draws).round(3)
    _draw_profits(scene, made, place, draws)
    _draw_balance(made, draws)
    _draw_results(made, draws)
    wait = draws.integers(*PUBLISHED_DAYS, size=len(made))
    wait = wait + WEAK_DELAY_DAYS * np.maximum(made["weakness"].to_numpy(), 0.0)
    made["published_on"] = plan.after(added_days(days_of(made, "ends_on"), wait), 0)
    made = made[is_filed & plan.happened(days_of(made, "published_on"))]
    return made.sort_values(["published_on", "client"], kind="stable", ignore_index=True)


def _weakness(scene: Scene, made: pd.DataFrame, draws: np.random.Generator) -> Floats:
    clients, client = scene.clients, made["client"].to_numpy()
    habit = clients["habit"]
    own = draws.normal(0, 0.35, size=len(clients))[client]
    base = habit.map(WEAKNESS).to_numpy(dtype=np.float64)[client]
    turn = np.fmin(days_of(clients, "worsens_on"), days_of(clients, "unpaid_from"))
    is_near = days_of(made, "ends_on") >= added_days(turn, np.full(len(turn), -420))[client]
    more = habit.map(WEAKNESS_NEAR).fillna(0.0).to_numpy(dtype=np.float64)[client]
    return np.asarray(base + own + more * is_near + draws.normal(0, 0.2, size=len(made)))


def _draw_profits(
    scene: Scene, made: pd.DataFrame, place: Floats, draws: np.random.Generator
) -> None:
    clients, client = scene.clients, made["client"].to_numpy()
    start = np.exp(13.2 + 1.15 * clients["size"] + draws.normal(0, 0.45, size=len(clients)))
    growth = draws.normal(0.04, 0.05, size=len(clients))[client] * place
    weakness = made["weakness"].to_numpy()
    fall = -0.06 * np.maximum(weakness - 0.8, 0.0)
    sales = start.to_numpy()[client] * np.exp(growth + fall + draws.normal(0, 0.06, len(made)))
    made["sales_amount"] = sales.round(0)
    staff = sales / draws.uniform(60_000, 140_000, size=len(clients))[client]
    made["staff_count"] = np.maximum(np.round(staff), 1).astype(np.int64)
    share = 0.065 - 0.03 * weakness + draws.normal(0, 0.02, size=len(made))
    made["sales_profit_amount"] = (sales * share).round(0)
    made["operating_cost"] = made["sales_amount"] - made["sales_profit_amount"]
    part = draws.uniform(0.72, 0.88, size=len(clients))[client]
    made["products_cost"] = (made["operating_cost"] * part).round(0)


def _draw_balance(made: pd.DataFrame, draws: np.random.Generator) -> None:
    count, weakness = len(made), made["weakness"].to_numpy()
    assets = (made["sales_amount"] / draws.uniform(1.3, 2.4, size=count)).round(0)
    equity = (assets * (0.5 - 0.17 * weakness + draws.normal(0, 0.07, count))).round(0)
    current = (assets * draws.uniform(0.4, 0.75, size=count)).round(0)
    made["total_assets_amount"], made["equity_amount"] = assets, equity
    made["current_assets_amount"], made["fixed_assets_amount"] = current, assets - current
    made["inventory_amount"] = (current * draws.uniform(0.25, 0.4, size=count)).round(0)
    made["receivables_amount"] = (current * draws.uniform(0.3, 0.42, size=count)).round(0)
    share = np.clip(0.14 - 0.05 * weakness + draws.normal(0, 0.02, count), 0.004, 0.17)
    made["cash_amount"] = (current * share).round(0)
    made["securities_amount"] = (current * 0.01 * (draws.random(count) < 0.15)).round(0)
    owed = assets - equity
    short = np.clip(0.68 + 0.1 * weakness + draws.normal(0, 0.05, count), 0.35, 0.98)
    made["total_liabilities_amount"] = owed
    made["short_liabilities_amount"] = (owed * short).round(0)
    made["long_liabilities_amount"] = owed - made["short_liabilities_amount"]
    capital = np.maximum((assets * 0.06).round(-2), 2_500.0)
    made["share_capital_amount"] = capital
    made["retained_earnings_amount"] = equity - capital


def _draw_results(made: pd.DataFrame, draws: np.random.Generator) -> None:
    count, sales = len(made), made["sales_amount"]
    made["depreciation_cost"] = (made["fixed_assets_amount"] * 0.09).round(0)
    other = (sales * draws.uniform(0.0, 0.012, size=count)).round(0)
    made["operating_profit_amount"] = made["sales_profit_amount"] + other
    loans = made["total_liabilities_amount"] * 0.55
    made["interest_cost"] = (loans * draws.uniform(0.03, 0.06, size=count)).round(0)
    made["financial_cost"] = (made["interest_cost"] * 1.1).round(0)
    rare = draws.random(count) < 0.04
    made["extraordinary_amount"] = (
        sales * np.where(rare, draws.normal(0, 0.01, size=count), 0.0)
    ).round(0)
    gross = made["operating_profit_amount"] - made["financial_cost"] + made["extraordinary_amount"]
    made["gross_profit_amount"] = gross
    made["net_profit_amount"] = gross - (gross.clip(lower=0) * 0.15).round(0)
    made["total_income_amount"] = sales + other + made["extraordinary_amount"].clip(lower=0)
    made["total_cost"] = made["total_income_amount"] - gross


def draw_registry(scene: Scene) -> pd.DataFrame:
    """Draw the entries of public registers and the bureau's grades.

    Parameters
    ----------
    scene : Scene
        With ``client_financials``.

    Returns
    -------
    DataFrame, one row per event, by day of publication
        The contract's columns of ``registry_events``. Before a bad payer stops paying, most
        have arrears of taxes; afterwards come claims, enforcement, insolvency.
    """
    draws = scene.draws("registry")
    bad, worse = days_of(scene.clients, "unpaid_from"), days_of(scene.clients, "worsens_on")
    parts = [_around(bad, kind, odds, draws) for kind, odds in BAD_EVENTS.items()]
    parts += [_around(worse, kind, odds, draws) for kind, odds in WORSENING_EVENTS.items()]
    parts += [_stray_arrears(scene, draws), _late_statements(scene), _grades(scene, draws)]
    events = stacked(parts)
    wait = draws.integers(3, 30, size=len(events))
    shown = scene.plan.after(added_days(days_of(events, "happened_on"), wait), 0)
    events["published_on"] = shown
    events = events[scene.plan.happened(shown)]
    events = events.sort_values(["published_on", "client", "kind"], kind="stable")
    events = events.reset_index(drop=True)
    events["event_id"] = numbered("E", len(events))
    events["client_id"] = scene.ids(events["client"].to_numpy())
    _draw_amounts(scene, events, draws)
    return events


def _around(
    turn: Days, kind: str, odds: tuple[float, int, int], draws: np.random.Generator
) -> pd.DataFrame:
    chance, first, last = odds
    client = np.flatnonzero(~np.isnat(turn) & (draws.random(len(turn)) < chance))
    offset = draws.integers(first, last + 1, size=len(client))
    day = added_days(turn[client], offset)
    return pd.DataFrame({"client": client, "happened_on": day, "kind": kind})


def _stray_arrears(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    years = (scene.plan.last_day - scene.plan.first_day).astype(int) / 365.25
    counts = draws.poisson(ARREARS_PER_YEAR * years, size=len(scene.clients))
    client = np.repeat(np.arange(len(counts)), counts)
    ends = np.full(len(client), scene.plan.last_day)
    day = days_between(np.full(len(client), scene.plan.first_day), ends, draws)
    return pd.DataFrame({"client": client, "happened_on": day, "kind": "tax_arrears"})


def _late_statements(scene: Scene) -> pd.DataFrame:
    made = scene.tables["client_financials"]
    due = added_days(days_of(made, "ends_on"), np.full(len(made), 181))
    is_late: Flags = days_of(made, "published_on") > due
    late = pd.DataFrame({"client": made["client"], "happened_on": due})[is_late]
    return late.assign(kind="late_statement")


def _grades(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    """Grade each client after its statement, with an error of the bureau's own."""
    made = scene.tables["client_financials"]
    seen = made["weakness"].to_numpy() + draws.normal(0, 0.3, size=len(made))
    grade = np.array(list(GRADES))[np.searchsorted(GRADE_CUTS, seen)]
    graded = pd.DataFrame({"client": made["client"], "happened_on": made["published_on"]})
    return graded.assign(kind="grade", grade=grade)


def _draw_amounts(scene: Scene, events: pd.DataFrame, draws: np.random.Generator) -> None:
    count = len(events)
    has_amount = events["kind"].isin(["tax_arrears", "court_claim", "enforcement"]).to_numpy()
    size = scene.clients["size"].to_numpy()[events["client"]]
    amount = np.exp(7.6 + 0.8 * size + draws.normal(0, 0.7, size=count)).round(2)
    events["amount"] = np.where(has_amount, amount, np.nan)
    over = added_days(days_of(events, "published_on"), draws.integers(20, 200, size=count))
    is_over = has_amount & (draws.random(count) < 0.6) & scene.plan.happened(over)
    events["ended_on"] = np.where(is_over, over, NEVER)
    events["grade"] = known_where(events["grade"], events["grade"].notna())
