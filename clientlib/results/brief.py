"""What anyone should know before speaking with one client, and what to do next with it."""

from collections.abc import Iterator

import pandas as pd

from clientlib.language import Sentence, jot, retell, tell, translate
from clientlib.panels import as_days
from clientlib.results.actions import CREDIT, MANAGER, MONTH_DAYS, WEEK_DAYS, Implication
from clientlib.results.client import OPEN, Client

PROFILE_COLUMNS = (
    "country",
    "region",
    "industry",
    "size_band",
    "manager_name",
    "segment",
    "first_ordered_on",
    "orders_12m_count",
)
EVENT_COLUMNS = ("day", "lane", "label")
OUTCOMES = ("open", "won", "lost", "no_decision", "accepted", "refused", "replaced")
CLAUSES, URGENCIES = ("list", "fixed", "indexed"), ("low", "normal", "high")
LANES = ("deal", "offer", "complaint", "contract", "contact")
AT_RISK_STATES = ("slowing", "at risk")
REASONS = ("reason_1", "reason_2", "reason_3")


def describe_client(own: Client, segments: pd.DataFrame) -> pd.DataFrame:
    """Say who a client is, in one row.

    Parameters
    ----------
    own : Client
        From ``read_client``.
    segments : DataFrame
        Its row of what the report on segments has issued; may be empty and without columns.

    Returns
    -------
    DataFrame, one row
        Columns `PROFILE_COLUMNS`; what is not known is null.
    """
    segment = str(segments["segment"].iloc[0]) if len(segments) else None
    known = {**own.client.to_dict(), **own.orders.to_dict(), "segment": segment}
    return pd.DataFrame([[known[name] for name in PROFILE_COLUMNS]], columns=list(PROFILE_COLUMNS))


def say_rhythm(orders: pd.Series, *, as_of: str | pd.Timestamp) -> Sentence:
    """Say when a client ordered last, and when its rhythm lets one expect the next order.

    Parameters
    ----------
    orders : Series
        Its row of marts.client_orders.
    as_of : str or Timestamp
        The day of the brief.

    Returns
    -------
    Sentence
        Without a rhythm, that there is none yet.
    """
    last, gap = orders["last_ordered_on"], orders["typical_gap_days"]
    if pd.isna(last):
        return tell("It has not ordered yet.")
    if pd.isna(gap):
        return tell("It ordered once, on {last:day}: it has no rhythm yet.", last=last)
    expected = pd.Timestamp(last) + pd.Timedelta(days=round(float(gap)))
    values = {"gap": round(float(gap)), "last": last, "next": expected}
    if expected < pd.Timestamp(as_of):
        return tell(
            "It usually orders every {gap:count} {gap:day|days}, the last time on {last:day}: the "
            "next order was to be expected on {next:day}.", **values,
        )  # fmt: skip
    return tell(
        "It usually orders every {gap:count} {gap:day|days}, the last time on {last:day}: the next "
        "order is to be expected on {next:day}.", **values,
    )  # fmt: skip


def list_events(own: Client, *, as_of: str | pd.Timestamp, months: int = 24) -> pd.DataFrame:
    """List what happened with a client, in order; no free text is in it.

    Parameters
    ----------
    own : Client
        From ``read_client``.
    as_of : str or Timestamp
        The day of the brief.
    months : int
        How far back.

    Returns
    -------
    DataFrame, oldest first
        Columns `EVENT_COLUMNS`.
    """
    last = pd.Timestamp(as_of)
    offers = own.quotes.drop_duplicates(["quote_id", "revision_no"])
    parts = [
        _events(own.deal_states, "told_on", "deal", "outcome"),
        _events(offers, "sent_on", "offer", "outcome"),
        _events(own.complaints, "opened_on", "complaint"),
        _events(own.contracts, "starts_on", "contract"),
        _events(own.interactions, "happened_on", "contact", "channel"),
    ]
    table = pd.concat(parts, ignore_index=True)
    is_near = (table["day"] > last - pd.DateOffset(months=months)) & (table["day"] <= last)
    return table[is_near].sort_values("day", kind="stable", ignore_index=True)


def title_events(events: pd.DataFrame) -> Sentence:
    """Say how much is recorded, for the timeline.

    Parameters
    ----------
    events : DataFrame
        From ``list_events``.

    Returns
    -------
    Sentence
        With the number of events.
    """
    if events.empty:
        return tell("What happened, in order")
    return tell("{count:count} events are recorded with this client", count=len(events))


def say_reliability(score: pd.DataFrame, *, missing: str, currency: str) -> tuple[str, ...]:
    """Say whether a client can be relied on, and why.

    Parameters
    ----------
    score : DataFrame
        Its row as issued by the report on reliability; may be empty.
    missing : str
        Why there is none; empty where the report has been done.
    currency : str
        Of the amounts.

    Returns
    -------
    tuple of str
        The grade, what is owed, and the reasons.
    """
    if score.empty:
        return (missing or tell("Not enough data: it has no score of reliability."),)
    row = score.iloc[0]
    reasons = [str(row[name]) for name in REASONS if pd.notna(row[name]) and row[name]]
    grade = tell(
        "Reliability: {grade}; {open:short} {currency} are owed, {overdue:short} of them overdue.",
        grade=translate(str(row["grade"])), open=float(row["open_amount"]),
        overdue=float(row["overdue_amount"]), currency=currency,
    )  # fmt: skip
    counted = tell(
        "{late:count} of {due:invoice} {late:was|were} paid late.", late=int(row["late_count"]),
        due=int(row["due_count"]),
    )  # fmt: skip
    return (grade, *(map(_begin_large, map(retell, reasons)) if reasons else [counted]))


def choose_next_step(
    complaints: pd.DataFrame,
    scores: pd.DataFrame,
    segments: pd.DataFrame,
    open_deals: pd.DataFrame,
    *,
    currency: str,
) -> Implication:
    """Choose the next step by the first rule that fires: complaint, money, silence, deal.

    Parameters
    ----------
    complaints : DataFrame
        From ``list_complaints``.
    scores, segments : DataFrame
        Rows of the client as issued by the reports on reliability and segments; may be empty.
    open_deals : DataFrame
        Its open deals: deal_id, expected_close_on, amount.
    currency : str
        Of the amounts.

    Returns
    -------
    Implication
        With the rule; without a decision where none fires.
    """
    found = (
        *_step_of_complaints(complaints),
        *_step_of_money(scores, currency),
        *_step_of_silence(segments),
        *_step_of_deals(open_deals, currency),
    )
    return next(iter(found), Implication(jot("Nothing is open with this client")))


def lay_out_step(step: Implication, client_id: str) -> pd.DataFrame:
    """Lay the next step out as it is issued.

    Parameters
    ----------
    step : Implication
        From ``choose_next_step``.
    client_id : str
        Whom it is about.

    Returns
    -------
    DataFrame, one row
        client_id, finding, decision, who, rule; in English.
    """
    said = {"finding": step.finding, "decision": step.decision, "who": step.who, "rule": step.rule}
    return pd.DataFrame([{"client_id": client_id, **said}])


def _begin_large(text: str) -> str:
    return text[:1].upper() + text[1:]


def _events(rows: pd.DataFrame, day: str, lane: str, label: str = "") -> pd.DataFrame:
    """Lay events on a lane, named by a word of ours where the table has one."""
    words = rows[label].fillna(lane) if label else pd.Series(lane, index=rows.index)
    return pd.DataFrame(
        {
            "day": as_days(rows[day]).astype("datetime64[ns]"),
            "lane": pd.Series(translate(lane), index=rows.index, dtype=object),
            "label": words.astype(str).map(translate).str.replace("_", " ").astype(object),
        }
    )


def _step_of_complaints(complaints: pd.DataFrame) -> Iterator[Implication]:
    waiting = complaints[complaints["state"] == OPEN]
    if len(waiting):
        first = waiting.iloc[-1]
        yield Implication(
            jot("{count:count} {count:complaint is|complaints are} open", count=len(waiting)),
            jot("Say what becomes of complaint {complaint}", complaint=first["complaint_id"]),
            MANAGER, WEEK_DAYS, jot("A complaint is open"),
        )  # fmt: skip


def _step_of_money(scores: pd.DataFrame, currency: str) -> Iterator[Implication]:
    if len(scores) and float(scores["overdue_amount"].iloc[0]) > 0:
        yield Implication(
            jot("{amount:short} {currency} {amount:is|are} overdue",
                amount=float(scores["overdue_amount"].iloc[0]), currency=currency),
            jot("Agree on a day of payment"), CREDIT, WEEK_DAYS, jot("Money is overdue"),
        )  # fmt: skip


def _step_of_silence(segments: pd.DataFrame) -> Iterator[Implication]:
    if len(segments) and segments["life_state"].iloc[0] in AT_RISK_STATES:
        yield Implication(
            jot("It has been silent for {days:count} {days:day|days}",
                days=float(segments["silence_days"].iloc[0])),
            jot("Ask what it needs now"), MANAGER, WEEK_DAYS,
            jot("Silent for longer than two of its typical gaps"),
        )  # fmt: skip


def _step_of_deals(open_deals: pd.DataFrame, currency: str) -> Iterator[Implication]:
    if len(open_deals):
        amount = float(open_deals["amount"].fillna(0.0).sum())
        yield Implication(
            jot("{count:deal} worth {amount:short} {currency} {count:is|are} open",
                count=len(open_deals), amount=amount, currency=currency),
            jot("Ask what still stands between us and an order"), MANAGER, MONTH_DAYS,
            jot("A deal is open"),
        )  # fmt: skip
