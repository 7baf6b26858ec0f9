"""What the page of the check says: its headline, the title of its chart, and its limits."""

import pandas as pd

from clientlib.language import Sentence, retell, tell, translate
from clientlib.reliability.prospects.listing import Prospects
from clientlib.reliability.prospects.page import ProspectCheck
from clientlib.reliability.prospects.terms import ADVICE
from clientlib.reliability.risks.targets import DEFAULTS
from clientlib.reliability.risks.wording import EVENT_WORDS
from clientlib.reliability.validation import SELECTION_TEXT


def say_headline(check: ProspectCheck) -> Sentence:
    """Say in one sentence what the check advises.

    Parameters
    ----------
    check : ProspectCheck
        From `check_prospects`.

    Returns
    -------
    Sentence
        Of one candidate its advice, else how many get which.
    """
    if check.advice.empty:
        return tell("No prospect and no new client is known on this day.")
    if not check.judged_count:
        return tell("Not enough data: no prospect can be given a probability of default.")
    if check.is_one:
        return _say_one(check)
    names = ("terms", "evidence", "deposit", "prepay", "away", "unknown")
    return tell(
        "Of {all:count} prospects and new clients {terms:count} can be given terms, "
        "{evidence:count} once they have sent a statement, {deposit:count} with a deposit, "
        "{prepay:count} only against payment before delivery, {away:count} not at all; of "
        "{unknown:count} too little is known.",
        all=len(check.advice),
        **{name: check.count(advice) for name, advice in zip(names, ADVICE, strict=True)},
    )


def _say_one(check: ProspectCheck) -> Sentence:
    row = check.advice.iloc[0]
    return tell(
        "{name}: {advice}; probability of default within {months:count} {months:month|months} "
        "{p:share1}, 90 % interval {low:share1} to {high:share1}.",
        name=row["name"],
        advice=retell(str(row["advice"])),
        months=check.horizon_months,
        p=row["probability"],
        low=row["probability_low"],
        high=row["probability_high"],
    )


def say_grounds(check: ProspectCheck) -> tuple[str, ...]:
    """Say on what the check rests.

    Parameters
    ----------
    check : ProspectCheck
        From `check_prospects`.

    Returns
    -------
    tuple of str
        The window of the scores; or why there are none.
    """
    if check.missing:
        return (check.missing,)
    return (
        tell(
            "The scores look {months:count} {months:month|months} ahead, by models that the report "
            "on risks has issued.",
            months=check.horizon_months,
        ),
    )


def list_risks(check: ProspectCheck, *, top_n: int = 25) -> pd.DataFrame:
    """List the probabilities that a chart shows.

    Parameters
    ----------
    check : ProspectCheck
        From `check_prospects`.
    top_n : int
        Most candidates.

    Returns
    -------
    DataFrame, highest probability first
        label, probability, low and high: of one candidate of every event, else of default of the
        riskiest candidates.
    """
    rows = check.scores if check.is_one else check.scores[check.scores["event"] == DEFAULTS]
    known = rows[rows["probability"].notna()]
    names = check.advice.set_index("client_id")["name"]
    events = known["event"].map(EVENT_WORDS).map(translate)
    table = pd.DataFrame(
        {
            "label": events if check.is_one else known["client_id"].map(names),
            "probability": known["probability"].astype(float),
            "low": known["probability_low"].astype(float),
            "high": known["probability_high"].astype(float),
        }
    )
    ranked = table.sort_values(["probability", "label"], ascending=[False, True], kind="stable")
    return ranked.head(top_n).reset_index(drop=True)


def title_risks(check: ProspectCheck, risks: pd.DataFrame) -> Sentence:
    """Say what is most likely, for the chart.

    Parameters
    ----------
    check : ProspectCheck
        From `check_prospects`.
    risks : DataFrame
        From `list_risks`.

    Returns
    -------
    Sentence
        With the highest probability.
    """
    if risks.empty:
        return tell("Probability of default")
    first = risks.iloc[0]
    if check.is_one:
        return tell(
            "The most likely of five events is “{event}”: its probability is {p:share1}",
            event=first["label"], p=first["probability"],
        )  # fmt: skip
    return tell(
        "The highest probability of default is that of {name}: {p:share1}",
        name=first["label"], p=first["probability"],
    )  # fmt: skip


def say_made_of(check: ProspectCheck) -> Sentence:
    """Say whose score the list of reasons is, and what it adds up to.

    Parameters
    ----------
    check : ProspectCheck
        From `check_prospects`.

    Returns
    -------
    Sentence
        With the sum in log-odds; that nothing can be said where nothing was scored.
    """
    parts = check.made_of
    if parts.empty:
        return tell("Not enough data: there is no score to explain.")
    return tell(
        "{name}: the parts below add up to log-odds of {total:number2} for not paying; what lies "
        "above 0 raises the risk, what lies below lowers it.",
        name=check.advice["name"].iloc[0], total=float(parts["effect"].sum()),
    )  # fmt: skip


def say_limits() -> tuple[Sentence, ...]:
    """Say what the check cannot know.

    Returns
    -------
    tuple of Sentence
        On selection, and on what is only known as it is now.
    """
    return (
        tell(SELECTION_TEXT),
        tell(
            "Line of business, region and size are those that the list of clients has now: where "
            "an entry was written anew after the fact, the past looks better known than it was."
        ),
    )


def say_list(check: ProspectCheck, listed: Prospects | None) -> Sentence:
    """Say how much of the list could be used.

    Parameters
    ----------
    check : ProspectCheck
        From `check_prospects`.
    listed : Prospects or None
        From `read_prospects`.

    Returns
    -------
    Sentence
        Lines that were used and set aside; that there is no list.
    """
    if listed is None:
        return tell("No list of prospects was given.")
    return tell(
        "Of the list {used:row} could be used and {left:row} were set aside.",
        used=len(listed.rows), left=int(check.quarantine["line"].nunique()),
    )  # fmt: skip
