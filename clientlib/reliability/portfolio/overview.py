"""The whole portfolio on one page: who is exposed, what may be lost, what asks for a decision."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import Sentence, tell
from clientlib.panels import add_names, as_days
from clientlib.reliability.decisions import CLASSES, judge_overrides
from clientlib.reliability.decisions.overrides import OVERRIDE_COLUMNS
from clientlib.reliability.portfolio.departures import say_losses, tell_signs
from clientlib.reliability.portfolio.issued import ADVICE, DECISIONS, Find, read_tables
from clientlib.reliability.portfolio.page import lay_decisions
from clientlib.reliability.portfolio.states import COME
from clientlib.reliability.portfolio.warnings import say_warning, title_costs
from clientlib.reliability.risks.targets import DEFAULTS, TARGETS
from clientlib.reliability.risks.wording import tell_sign
from clientlib.reliability.warning.watching import SNOOZED

UNKNOWN_CLASS = "not enough data"
REASONS_SHOWN = 2
AMOUNTS = ("exposure_amount", "expected_loss_amount")


@dataclass(frozen=True)
class Overview:
    """What was issued about the reader's clients, laid out for a page.

    Parameters
    ----------
    as_of : Timestamp
        The day.
    currency : str
        Of all money.
    clients : DataFrame, one row per client, most expected loss first
        The advice with name, a column per event (probability, 0..1), state (of default), and
        reason_1, reason_2: the signs that take most points away.
    orders, conflicts, watch : DataFrame
        Issued rows with name; watch with owner_id, status and snoozed_until.
    overrides : DataFrame
        From `judge_overrides`.
    decisions : DataFrame
        What was decided, latest first, with name.
    losses : DataFrame, one row per client lost in the last half year, most revenue first
        Issued rows with name, and signs: the signs that it gave, in words; null without any.
    warning : dict of str to DataFrame
        From `lay_out_warning`, with warning_signs from `compare_signs`, as issued; empty tables
        where these are not shown to the reader.
    horizon_months : int
        How far ahead the events are foretold; 0 where nothing was issued.
    missing : str
        Why nothing was issued, in a sentence; empty where something was.
    """

    as_of: pd.Timestamp
    currency: str
    clients: pd.DataFrame
    orders: pd.DataFrame
    conflicts: pd.DataFrame
    watch: pd.DataFrame
    overrides: pd.DataFrame
    decisions: pd.DataFrame
    losses: pd.DataFrame
    warning: dict[str, pd.DataFrame]
    horizon_months: int
    missing: str

    @property
    def headline(self) -> Sentence | str:
        """What is exposed and what may be lost, in one sentence."""
        if self.missing:
            return self.missing
        rows = self.clients
        known = rows["expected_loss_amount"].notna()
        return tell(
            "{clients:count} {clients:client|clients} owe or have ordered {exposure:short} "
            "{currency}; {loss:short} {currency} of it ({low:short} to {high:short} with every "
            "client at its bound) is expected to be lost within {months:count} "
            "{months:month|months}. "
            "{come:count} {come:client|clients} {come:is|are} in default now.",
            clients=int((rows["exposure_amount"] > 0).sum()), currency=self.currency,
            exposure=self.exposure_amount, loss=self.expected_loss_amount,
            low=float(rows.loc[known, "expected_loss_low"].sum()),
            high=float(rows.loc[known, "expected_loss_high"].sum()),
            months=self.horizon_months, come=int((rows["state"] == COME).sum()),
        )  # fmt: skip

    @property
    def warning_note(self) -> list[Sentence | str]:
        """What early warnings came to on the past."""
        return say_warning(self.warning["warning_counts"], self.currency)

    @property
    def losses_note(self) -> Sentence | str:
        """How many clients were lost, and how much of it might have been avoided."""
        return say_losses(self.losses, self.currency)

    @property
    def costs_title(self) -> Sentence:
        """Where calls pay most, for the title of the chart."""
        return title_costs(self.warning["warning_counts"], self.currency)

    @property
    def unknown_note(self) -> Sentence | str:
        """How much of the exposure the expected loss says nothing of; empty where that is none."""
        rows = self.clients
        unknown = rows[rows["expected_loss_amount"].isna() & (rows["exposure_amount"] > 0)]
        if unknown.empty:
            return ""
        return tell(
            "Too little is known of {unknown:count} of these clients: their exposure of "
            "{exposure:short} {currency} is not in the expected loss.",
            unknown=len(unknown),
            exposure=float(unknown["exposure_amount"].sum()),
            currency=self.currency,
        )

    @property
    def exposure_amount(self) -> float:
        """What all clients together owe and have ordered."""
        return float(self.clients["exposure_amount"].sum())

    @property
    def expected_loss_amount(self) -> float:
        """What is expected to be lost of it."""
        return float(self.clients["expected_loss_amount"].sum())

    @property
    def classes(self) -> pd.DataFrame:
        """Clients, exposure and expected loss by class, safest first; empty if none is known."""
        if self.clients["expected_loss_amount"].isna().all():
            return pd.DataFrame(columns=["risk_class", "clients_count", *AMOUNTS])
        named = self.clients["risk_class"].fillna(UNKNOWN_CLASS)
        table = (
            self.clients.assign(clients_count=1).groupby(named)[["clients_count", *AMOUNTS]].sum()
        )
        order = [name for name in (*CLASSES, UNKNOWN_CLASS) if name in table.index]
        return table.loc[order].rename_axis("risk_class").reset_index()

    @property
    def classes_message(self) -> Sentence:
        """Where most of the expected loss lies, for the title of its chart."""
        table = self.classes
        total = float(table["expected_loss_amount"].sum())
        if not total > 0:
            return tell(
                "The expected loss of all clients comes to {loss:short} {currency}",
                loss=total,
                currency=self.currency,
            )
        top = table.loc[table["expected_loss_amount"].idxmax()]
        return tell(
            "{share:share} of the expected loss comes from clients of class {grade}",
            share=float(top["expected_loss_amount"]) / total,
            grade=str(top["risk_class"]),
        )

    @property
    def beyond(self) -> pd.DataFrame:
        """Clients that owe more than the advised limit, furthest beyond it first."""
        rows = self.clients
        beyond = rows["exposure_amount"] - rows["limit_amount"].fillna(0.0)
        over = rows.assign(beyond_amount=beyond)[(beyond > 0) & rows["limit_amount"].notna()]
        return over.sort_values("beyond_amount", ascending=False, ignore_index=True)

    @property
    def waiting(self) -> pd.DataFrame:
        """Clients whose advised limit or terms need somebody above their manager."""
        rows = self.clients
        asked = rows[rows["needs_approval"].astype(bool)]
        return asked.sort_values("limit_amount", ascending=False, ignore_index=True)

    @property
    def doubtful_orders(self) -> pd.DataFrame:
        """Open orders that may lose more than they bring, largest loss first."""
        rows = self.orders
        worse = rows[rows["net_amount"] <= 0]
        return worse.sort_values("net_amount", ignore_index=True)

    @property
    def awake(self) -> pd.DataFrame:
        """The watch list without the clients that are left alone for now."""
        return self.watch[self.watch["status"] != SNOOZED].reset_index(drop=True)

    def last(self, *panels: pd.DataFrame) -> pd.DataFrame:
        """Join the rows of panels at the last month end.

        Parameters
        ----------
        *panels : DataFrame
            One row per client and month end.

        Returns
        -------
        DataFrame, one row per client
            Columns of all of them.
        """
        first, *others = (
            panel[as_days(panel["month_end"]) == as_days(panel["month_end"]).max()]
            for panel in panels
        )
        for panel in others:
            first = first.merge(panel, on=["client_id", "month_end"], how="outer")
        joined: pd.DataFrame = first
        return joined


def read_overview(
    find: Find,
    clients: pd.DataFrame,
    *,
    as_of: str,
    currency: str,
) -> Overview:
    """Gather what the report on risks has issued about the reader's clients.

    Parameters
    ----------
    find : callable
        ``runs.find_issued``.
    clients : DataFrame
        marts.clients: client_id and name.
    as_of : str
        The day.
    currency : str
        Of all money.

    Returns
    -------
    Overview
        Empty tables, and the reason, where nothing was issued.
    """
    tables, missing = read_tables(find, as_of=as_of)
    decisions, losses = tables[DECISIONS], tables["client_losses"]
    watch = lay_decisions(tables["client_watch"], decisions, as_of=as_of)
    months = _horizon(tables["client_risks"])
    return Overview(
        as_of=pd.Timestamp(as_of),
        currency=currency,
        clients=add_names(_join(tables), clients),
        orders=add_names(tables["open_orders"], clients),
        conflicts=add_names(tables["client_conflicts"], clients),
        watch=add_names(watch, clients),
        overrides=_judge(decisions, tables["client_defaults"], as_of, months),
        decisions=add_names(decisions, clients).iloc[::-1].reset_index(drop=True),
        losses=add_names(losses.assign(signs=tell_signs(losses)), clients),
        warning={name: rows for name, rows in tables.items() if name.startswith("warning_")},
        horizon_months=months,
        missing=missing,
    )


def _horizon(risks: pd.DataFrame) -> int:
    return int(risks["horizon_months"].iloc[0]) if len(risks) else 0


def _join(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Put the probabilities of all events and the worst signs beside the advice."""
    risks = tables["client_risks"]
    wide = risks.pivot(index="client_id", columns="event", values="probability")
    state = risks[risks["event"] == DEFAULTS].set_index("client_id")["state"]
    advice = tables[ADVICE]
    joined = advice.join(wide.reindex(columns=list(TARGETS)).astype(float), on="client_id")
    joined["state"] = joined["client_id"].map(state)
    return joined.join(_worst_signs(tables["risk_reasons"]), on="client_id")


def _worst_signs(reasons: pd.DataFrame) -> pd.DataFrame:
    """Name the signs that take most points away from each client, of default."""
    names = [f"reason_{place}" for place in range(1, REASONS_SHOWN + 1)]
    if reasons.empty:
        return pd.DataFrame(columns=names)
    is_sign = (reasons["event"] == DEFAULTS) & (reasons["sign"] != "") & (reasons["points"] < 0)
    rows = reasons[is_sign].sort_values(["client_id", "points"], kind="stable")
    place = rows.groupby("client_id").cumcount()
    kept = rows.assign(place=place)[place < REASONS_SHOWN]
    wide = kept.pivot(index="client_id", columns="place", values="words")
    return (
        wide.reindex(columns=range(REASONS_SHOWN)).set_axis(names, axis=1).fillna("").map(tell_sign)
    )


def _judge(
    decisions: pd.DataFrame, defaults: pd.DataFrame, as_of: str, months: int
) -> pd.DataFrame:
    if decisions.empty:
        return pd.DataFrame(columns=list(OVERRIDE_COLUMNS))
    return judge_overrides(decisions, defaults, as_of=as_of, horizon_months=months)
