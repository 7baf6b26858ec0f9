"""How we served the clients of a book: deliveries on time and in full, complaints by unit."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import Sentence, tell, together
from clientlib.panels import as_days
from clientlib.results.periods import Period, list_months, mark_months, read_history

DELIVERY_COLUMNS = ("name", "orders_count", "on_time_share", "on_time_previous_share")
UNIT_COLUMNS = ("unit", "complaints_count", "previous_count", "open_count", "overdue_count")
OPEN_DAYS = 14


@dataclass(frozen=True)
class Service:
    """Deliveries and complaints of twelve months.

    Parameters
    ----------
    months : DataFrame, one row per month
        Columns `DELIVERY_COLUMNS`: orders judged in the month, the part of them that had arrived
        in full by the promised day, and that of the same month a year before; and ``mark``, a name
        of the month short enough for an axis.
    units : DataFrame, one row per unit of ours, most complaints first
        Columns `UNIT_COLUMNS`: complaints of the last twelve months, of the twelve before, those
        that are open, and of these those open for longer than ``open_days``.
    open_complaints : DataFrame, oldest first
        complaint_id, client_id, unit, opened_on, open_days.
    open_days : int
        Days after which an open complaint is overdue.
    missing : str
        Why deliveries cannot be judged; empty where they are.
    """

    months: pd.DataFrame
    units: pd.DataFrame
    open_complaints: pd.DataFrame
    open_days: int
    missing: str

    @property
    def title(self) -> Sentence:
        """How the last month went, for the chart of deliveries."""
        if self.missing or self.months["orders_count"].iloc[-1] == 0:
            return tell("Orders delivered on time and in full")
        last = self.months.iloc[-1]
        return tell(
            "In {month}, {share:share} of the orders due arrived on time and in full",
            month=last["name"], share=last["on_time_share"],
        )  # fmt: skip

    @property
    def finding(self) -> Sentence:
        """How many orders stand behind the shares, and what is open."""
        orders = int(self.months["orders_count"].sum()) if len(self.months) else 0
        complaints = int(self.units["complaints_count"].sum())
        counted = tell(
            "{orders:order} of the last 12 months {orders:was|were} judged; {complaints:count} "
            "complaints were made, {open:count} {open:is|are} open, {late:count} of them for more "
            "than {days:count} {days:day|days}.",
            orders=orders, complaints=complaints, open=len(self.open_complaints),
            late=int((self.open_complaints["open_days"] > self.open_days).sum()),
            days=self.open_days,
        )  # fmt: skip
        return together(counted, self.missing) if self.missing else counted


def measure_service(
    judgements: pd.DataFrame,
    complaints: pd.DataFrame,
    month_ends: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    open_days: int = OPEN_DAYS,
) -> Service:
    """Measure how the clients of a book were served.

    Parameters
    ----------
    judgements : DataFrame
        marts.delivery_judgements as of the day.
    complaints : DataFrame
        staging.complaints as of the day.
    month_ends : DataFrame
        marts.month_ends.
    as_of : str or Timestamp
        The last day that is counted.
    open_days : int
        Days after which an open complaint is overdue.

    Returns
    -------
    Service
        Without deliveries, with the reason.
    """
    history = read_history(month_ends, as_of)
    judged = judgements.assign(judged_on=as_days(judgements["judged_on"]))
    judged = judged[judged["judged_on"] <= history.last_on]
    rows = []
    listed = list_months(history, 12)
    for month in listed:
        now, before = (_between(judged, each) for each in (month, month.year_before()))
        rows.append((month.name_month(), len(now), _on_time(now), _on_time(before)))
    months = pd.DataFrame(rows, columns=list(DELIVERY_COLUMNS))
    months["mark"] = mark_months(listed)
    missing = "" if len(judged) else tell("Not enough data: no delivery has been recorded.")
    waiting = _list_open(complaints, history.last_on)
    units = _sum_units(complaints, waiting, history.last_on, open_days)
    return Service(months, units, waiting, open_days, missing)


def _between(judged: pd.DataFrame, month: Period) -> pd.DataFrame:
    return judged[judged["judged_on"].between(month.first_on, month.last_on)]


def _on_time(judged: pd.DataFrame) -> float:
    return 1 - float(judged["is_late"].astype(float).mean()) if len(judged) else float("nan")


def _list_open(complaints: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    opened, closed = as_days(complaints["opened_on"]), as_days(complaints["closed_on"])
    rows = complaints[(opened <= last) & ~(closed <= last)]
    rows = rows.assign(
        opened_on=as_days(rows["opened_on"]), open_days=(last - as_days(rows["opened_on"])).dt.days
    )
    columns = ["complaint_id", "client_id", "unit", "opened_on", "open_days"]
    return rows.sort_values(["opened_on", "complaint_id"], ignore_index=True)[columns]


def _sum_units(
    complaints: pd.DataFrame, waiting: pd.DataFrame, last: pd.Timestamp, open_days: int
) -> pd.DataFrame:
    opened = as_days(complaints["opened_on"])
    year_ago, before = (last - pd.DateOffset(years=years) for years in (1, 2))
    units = complaints["unit"].fillna(tell("no unit named"))
    late = waiting[waiting["open_days"] > open_days]
    counts = {
        "complaints_count": units[(opened > year_ago) & (opened <= last)].value_counts(),
        "previous_count": units[(opened > before) & (opened <= year_ago)].value_counts(),
        "open_count": waiting["unit"].fillna(tell("no unit named")).value_counts(),
        "overdue_count": late["unit"].fillna(tell("no unit named")).value_counts(),
    }
    table = pd.DataFrame(counts).fillna(0).astype(int).rename_axis("unit").reset_index()
    table = table[table[["complaints_count", "open_count"]].sum(axis=1) > 0]
    order = ["complaints_count", "unit"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)[list(UNIT_COLUMNS)]
