"""The card of a model: its purpose, what it rests on, how it did, and until when it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from clientlib.errors import InputError
from clientlib.reliability.validation.drift import ALARM
from clientlib.reliability.validation.measured import Measured
from clientlib.reliability.validation.ranking import AgainstDevelopment
from clientlib.reliability.validation.selection import SELECTION_TEXT

VALID_MONTHS = 12


@dataclass(frozen=True)
class Expiry:
    """Until when a model may be used.

    Parameters
    ----------
    expires_on : Timestamp
        The last day.
    reason : str
        What set it.
    rule : str
        The rule in words.
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
            entry and value, as texts, in the order of a card.
        """
        entries = [
            ("purpose", self.purpose),
            ("owner", self.owner),
            ("data", self.data),
            ("as of", f"{self.as_of:%Y-%m-%d}"),
            ("trained on", f"{self.rows_count:,} rows, {self.events_count:,} events"),
            ("features", ", ".join(self.features)),
            *((figure.name, _say(figure)) for figure in self.figures),
            *(("limit", limit) for limit in self.limits),
            ("expires on", f"{self.expiry.expires_on:%Y-%m-%d}: {self.expiry.reason}"),
            ("rule of expiry", self.expiry.rule),
        ]
        return pd.DataFrame(entries, columns=["entry", "value"])


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
    valid_months : int, in months
        How long a model lives without cause for alarm.

    Returns
    -------
    Expiry
        The day of the check at an alarm; else ``valid_months`` after ``as_of``.
    """
    rule = (
        f"{valid_months} months after its data; at once when the PSI of its scores gives an "
        "alarm, or its AUC has fallen below that of development"
    )
    planned = pd.Timestamp(as_of) + pd.DateOffset(months=valid_months)
    alarms = [
        reason
        for is_raised, reason in (
            (stability == ALARM, "the scores have drifted"),
            (ranking is not None and ranking.has_fallen, "it ranks worse than in development"),
        )
        if is_raised
    ]
    if alarms:
        return Expiry(min(planned, pd.Timestamp(checked_on)), " and ".join(alarms), rule)
    return Expiry(planned, f"{valid_months} months have passed", rule)


def _say(figure: Measured) -> str:
    if figure.status != "ok":
        return f"{figure.status} ({figure.events_count:,} events in {figure.rows_count:,} rows)"
    return (
        f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f}), {figure.events_count:,} "
        f"events in {figure.rows_count:,} rows"
    )


def _listed(values: object) -> list[object]:
    return list(values) if isinstance(values, list | tuple) else [values]
