"""Who stopped buying: events in days, and what became of every row of a panel."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.reliability.events import STOPS_BUYING, LossRules
from clientlib.reliability.warning.book import OrderBook
from clientlib.reliability.warning.panel import lost_after
from clientlib.reliability.warning.running import SPAN, Floats, Ints, as_day_numbers

EVENT_COLUMNS = ("client_id", "event", "dated_on", "declared_on")


def find_losses(
    book: OrderBook, *, as_of: str | pd.Timestamp, rules: LossRules | None = None
) -> pd.DataFrame:
    """List the clients that stopped buying, once for each silence that was long enough.

    A loss is *declared* on the day on which the silence reaches the definition's length, and
    *dated* back to the last order day: on the next morning there was no client any more, but
    nobody could know. A client that orders again can be lost again.

    Parameters
    ----------
    book : OrderBook
        From `read_book`.
    as_of : str or Timestamp
        Orders that count later are not looked at; a loss that is not declared by then is none.
    rules : LossRules, optional
        The definition.

    Returns
    -------
    DataFrame, one row per loss, sorted by declared_on and client_id
        client_id, event, dated_on and declared_on.
    """
    day = _day_number(as_of)
    silences = _silences(book, day, rules or LossRules())
    declared = silences["last"] + silences["lost_after"]
    is_lost = (declared <= day) & ~(silences["next"] <= declared)
    lost = silences[is_lost]
    events = pd.DataFrame(
        {
            "client_id": book.client_ids.to_numpy()[lost["code"].to_numpy()],
            "event": STOPS_BUYING,
            "dated_on": _as_dates(lost["last"].to_numpy()),
            "declared_on": _as_dates(declared[is_lost].to_numpy()),
        },
        columns=list(EVENT_COLUMNS),
    )
    return events.sort_values(["declared_on", "client_id"], ignore_index=True)


def follow_silences(
    panel: pd.DataFrame,
    book: OrderBook,
    *,
    as_of: str | pd.Timestamp,
    rules: LossRules | None = None,
) -> pd.DataFrame:
    """Tell of every panel row whether the silence that it stood in ended in an order or a loss.

    Parameters
    ----------
    panel : DataFrame
        From `build_panel` of the same book.
    book : OrderBook
        Gives the next orders.
    as_of : str or Timestamp
        The day of looking back; orders that count later are not looked at.
    rules : LossRules, optional
        The definition.

    Returns
    -------
    DataFrame, the rows of clients that were not lost on the day of the panel
        As ``panel``, with ordered_next_on (null while there is none), declared_on (day on
        which this silence would be, or was, declared a loss), lead_days (from month_end to
        declared_on), is_over (declared_on is not after ``as_of``) and is_lost (1 or 0; null
        where that is not known yet).
    """
    day = _day_number(as_of)
    silences = _silences(book, day, rules or LossRules())
    last = as_day_numbers(panel["last_ordered_on"])
    following = silences["next"].to_numpy()[_find(silences, book, panel["client_id"], last)]
    declared = last + panel["lost_after_days"].to_numpy()
    now = as_day_numbers(panel["month_end"])
    is_lost = np.where(following <= declared, 0.0, np.where(declared <= day, 1.0, np.nan))
    followed = panel.assign(
        ordered_next_on=pd.to_datetime(following, unit="D"),
        declared_on=_as_dates(declared),
        lead_days=declared - now,
        is_over=declared <= day,
        is_lost=is_lost,
    )
    alive: pd.DataFrame = followed[declared > now]
    return alive.reset_index(drop=True)


def follow_events(
    panel: pd.DataFrame, events: pd.DataFrame, *, as_of: str | pd.Timestamp, horizon_days: int
) -> pd.DataFrame:
    """Tell of every panel row whether an event is declared within a horizon.

    Parameters
    ----------
    panel : DataFrame, one row per client_id and month_end
        Further columns are kept.
    events : DataFrame
        client_id and declared_on of one kind of event.
    as_of : str or Timestamp
        Events declared later are not looked at.
    horizon_days : int, in days
        Length of the window after each month end.

    Returns
    -------
    DataFrame, rows as ``panel``
        With declared_on (the next event within the horizon, else the end of the window),
        lead_days, is_over and is_lost, as in `follow_silences`.
    """
    day = pd.Timestamp(as_of)
    known = events.loc[events["declared_on"] <= day, ["client_id", "declared_on"]]
    rows = panel.reset_index(drop=True).reset_index(names="row").sort_values("month_end")
    found = pd.merge_asof(
        rows,
        known.sort_values("declared_on").assign(event_on=known["declared_on"])[
            ["client_id", "declared_on", "event_on"]
        ],
        left_on="month_end",
        right_on="declared_on",
        by="client_id",
        direction="forward",
        allow_exact_matches=False,
    ).sort_values("row", ignore_index=True)
    end = found["month_end"] + pd.Timedelta(days=horizon_days)
    happens = found["event_on"] <= end
    found["declared_on"] = found["event_on"].where(happens, end)
    found["lead_days"] = (found["declared_on"] - found["month_end"]).dt.days.astype(float)
    found["is_over"] = end <= day
    found["is_lost"] = happens.astype(float).where(happens | found["is_over"])
    return found.drop(columns=["row", "event_on"])


def _silences(book: OrderBook, day: int, rules: LossRules) -> pd.DataFrame:
    """One row per client and order day that was the last for a while."""
    values = book.rhythm.values
    rows = pd.DataFrame(
        {
            "code": book.days["code"].to_numpy(),
            "last": values["last_ordered"],
            "lost_after": lost_after(
                rules, values["first_ordered"], values["last_ordered"], values["order_days"]
            ),
        }
    )[book.days["counted"].to_numpy() <= day]
    rows = rows.drop_duplicates(["code", "last"], keep="first", ignore_index=True)
    return rows.assign(next=rows.groupby("code")["last"].shift(-1))


def _find(silences: pd.DataFrame, book: OrderBook, client_ids: pd.Series, last: Ints) -> Ints:
    keys = silences["code"].to_numpy(dtype=np.int64) * SPAN + silences["last"].to_numpy(np.int64)
    wanted = book.client_ids.get_indexer(pd.Index(client_ids)).astype(np.int64) * SPAN + last
    return np.searchsorted(keys, wanted).astype(np.int64)


def _day_number(day: str | pd.Timestamp) -> int:
    return int(np.datetime64(pd.Timestamp(day), "D").astype(np.int64))


def _as_dates(days: Floats) -> npt.NDArray[np.datetime64]:
    return days.astype(np.int64).astype("datetime64[D]").astype("datetime64[ns]")
