"""The search for leaks: each feature goes through the tests that its type and the data allow."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from clientlib.errors import InputError, nearest
from clientlib.panels import as_days, check_columns
from clientlib.reliability.leaks.signs import (
    Rows,
    Suspect,
    dated_later,
    filled_in_later,
    foretells_better_than_it_remembers,
    recorded_later,
    rewritten_since,
    without_history,
)


@dataclass(frozen=True)
class Evidence:
    """What is known of features beside their table.

    Parameters
    ----------
    recorded : mapping of str to str
        By feature, the column of the table with the day on which its value was recorded.
    then : DataFrame or None
        The keys and features as they were read or issued on the day itself, or made again
        from what was known then.
    current : collection of str
        Features from tables that hold only what is true now; each is without history.
    """

    recorded: Mapping[str, str] = field(default_factory=dict)
    then: pd.DataFrame | None = None
    current: Collection[str] = ()


SUSPECT_COLUMNS = ("feature", "kind", "rows_count", "rows_share", "example", "why")


def find_leaks(
    rows: pd.DataFrame,
    features: Collection[str],
    *,
    last_known_on: str | pd.Timestamp,
    keys: tuple[str, str] = ("client_id", "month_end"),
    outcome: str | None = None,
    evidence: Evidence | None = None,
) -> pd.DataFrame:
    """Name the features that may hold what was not known on the day of their row.

    Nothing is proved by a table alone: a suspect may be innocent, and is then confirmed in the
    configuration. The tests, each with its kind:

    ==================== ==============================================================
    dated later          days after the row's day, though none after the last known day:
                         facts stop there, plans do not
    recorded later       the day of recording, where the source has one, is after the row's
    rewritten since      another value than was read on the day, by more than rounding
    without history      never changes for any entity: known only as it was loaded last
    filled in later      filled for old rows and hardly ever for the newest
    foretells better     goes closer with the outcome to come than with the one before
    ==================== ==============================================================

    Parameters
    ----------
    rows : DataFrame, one row per entity and day
        Features as training would see them.
    features : collection of str
        Columns to look at.
    last_known_on : str or Timestamp
        Last day that the data know.
    keys : (str, str)
        Columns of the client (or other unit) and of the day on which its row speaks.
    outcome : str, optional
        Column of what came of the row, 0 or 1, nan while it is open.
    evidence : Evidence, optional
        What is known beside the table.

    Returns
    -------
    DataFrame, one row per feature and kind
        Columns `SUSPECT_COLUMNS`: how many rows speak against it, their share, one value, and
        the reason in a sentence.

    Raises
    ------
    InputError
        A column is missing, or an entity stands twice on one day.
    """
    entity, day = keys
    check_columns(rows, (*keys, *features), name="the table of features")
    _check_grain(rows, entity, day)
    seen = Rows(
        table=rows.assign(**{day: as_days(rows[day])}).reset_index(drop=True),
        entity=entity,
        day=day,
        last_known_on=pd.Timestamp(last_known_on),
        outcome=outcome,
    )
    found = [
        suspect
        for feature in features
        for suspect in _try_all(seen, feature, evidence or Evidence())
    ]
    table = pd.DataFrame([vars(suspect) for suspect in found], columns=list(SUSPECT_COLUMNS))
    return table.astype({"rows_count": "int64", "rows_share": "float64"})


def check_known_in_time(
    suspects: pd.DataFrame, features: Collection[str], *, known_in_time: Collection[str] = ()
) -> None:
    """Refuse to train on suspects that nobody has confirmed.

    Parameters
    ----------
    suspects : DataFrame
        From `find_leaks`.
    features : collection of str
        Features that training would use.
    known_in_time : collection of str
        Features that the configuration says were known on the day.

    Raises
    ------
    InputError
        A suspect is not confirmed, or the configuration confirms a feature that is not there.
    """
    _check_confirmed(known_in_time, features)
    open_ones = suspects[~suspects["feature"].isin({*known_in_time})]
    open_ones = open_ones[open_ones["feature"].isin({*features})]
    if open_ones.empty:
        return
    names = list(dict.fromkeys(open_ones["feature"]))
    listed = ", ".join(f"{row.feature} ({row.kind})" for row in open_ones.itertuples())
    raise InputError(
        "training refuses features that may not have been known on the day",
        rows=f"{len(names)} of {len(features)}: {listed}",
        example=f"{open_ones['feature'].iloc[0]}: {open_ones['example'].iloc[0]}",
        hint="leave them out, or confirm that they were known by the parameter "
        f"known_in_time = {names}",
    )


def _try_all(rows: Rows, feature: str, evidence: Evidence) -> Iterable[Suspect]:
    """Ask the table for habits of leaks only where nothing certain was found."""
    tried = [
        dated_later(rows, feature),
        without_history(rows, feature, feature in evidence.current),
        recorded_later(rows, feature, evidence.recorded.get(feature)),
        rewritten_since(rows, feature, evidence.then),
    ]
    if all(suspect is None for suspect in tried):
        tried += [filled_in_later(rows, feature), foretells_better_than_it_remembers(rows, feature)]
    return [suspect for suspect in tried if suspect is not None]


def _check_grain(rows: pd.DataFrame, entity: str, day: str) -> None:
    repeated = rows[rows.duplicated([entity, day])]
    if len(repeated):
        first = repeated.iloc[0]
        raise InputError(
            f"the table of features has several rows for one {entity} on one {day}",
            rows=f"{len(repeated)} of {len(rows)} rows repeat a key",
            example=f"{first[entity]}, {first[day]}",
            hint=f"give one row per {entity} and {day}; for single events name their key as entity",
        )


def _check_confirmed(known_in_time: Collection[str], features: Collection[str]) -> None:
    unknown = [name for name in known_in_time if name not in {*features}]
    if unknown:
        near = nearest(unknown[0], features)
        raise InputError(
            "known_in_time confirms a feature that there is not",
            example=unknown[0],
            hint=f"did you mean {near!r}?" if near else f"features are {', '.join(features)}",
        )
