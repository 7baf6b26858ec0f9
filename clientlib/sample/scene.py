"""What is known of the sample company once its trade is simulated: the ground for all the rest.

Contacts, contracts, talks, campaigns and the like are drawn around the trade and never change
it; where one of them seems to move an order, it was chosen to fit (see ``reach``).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.sample.assortment import Assortment
from clientlib.sample.plan import Counts, Flags, Floats, Plan
from clientlib.sample.rivals import Rivalry
from clientlib.sample.workdays import Days

REGULAR_TYPES = ("steady", "growing", "seasonal", "occasional", "fading")


@dataclass(frozen=True)
class Scene:
    """The simulated trade, with the tables drawn around it so far.

    Parameters
    ----------
    plan : Plan
        Options of the run.
    tables : dict of str to DataFrame
        Canonical tables by name; those drawn later are added.
    stock : Assortment
        Products with their prices and costs.
    rivalry : Rivalry
        True levels and ranges of the rivals.
    """

    plan: Plan
    tables: dict[str, pd.DataFrame]
    stock: Assortment
    rivalry: Rivalry

    @cached_property
    def clients(self) -> pd.DataFrame:
        """The clients, those entered twice once; the row is the client's number."""
        clients = self.tables["clients"]
        return clients[~clients["is_twin"].astype(bool)]

    @cached_property
    def is_regular(self) -> Flags:
        """Tell which clients buy again and again, shape (n_clients,)."""
        return self.clients["type"].isin(REGULAR_TYPES).to_numpy(dtype=np.bool_)

    @cached_property
    def with_us_from(self) -> Days:
        """First day within the period on which we knew each client."""
        return np.maximum(days_of(self.clients, "first_contact_on"), self.plan.first_day)

    @cached_property
    def with_us_until(self) -> Days:
        """Last day of each client with us: the day it left, or the end of the period."""
        left = days_of(self.clients, "left_on")
        return np.where(np.isnat(left), self.plan.last_day, left)

    @cached_property
    def sales(self) -> pd.DataFrame:
        """Orders that stand, without credit notes, with ``net_amount`` in EUR without VAT."""
        orders, lines = self.tables["orders"], self.tables["order_lines"]
        net = lines.groupby("order_id")["net_amount"].sum()
        stands = ~orders["is_credit"].astype(bool) & (orders["status"] != "cancelled")
        sold = orders[stands].reset_index(drop=True)
        return sold.assign(net_amount=net.reindex(sold["order_id"]).to_numpy())

    @cached_property
    def lines_sold(self) -> pd.DataFrame:
        """Lines of ``sales`` with ``client`` and ``order_day``, by day."""
        orders = self.sales.set_index("order_id")
        lines = self.tables["order_lines"]
        sold = lines[lines["order_id"].isin(orders.index)].reset_index(drop=True)
        columns = orders[["client", "ordered_on"]].reindex(sold["order_id"])
        return sold.assign(
            client=columns["client"].to_numpy(), order_day=columns["ordered_on"].to_numpy()
        )

    @cached_property
    def yearly_spend(self) -> Floats:
        """What each client would spend in a year at its true rate, EUR, shape (n_clients,)."""
        clients = self.clients
        spend = clients["orders_per_year"] * clients["order_amount"]
        return spend.to_numpy(dtype=np.float64)

    def draws(self, subject: str) -> np.random.Generator:
        """Open the stream of random numbers of one subject; see ``Plan.draws``."""
        return self.plan.draws(subject)

    def ids(self, clients: Counts) -> npt.NDArray[Any]:
        """Write the keys of clients for their numbers."""
        return np.asarray(self.clients["client_id"].to_numpy()[clients])

    def managers_of(self, clients: Counts) -> npt.NDArray[Any]:
        """Write the keys of the managers who hold clients now, for the clients' numbers."""
        return np.asarray(self.clients["manager_id"].to_numpy()[clients])

    def within(self, days: Days) -> Days:
        """Keep days within the period, NaT for later ones."""
        return np.where(self.plan.happened(days), days, np.datetime64("NaT", "D"))


def days_of(frame: pd.DataFrame, column: str) -> Days:
    """Read a column of days as an array of datetime64[D]."""
    days = frame[column]
    if not pd.api.types.is_datetime64_dtype(days):
        days = pd.to_datetime(days, cache=False)
    return days.to_numpy(dtype="datetime64[D]")


def added_days(days: Days, counts: npt.NDArray[Any]) -> Days:
    """Move days by whole calendar days.

    Parameters
    ----------
    days : array of datetime64[D], shape (n,)
        Days to move; NaT stays.
    counts : array of numbers, shape (n,)
        By how many days; parts of a day are dropped.

    Returns
    -------
    array of datetime64[D], shape (n,)
        The days moved.
    """
    return np.asarray(days + np.asarray(counts).astype(np.int64).astype("timedelta64[D]"))


def days_between(starts: Days, ends: Days, draws: np.random.Generator) -> Days:
    """Draw a day between two days, both included, for each pair; the first where they cross."""
    span = np.maximum((ends - starts).astype(int), 0)
    return added_days(starts, draws.random(len(starts)) * (span + 1))


def stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Lay tables under one another; a column that a part lacks, or has no value of, is empty.

    Parameters
    ----------
    parts : list of DataFrame
        Not all of them empty.

    Returns
    -------
    DataFrame
        All rows in the order given, numbered from 0, with every column of any part.
    """
    columns = dict.fromkeys(name for part in parts for name in part.columns)
    filled = [part.dropna(axis=1, how="all") for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True).reindex(columns=list(columns))


def numbered(prefix: str, count: int, width: int = 5) -> list[str]:
    """Name keys from 1 on, for instance ``CT-00001``."""
    return [f"{prefix}-{number:0{width}d}" for number in range(1, count + 1)]
