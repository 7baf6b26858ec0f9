"""The single tests for leaks: each looks at one feature, and gives a suspect or nothing."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clientlib.language import tell
from clientlib.panels import as_days
from clientlib.reliability.calibration import judge_probabilities

FEWEST_DAYS = 3  # days of one entity, before "it never changes" says anything
FEWEST_ENTITIES = 10
NEWEST_SHARE = 0.15  # of all rows: those that are looked at as the newest
FILLED_LESS = 0.25  # of what older rows have
CLEARLY = 4.0  # standard errors
FORETELLS_BY = 0.10  # area under the curve
ROUNDING = 1e-9


@dataclass(frozen=True)
class Rows:
    """The table that is searched: features by entity and day.

    Parameters
    ----------
    table : DataFrame
        Numbered from 0; the day as datetime.
    entity, day : str
        Its key.
    last_known_on : Timestamp
        Last day that the data know.
    outcome : str or None
        Column of what came of the row.
    """

    table: pd.DataFrame
    entity: str
    day: str
    last_known_on: pd.Timestamp
    outcome: str | None

    def suspect(self, feature: str, kind: str, is_wrong: "pd.Series[bool]", why: str) -> "Suspect":
        """Make a suspect of the rows that speak against a feature, which are some.

        Parameters
        ----------
        feature, kind, why : str
            As in `Suspect`.
        is_wrong : Series of bool, shape (n_rows,)
            The rows.

        Returns
        -------
        Suspect
            With the first of them as the example.
        """
        row = self.table[is_wrong].iloc[0]
        example = tell(
            "{value} in the row of {entity}, {day:iso}",
            value=_write(row[feature]),
            entity=str(row[self.entity]),
            day=row[self.day],
        )
        return Suspect(
            feature, kind, int(is_wrong.sum()), float(is_wrong.mean()), str(example), str(why)
        )


@dataclass(frozen=True)
class Suspect:
    """A feature with what speaks against it.

    Parameters
    ----------
    feature, kind : str
        Which, and which test found it.
    rows_count, rows_share : int, float
        Rows that speak against it, and their share of all.
    example, why : str
        One value, and the reason in a sentence.
    """

    feature: str
    kind: str
    rows_count: int
    rows_share: float
    example: str
    why: str


def dated_later(rows: Rows, feature: str) -> Suspect | None:
    """Find days after the day of the row, in a column that stops at the last known day.

    Parameters
    ----------
    rows, feature
        Where to look.

    Returns
    -------
    Suspect or None
        None where the column holds no days, or plans, which go on beyond the data.
    """
    values = rows.table[feature]
    if not _is_dated(values):
        return None
    days = as_days(values)
    is_later = days > rows.table[rows.day]
    if not is_later.any() or (days > rows.last_known_on).any():
        return None
    why = tell("its days lie after the day of the row, and stop where the data stop")
    return rows.suspect(feature, "dated later", is_later, why)


def recorded_later(rows: Rows, feature: str, recorded: str | None) -> Suspect | None:
    """Find values that were recorded after the day of the row.

    Parameters
    ----------
    rows, feature
        Where to look.
    recorded : str or None
        Column with the day of recording, where there is one.

    Returns
    -------
    Suspect or None
        None where every value was recorded in time.
    """
    if recorded is None:
        return None
    is_later = as_days(rows.table[recorded]) > rows.table[rows.day]
    is_later &= rows.table[feature].notna()
    if not is_later.any():
        return None
    why = tell("it was recorded after the day of the row")
    return rows.suspect(feature, "recorded later", is_later, why)


def rewritten_since(rows: Rows, feature: str, then: pd.DataFrame | None) -> Suspect | None:
    """Find values that are others than were read on the day.

    Parameters
    ----------
    rows, feature
        Where to look.
    then : DataFrame or None
        Keys and the feature as it was known on the day; rows that it lacks are not judged.

    Returns
    -------
    Suspect or None
        None where none differs by more than rounding.
    """
    if then is None or feature not in then.columns:
        return None
    keys = [rows.entity, rows.day]
    earlier = then[[*keys, feature]].assign(**{rows.day: as_days(then[rows.day])})
    joined = rows.table[keys].merge(
        earlier.rename(columns={feature: "then"}), on=keys, how="left", indicator=True
    )
    is_other = _differs(rows.table[feature], joined["then"]) & (joined["_merge"] == "both")
    if not is_other.any():
        return None
    why = tell("on the day itself another value was read")
    return rows.suspect(feature, "rewritten since", is_other, why)


def without_history(rows: Rows, feature: str, is_current: bool) -> Suspect | None:
    """Find a feature that no entity ever changes, though entities differ in it.

    Such is whatever was joined from a list as it is today, and any mean over a whole period.

    Parameters
    ----------
    rows, feature
        Where to look.
    is_current : bool
        It comes from a table that keeps no history: suspected unseen.

    Returns
    -------
    Suspect or None
        None where a value changed, or where too few entities have enough days to say so.
    """
    values = rows.table[feature]
    is_filled = values.notna()
    if is_current and is_filled.any():
        why = tell("it comes from a table that holds only what is true now")
        return rows.suspect(feature, "without history", is_filled, why)
    by_entity = _codes(values).groupby(rows.table[rows.entity])
    counts, kinds = by_entity.size(), by_entity.nunique(dropna=False)
    often = counts >= FEWEST_DAYS
    if often.sum() < FEWEST_ENTITIES or kinds[often].max() > 1 or values.nunique() < 2:
        return None
    why = tell("it never changes for anyone, as if it were known from the first day on")
    return rows.suspect(feature, "without history", is_filled, why)


def filled_in_later(rows: Rows, feature: str) -> Suspect | None:
    """Find a feature that old rows have and the newest hardly ever, as if it took time to come.

    Parameters
    ----------
    rows, feature
        Where to look.

    Returns
    -------
    Suspect or None
        None where the newest rows have at least a quarter of what older ones have, or where
        chance could do it.
    """
    days = rows.table[rows.day]
    is_new = days > days.quantile(1 - NEWEST_SHARE)
    is_filled = _is_filled(rows.table[feature])
    old, new = is_filled[~is_new], is_filled[is_new]
    if not len(new) or not old.any() or new.mean() >= FILLED_LESS * old.mean():
        return None
    # Rows of one entity are alike: what counts is how many entities there are.
    entities = rows.table.loc[is_new, rows.entity].nunique()
    spread = np.sqrt(old.mean() * (1 - old.mean()) / max(entities, 1))
    if old.mean() - new.mean() < CLEARLY * spread:
        return None
    why = tell(
        "{old:share} of the older rows have it and {new:share} of the newest, as if it came later",
        old=float(old.mean()),
        new=float(new.mean()),
    )
    return rows.suspect(feature, "filled in later", is_filled & ~is_new, why)


def foretells_better_than_it_remembers(rows: Rows, feature: str) -> Suspect | None:
    """Find a feature that goes closer with the outcome to come than with the outcome before.

    What is known on a day rests on what had happened by then: it goes at least as closely with
    the entity's previous outcome as with the next.

    Parameters
    ----------
    rows, feature
        Where to look; without an outcome nothing is found.

    Returns
    -------
    Suspect or None
        None where the difference is under 0.10 of area under the curve, or may be chance.
    """
    if rows.outcome is None or not _is_number(rows.table[feature]):
        return None
    table = rows.table.sort_values([rows.entity, rows.day], kind="stable")
    before = table.groupby(rows.entity)[rows.outcome].shift()
    next_one = table[rows.outcome]
    judged = before.notna() & next_one.notna() & table[feature].notna()
    if rows.table.loc[judged.index[judged], feature].nunique() < 2:
        return None
    ahead, spread_ahead = _ranking(table.loc[judged, feature], next_one[judged])
    back, spread_back = _ranking(table.loc[judged, feature], before[judged])
    gap = abs(ahead - 0.5) - abs(back - 0.5)
    if not (gap >= FORETELLS_BY and gap >= CLEARLY * np.hypot(spread_ahead, spread_back)):
        return None
    why = tell(
        "it ranks what is to come at {ahead:number2} and what was before at {back:number2}",
        ahead=0.5 + abs(ahead - 0.5),
        back=0.5 + abs(back - 0.5),
    )
    is_judged = judged.reindex(rows.table.index)
    return rows.suspect(feature, "foretells better", is_judged, why)


def _ranking(values: pd.Series, outcome: pd.Series) -> tuple[float, float]:
    """Area under the curve with its standard error (Hanley and McNeil, Radiology 143, 1982)."""
    happened = outcome.astype(float)
    ones = pd.Series(1.0, index=happened.index)
    area = judge_probabilities(values.astype(float), happened, ones)["auc"]
    events, others = float(happened.sum()), float((1 - happened).sum())
    if not events or not others:
        return float("nan"), float("nan")
    both, pair = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (events - 1) * (both - area**2) + (others - 1) * (pair - area**2)
    return area, float(np.sqrt(variance / (events * others)))


def _is_dated(values: "pd.Series[Any]") -> bool:
    if pd.api.types.is_datetime64_any_dtype(values):
        return True
    filled = values.dropna()
    return len(filled) > 0 and hasattr(filled.iloc[0], "toordinal")


def _is_number(values: "pd.Series[Any]") -> bool:
    return pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)


def _is_filled(values: "pd.Series[Any]") -> "pd.Series[bool]":
    return values.notna() & (values != 0) if _is_number(values) else values.notna()


def _differs(now: "pd.Series[Any]", then: "pd.Series[Any]") -> "pd.Series[bool]":
    both_blank = now.isna() & then.isna()
    if _is_number(now) and _is_number(then):
        gap = (now.astype(float) - then.astype(float)).abs()
        scale = np.maximum(now.astype(float).abs(), 1.0)
        return ~both_blank & ~(gap <= ROUNDING * scale)
    return ~both_blank & ~(now == then)


def _codes(values: "pd.Series[Any]") -> "pd.Series[int]":
    return pd.Series(pd.factorize(values)[0], index=values.index)


def _write(value: Any) -> str:  # noqa: ANN401 - a value of any feature
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
