"""Orders: when each client orders, how much, and what follows from deals that were won."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.sample.plan import NEVER, Counts, Floats, Plan, known_where
from clientlib.sample.workdays import Days
from clientlib.sample.world import TYPES

WEEKDAY_WEIGHTS = np.array([1.12, 1.06, 1.02, 1.0, 0.8, 0.0, 0.0])
MONTH_WEIGHTS = np.array([0.82, 0.9, 1.03, 1.06, 1.08, 1.0, 0.84, 0.94, 1.1, 1.15, 1.12, 0.96])
SEASON_HEIGHT = 0.9
AMOUNT_SHAPE = 3.0
DEAL_ORDERS_MEAN = 1.8
CHANNELS = {"e-mail": 0.38, "web": 0.27, "phone": 0.22, "visit": 0.13}


def draw_orders(plan: Plan, clients: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Draw every order that would be placed if no complaint drove a client away.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    clients : DataFrame
        From ``draw_clients``, with terms.
    deals : DataFrame
        From ``draw_deals``: those won bring orders.

    Returns
    -------
    DataFrame, one row per order, by day
        ``client``, ``ordered_on``, ``spend`` (EUR aimed at), ``deal`` (row of the deal, -1
        for none), ``product`` (the deal's, -1 for none), ``channel``.
    """
    draws = plan.draws("orders")
    parts = [_draw_regular(plan, clients, draws), _draw_from_deals(plan, clients, deals, draws)]
    orders = pd.concat(parts, ignore_index=True)
    orders = orders.sort_values(["ordered_on", "client", "spend"], kind="stable")
    orders = orders.reset_index(drop=True)
    channels = draws.choice(list(CHANNELS), size=len(orders), p=list(CHANNELS.values()))
    orders["channel"] = np.where(orders["deal"] >= 0, "visit", channels)
    return orders


@dataclass(frozen=True)
class _Buyer:
    """What the order days of one client depend on."""

    type: str
    orders_per_year: float
    gap_shape: float
    peak_month: int
    is_old: bool
    active_from: np.datetime64
    fades_from: np.datetime64
    leaves_on: np.datetime64


def _list_buyers(clients: pd.DataFrame) -> list[_Buyer]:
    plain = ("type", "orders_per_year", "gap_shape", "peak_month", "is_old")
    dates = ("active_from", "fades_from", "leaves_on")
    columns = [clients[name].to_list() for name in plain]
    columns += [list(clients[name].to_numpy(dtype="datetime64[D]")) for name in dates]
    return [_Buyer(*values) for values in zip(*columns, strict=True)]


def _draw_regular(plan: Plan, clients: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    days = np.arange(plan.first_day, plan.last_day + 1)
    weights = day_weights(days, plan)
    seasons = [weights * season_weights(days, peak) for peak in range(13)]
    found = [
        _draw_days(buyer, days, seasons[buyer.peak_month], draws) for buyer in _list_buyers(clients)
    ]
    number = np.repeat(np.arange(len(clients)), [len(places) for places in found])
    orders = pd.DataFrame({"client": number})
    orders["ordered_on"] = days[np.concatenate(found)]
    spread = draws.gamma(AMOUNT_SHAPE, 1 / AMOUNT_SHAPE, size=len(orders))
    orders["spend"] = clients["order_amount"].to_numpy()[number] * spread
    orders["deal"], orders["product"] = -1, -1
    return orders


def day_weights(days: Days, plan: Plan) -> Floats:
    """Weigh days by weekday, month and holidays.

    Parameters
    ----------
    days : array of datetime64[D], shape (n_days,)
        Consecutive days.
    plan : Plan
        Options of the run, for its working days.

    Returns
    -------
    array of float, shape (n_days,)
        Sums to about 1 over a year; 0 on days off.
    """
    weekday = (days.astype(int) + 3) % 7
    month = days.astype("datetime64[M]").astype(int) % 12
    is_working = np.is_busday(days, busdaycal=plan.calendar)
    return np.asarray(WEEKDAY_WEIGHTS[weekday] * MONTH_WEIGHTS[month] * is_working / 251.0)


def season_weights(days: Days, peak_month: int) -> Floats:
    """Weigh days by a client's own season: a cosine around the peak month; 1 for month 0."""
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    height = SEASON_HEIGHT if peak_month else 0.0
    return np.asarray(1 + height * np.cos(2 * np.pi * (month - peak_month) / 12))


def _draw_days(buyer: _Buyer, days: Days, weights: Floats, draws: np.random.Generator) -> Counts:
    """Place one client's orders where its summed rate passes a gamma renewal process."""
    rates = weights * buyer.orders_per_year * _trend(buyer, days)
    if buyer.type == "one-off":
        return np.flatnonzero(rates)[:1]
    passed = np.cumsum(rates)
    gaps = draws.gamma(buyer.gap_shape, 1 / buyer.gap_shape, size=int(passed[-1] * 1.5 + 12))
    gaps[0] *= draws.random() if buyer.is_old else 0.02
    marks = np.cumsum(gaps)
    return np.asarray(np.searchsorted(passed, marks[marks < passed[-1]]), dtype=np.int64)


def _trend(buyer: _Buyer, days: Days) -> Floats:
    """Rate of orders against the client's base rate; 0 before it starts and after it left."""
    growth = TYPES[buyer.type].growth
    since = buyer.active_from if np.isnat(buyer.fades_from) else buyer.fades_from
    years = np.maximum((days - since).astype(int), 0) / 365.25
    is_active = (days >= buyer.active_from) & ~(days > buyer.leaves_on)
    return np.asarray(np.exp(growth * years) * is_active)


def _draw_from_deals(
    plan: Plan, clients: pd.DataFrame, deals: pd.DataFrame, draws: np.random.Generator
) -> pd.DataFrame:
    won = np.flatnonzero((deals["end"] == "won") & plan.happened(_days(deals, "ends_on")))
    counts = 1 + draws.poisson(DEAL_ORDERS_MEAN - 1, size=len(won))
    deal = np.repeat(won, counts)
    wait = draws.integers(1, 45, size=len(deal))
    orders = pd.DataFrame({"client": deals["client"].to_numpy()[deal]})
    orders["ordered_on"] = plan.after(_days(deals, "ends_on")[deal], wait)
    share = draws.uniform(0.7, 1.05, size=len(deal)) / np.repeat(counts, counts)
    orders["spend"] = deals["amount"].to_numpy()[deal] * share
    orders["deal"], orders["product"] = deal, deals["product"].to_numpy()[deal]
    leaves = _days(clients, "leaves_on")[orders["client"].to_numpy()]
    day = _days(orders, "ordered_on")
    kept: pd.DataFrame = orders[plan.happened(day) & ~(day > leaves)]
    return kept


def _days(frame: pd.DataFrame, column: str) -> Days:
    return frame[column].to_numpy(dtype="datetime64[D]")


def settle_departures(plan: Plan, clients: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Find the day on which each client left for good, and why.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    clients : DataFrame
        From ``add_habits``.
    orders : DataFrame
        From ``add_service``: ``drives_away_on`` is set where a complaint makes a client leave.

    Returns
    -------
    DataFrame
        The clients with ``left_on`` (NaT for those who stay) and ``left_because``.
    """
    own = _days(clients, "leaves_on")
    first = orders.groupby("client")["drives_away_on"].min().reindex(range(len(clients)))
    driven = first.to_numpy(dtype="datetime64[D]")
    is_driven = plan.happened(driven) & ~(own <= driven)
    left_on = np.where(is_driven, driven, own)
    single = (clients["type"] == "one-off").to_numpy()
    only = orders.groupby("client")["ordered_on"].min().reindex(range(len(clients)))
    left_on = np.where(single, only.to_numpy(dtype="datetime64[D]"), left_on)
    settled = clients.copy()
    settled["left_on"] = left_on
    because = np.where(is_driven, "complaint", clients["leaves_because"])
    because = np.where(single, "single purchase", because)
    settled["left_because"] = known_where(because, ~np.isnat(left_on))
    return settled


def keep_orders_of_stayers(
    orders: pd.DataFrame, left_on: Days, deal_ids: pd.Series
) -> pd.DataFrame:
    """Drop orders after their client had left, and number the rest.

    Parameters
    ----------
    orders : DataFrame
        From ``add_service``.
    left_on : array of datetime64[D], shape (n_clients,)
        Day of each client's departure; NaT for those who stay.
    deal_ids : Series of str
        Key of each deal that was kept, by its row in ``draw_deals``.

    Returns
    -------
    DataFrame
        The orders that happened, with ``order_id`` and ``deal_id``.
    """
    gone = left_on[orders["client"].to_numpy()]
    kept: pd.DataFrame = orders[~(_days(orders, "ordered_on") > gone)].reset_index(drop=True)
    kept["order_id"] = number_documents("SO", _days(kept, "ordered_on"))
    kept["deal_id"] = deal_ids.reindex(kept["deal"]).to_numpy()
    return kept


def number_documents(prefix: str, days: Days) -> list[str]:
    """Give documents their numbers, year by year.

    Parameters
    ----------
    prefix : str
        Letters in front.
    days : array of datetime64[D], shape (n,), ascending
        Days of the documents.

    Returns
    -------
    list of str
        For instance ``SO24-000017``.
    """
    years = days.astype("datetime64[Y]").astype(int) + 1970
    count = pd.Series(years).groupby(years).cumcount() + 1
    return [f"{prefix}{year % 100:02d}-{n:06d}" for year, n in zip(years, count, strict=True)]


def order_status(plan: Plan, orders: pd.DataFrame, finished_on: Days) -> pd.DataFrame:
    """Add what the ERP shows at the end of the period: status and day of cancellation.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    orders : DataFrame
        With ``cancels_on`` (NaT for orders that stand).
    finished_on : array of datetime64[D], shape (n_orders,)
        Day of the last delivery, NaT where there will be none.

    Returns
    -------
    DataFrame
        With ``status`` and ``cancelled_on``.
    """
    cancels = _days(orders, "cancels_on")
    is_cancelled = plan.happened(cancels)
    is_delivered = plan.happened(finished_on)
    told = orders.copy()
    told["status"] = np.select([is_cancelled, is_delivered], ["cancelled", "delivered"], "open")
    told["cancelled_on"] = np.where(is_cancelled, cancels, NEVER)
    return told
