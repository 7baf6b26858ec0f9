"""A manager's actions: what the data ask for within a stated time, and what became of the last."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from clientlib.errors import InputError
from clientlib.language import Kept, Sentence, jot, retell, tell
from clientlib.panels import add_names, as_days
from clientlib.results.book import AT_RISK, LATE

AGENDA_COLUMNS = (
    "client_id",
    "name",
    "kind",
    "subject_id",
    "action",
    "amount",
    "hours",
    "by_on",
    "rule",
)
OUTCOME_COLUMNS = ("client_id", "name", "action", "by_on", "state", "evidence_on")
SILENT, DEAL, COMPLAINT, MONEY = "silent client", "deal", "complaint", "overdue money"
DONE, OPEN, OVERDUE, UNKNOWN = "done", "open", "open past its day", "cannot be seen"
STATES = (DONE, OPEN, OVERDUE, UNKNOWN)
ACTIONS = {
    SILENT: "Speak with {name}, silent for too long",
    DEAL: "Agree a new day for deal {subject} with {name}, or close it",
    COMPLAINT: "Bring complaint {subject} of {name} to an end",
    MONEY: "Settle what is overdue with {name}",
}
WORSE = "worse than average"
HOURS = {SILENT: 1.0, DEAL: 0.5, COMPLAINT: 1.0, MONEY: 0.5}
DAYS = {SILENT: 14, DEAL: 7, COMPLAINT: 7, MONEY: 7}


@dataclass(frozen=True)
class Agenda:
    """What is to be done next, as far as the time reaches.

    Parameters
    ----------
    actions : DataFrame, most money at stake first
        Columns `AGENDA_COLUMNS`, in English as they are issued.
    left_count : int
        Actions that rules ask for and the time does not reach.
    capacity_hours : float
        The time there is.
    currency : str
        Of the amounts.
    """

    actions: pd.DataFrame
    left_count: int
    capacity_hours: float
    currency: str

    @property
    def ask(self) -> Sentence:
        """The first action, with what is at stake."""
        if self.actions.empty and self.left_count:
            return tell(
                "None of {count:count} {count:action|actions} that rules ask for fits into the "
                "{hours:number1} hours that are stated.",
                count=self.left_count, hours=self.capacity_hours,
            )  # fmt: skip
        if self.actions.empty:
            return tell("No rule asks for an action next month.")
        first = self.actions.iloc[0]
        return tell(
            "First of {count:count} {count:action|actions} for next month: {action} "
            "({amount:short} {currency} at stake).",
            count=len(self.actions), action=retell(first["action"]),
            amount=first["amount"], currency=self.currency,
        )  # fmt: skip

    @property
    def note(self) -> Sentence:
        """How much time the actions take, and how many have to wait."""
        return tell(
            "The actions take {hours:number1} of the {capacity:number1} hours that are stated; "
            "{left:count} more {left:has|have} to wait.",
            hours=float(self.actions["hours"].sum()), capacity=self.capacity_hours,
            left=self.left_count,
        )  # fmt: skip


def plan_actions(
    *parts: pd.DataFrame, as_of: str | pd.Timestamp, capacity_hours: float, currency: str = ""
) -> Agenda:
    """Choose actions until the time is used up: most money at stake first, one a client and kind.

    Parameters
    ----------
    *parts : DataFrame
        From ``ask_silent``, ``ask_deals``, ``ask_complaints`` and ``ask_money``.
    as_of : str or Timestamp
        The day of the analysis.
    capacity_hours : float, in hours, from 0
        Time for these actions in the month that follows.
    currency : str
        Of the amounts.

    Returns
    -------
    Agenda
        Empty where no rule asks for anything.

    Raises
    ------
    InputError
        The time is negative.
    """
    if capacity_hours < 0:
        raise InputError(f"capacity_hours is {capacity_hours:g}", hint="from 0")
    filled = [part for part in parts if len(part)]
    if not filled:
        return Agenda(pd.DataFrame(columns=list(AGENDA_COLUMNS)), 0, capacity_hours, currency)
    asked = pd.concat(filled, ignore_index=True)
    asked = asked.sort_values(
        ["amount", "client_id", "kind", "subject_id"], ascending=[False, True, True, True]
    ).drop_duplicates(["client_id", "kind"])
    hours = asked["kind"].map(HOURS).astype(float)
    day = pd.Timestamp(as_of)
    asked = asked.assign(
        hours=hours, by_on=[day + pd.Timedelta(days=DAYS[k]) for k in asked["kind"]]
    )
    fits = hours.cumsum() <= capacity_hours
    chosen = asked[fits].reset_index(drop=True)[list(AGENDA_COLUMNS)]
    return Agenda(chosen, int((~fits).sum()), capacity_hours, currency)


def ask_silent(attention: pd.DataFrame) -> pd.DataFrame:
    """Ask for contact with clients that are late in their rhythm or at risk.

    Parameters
    ----------
    attention : DataFrame
        From ``list_attention``.

    Returns
    -------
    DataFrame
        client_id, name, kind, subject_id, action, amount, rule.
    """
    silent = attention[attention["why"].isin([LATE, AT_RISK])]
    rule = jot("Silent for longer than two of its typical gaps")
    size = silent[["revenue_12m_amount", "revenue_previous_12m_amount"]].max(axis=1)
    return _lay_out(silent, SILENT, silent["client_id"], size, rule)


def name_deals(rows: pd.DataFrame, states: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    """Say which client each deal is with.

    Parameters
    ----------
    rows : DataFrame
        With a column deal_id, such as ``Pipeline.slipped``.
    states : DataFrame
        marts.deal_states.
    clients : DataFrame
        marts.clients.

    Returns
    -------
    DataFrame
        The same rows with client_id and name; the key where a client has no name.
    """
    holders = states.drop_duplicates("deal_id", keep="last").set_index("deal_id")["client_id"]
    return add_names(rows.assign(client_id=rows["deal_id"].map(holders)), clients)


def ask_deals(overdue: pd.DataFrame, states: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    """Ask for a new day, or the end, of deals that are open past their expected day.

    Parameters
    ----------
    overdue : DataFrame
        ``Pipeline.overdue``.
    states : DataFrame
        marts.deal_states: which client a deal is with.
    clients : DataFrame
        marts.clients.

    Returns
    -------
    DataFrame
        As of ``ask_silent``.
    """
    rows = name_deals(overdue, states, clients).dropna(subset=["client_id"])
    rule = jot("An open deal is past its expected day")
    return _lay_out(rows, DEAL, rows["deal_id"], rows["amount"].fillna(0.0), rule)


def ask_complaints(
    open_complaints: pd.DataFrame, client_segments: pd.DataFrame, *, open_days: int
) -> pd.DataFrame:
    """Ask for an end of complaints that are open for too long.

    Parameters
    ----------
    open_complaints : DataFrame
        ``Service.open_complaints``.
    client_segments : DataFrame
        As issued by the report on segments: what the client bought is at stake.
    open_days : int
        From more days than these on.

    Returns
    -------
    DataFrame
        As of ``ask_silent``.
    """
    known = client_segments.set_index("client_id")
    late = open_complaints[open_complaints["open_days"] > open_days]
    late = late[late["client_id"].isin(known.index)]
    late = late.assign(name=late["client_id"].map(known["name"]))
    rule = jot("A complaint is open for more than {days:count} {days:day|days}", days=open_days)
    size = late["client_id"].map(known["revenue_12m_amount"]).astype(float)
    return _lay_out(late, COMPLAINT, late["complaint_id"], size, rule)


def ask_money(scores: pd.DataFrame) -> pd.DataFrame:
    """Ask for a word on money that is overdue with clients graded worse than average.

    Parameters
    ----------
    scores : DataFrame
        As issued by the report on reliability; may be empty and without columns.

    Returns
    -------
    DataFrame
        As of ``ask_silent``.
    """
    if scores.empty:
        return pd.DataFrame()
    late = scores[(scores["grade"] == WORSE) & (scores["overdue_amount"] > 0)]
    rule = jot("Money is overdue with a client graded worse than average")
    return _lay_out(late, MONEY, late["client_id"], late["overdue_amount"], rule)


def judge_actions(
    earlier: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    interactions: pd.DataFrame,
    order_days: pd.DataFrame,
    deal_states: pd.DataFrame,
    complaints: pd.DataFrame,
    scores: pd.DataFrame,
) -> pd.DataFrame:
    """Judge what became of the actions that the run before issued, by what the data show.

    A silent client counts as done with a contact or an order after the day of that run, a deal
    once it is decided or its expected day was moved ahead of the day, a complaint once it is
    closed, overdue money once none is left.

    Parameters
    ----------
    earlier : DataFrame
        ``manager_actions`` as issued by the run before; may be empty and without columns.
    as_of : str or Timestamp
        The day of the analysis.
    interactions, order_days, deal_states, complaints : DataFrame
        staging.interactions, marts.order_days, marts.deal_states, staging.complaints as of the
        day.
    scores : DataFrame
        As issued by the report on reliability; may be empty.

    Returns
    -------
    DataFrame
        Columns `OUTCOME_COLUMNS`; ``evidence_on`` is the day on which it was done, where the data
        tell one.
    """
    if earlier.empty:
        return pd.DataFrame(columns=list(OUTCOME_COLUMNS))
    then, day = pd.Timestamp(str(earlier["as_of"].iloc[0])), pd.Timestamp(as_of)
    heard = _first_after(interactions, "happened_on", then)
    ordered = _first_after(order_days, "ordered_on", then)
    spoken = pd.concat([heard, ordered]).groupby(level=0).min()
    moved = _find_moved(deal_states, day)
    closed = as_days(complaints.set_index("complaint_id")["closed_on"]).dropna()
    judges: dict[str, Callable[[pd.Series], tuple[bool | None, object]]] = {
        SILENT: lambda row: _by_day(spoken, row["client_id"]),
        DEAL: lambda row: (str(row["subject_id"]) in moved, pd.NaT),
        COMPLAINT: lambda row: _by_day(closed, row["subject_id"]),
        MONEY: lambda row: _is_settled(scores, row["client_id"]),
    }
    rows = []
    for _, row in earlier.iterrows():
        is_done, on = judges[str(row["kind"])](row)
        due = pd.Timestamp(row["by_on"])
        state = UNKNOWN if is_done is None else DONE if is_done else OVERDUE if due < day else OPEN
        action = _name_action(str(row["kind"]), row["name"], row["subject_id"])
        rows.append((row["client_id"], row["name"], action, due, state, on))
    table = pd.DataFrame(rows, columns=list(OUTCOME_COLUMNS))
    return table.assign(evidence_on=pd.to_datetime(table["evidence_on"]))


def say_outcomes(outcomes: pd.DataFrame) -> Sentence:
    """Say how many of the actions were done.

    Parameters
    ----------
    outcomes : DataFrame
        From ``judge_actions``.

    Returns
    -------
    Sentence
        With those that are open past their day.
    """
    counts = outcomes["state"].value_counts()
    return tell(
        "Of {count:count} actions of the run before, the data show {done:count} as done; "
        "{late:count} {late:is|are} open past the agreed day.",
        count=len(outcomes), done=int(counts.get(DONE, 0)), late=int(counts.get(OVERDUE, 0)),
    )  # fmt: skip


def _lay_out(
    rows: pd.DataFrame, kind: str, subjects: pd.Series, amounts: pd.Series, rule: str
) -> pd.DataFrame:
    named = zip(rows["name"], subjects, strict=True)
    return pd.DataFrame(
        {
            "client_id": rows["client_id"].to_numpy(),
            "name": rows["name"].to_numpy(),
            "kind": kind,
            "subject_id": subjects.astype(str).to_numpy(),
            "action": [_name_action(kind, name, subject) for name, subject in named],
            "amount": amounts.astype(float).to_numpy(),
            "rule": rule,
        }
    )


def _name_action(kind: str, name: object, subject: object) -> Kept:
    """Name an action of now, or one that was issued, so that it can be told in any language."""
    return jot(ACTIONS[kind], name=str(name), subject=str(subject))


def _first_after(rows: pd.DataFrame, column: str, then: pd.Timestamp) -> pd.Series:
    days = as_days(rows[column])
    return days[days > then].groupby(rows["client_id"]).min()


def _find_moved(states: pd.DataFrame, day: pd.Timestamp) -> set[str]:
    """Find deals that are decided, or expected after the day."""
    last = states.drop_duplicates("deal_id", keep="last")
    is_ahead = as_days(last["expected_close_on"]) > day
    return set(last[(last["outcome"] != "open") | is_ahead]["deal_id"].astype(str))


def _by_day(days: pd.Series, key: object) -> tuple[bool, object]:
    return key in days.index, days.get(key, pd.NaT)


def _is_settled(scores: pd.DataFrame, client_id: object) -> tuple[bool | None, object]:
    own = scores[scores["client_id"] == client_id] if len(scores) else scores
    if own.empty:
        return None, pd.NaT
    return bool((own["overdue_amount"] <= 0).all()), pd.NaT
