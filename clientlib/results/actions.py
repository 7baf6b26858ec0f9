"""What findings ask for: by stated rules, who does what by when, or that no rule fires."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from clientlib.language import Sentence, retell, tell, translate

HEAD, MANAGER, KEY_ACCOUNTS = "head of sales", "client manager", "key-account manager"
CREDIT, PRICING = "credit controller", "pricing"
WEEK_DAYS, MONTH_DAYS = 7, 30
DECISION_COLUMNS = ("decision", "finding", "who", "by_on", "rule")


@dataclass(frozen=True)
class ActionRules:
    """From which size on a finding asks for a decision; each is an argument, none is learnt.

    Parameters
    ----------
    plan_gap_share : float, 0..1
        Shortfall against the plan.
    price_share : float, 0..1
        What price took of the earlier revenue.
    lost_share : float, 0..1
        Revenue of lost clients, of the earlier revenue.
    largest_share : float, 0..1
        Revenue of the largest client.
    at_risk_share : float, 0..1
        Revenue of a segment that slows or is at risk.
    risk_share : float, 0..1
        Money at risk, of what is owed.
    """

    plan_gap_share: float = 0.02
    price_share: float = 0.01
    lost_share: float = 0.05
    largest_share: float = 0.10
    at_risk_share: float = 0.01
    risk_share: float = 0.10


@dataclass(frozen=True)
class Implication:
    """What an exhibit means, and what it asks for.

    Parameters
    ----------
    finding : str
        What was found, with its figure; kept in English, told in any language.
    decision : str
        What is to be done or decided; empty where the rule did not fire.
    who : str
        The role that does it.
    days : int
        Days after the day of the analysis by which it is done.
    rule : str
        The rule that fired, in words.
    """

    finding: str
    decision: str = ""
    who: str = ""
    days: int = 0
    rule: str = ""

    def say(self, as_of: str | pd.Timestamp) -> Sentence:
        """Write the sentence under an exhibit.

        Parameters
        ----------
        as_of : str or Timestamp
            The day of the analysis.

        Returns
        -------
        Sentence
            What is found and who does what by when; or that no rule asks for anything.
        """
        if not self.decision:
            return tell("{finding}: no rule asks for an action.", finding=retell(self.finding))
        return tell(
            "{finding}. Action for {who}, by {day:day}: {decision}.",
            finding=retell(self.finding), who=translate(self.who), day=_due_on(as_of, self.days),
            decision=_begin_small(retell(self.decision)),
        )  # fmt: skip


def say_implication(
    implication: Implication | None, *, as_of: str | pd.Timestamp, missing: str = ""
) -> str:
    """Write the sentence under an exhibit, or why there is none.

    Parameters
    ----------
    implication : Implication or None
        None where the input is missing.
    as_of : str or Timestamp
        The day of the analysis.
    missing : str
        Why the input is missing.

    Returns
    -------
    str
        One sentence.
    """
    if implication is None:
        return missing or tell("Not enough data: nothing to judge here.")
    return implication.say(as_of)


def list_decisions(
    implications: Iterable[Implication | None], *, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """List the decisions that the findings ask for.

    Parameters
    ----------
    implications : iterable of Implication or None
        Of the exhibits; None where its input is missing.
    as_of : str or Timestamp
        The day of the analysis.

    Returns
    -------
    DataFrame, one row per decision, the earliest first
        Columns `DECISION_COLUMNS`, in English as they are issued; empty where no rule fired.
    """
    asked = [each for each in implications if each is not None and each.decision]
    rows = [
        (
            each.decision,
            each.finding,
            each.who,
            _due_on(as_of, each.days),
            each.rule,
        )
        for each in asked
    ]
    table = pd.DataFrame(rows, columns=list(DECISION_COLUMNS))
    return table.sort_values("by_on", kind="stable", ignore_index=True)


def say_decisions(decisions: pd.DataFrame) -> Sentence:
    """Say how many decisions are asked for, and by which rules.

    Parameters
    ----------
    decisions : DataFrame
        From ``list_decisions``.

    Returns
    -------
    Sentence
        That none is asked for, where no rule fired.
    """
    if decisions.empty:
        return tell("No rule asks for a decision.")
    return tell(
        "{count:count} {count:decision is|decisions are} asked for; each stands beside its figure "
        "and the rule that asks for it.",
        count=len(decisions),
    )


def _begin_small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _due_on(as_of: str | pd.Timestamp, days: int) -> pd.Timestamp:
    return pd.Timestamp(as_of) + pd.Timedelta(days=days)
