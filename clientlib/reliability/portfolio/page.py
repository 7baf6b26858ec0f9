"""The page of one client: what may happen, how sure, why, what to do, what would change it."""

from dataclasses import dataclass

import pandas as pd

from clientlib.errors import InputError
from clientlib.language import Sentence, retell, tell
from clientlib.panels import as_days
from clientlib.reliability.portfolio.advising import ADVICE_COLUMNS
from clientlib.reliability.portfolio.issued import ADVICE, DECISIONS, KIND_WORDS, Find, read_tables
from clientlib.reliability.portfolio.payments import LATE
from clientlib.reliability.portfolio.states import COME, FORETOLD
from clientlib.reliability.risks.targets import DEFAULTS
from clientlib.reliability.risks.wording import EVENT_WORDS, tell_sign
from clientlib.reliability.timing.hazard import LAST_DAY
from clientlib.reliability.timing.model import LATE_DAYS
from clientlib.reliability.warning.watching import add_decisions


@dataclass(frozen=True)
class DecisionPage:
    """What was issued about one client.

    Parameters
    ----------
    client : Series
        Its row of marts.clients.
    as_of : Timestamp
        The day.
    currency : str
        Of all money.
    tables : dict of str to DataFrame
        By name, the client's rows
        of every table that `read_tables` names.
    missing : str
        Why nothing was issued, in a sentence; empty where something was.
    """

    client: pd.Series
    as_of: pd.Timestamp
    currency: str
    tables: dict[str, pd.DataFrame]
    missing: str

    @property
    def advice(self) -> pd.DataFrame:
        """What is advised, in one row."""
        return self.tables[ADVICE]

    @property
    def shown(self) -> pd.DataFrame:
        """The advice as this page shows it, to be issued with it."""
        return self.advice.reindex(columns=list(ADVICE_COLUMNS))

    @property
    def headline(self) -> Sentence | str:
        """The main finding in one sentence."""
        if self.advice.empty:
            return self.missing
        row, risk = self.advice.iloc[0], self._risk_of_default()
        if pd.isna(row["limit_amount"]):
            return tell("No limit can be advised: {reason}.", reason=retell(str(risk["reason"])))
        values = {
            "grade": row["risk_class"],
            "share": float(row["probability"]),
            "low": float(row["probability_low"]),
            "high": float(row["probability_high"]),
            "limit": float(row["limit_amount"]),
            "currency": self.currency,
            "until": row["valid_until"],
            "months": int(risk["horizon_months"]),
        }
        if risk["state"] == COME:
            return tell(
                "It is in default: {reason}. Deliver against payment in advance only.",
                reason=retell(str(risk["reason"])),
            )
        if not row["limit_amount"] > 0:
            return tell(
                "Class {grade}: default within {months:count} {months:month|months} with a "
                "probability of {share:share1} (90 % interval {low:share1} to {high:share1}). "
                "Nothing is to be delivered on account.", **values,
            )  # fmt: skip
        return tell(
            "Class {grade}: default within {months:count} {months:month|months} with a "
            "probability of {share:share1} (90 % interval {low:share1} to {high:share1}). Up to "
            "{limit:short} {currency} on account until {until:day}.", **values,
        )  # fmt: skip

    @property
    def risks(self) -> pd.DataFrame:
        """What may happen: one row per event, with words for it."""
        rows = self.tables["client_risks"]
        return rows.assign(event_words=rows["event"].map(EVENT_WORDS).fillna(rows["event"]))

    @property
    def foretold(self) -> pd.DataFrame:
        """The events that have a probability."""
        rows = self.risks
        return rows[rows["probability"].notna()]

    @property
    def late(self) -> pd.DataFrame:
        """How late its next invoice may be paid: one row per number of days."""
        payers = self.tables["client_payers"]
        if payers.empty or payers[LATE[0]].isna().all():
            return pd.DataFrame(columns=["days", "label", "probability"])
        row = payers.iloc[0]
        return pd.DataFrame(
            {
                "days": LATE_DAYS,
                "label": [
                    tell("more than {days:count} {days:day|days}", days=d) for d in LATE_DAYS
                ],
                "probability": [float(row[name]) for name in LATE],
            }
        )

    @property
    def late_title(self) -> Sentence:
        """How the next invoice will be paid, for the title of its chart."""
        if self.late.empty:
            return tell("How late the next invoice may be paid")
        return tell(
            "The next invoice will be paid late with a probability of {share:share}",
            share=float(self.late["probability"].iloc[0]),
        )

    @property
    def risks_title(self) -> Sentence:
        """Which event is the most likely, for the title of its chart."""
        rows = self.risks[self.risks["state"] == FORETOLD]
        if rows.empty:
            return tell("What may happen")
        top = rows.loc[rows["probability"].idxmax()]
        return tell(
            "Of these events the most likely one is: {event}, with a probability of {share:share}",
            event=retell(str(top["event_words"])).lower(),
            share=float(top["probability"]),
        )

    @property
    def payment_note(self) -> Sentence | str:
        """When its money comes, and on how much evidence that rests."""
        payers = self.tables["client_payers"]
        if payers.empty:
            return self.missing
        row = payers.iloc[0]
        if str(row["timing_reason"]):
            return tell("No forecast: {reason}.", reason=retell(str(row["timing_reason"])))
        values = {
            "days": float(row["expected_late_days"]),
            "low": float(row["low_late_days"]),
            "high": float(row["high_late_days"]),
            "on": row["foretold_on"],
            "paid": int(row["paid_count"]),
        }
        if row["high_late_days"] >= LAST_DAY:
            return tell(
                "Expected {days:number1} days from the due day (90 % interval {low:count} to "
                "{high:count} or never), as known when its latest invoice was issued on {on:day}, "
                "from {paid:count} paid {paid:invoice|invoices} of its own and those of all "
                "clients.", **values,
            )  # fmt: skip
        return tell(
            "Expected {days:number1} days from the due day (90 % interval {low:count} to "
            "{high:count}), as known when its latest invoice was issued on {on:day}, from "
            "{paid:count} paid {paid:invoice|invoices} of its own and those of all clients.",
            **values,
        )

    @property
    def habit_note(self) -> Sentence | str:
        """How it pays as a rule: like which of the company's clients."""
        payers = self.tables["client_payers"]
        if payers.empty or pd.isna(payers["habit"].iloc[0]):
            return ""
        row = payers.iloc[0]
        return tell(
            "It pays like clients of whose invoices {late:share} are late and {late_14:share} by "
            "more than 14 days (habit {habit:count}, {sure:share} sure); of its own invoices "
            "{own:share} are expected to be later than 14 days.",
            late=float(row["habit_late_share"]), late_14=float(row["habit_late_14_share"]),
            habit=int(row["habit"]), sure=float(row["habit_probability"]),
            own=float(row["late_14_share"]),
        )  # fmt: skip

    @property
    def raise_note(self) -> Sentence | str:
        """What would raise the limit, or why nothing has to."""
        if self.advice.empty or pd.isna(self.advice["limit_amount"].iloc[0]):
            return ""
        row = self.advice.iloc[0]
        if not str(row["raise_by"]):
            return tell("Nothing is known that would raise the limit, or it meets the need.")
        return tell(
            "The smallest change that would raise the limit, to {limit:short} {currency}: the "
            "client {change}.",
            limit=float(row["raised_limit_amount"]),
            currency=self.currency,
            change=retell(str(row["raise_words"])),
        )

    @property
    def watched(self) -> pd.DataFrame:
        """Its rows of the watch list, with owner and snooze."""
        tables = self.tables
        return lay_decisions(tables["client_watch"], tables["client_decisions"], as_of=self.as_of)

    @property
    def decisions(self) -> pd.DataFrame:
        """What was decided about it, latest first, with words for the kinds."""
        rows = self.tables[DECISIONS].iloc[::-1].reset_index(drop=True)
        return rows.assign(kind_words=rows["kind"].map(KIND_WORDS).astype(object))

    def own(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Keep the client's rows of a table of the warehouse.

        Parameters
        ----------
        rows : DataFrame
            With client_id.

        Returns
        -------
        DataFrame
            With a fresh index.
        """
        kept: pd.DataFrame = rows[rows["client_id"] == self.client["client_id"]]
        return kept.reset_index(drop=True)

    def figure(self, name: str) -> float | None:
        """Give one advised number.

        Parameters
        ----------
        name : str
            A column of the advice.

        Returns
        -------
        float or None
            None where it is not known.
        """
        values = self.advice[name].dropna()
        return float(values.iloc[0]) if len(values) else None

    def reasons(self, event: str = DEFAULTS) -> pd.DataFrame:
        """Give the parts that a score is made of.

        Parameters
        ----------
        event : str
            Which.

        Returns
        -------
        DataFrame
            Rows of the issued reasons, in their order, told in the language that is spoken.
        """
        rows = self.tables["risk_reasons"]
        own = rows[rows["event"] == event].reset_index(drop=True)
        return own.assign(words=own["words"].map(tell_sign))

    def _risk_of_default(self) -> pd.Series:
        rows = self.tables["client_risks"]
        return rows[rows["event"] == DEFAULTS].iloc[0]


def read_decision_page(
    find: Find,
    clients: pd.DataFrame,
    *,
    as_of: str,
    currency: str,
    client_id: str = "",
) -> DecisionPage:
    """Gather what the report on risks has issued about one client.

    Parameters
    ----------
    find : callable
        ``runs.find_issued``: gives issued rows, or why there are none.
    clients : DataFrame
        marts.clients: of an edition for one client only its row.
    as_of : str
        The day.
    currency : str
        Of all money.
    client_id : str
        Whom it is about; empty for the client with the most expected loss.

    Returns
    -------
    DecisionPage
        Of every table the client's rows only.

    Raises
    ------
    InputError
        There is no such client.
    """
    rows, missing = read_tables(find, as_of=as_of)
    whom = _choose(clients, rows[ADVICE], client_id)
    tables = {
        name: table[table["client_id"] == whom["client_id"]].reset_index(drop=True)
        for name, table in rows.items()
        if "client_id" in table
    }
    return DecisionPage(whom, pd.Timestamp(as_of), currency, tables, missing)


def _choose(clients: pd.DataFrame, advice: pd.DataFrame, client_id: str) -> pd.Series:
    first = advice["client_id"].iloc[0] if len(advice) else clients["client_id"].iloc[0]
    found = clients[clients["client_id"] == (client_id or first)]
    if found.empty:
        raise InputError(
            f"there is no client {client_id!r} in this edition", hint="take its key, such as C-0001"
        )
    return found.iloc[0]


def lay_decisions(
    watch: pd.DataFrame, decisions: pd.DataFrame, *, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """Lay the decisions that the ledger keeps over the issued watch list.

    Parameters
    ----------
    watch : DataFrame
        Issued client_watch.
    decisions : DataFrame
        client_decisions; empty where nothing was decided.
    as_of : str or Timestamp
        The day; later decisions are not looked at.

    Returns
    -------
    DataFrame, rows as ``watch``
        With status, owner_id and snoozed_until, as in `add_decisions`.
    """
    if decisions.empty:
        return add_decisions(watch, None, as_of=as_of)
    is_snooze, is_owner = decisions["kind"] == "snooze", decisions["kind"] == "owner"
    laid = decisions.assign(
        owner_id=decisions["owner"].where(is_owner),
        snoozed_until=as_days(decisions["until"].where(is_snooze)),
    )
    return add_decisions(watch, laid, as_of=as_of)
