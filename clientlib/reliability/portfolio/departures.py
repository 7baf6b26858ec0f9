"""Clients that were lost of late: which signs they gave, what we did, what was missed."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from clientlib.language import Sentence, tell
from clientlib.panels import as_days
from clientlib.pooling import interval_of_share
from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.portfolio.traces import (
    BROKEN,
    COMPLAINT,
    HANDED,
    LATE,
    SIGNS,
    UNANSWERED,
    Traces,
    read_traces,
)
from clientlib.reliability.warning import EarlyWarning, OrderBook, WatchList, find_losses
from clientlib.reliability.warning.running import Floats, as_day_numbers

REVIEWED_DAYS = 183  # losses of half a year: the watch list of a year has seen their silence
BEFORE_DAYS, AFTER_DAYS = 180, 60  # signs count from so long before the last order to so long after
YEAR_DAYS, PANEL_DAYS = 365, 35
FEWEST_LOST = 5

LEFT_OPEN = "a complaint was left open"
NOT_CALLED = "a sign or a warning, no contact of ours since"
NO_SIGN = "no sign, no contact of ours since the last order"
CALLED = "we were in touch, lost all the same"
UNKNOWN = "our contacts are not recorded"
FINDINGS = (LEFT_OPEN, NOT_CALLED, NO_SIGN, CALLED, UNKNOWN)
AVOIDABLE = (LEFT_OPEN, NOT_CALLED)

COUNTS = {
    COMPLAINT: "complaints_count",
    LATE: "late_deliveries_count",
    UNANSWERED: "unanswered_count",
    BROKEN: "broken_count",
    HANDED: "handed_count",
}
LOSS_COLUMNS = (
    "client_id",
    "ordered_last_on",
    "declared_on",
    "revenue_365d_amount",
    "first_alert_on",
    "first_sign_on",
    *COUNTS.values(),
    "open_complaints_count",
    "contacts_count",
    "first_contact_on",
    "finding",
)
SIGN_COLUMNS = ("sign", "lost_count", "lost_share", "lost_low", "lost_high",
                "kept_count", "kept_share", "kept_low", "kept_high")  # fmt: skip
TOLD: dict[str, str] = {
    "complaints_count": "{count:count} {count:complaint|complaints}",
    "open_complaints_count": "{count:count} of them left open",
    "late_deliveries_count": "{count:count} late {count:delivery|deliveries}",
    "unanswered_count": "{count:count} {count:contact|contacts} without reply",
    "broken_count": "{count:count} broken {count:promise|promises} of ours",
    "handed_count": "a new manager",
}


def review_losses(
    read: Callable[..., pd.DataFrame],
    book: OrderBook,
    assessment: Assessment,
    warned: EarlyWarning,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Look back at the clients that were lost in the last half year.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``.
    book : OrderBook
        From `read_orders`, of the day of the assessment.
    assessment : Assessment
        Gives the day and the definition of a loss.
    warned : EarlyWarning
        Its watch list says when each was first warned of.

    Returns
    -------
    (DataFrame, DataFrame)
        The losses, from `describe_losses`; and how usual each sign was, from `compare_signs`.
    """
    losses = _recent_losses(book, assessment)
    alerts = _first_alerts(losses, warned.watched)
    traces = read_traces(read, as_of=assessment.as_of)
    revenue = _revenue_before(book, losses)
    table = describe_losses(
        losses.assign(revenue_365d_amount=revenue, first_alert_on=alerts), traces
    )
    kept = _kept(book, losses, assessment) if len(losses) else losses
    return table, compare_signs(losses, kept, traces)


def describe_losses(losses: pd.DataFrame, traces: Traces) -> pd.DataFrame:
    """Set beside each loss the signs that were given, what we did, and what follows from it.

    Parameters
    ----------
    losses : DataFrame, one row per lost client
        client_id, ordered_last_on, declared_on, revenue_365d_amount and first_alert_on (null
        where nobody was warned).
    traces : Traces
        From `read_traces`.

    Returns
    -------
    DataFrame, one row per lost client, most revenue first
        Columns `LOSS_COLUMNS`. Signs count from 180 days before the last order to 60 days after
        it; first_sign_on is the earliest of them. contacts_count are contacts that we began after
        the first alert, or without one after the last order, until the loss was declared; null
        where none is recorded of any client. finding is one of `FINDINGS`; a complaint that was
        left open goes before all others.
    """
    counts, first = _count_signs(losses, traces)
    table = losses.set_index("client_id").join(counts)
    table["first_sign_on"] = first
    since = losses.assign(since=losses["first_alert_on"].fillna(losses["ordered_last_on"]))
    rows = _within(traces.contacts, "happened_on", since, "since", "declared_on")
    contacts = rows.groupby("client_id")["happened_on"]
    made = contacts.size().reindex(table.index, fill_value=0).astype("Int64")
    table["contacts_count"] = made if len(traces.contacts) else pd.NA
    table["first_contact_on"] = contacts.min().reindex(table.index)
    table["finding"] = _find(table)
    order = ["revenue_365d_amount", "client_id"]
    kept = table.reset_index().sort_values(order, ascending=[False, True], ignore_index=True)
    return kept[list(LOSS_COLUMNS)]


def compare_signs(losses: pd.DataFrame, kept: pd.DataFrame, traces: Traces) -> pd.DataFrame:
    """Compare how usual each sign was with clients that were lost and with those that stayed.

    Parameters
    ----------
    losses, kept : DataFrame, one row per client
        client_id, ordered_last_on (of those that stayed: a day that stands for it) and
        declared_on.
    traces : Traces
        From `read_traces`.

    Returns
    -------
    DataFrame, one row per sign that is recorded
        Columns `SIGN_COLUMNS`: clients with it and their share, with 90 % intervals, in spans
        of the same length. Empty below 5 lost clients.
    """
    if len(losses) < FEWEST_LOST or kept.empty:
        return pd.DataFrame(columns=list(SIGN_COLUMNS))
    table = pd.DataFrame({"sign": list(traces.recorded)})
    for name, clients in (("lost", losses), ("kept", kept)):
        counts, _ = _count_signs(clients, traces)
        having = np.array([int((counts[COUNTS[sign]] > 0).sum()) for sign in traces.recorded])
        low, high = interval_of_share(having, np.full(len(having), len(clients)))
        table[f"{name}_count"] = having
        table[f"{name}_share"] = having / len(clients)
        table[f"{name}_low"], table[f"{name}_high"] = low, high
    return table[list(SIGN_COLUMNS)]


def say_losses(losses: pd.DataFrame, currency: str) -> Sentence | str:
    """Say how many clients were lost, and how much of it might have been avoided.

    Parameters
    ----------
    losses : DataFrame
        From `describe_losses`.
    currency : str
        Of all money.

    Returns
    -------
    Sentence or str
        Empty where nobody was lost.
    """
    if losses.empty:
        return ""
    revenue = losses["revenue_365d_amount"].astype(float)
    is_avoidable = losses["finding"].isin(AVOIDABLE)
    return tell(
        "{lost:client} {lost:was|were} lost in half a year, with {revenue:short} "
        "{currency} of yearly revenue. {missed:count} of them ({missed_revenue:short} "
        "{currency}) had a complaint left open, or gave a sign or a warning after which we were "
        "not in touch: look at these first. A call need not have kept them.",
        lost=len(losses),
        revenue=float(revenue.sum()),
        currency=currency,
        missed=int(is_avoidable.sum()),
        missed_revenue=float(revenue[is_avoidable].sum()),
    )


def tell_signs(losses: pd.DataFrame) -> pd.Series:
    """Tell the signs of each loss in words.

    Parameters
    ----------
    losses : DataFrame
        From `describe_losses`.

    Returns
    -------
    Series of str or None, index as ``losses``
        In the language that is spoken; null without signs.
    """
    return pd.Series(
        [
            ", ".join(
                str(tell(words, count=int(row[name]))) for name, words in TOLD.items() if row[name]
            )
            or None
            for row in losses[list(TOLD)].to_dict("records")
        ],
        index=losses.index,
        dtype=object,
    )


def _recent_losses(book: OrderBook, assessment: Assessment) -> pd.DataFrame:
    """Losses declared in the last half year, of clients that have not ordered since."""
    losses = find_losses(book, as_of=assessment.as_of, rules=assessment.rules)
    last = losses["client_id"].map(_last_orders(book))
    first_day = assessment.as_of - pd.Timedelta(days=REVIEWED_DAYS)
    is_recent = (losses["declared_on"] > first_day) & (last == losses["dated_on"])
    kept = losses[is_recent].rename(columns={"dated_on": "ordered_last_on"})
    return kept[["client_id", "ordered_last_on", "declared_on"]].reset_index(drop=True)


def _last_orders(book: OrderBook) -> pd.Series:
    last = book.days.groupby("code")["ordered"].max()
    days = last.to_numpy().astype("datetime64[D]").astype("datetime64[ns]")
    return pd.Series(days, index=book.client_ids[last.index])


def _kept(book: OrderBook, losses: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    """Clients that ordered both before and after the middle of the losses' last order days.

    That day stands for their last order, so that all signs count from spans of the same length
    and of the same time.
    """
    middle = losses["ordered_last_on"].sort_values().iloc[(len(losses) - 1) // 2]
    days = pd.DataFrame(
        {
            "client_id": book.client_ids[book.days["code"]],
            "ordered_on": book.days["ordered"].to_numpy().astype("datetime64[D]"),
        }
    )
    before = middle - pd.Timedelta(days=BEFORE_DAYS)
    earlier = days[(days["ordered_on"] > before) & (days["ordered_on"] <= middle)]
    later = days[days["ordered_on"] > middle]
    both = sorted(set(earlier["client_id"]) & set(later["client_id"]) - set(losses["client_id"]))
    return pd.DataFrame(
        {"client_id": both, "ordered_last_on": middle, "declared_on": assessment.as_of}
    )


def _first_alerts(losses: pd.DataFrame, watched: WatchList | None) -> pd.Series:
    """Find when each lost client entered the watch list, if it stood on it until the loss."""
    none = pd.Series(pd.NaT, index=losses.index, dtype="datetime64[ns]")
    if watched is None:
        return none
    gone = watched.changes[watched.changes["change"] == "lost"]
    listed = watched.clients[["client_id", "first_alert_on"]]
    alerts = pd.concat(
        [
            gone[["client_id", "first_alert_on", "month_end"]],
            listed.assign(month_end=watched.as_of + pd.Timedelta(days=1)),  # lost since the panel
        ],
        ignore_index=True,
    )
    found = losses.reset_index(names="loss").merge(alerts, on="client_id")
    after = (as_days(found["month_end"]) - found["declared_on"]).dt.days
    stood = found[(after >= 0) & (after <= PANEL_DAYS)]
    return none.fillna(as_days(stood.groupby("loss")["first_alert_on"].max()))


def _revenue_before(book: OrderBook, losses: pd.DataFrame) -> Floats:
    """Give the revenue of the year before each last order, as known when the loss was declared."""
    codes = book.client_ids.get_indexer(pd.Index(losses["client_id"])).astype(np.int64)
    days = [
        as_day_numbers(losses["declared_on"]),
        as_day_numbers(losses["ordered_last_on"]) - YEAR_DAYS,
    ]
    places = [book.money.find(codes, day) for day in days]
    until, before = (
        book.money.take("ordered_amount", place) - book.money.take("returned_amount", place)
        for place in places
    )
    return until - before


def _count_signs(clients: pd.DataFrame, traces: Traces) -> tuple[pd.DataFrame, pd.Series]:
    """Count the signs around the last order of each client, and find the first of them."""
    spans = clients.assign(
        starts_on=clients["ordered_last_on"] - pd.Timedelta(days=BEFORE_DAYS),
        ends_on=(clients["ordered_last_on"] + pd.Timedelta(days=AFTER_DAYS)).clip(
            upper=clients["declared_on"]
        ),
    )
    rows = _within(traces.signs, "seen_on", spans, "starts_on", "ends_on")
    ids = pd.Index(clients["client_id"], name="client_id")
    counts = (
        rows.groupby(["client_id", "sign"])
        .size()
        .unstack(fill_value=0)
        .reindex(index=ids, columns=list(SIGNS), fill_value=0)
        .rename(columns=COUNTS)
    )
    is_open = (rows["sign"] == COMPLAINT) & ~(rows["settled_on"] <= rows["declared_on"])
    open_count = rows[is_open].groupby("client_id").size()
    counts["open_complaints_count"] = open_count.reindex(ids, fill_value=0)
    return counts.astype("int64"), rows.groupby("client_id")["seen_on"].min().reindex(ids)


def _within(
    rows: pd.DataFrame, day: str, spans: pd.DataFrame, starts_on: str, ends_on: str
) -> pd.DataFrame:
    """Keep the rows of each client that lie after one of its days and not after another."""
    joined = rows.merge(spans, on="client_id")
    kept: pd.DataFrame = joined[
        (joined[day] > joined[starts_on]) & (joined[day] <= joined[ends_on])
    ]
    return kept


def _find(table: pd.DataFrame) -> np.ndarray:
    is_warned = table["first_alert_on"].notna() | table["first_sign_on"].notna()
    is_called = (table["contacts_count"] > 0).fillna(False)
    rules = [
        table["open_complaints_count"] > 0,
        table["contacts_count"].isna(),
        is_called,
        is_warned,
    ]
    return np.select(
        [rule.to_numpy(dtype=bool) for rule in rules],
        [LEFT_OPEN, UNKNOWN, CALLED, NOT_CALLED],
        NO_SIGN,
    )
