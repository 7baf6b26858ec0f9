"""The answer of a day as tables that are issued: pages show them and compute nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from clientlib.language import jot
from clientlib.panels import as_days
from clientlib.reliability.decisions import CreditPolicy, LossShare
from clientlib.reliability.decisions.limits import UNKNOWN
from clientlib.reliability.portfolio.advising import Advice, advise_clients
from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.portfolio.departures import review_losses
from clientlib.reliability.portfolio.papers import list_papers
from clientlib.reliability.portfolio.payments import (
    NOTHING_INVOICED,
    describe_payers,
    expect_payments,
)
from clientlib.reliability.portfolio.reasoning import explain_risks
from clientlib.reliability.portfolio.states import NOT_ASKED, describe_risks
from clientlib.reliability.portfolio.warnings import lay_out_warning
from clientlib.reliability.portfolio.watching import (
    lay_out_watch,
    read_orders,
    warn_of_losses,
    watch_payers,
)
from clientlib.reliability.prospects.depths import PLACE
from clientlib.reliability.risks.targets import is_in_default
from clientlib.reliability.timing.habits import TYPE_COLUMNS, count_delays, fit_habits
from clientlib.reliability.warning import EarlyWarning

NO_BUSINESS = "no business with us yet; the prospect check says what can be said"


@dataclass(frozen=True)
class Answer:
    """What is foretold and advised on a day, of every client.

    Parameters
    ----------
    risks : DataFrame, one row per client and event
        From `describe_risks`; clients without any business are not asked of.
    reasons : DataFrame
        From `explain_risks`.
    invoices : DataFrame, one row per open invoice
        From `expect_payments`.
    habits : DataFrame, one row per habit of payment
        From `Habits.to_table`; empty where there are too few clients.
    payers : DataFrame, one row per client
        From `describe_payers`.
    advice : Advice
        From `advise_clients`.
    warned : EarlyWarning
        From `warn_of_losses`.
    warning : dict of str to DataFrame
        From `lay_out_warning`, and warning_signs from `compare_signs`.
    losses : DataFrame
        From `describe_losses`.
    watch : DataFrame
        From `lay_out_watch`.
    papers : DataFrame
        From `list_papers`.
    defaults : DataFrame
        client_id and month_end of every month end at which a client was in default: decisions
        are judged by them.
    """

    risks: pd.DataFrame
    reasons: pd.DataFrame
    invoices: pd.DataFrame
    habits: pd.DataFrame
    payers: pd.DataFrame
    advice: Advice
    warned: EarlyWarning
    warning: dict[str, pd.DataFrame]
    losses: pd.DataFrame
    watch: pd.DataFrame
    papers: pd.DataFrame
    defaults: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All of it by the names that it is issued under."""
        return {
            "client_risks": self.risks,
            "risk_reasons": self.reasons,
            "payment_habits": self.habits,
            "client_payers": self.payers,
            "open_invoices": self.invoices,
            "client_advice": self.advice.clients,
            "open_orders": self.advice.orders,
            "client_conflicts": self.advice.conflicts,
            "client_watch": self.watch,
            "client_losses": self.losses,
            "client_papers": self.papers,
            "client_defaults": self.defaults,
            **self.warning,
        }

    @property
    def loss(self) -> LossShare:
        """Part of a defaulted exposure that is lost."""
        return self.advice.loss


def answer_for_all(
    read: Callable[..., pd.DataFrame],
    assessment: Assessment,
    *,
    policy: CreditPolicy | None = None,
    managers: int | None = None,
) -> Answer:
    """Say of every client what may happen, why, and what to do.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``.
    assessment : Assessment
        From `assess_clients`.
    policy : CreditPolicy, optional
        The company's settings.
    managers : int, optional
        How many managers share the alerts; without it as many as clients have.

    Returns
    -------
    Answer
        Whatever cannot be said is null, and has its reason beside it.
    """
    risks = describe_risks(assessment)
    invoices = expect_payments(assessment)
    habits = fit_habits(count_delays(assessment.invoices, assessment.as_of))
    owners = managers or assessment.panels.clients["manager_id"].nunique()
    book = read_orders(read, as_of=assessment.as_of)
    warned = warn_of_losses(book, assessment, managers=owners or None)
    losses, signs = review_losses(read, book, assessment, warned)
    advice = advise_clients(read, assessment, risks, policy)
    strangers = _strangers(assessment, read("staging.clients"))
    return Answer(
        risks=_append(risks, _not_asked(assessment, strangers)),
        reasons=explain_risks(assessment, policy),
        invoices=invoices,
        habits=habits.to_table() if habits else pd.DataFrame(columns=list(TYPE_COLUMNS)),
        payers=_append(describe_payers(assessment, invoices, habits), _never_invoiced(strangers)),
        advice=replace(advice, clients=_append(advice.clients, _not_advised(strangers))),
        warned=warned,
        warning={**lay_out_warning(warned), "warning_signs": signs},
        losses=losses,
        watch=lay_out_watch(assessment, warned, watch_payers(assessment)),
        papers=list_papers(assessment),
        defaults=_defaults(assessment),
    )


def _strangers(assessment: Assessment, entries: pd.DataFrame) -> pd.DataFrame:
    """Clients that were entered by the day and never had business with us: prospects."""
    entered = entries.loc[as_days(entries["known_on"]) <= assessment.as_of, "client_id"]
    clients = assessment.panels.clients
    clients = clients[clients["client_id"].isin(entered)]
    is_known = clients["client_id"].isin(assessment.known["client_id"])
    kept: pd.DataFrame = clients.loc[~is_known, ["client_id", "manager_id"]]
    return kept.reset_index(drop=True)


def _not_asked(assessment: Assessment, strangers: pd.DataFrame) -> pd.DataFrame:
    rows = pd.MultiIndex.from_product(
        [list(assessment.models), list(strangers["client_id"])], names=["event", "client_id"]
    )
    return rows.to_frame(index=False).assign(
        state=NOT_ASKED,
        method="",
        evidence_count=0,
        horizon_months=assessment.horizon_months,
        reason=str(jot(NO_BUSINESS)),
    )


def _never_invoiced(strangers: pd.DataFrame) -> pd.DataFrame:
    counts = dict.fromkeys(("paid_count", "open_invoices_count", "open_invoices_amount"), 0)
    return strangers[["client_id"]].assign(**counts, timing_reason=str(jot(NOTHING_INVOICED)))


def _not_advised(strangers: pd.DataFrame) -> pd.DataFrame:
    amounts = ("exposure_amount", "open_amount", "overdue_amount", "open_orders_amount")
    return strangers.assign(
        **dict.fromkeys(amounts, 0.0),
        due_count=0,
        depth=PLACE,
        limit_bound_by=UNKNOWN,
        needs_approval=False,
        approval_of="",
        raise_by="",
        raise_words="",
    )


def _append(rows: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Add rows below, with the types of those above."""
    if more.empty:
        return rows
    return pd.concat(
        [rows, more.reindex(columns=rows.columns).astype(rows.dtypes)], ignore_index=True
    )


def _defaults(assessment: Assessment) -> pd.DataFrame:
    rows = assessment.panels.rows
    kept: pd.DataFrame = rows.loc[
        is_in_default(rows, assessment.rules), ["client_id", "month_end"]
    ].reset_index(drop=True)
    return kept
