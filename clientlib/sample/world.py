"""The people of the sample company: account managers and clients, with the true ways of each.

A client has a type, a rate of orders, a usual order size and a day on which it would leave of
its own. Columns that no export shows are the truth: ``type``, ``orders_per_year``,
``order_amount``, ``gap_shape``, ``peak_month``, ``fades_from``, ``active_from``, ``leaves_on``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.sample.names import MANAGER_NAMES, invent_stems, legal_names
from clientlib.sample.plan import NEVER, Flags, Plan, known_where
from clientlib.sample.workdays import Days


@dataclass(frozen=True)
class ClientType:
    """How clients of one type buy.

    Parameters
    ----------
    share : float
        Share of the clients.
    orders_per_year : float
        Median over the clients of the type.
    gap_shape : float
        Shape of the gamma distribution of the gaps between orders; 1 is pure chance.
    leave_rate : float
        Departures per client and year, of the client's own.
    growth : float
        Yearly rise of the log rate of orders.
    """

    share: float
    orders_per_year: float
    gap_shape: float
    leave_rate: float
    growth: float


TYPES = {
    "steady": ClientType(0.35, 26.0, 3.0, 0.065, 0.0),
    "growing": ClientType(0.12, 19.0, 2.0, 0.04, 0.16),
    "seasonal": ClientType(0.15, 17.0, 1.5, 0.085, 0.0),
    "occasional": ClientType(0.15, 5.0, 1.0, 0.13, 0.0),
    "fading": ClientType(0.07, 24.0, 2.0, 0.0, -1.1),
    "one-off": ClientType(0.09, 1.0, 1.0, 0.0, 0.0),
    "prospect": ClientType(0.07, 0.0, 1.0, 0.0, 0.0),
}
MOST_ORDERS_PER_YEAR = 120.0
MOST_ORDER_AMOUNT = 4_500.0
OLD_CLIENTS_SHARE = 0.64

REGIONS = {
    "LT": ("Vilnius", "Kaunas", "Klaipėda", "Šiauliai", "Panevėžys", "Alytus"),
    "LV": ("Rīga", "Kurzeme"),
    "EE": ("Tallinn", "Tartu"),
    "DE": ("Nord",),
}
REGION_ODDS = {
    "LT": (0.36, 0.25, 0.15, 0.1, 0.09, 0.05),
    "LV": (0.7, 0.3),
    "EE": (0.65, 0.35),
    "DE": (1.0,),
}
COUNTRY_ODDS = {"LT": 0.79, "LV": 0.1, "EE": 0.07, "DE": 0.04}
LANGUAGES = {"LT": "lt", "LV": "lv", "EE": "et", "DE": "de"}
# Line of business: share of the clients, and the odds factor of a poor payment habit.
INDUSTRIES = {
    "construction": (0.24, 1.9),
    "manufacturing": (0.2, 0.9),
    "trade": (0.16, 1.0),
    "hospitality": (0.09, 1.7),
    "agriculture": (0.09, 1.1),
    "transport": (0.1, 1.3),
    "public services": (0.06, 0.35),
    "property care": (0.06, 0.9),
}
SIZE_BANDS = ("micro", "small", "medium", "large")
SIZE_CUTS = (-0.7, 0.55, 1.4)
SOURCES = {"fair": 0.16, "referral": 0.22, "web": 0.27, "cold call": 0.19, "tender": 0.16}
GROUP_SHARE = 0.07
UNITS = ("Šiaurė", "Pietūs", "Rytai", "Logistika", "Prekyba", "Servisas")


def draw_clients(plan: Plan) -> pd.DataFrame:
    """Draw all companies of the CRM.

    Parameters
    ----------
    plan : Plan
        Options of the run.

    Returns
    -------
    DataFrame, one row per client
        The contract's columns of ``clients`` and the hidden ones; the row number is the
        client's place in all arrays of this package.
    """
    draws, count = plan.draws("clients"), plan.clients_count
    clients = pd.DataFrame({"client_id": [f"C-{number:04d}" for number in range(1, count + 1)]})
    clients["size"] = draws.normal(size=count)
    clients["type"] = draws.choice(list(TYPES), size=count, p=[t.share for t in TYPES.values()])
    _draw_places(clients, draws)
    _draw_dates(clients, plan, draws)
    _draw_buying(clients, draws)
    _draw_leaving(clients, plan, draws)
    _draw_card(clients, draws)
    _join_groups(clients, draws)
    _assign_managers(clients)
    return clients


def draw_managers(plan: Plan, clients: pd.DataFrame) -> pd.DataFrame:
    """List the account managers, one for about a hundred clients.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    clients : DataFrame
        From ``draw_clients``.

    Returns
    -------
    DataFrame, one row per manager
        The contract's columns; the region is where most of the manager's clients are.
    """
    ids = [manager_id(number) for number in range(managers_count(plan.clients_count))]
    homes = clients.groupby("manager_id")["region"].agg(lambda regions: regions.mode().iloc[0])
    names = [MANAGER_NAMES[n % len(MANAGER_NAMES)] for n in range(len(ids))]
    rounds = [n // len(MANAGER_NAMES) for n in range(len(ids))]
    return pd.DataFrame(
        {
            "manager_id": ids,
            "name": [
                f"{name} {turn + 1}" if turn else name
                for name, turn in zip(names, rounds, strict=True)
            ],
            "team": ["Home" if n % 3 else "Key accounts" for n in range(len(ids))],
            "region": homes.reindex(ids).to_numpy(),
            "known_on": np.full(len(ids), plan.first_day) - np.timedelta64(400, "D"),
        }
    )


def managers_count(clients_count: int) -> int:
    """Say how many account managers serve that many clients: one per hundred, at least two."""
    return max(2, round(clients_count / 100))


def manager_id(number: int) -> str:
    """Name the key of the manager with that number, counted from 0."""
    return f"M-{number + 1:02d}"


def _draw_places(clients: pd.DataFrame, draws: np.random.Generator) -> None:
    count = len(clients)
    clients["country"] = draws.choice(list(COUNTRY_ODDS), size=count, p=list(COUNTRY_ODDS.values()))
    clients["region"] = [
        str(draws.choice(REGIONS[country], p=REGION_ODDS[country]))
        for country in clients["country"]
    ]
    clients["language"] = clients["country"].map(LANGUAGES)
    odds = [share for share, _ in INDUSTRIES.values()]
    clients["industry"] = draws.choice(list(INDUSTRIES), size=count, p=odds)


def _draw_dates(clients: pd.DataFrame, plan: Plan, draws: np.random.Generator) -> None:
    count = len(clients)
    is_old = (draws.random(count) < OLD_CLIENTS_SHARE) & (clients["type"] != "one-off").to_numpy()
    before = plan.first_day - draws.integers(30, 365 * 11, size=count).astype("timedelta64[D]")
    span = int((plan.last_day - plan.first_day).astype(int)) - 15
    within = plan.first_day + draws.integers(0, span, size=count).astype("timedelta64[D]")
    contact = plan.after(np.where(is_old, before, within), 0)
    wait = draws.integers(3, 60, size=count)
    clients["first_contact_on"] = contact
    clients["is_old"] = is_old
    clients["active_from"] = np.where(is_old, plan.first_day, plan.after(contact, wait))


def _draw_buying(clients: pd.DataFrame, draws: np.random.Generator) -> None:
    size, count = clients["size"].to_numpy(), len(clients)
    median = clients["type"].map({name: t.orders_per_year for name, t in TYPES.items()}).to_numpy()
    rate = median * np.exp(0.6 * size + draws.normal(0, 0.35, size=count))
    clients["orders_per_year"] = np.minimum(rate, MOST_ORDERS_PER_YEAR).round(2)
    amount = 430 * np.exp(0.8 * size + draws.normal(0, 0.4, size=count))
    clients["order_amount"] = np.minimum(amount, MOST_ORDER_AMOUNT).round(0)
    clients["gap_shape"] = clients["type"].map({name: t.gap_shape for name, t in TYPES.items()})
    peaks = draws.choice([4, 5, 6, 7, 11], size=count, p=[0.2, 0.3, 0.2, 0.1, 0.2])
    clients["peak_month"] = np.where(clients["type"] == "seasonal", peaks, 0)


def _draw_leaving(clients: pd.DataFrame, plan: Plan, draws: np.random.Generator) -> None:
    start = clients["active_from"].to_numpy(dtype="datetime64[D]")
    rates = {name: kind.leave_rate for name, kind in TYPES.items()}
    rate = clients["type"].map(rates).to_numpy(dtype=np.float64)
    years = draws.exponential(size=len(clients)) / np.maximum(rate, 1e-4)
    own = start + np.minimum(years * 365, 36_500).astype("timedelta64[D]")
    fading = (clients["type"] == "fading").to_numpy()
    left = np.maximum((plan.last_day - start).astype(int), 1)
    fades_from = start + (left * draws.random(len(clients))).astype("timedelta64[D]")
    gone = fades_from + draws.integers(180, 540, size=len(clients)).astype("timedelta64[D]")
    clients["fades_from"] = np.where(fading, fades_from, NEVER)
    clients["leaves_on"] = _where_seen(
        np.where(fading, gone, own), np.asarray((rate > 0) | fading), plan
    )


def _where_seen(days: Days, is_leaving: Flags, plan: Plan) -> Days:
    return np.where(is_leaving & plan.happened(days), days, NEVER)


def _draw_card(clients: pd.DataFrame, draws: np.random.Generator) -> None:
    count = len(clients)
    clients["stem"] = invent_stems(count, draws)
    clients["name"] = legal_names(list(clients["stem"]), list(clients["country"]), draws)
    numbers = draws.choice(900_000, size=count, replace=False) + 100_000
    clients["register_code"] = [f"990{number}" for number in numbers]
    has_vat = draws.random(count) < 0.85
    vat = clients["country"].astype(str) + "99" + pd.Series(numbers).astype(str) + "00"
    clients["vat_code"] = known_where(vat, has_vat)
    band = np.searchsorted(SIZE_CUTS, clients["size"].to_numpy())
    clients["size_band"] = np.array(SIZE_BANDS)[band]
    clients["source_channel"] = draws.choice(list(SOURCES), size=count, p=list(SOURCES.values()))
    givers = draws.integers(0, count, size=count)
    is_sent = (clients["source_channel"] == "referral") & (givers != np.arange(count))
    clients["referred_by_id"] = known_where(clients["client_id"].to_numpy()[givers], is_sent)


def _join_groups(clients: pd.DataFrame, draws: np.random.Generator) -> None:
    count = len(clients)
    mixed = draws.permutation(count)
    members = mixed[: max(2, round(GROUP_SHARE * count))]
    heads = mixed[len(members) : len(members) + max(1, len(members) // 3)]
    parents = draws.choice(heads, size=len(members))
    units = draws.choice(UNITS, size=len(members))
    clients["parent_id"] = pd.Series([None] * count, dtype=object)
    for member, head, unit in zip(members, parents, units, strict=True):
        clients.loc[member, "parent_id"] = clients.loc[head, "client_id"]
        old, stem = clients.loc[member, "stem"], clients.loc[head, "stem"]
        clients.loc[member, "name"] = str(clients.loc[member, "name"]).replace(
            str(old), f"{stem} {unit} {member + 1}"
        )


def _assign_managers(clients: pd.DataFrame) -> None:
    count, managers = len(clients), managers_count(len(clients))
    regions = [region for names in REGIONS.values() for region in names]
    place = clients["region"].map({region: n for n, region in enumerate(regions)})
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(place.to_numpy(), kind="stable")] = np.arange(count)
    clients["manager_id"] = [manager_id(int(r) * managers // count) for r in rank]
