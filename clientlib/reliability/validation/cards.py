"""The card of a model: its purpose, what it rests on, how it did, and until when it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from clientlib.errors import InputError
from clientlib.language import jot, retell, show_number, tell, translate
from clientlib.reliability.validation.drift import ALARM
from clientlib.reliability.validation.measured import OK, Measured
from clientlib.reliability.validation.ranking import AgainstDevelopment
from clientlib.reliability.validation.selection import SELECTION_TEXT

VALID_MONTHS = 12
FIGURE_DECIMALS = 3
FIGURES = {
    "auc": "ranking (AUC)",
    "ks": "distance of scores (KS)",
    "brier": "squared error (Brier)",
    "intercept": "calibration intercept",
    "slope": "calibration slope",
}
UNTESTED_MONTHS = 3
DRIFTED, RANKS_WORSE, BOTH, PLANNED = "drifted", "ranks worse", "both", "planned"
BY_CHANCE = "by chance"
REASONS = {
    BY_CHANCE: "it ranks no better than chance",
    DRIFTED: "the scores have drifted",
    RANKS_WORSE: "it ranks worse than in development",
    BOTH: "the scores have drifted and it ranks worse than in development",
    PLANNED: "{months:month.nom} after its data",
}


@dataclass(frozen=True)
class Expiry:
    """Until when a model may be used.

    Parameters
    ----------
    expires_on : Timestamp
        The last day.
    reason, rule : str
        What set it, and the rule in words: sentences that can be told again.
    """

    expires_on: pd.Timestamp
    reason: str
    rule: str


@dataclass(frozen=True)
class ModelCard:
    """What must be known of a model before it is relied on.

    Parameters
    ----------
    name, purpose, owner : str
        What it is called and for, and who answers for it.
    data : str
        Tables and population that it learnt from.
    as_of : Timestamp
        Nothing known later was used.
    rows_count, events_count : int
        It was trained on.
    features : tuple of str
        Its inputs.
    figures : tuple of Measured
        How it did on rows that it had not seen.
    limits : tuple of str
        Where it must not be relied on; the text on selection is always among them.
    expiry : Expiry
        Until when it may be used.
    """

    name: str
    purpose: str
    owner: str
    data: str
    as_of: pd.Timestamp
    rows_count: int
    events_count: int
    features: tuple[str, ...]
    figures: tuple[Measured, ...]
    limits: tuple[str, ...]
    expiry: Expiry = field(repr=False)

    def is_valid(self, day: str | pd.Timestamp) -> bool:
        """Tell whether the model may be used on a day.

        Parameters
        ----------
        day : str or Timestamp
            The day of use.

        Returns
        -------
        bool
            From the day of its data to the day of its expiry.
        """
        return self.as_of <= pd.Timestamp(day) <= self.expiry.expires_on

    def to_table(self) -> pd.DataFrame:
        """Lay the card out for a page.

        Returns
        -------
        DataFrame
            entry and value, as texts in the language that is spoken, in the order of a card.
        """
        expiry = {"day": self.expiry.expires_on, "reason": retell(self.expiry.reason)}
        trained = {"rows": self.rows_count, "events": self.events_count}
        entries = [
            (translate("purpose"), retell(self.purpose)),
            (translate("owner"), retell(self.owner)),
            (translate("data"), retell(self.data)),
            (translate("as of"), f"{self.as_of:%Y-%m-%d}"),
            (translate("trained on"), tell("{rows:row}, {events:event}", **trained)),
            (translate("features"), ", ".join(self.features)),
            *((translate(FIGURES.get(each.name, each.name)), _say(each)) for each in self.figures),
            *((translate("limit"), retell(limit)) for limit in self.limits),
            (translate("expires on"), tell("{day:iso}: {reason}", **expiry)),
            (translate("rule of expiry"), retell(self.expiry.rule)),
        ]
        return pd.DataFrame(entries, columns=["entry", "value"]).astype(str)


def write_card(
    description: Mapping[str, str],
    trained: Mapping[str, object],
    figures: Iterable[Measured],
    expiry: Expiry,
    *,
    limits: Iterable[str] = (),
) -> ModelCard:
    """Write a model's card.

    Parameters
    ----------
    description : mapping of str to str
        name, purpose, owner and data; none may be empty.
    trained : mapping
        as_of, rows_count, events_count and features, as the fitted model states them.
    figures : iterable of Measured
        At least one, of rows that the model had not seen.
    expiry : Expiry
        From `set_expiry`.
    limits : iterable of str
        Where the model must not be relied on.

    Returns
    -------
    ModelCard
        With the text on selection among its limits.

    Raises
    ------
    InputError
        An entry is missing or empty, or there is no figure.
    """
    found = tuple(figures)
    wanted = ("name", "purpose", "owner", "data")
    empty = [name for name in wanted if not description.get(name, "").strip()]
    if empty or not found:
        raise InputError(
            "a model's card must be complete before the model is used",
            rows=f"{len(empty)} of {len(wanted)} entries are empty, {len(found)} figures",
            example=empty[0] if empty else "figures",
            hint="name what it is for, who answers for it, on what data, and how it did",
        )
    return ModelCard(
        **{name: description[name] for name in wanted},
        as_of=pd.Timestamp(str(trained["as_of"])),
        rows_count=int(str(trained["rows_count"])),
        events_count=int(str(trained["events_count"])),
        features=tuple(map(str, _listed(trained["features"]))),
        figures=found,
        limits=(SELECTION_TEXT, *limits),
        expiry=expiry,
    )


def set_expiry(
    as_of: str | pd.Timestamp,
    checked_on: str | pd.Timestamp,
    *,
    ranking: AgainstDevelopment | None = None,
    stability: str = "",
    is_by_chance: bool = False,
    valid_months: int = VALID_MONTHS,
) -> Expiry:
    """Set the day until which a model may be used.

    Parameters
    ----------
    as_of : str or Timestamp
        Day of the model's data.
    checked_on : str or Timestamp
        Day of the validation.
    ranking : AgainstDevelopment, optional
        Whether it still ranks as in development.
    stability : str
        Level of the scores' PSI, as `measure_stability` gives it.
    is_by_chance : bool
        Whether it was tested and could not be told from chance.
    valid_months : int, in months
        How long a model lives without cause for alarm.

    Returns
    -------
    Expiry
        The day of the check at an alarm; else ``valid_months`` after ``as_of``.
    """
    rule = jot(
        "{months:month.nom} after its data; at once when the PSI of its scores gives an alarm, or "
        "it ranks worse than in development or no better than chance",
        months=valid_months,
    )
    planned = pd.Timestamp(as_of) + pd.DateOffset(months=valid_months)
    has_fallen = ranking is not None and ranking.has_fallen
    why = BY_CHANCE if is_by_chance else _find_reason(stability == ALARM, has_fallen)
    ends = planned if why == PLANNED else min(planned, pd.Timestamp(checked_on))
    return Expiry(ends, jot(REASONS[why], months=valid_months), rule)


def _find_reason(has_drifted: bool, has_fallen: bool) -> str:
    if has_drifted and has_fallen:
        return BOTH
    if has_drifted:
        return DRIFTED
    return RANKS_WORSE if has_fallen else PLANNED


def _say(figure: Measured) -> str:
    counts = {"events": figure.events_count, "rows": figure.rows_count}
    if figure.status != OK:
        return tell("not enough data ({rows:row}, {events:event})", **counts)
    shown = {
        name: show_number(getattr(figure, name), FIGURE_DECIMALS)
        for name in ("value", "low", "high")
    }
    return tell("{value} ({low} to {high}); {rows:row}, {events:event}", **shown, **counts)


def _listed(values: object) -> list[object]:
    return list(values) if isinstance(values, list | tuple) else [values]
