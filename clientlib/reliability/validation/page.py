"""The page of validation: every model held to every test, with its card and day of expiry."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from clientlib.language import jot
from clientlib.reliability.risks.targets import CANCELS, CLAIMS, DEFAULTS, LEAVES, UNPROFITABLE
from clientlib.reliability.validation.cards import (
    UNTESTED_MONTHS,
    VALID_MONTHS,
    ModelCard,
    set_expiry,
    write_card,
)
from clientlib.reliability.validation.examining import (
    FALLEN,
    RANKS_BY_CHANCE,
    RIGHT,
    TOO_HIGH,
    TOO_LOW,
    TOO_NARROW,
    TOO_SPREAD,
    Examined,
    examine,
)
from clientlib.reliability.validation.subjects import (
    EVENTS,
    LATE_0,
    LATE_30,
    Assessed,
    Issued,
    gather_risks,
    gather_timing,
)

PURPOSES = {
    DEFAULTS: "credit limits and terms: who will not pay",
    LEAVES: "whom to keep: who will stop ordering",
    CANCELS: "which orders to secure: who will cancel",
    CLAIMS: "where to take care: who will complain",
    UNPROFITABLE: "prices and service: who will cost more than it brings",
    LATE_0: "whom to remind: which invoices will be late",
    LATE_30: "what to expect in cash: which invoices will be over 30 days late",
}
CREDIT, SALES = "credit controller", "head of sales"
OWNERS = {
    DEFAULTS: CREDIT,
    LEAVES: SALES,
    CANCELS: SALES,
    CLAIMS: SALES,
    UNPROFITABLE: SALES,
    LATE_0: CREDIT,
    LATE_30: CREDIT,
}
UNTESTED = (
    "Its test knows only {events:event} in {rows:row}: too few to judge its ranking or its level."
)
ABOUT_INVOICES = "invoices, and when they were paid; events are payments"
WEAKER = "It ranks worse than in earlier windows."
LEVEL_LIMITS = {
    TOO_LOW: "Its probabilities are too low on the whole.",
    TOO_HIGH: "Its probabilities are too high on the whole.",
    TOO_SPREAD: "Its probabilities are spread too far: high ones are too high, low ones low.",
    TOO_NARROW: "Its probabilities are spread too little: high ones are too low, low ones high.",
}


@dataclass(frozen=True)
class Validation:
    """Every model with its tests, and with its card where it is used.

    Parameters
    ----------
    as_of : Timestamp
        Nothing known later was used.
    examined : tuple of Examined
        One for each event, in the order of the page.
    cards : dict of str to ModelCard
        By event; none where nothing was fitted.
    """

    as_of: pd.Timestamp
    examined: tuple[Examined, ...]
    cards: dict[str, ModelCard]

    @property
    def next_check_on(self) -> pd.Timestamp | None:
        """The first day on which a model expires; None without a model."""
        days = [card.expiry.expires_on for card in self.cards.values()]
        return min(days) if days else None

    def count(self, *verdicts: str) -> int:
        """Count the models of a verdict.

        Parameters
        ----------
        *verdicts : str
            Such as "can be relied on".

        Returns
        -------
        int
            From 0 to the number of models.
        """
        return sum(each.verdict in verdicts for each in self.examined)


def validate_models(
    assessed: Assessed, *, earlier: Sequence[Issued] = (), seed: int = 0
) -> Validation:
    """Hold every model of an assessment to every test.

    Every figure rests on predictions that were made before their window, by what had been fitted
    on windows over by then; the models of today themselves have learnt from all of these windows
    and cannot be tested on them.

    Parameters
    ----------
    assessed : Assessed
        From ``reliability.portfolio.assess_clients``.
    earlier : sequence of Issued
        Models that were issued on earlier days, for windows of the same length.
    seed : int
        Of bootstraps and simulations.

    Returns
    -------
    Validation
        With "not enough data" wherever that is the answer.
    """
    subjects = [*gather_risks(assessed, earlier), *gather_timing(assessed)]
    clients = assessed.panels.clients
    examined = tuple(examine(subject, clients, seed=seed) for subject in subjects)
    cards = {each.event: _write_card(each, assessed) for each in examined if each.subject.is_fitted}
    return Validation(assessed.as_of, examined, cards)


def _write_card(examined: Examined, assessed: Assessed) -> ModelCard:
    subject = examined.subject
    expiry = set_expiry(
        subject.as_of,
        assessed.as_of,
        ranking=examined.against,
        stability=str(examined.stability["level"]),
        is_by_chance=examined.ranking == RANKS_BY_CHANCE,
        valid_months=VALID_MONTHS if examined.has_data else UNTESTED_MONTHS,
    )
    description = {
        "name": EVENTS[examined.event],
        "purpose": PURPOSES[examined.event],
        "owner": OWNERS[examined.event],
        "data": _describe_data(examined, assessed),
    }
    trained = {
        "as_of": subject.as_of,
        "rows_count": subject.rows_count,
        "events_count": subject.events_count,
        "features": subject.features or _timing_signs(assessed),
    }
    limits = _find_limits(examined)
    return write_card(description, trained, examined.measures, expiry, limits=limits)


def _describe_data(examined: Examined, assessed: Assessed) -> str:
    if examined.subject.is_about_invoices:
        return ABOUT_INVOICES
    return jot(
        "clients at month ends a quarter of a year apart, and what came in the "
        "{months:month.nom} after",
        months=assessed.horizon_months,
    )


def _timing_signs(assessed: Assessed) -> tuple[str, ...]:
    return assessed.timing.pace.priors.names if assessed.timing is not None else ()


def _find_limits(examined: Examined) -> list[str]:
    """Say where it must not be relied on, as far as the tests tell."""
    found: list[str] = []
    if not examined.has_data:
        counts = {"events": examined.auc.events_count, "rows": examined.auc.rows_count}
        found.append(jot(UNTESTED, **counts))
    elif examined.level != RIGHT:
        found.append(LEVEL_LIMITS[examined.level])
    if examined.development == FALLEN:
        found.append(WEAKER)
    return found
